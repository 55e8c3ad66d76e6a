from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.double import Double


def folder_of(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.iterdir()}


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that the test runs in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_sentence_needs_no_quotes(heedful: Run) -> None:
    assert json.loads(heedful("analyze", "a", "sad", "day").stdout)["text"] == "a sad day"


def test_a_long_sentence_is_not_taken_for_a_path(heedful: Run) -> None:
    assert json.loads(heedful("analyze", "word " * 2000).stdout)["text"] == "word " * 2000


@pytest.mark.parametrize("arguments", [["--out", "a.csv"], ["--resume"]])
def test_a_sentence_has_no_file_to_write(heedful: Run, arguments: list[str]) -> None:
    done = heedful("analyze", "a sad day", *arguments)
    assert (done.exit_code, "are for files" in done.stderr) == (2, True)


@pytest.mark.parametrize("sentence", ["", "  "])
def test_an_empty_sentence_is_an_abstention(heedful: Run, sentence: str) -> None:
    assert json.loads(heedful("analyze", sentence).stdout)["heedful"]["abstained"] == "the message is empty"


def test_a_sentence_that_looks_like_a_file_name_is_asked_about(heedful: Run) -> None:
    done = heedful("analyze", "I read the report.csv")
    assert (done.exit_code, "goes in through a pipe" in done.stderr) == (2, True)


def test_the_number_of_threads_is_a_setting(heedful: Run, doubles: list[Double]) -> None:
    heedful("analyze", "a sad day", "--threads", "3")
    assert doubles[0].config.threads == 3


@pytest.mark.parametrize("arguments", [["--threads", "0"], ["--batch-size", "0"], ["--batch-size", "many"], ["--odd"]])
def test_an_option_out_of_range_is_refused(heedful: Run, doubles: list[Double], arguments: list[str]) -> None:
    assert heedful("analyze", "a sad day", *arguments).exit_code == 2
    assert doubles == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.csv"], "missing.csv: no such file"),
        (["a.jsonl", "missing.csv"], "missing.csv: no such file"),
        (["a.jsonl", "--out", "b.txt"], "the ending says what to write; expected .jsonl, .csv, .parquet"),
        (["a.jsonl", "--out", "nowhere/b.csv"], "there is no folder nowhere"),
        (["a.jsonl", "--out", "a.jsonl", "--overwrite"], "would be overwritten by the output"),
        (["a.jsonl", "a.csv"], "two of the files would be written to a.heedful.jsonl"),
        (["a.jsonl", "b.jsonl", "--out", "c.jsonl"], "--out is for one file"),
        (["a.jsonl", "--resume", "--overwrite"], "not both"),
        (["a.jsonl", "a sentence"], "'a sentence' is no file"),
        (["a.jsonl", "--text-column", "heedful_feeling"], "is one that Heedful writes"),
        (["."], "there is no sound file in ."),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_before_any_work(
    heedful: Run, doubles: list[Double], inside: Path, arguments: list[str], message: str
) -> None:
    for name in ("a.jsonl", "b.jsonl", "a.csv"):
        Path(name).write_text('{"text": "a"}\n' if "jsonl" in name else "text\na\n")
    before = folder_of(inside)
    done = heedful("analyze", *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert (folder_of(inside), doubles) == (before, [])


def test_the_words_that_carried_a_feeling_are_given_on_request(heedful: Run) -> None:
    told = json.loads(heedful("analyze", "a sad day", "--explain").stdout)["heedful"]["evidence"]
    assert (told["label"], told["looked_at"]) == ("sadness", 1.0)
    assert max(told["words"], key=lambda word: word["weight"]) == {
        "start": 2, "end": 5, "text": "sad", "weight": 4.0, "change": 0.5,
    }  # fmt: skip
    assert "evidence" not in json.loads(heedful("analyze", "a sad day").stdout)["heedful"]
    assert "evidence" not in json.loads(heedful("analyze", " ", "--explain").stdout)["heedful"]


def test_the_words_of_every_line_are_given_on_request(heedful: Run) -> None:
    done = heedful("analyze", "-", "--explain", input="a sad day\n\nI am happy\n")
    found = [json.loads(line)["heedful"].get("evidence", {}).get("label") for line in done.stdout.splitlines()]
    assert found == ["sadness", None, "joy"]


@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl"])
@pytest.mark.parametrize("source", ["csv", "parquet"])
def test_tables_get_the_words_and_what_heads_of_ones_own_say(
    heedful: Run, inside: Path, ending: str, source: str
) -> None:
    import csv

    import pyarrow as pa
    from pyarrow import parquet

    rows = {"text": ["my sad dog", "a plain day"], "heedful_evidence": ["old", "old"], "heedful_own_gone": ["x", "y"]}
    if source == "parquet":
        parquet.write_table(pa.table(rows), "in.parquet")
    else:
        with Path("in.csv").open("w", newline="") as file:
            csv.writer(file).writerows([list(rows), *zip(*rows.values(), strict=True)])
    assert heedful("analyze", f"in.{source}", "--explain", "--out", f"out.{ending}").exit_code == 0
    if ending == "jsonl":
        found = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
        assert [set(each) for each in found] == [{"text", "heedful"}] * 2
        assert found[0]["heedful"]["own"]["topic"]["chosen"] == ["pets"]
        return
    table = parquet.read_table("out.parquet").to_pylist() if ending == "parquet" else None
    told = table or list(csv.DictReader(Path("out.csv").read_text().splitlines()))
    assert told[0]["heedful_evidence"].split("|")[0] == "sad"
    assert [each["heedful_own_topic"] or "" for each in told] == ["pets", ""]
    assert "heedful_own_gone" not in told[0]


def test_a_run_with_explanations_is_not_resumed_without_them(heedful: Run, inside: Path) -> None:
    from heedful.cli.jobs import Options, made_by
    from heedful.config import Config

    plain, told = (Options("text", 64, resume=True, overwrite=False, explain=each) for each in (False, True))
    assert made_by(Config.load(), plain, "state") != made_by(Config.load(), told, "state")


def test_another_reader_can_be_named(heedful: Run, doubles: list[Double]) -> None:
    heedful("analyze", "a sad day", "--reader", "./mine")
    assert doubles[0].config.reader == "./mine"


def test_on_a_terminal_the_words_stand_out() -> None:
    from rich.console import Console

    from heedful.cli.streams import highlighted, portrait, rests_on
    from tests.cli.double import percept_of

    sentence = "my sad \x1b[31m dog"
    told = Double.explain(None, sentence)
    shown = highlighted(sentence, told)
    assert "\x1b" not in shown.plain
    assert [shown.plain[span.start : span.end] for span in shown.spans if "reverse" in str(span.style)] == ["sad"]
    assert rests_on(told).startswith("sadness rests on “sad” 9")
    console = Console(width=60, force_terminal=True)
    with console.capture() as captured:
        console.print(portrait(sentence, percept_of(sentence), console, told))
    assert "topic" in captured.get()
    assert "pets (90%)" in captured.get()
