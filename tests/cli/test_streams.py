from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from heedful.cli.screen import visible
from heedful.cli.streams import portrait
from heedful.types import Percept
from tests.cli.conftest import Run
from tests.cli.double import UNREADABLE, Double, percept_of
from tests.samples import sample_percept

ROOT = Path(__file__).parents[2]


def rows(output: str) -> list[Any]:
    return [json.loads(line) for line in output.splitlines()]


def drawn(text: str, width: int = 80, percept: Percept | None = None) -> str:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(portrait(text, percept or percept_of(text), console))
    return console.export_text()


def test_a_sentence_is_answered_with_the_same_json_as_a_row(heedful: Run, doubles: list[Double]) -> None:
    (row,) = rows(heedful("analyze", "a sad day").stdout)
    assert (row["text"], row["heedful"]["feeling"], row["heedful"]["expressed"]) == (
        "a sad day",
        "sadness",
        ["sadness"],
    )
    assert doubles[0].closed == 1


def test_a_sentence_is_drawn_for_people() -> None:
    shown = drawn("a sad day")
    assert "sounds sad · " in shown
    assert "is sad" not in shown
    assert "█" in shown
    assert "valence     -0.70, unpleasant" in shown


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_the_drawing_fits_the_terminal(width: int) -> None:
    assert max(map(len, drawn("a sad day and a happy one " * 3, width).splitlines())) <= min(width, 84)


def test_what_is_unsure_is_not_stated() -> None:
    assert "not sure, perhaps sad" in drawn("perhaps sad")


def test_an_abstention_says_why_and_draws_no_bars() -> None:
    shown = drawn(" ")
    assert "not sure how this sounds: the message is empty" in shown
    assert "█" not in shown


def test_each_line_of_standard_input_is_answered_in_order(heedful: Run) -> None:
    for arguments in ([], ["-"]):
        done = heedful("analyze", *arguments, input="a sad day\nso happy\n\n")
        assert [row["heedful"]["feeling"] for row in rows(done.stdout)] == ["sadness", "joy", "neutral"]
        assert (done.exit_code, done.stderr) == (0, "")


def test_lines_that_cannot_be_read_are_left_out_and_told(heedful: Run) -> None:
    content = f"a sad day\nb\xff\n{UNREADABLE}\n{'x' * 5_000_000}\nc\0d\n{'😂' * 10_000}\n".encode()
    done = heedful("analyze", input=content.replace("\xff".encode(), b"\xff"))
    assert [row["text"][:9] for row in rows(done.stdout)] == ["a sad day", "c\0d", "😂" * 9]
    assert done.stderr.splitlines() == [
        "line 2 left out: not valid UTF-8",
        "line 3 left out: this cannot be read by the double.",
        "line 4 left out: the text has 5,000,000 characters; at most 200,000 are read (setting text_limit)",
        "3 rows read, 3 rows set aside",
    ]
    assert done.exit_code == 0


def test_no_input_is_no_crash(heedful: Run) -> None:
    done = heedful("analyze", "-", input="")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "0 rows read\n")


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_standard_input_can_be_written_to_a_file(heedful: Run, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"out.{ending}"
    done = heedful("analyze", "-", "--out", out, input=b"a sad day\nb\xff\n")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "standard input: 1 row read, 1 row set aside in " in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"out.{ending}", f"out.{ending}.bad.jsonl"]


def test_standard_input_cannot_be_resumed(heedful: Run) -> None:
    done = heedful("analyze", "-", "--resume", input="a")
    assert (done.exit_code, "--resume is for files only" in done.stderr) == (2, True)


def test_a_sentence_that_is_not_utf_8_is_an_error() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.double", "analyze", b"sad \xff"], cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"heedful: the sentence is not valid UTF-8; expected text in UTF-8.\n"


def test_one_by_one_each_line_is_answered_before_the_next_one_comes() -> None:
    command = [sys.executable, "-m", "tests.cli.double", "analyze", "-", "--batch-size", "1"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdin
        assert run.stdout
        for text, feeling in (("a sad day", "sadness"), ("so happy", "joy")):
            run.stdin.write(f"{text}\n".encode())
            run.stdin.flush()
            assert json.loads(run.stdout.readline())["heedful"]["feeling"] == feeling
        run.stdin.close()
        assert run.wait(20) == 0


def test_a_text_cannot_steer_the_terminal() -> None:
    text = "\033[2Jsad\u202e\x07"
    shown = drawn(text)
    assert "\033" not in shown
    assert visible(text) in shown


def test_a_percept_without_fine_labels_is_drawn_by_its_basic_ones() -> None:
    assert "sadness  █" in drawn("a voice", percept=sample_percept(fine={}, expressed=()))
