"""`heedful measure` shows figures with intervals, writes what it is told to, and explains what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from heedful.cli import main
from heedful.config import Config
from heedful.judge.base import Judge
from heedful.labels import BASIC, SENTIMENT
from heedful.types import Judgement, Message, Percept

ANSWERS = ["--choice", "for"] * 5 + ["--choice", "against"]


class Reader:
    """A reader that finds curiosity in every question and nothing but neutral elsewhere; engine and interface."""

    def __init__(self) -> None:
        self.config = Config.load()
        self.engine = self
        self._judge = Judge(self.config, rules_only=True)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def perceive_many(self, texts: Iterable[Any]) -> Iterator[Percept]:
        for each in texts:
            text = each.text if isinstance(each, Message) else each
            label = "curiosity" if text.endswith("?") else "neutral"
            basic, sentiment = dict.fromkeys(BASIC, 1 / 7), dict.fromkeys(SENTIMENT, 1 / 3)
            valence = -0.5 if "Muslim" in text else 0.0
            yield Percept(basic, {label: 0.9}, sentiment, (label,), valence, 0.0, 0.9, 0.0, (), None)

    def judge(self, pairs: Sequence[tuple[str, str]], replier: str = "anyone") -> list[Judgement]:
        return self._judge.judge(pairs, replier)


@pytest.fixture(autouse=True)
def _reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    card = SimpleNamespace(version_id="reader-x", sha256="ab" * 32)
    monkeypatch.setattr("heedful.cli.factory.open_heedful", lambda config: Reader())
    monkeypatch.setattr("heedful.measure.subject.card", lambda name: card)
    monkeypatch.setattr("heedful.models.manifest.card", lambda name: card)
    monkeypatch.setattr("heedful.measure.cache.default_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr("heedful.measure.strength.RESAMPLES", 20)


def run(*arguments: str | Path, said: str | None = None) -> Any:
    runner = CliRunner(env={"COLUMNS": "160"})
    return runner.invoke(main.app, [str(each) for each in arguments], input=said, catch_exceptions=False)


@pytest.mark.usefixtures("goemotions_folder")
def test_it_shows_every_figure_beside_baseline_and_peers() -> None:
    done = run("measure", "text", "--only", "T1")
    assert done.exit_code == 0
    for told in ("T1", "macro-F1, 28 labels", "always neutral", "NRCLex", "0.054 (", "0.400 (", "n = 4", "reader-x"):
        assert told in done.output
    assert "first look" not in done.output


def test_it_writes_only_when_told_to_and_marks_a_part(goemotions_folder: Path, tmp_path: Path) -> None:
    done = run("measure", "text", "--only", "t1", "--limit", "2", "--out", tmp_path / "results")
    assert done.exit_code == 0
    assert "a first look, not the protocol" in done.output
    written = json.loads((tmp_path / "results" / "T1.json").read_text(encoding="utf-8"))
    assert (written["n"], written["whole"], written["columns"][0]["sha256"]) == (2, 4, "ab" * 32)
    assert "not the protocol" in (tmp_path / "results" / "T1.md").read_text(encoding="utf-8")


def test_an_unknown_protocol_is_refused_with_those_that_there_are() -> None:
    done = run("measure", "text", "--only", "T9")
    assert done.exit_code == 2
    assert "there is no protocol T9" in done.output
    assert "T1, T2" in done.output


def test_without_data_it_says_what_to_do() -> None:
    done = run("measure", "text", "--only", "T1")
    assert done.exit_code == 2
    assert "HEEDFUL_DATA" in done.output


@pytest.mark.usefixtures("goemotions_folder")
def test_the_report_is_written_and_says_what_is_missing(tmp_path: Path) -> None:
    run("poll", "create", tmp_path / "poll")
    run("poll", "answer", tmp_path / "poll", "--group", "2", *ANSWERS)
    done = run("measure", "--report", tmp_path / "out", "--only", "T1", "--only", "G1", "--only", "T2",
               "--poll", tmp_path / "poll")  # fmt: skip
    assert done.exit_code == 0, done.output
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Table 1.</span> Emotional recognitions" in html
    assert "T2 was not measured:" in html
    assert "1 people" in html
    assert "Shaded: words that spoke" in html
    tables = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "## 8. Ethics" in tables
    assert (tmp_path / "out" / "results" / "P8.json").is_file()


def test_without_anything_to_do_it_shows_its_help() -> None:
    done = run("measure")
    assert done.exit_code == 2
    assert "--report" in done.output


def test_assistants_are_compared_kept_and_rated_blindly(tmp_path: Path) -> None:
    (tmp_path / "prompts.txt").write_text("My dog died.\nI lost my job.\n", encoding="utf-8")
    (tmp_path / "kind.txt").write_text("I'm so sorry. That hurts.\nThat is a blow. How are you?\n", encoding="utf-8")
    (tmp_path / "cold.txt").write_text("Get over it.\nCheer up.\n", encoding="utf-8")
    done = run("measure", "assistants", "--prompts", tmp_path / "prompts.txt", "--no-ours", "--out", tmp_path / "c",
               "--replies", f"A={tmp_path / 'kind.txt'}", "--replies", f"B={tmp_path / 'cold.txt'}")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "strength by the judge, at equal length" in done.output
    rated = run("measure", "rate", tmp_path / "c", "--rater", "kim", said="5\n9\n4\nq\n")
    assert rated.exit_code == 0
    assert "4 replies to rate" in rated.output
    assert "A whole number from 1" in rated.output
    lines = (tmp_path / "c" / "ratings.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["value"] for line in lines] == [5.0, 4.0]
    shown = run("measure", "assistants", tmp_path / "c")
    assert "mean rating by people, 1 to 5" in shown.output
    assert "2 blind ratings by 1 people" in shown.output
    for wrong in ("A", "A=nowhere.txt"):
        assert run("measure", "assistants", "--prompts", tmp_path / "prompts.txt", "--replies", wrong).exit_code == 2


def test_data_says_where_each_dataset_is_from() -> None:
    assert "goemotions" in run("measure", "data").output
    one = run("measure", "data", "goemotions").output
    for told in ("CC BY 4.0", "https://github.com/", "missing", "split, text, labels"):
        assert told in one
    assert run("measure", "data", "nothing").exit_code == 2


def test_an_audit_fails_on_a_reader_that_leans_and_says_where(tmp_path: Path) -> None:
    done = run("audit", "--what", "percept", "--out", tmp_path / "audit.json")
    assert done.exit_code == 1
    assert "Muslim" in done.output
    assert "more than chance" in done.output
    (found,) = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert max(found["shifts"], key=lambda shift: abs(shift["mean"]))["group"] == "Muslim"
    assert run("audit", "--what", "percept", "--threshold", "0.6").exit_code == 0
    assert run("audit", "--what", "everything").exit_code == 2


def test_a_poll_is_asked_in_the_terminal_and_counted(tmp_path: Path) -> None:
    assert "n = 0" in run("poll", "results", _begun(tmp_path)).output
    done = run("poll", "answer", tmp_path, said="3\nf\nf\nx\na\nu\nf\nf\nbecause\n")
    assert done.exit_code == 0
    assert "Kept. Thank you." in done.output
    shown = run("poll", "results", tmp_path).output
    assert "health professionals" in shown
    assert "n = 1" in shown
    assert run("poll", "answer", tmp_path, "--group", "99").exit_code == 2


def _begun(folder: Path) -> Path:
    run("poll", "create", folder)
    return folder
