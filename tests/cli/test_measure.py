"""`heedful measure` shows figures with intervals, writes what it is told to, and explains what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from heedful.cli.measure import measure
from heedful.errors import ConfigError, InputError
from heedful.labels import BASIC, SENTIMENT
from heedful.types import Percept

app = typer.Typer()
app.command()(measure)


class Reader:
    """A reader that finds curiosity in every question and nothing but neutral elsewhere."""

    config = SimpleNamespace(reader="reader", listener="listener")

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def perceive_many(self, texts: Sequence[str]) -> Iterator[Percept]:
        for text in texts:
            label = "curiosity" if text.endswith("?") else "neutral"
            basic, sentiment = dict.fromkeys(BASIC, 1 / 7), dict.fromkeys(SENTIMENT, 1 / 3)
            yield Percept(basic, {label: 0.9}, sentiment, (label,), 0.0, 0.0, 0.9, 0.0, (), None)


@pytest.fixture(autouse=True)
def _reader(monkeypatch: pytest.MonkeyPatch) -> None:
    card = SimpleNamespace(version_id="reader-x", sha256="ab" * 32)
    monkeypatch.setattr("heedful.cli.factory.open_heedful", lambda config: Reader())
    monkeypatch.setattr("heedful.measure.subject.card", lambda name: card)


@pytest.mark.usefixtures("goemotions_folder")
def test_it_shows_every_figure_beside_the_baseline() -> None:
    done = CliRunner(env={"COLUMNS": "140"}).invoke(app, ["text", "--only", "T1"], catch_exceptions=False)
    assert done.exit_code == 0
    for told in ("T1", "macro-F1, 28 labels", "always neutral", "0.054 (", "0.400 (", "n = 4", "reader-x"):
        assert told in done.output
    assert "first look" not in done.output


def test_it_writes_only_when_told_to_and_marks_a_part(goemotions_folder: Path, tmp_path: Path) -> None:
    done = CliRunner(env={"COLUMNS": "140"}).invoke(
        app, ["text", "--only", "t1", "--limit", "2", "--out", str(tmp_path / "results")], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert "a first look, not the protocol" in done.output
    written = json.loads((tmp_path / "results" / "T1.json").read_text(encoding="utf-8"))
    assert (written["n"], written["whole"], written["columns"][0]["sha256"]) == (2, 4, "ab" * 32)
    assert "not the protocol" in (tmp_path / "results" / "T1.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in goemotions_folder.iterdir()) == ["results", "text"]


def test_an_unknown_protocol_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"no protocol T9 for text\. Known are: T1"):
        CliRunner().invoke(app, ["text", "--only", "T9"], catch_exceptions=False)


def test_missing_data_are_explained() -> None:
    with pytest.raises(ConfigError, match="HEEDFUL_DATA"):
        CliRunner().invoke(app, ["text", "--only", "t4C", "--only", "T1"], catch_exceptions=False)
