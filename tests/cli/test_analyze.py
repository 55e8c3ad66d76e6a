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
        (["."], "is not a file that can be read"),
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
