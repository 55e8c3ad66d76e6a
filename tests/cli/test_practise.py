"""`heedful practise`, with a real room in a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from heedful.cli import main
from heedful.practise.pack import FOLDER


@pytest.fixture
def practise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what runs `heedful practise` with arguments and lines of input."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str, lines: tuple[str, ...] = ()) -> Any:
        return CliRunner().invoke(main.app, ["practise", *arguments], input="".join(f"{each}\n" for each in lines))

    return run


def test_a_first_session_is_understood_without_reading_anything(practise: Any) -> None:
    done = practise(lines=("samuel", "You should sleep more.", "/quit"))
    assert done.exit_code == 0
    for told in (
        "Whom would you like to talk to?",
        "Samuel is made up",
        "That is advice",
        "in better words",
        "try next",
    ):
        assert told in done.stdout


def test_every_command_answers_and_an_unknown_one_says_so(practise: Any) -> None:
    said = ("/hint", "/coach", "Waiting must be frightening.", "", "/side", "/need", "/others", "/do", "/coach off")
    swapped = ("/swap dragon", "/swap minimiser", "I'm scared.", "/swap back", "/wat", "/help", "/quit")
    done = practise("talk", "biopsy", lines=(*said, *swapped))
    assert done.exit_code == 0
    for told in (
        "You might ask", "Say something first", "landed", "(you say nothing)",
        "How Samuel lived it", "There is no right answer for you",
        "Chloe", "What would help", "keeps quiet", "With whom?", "listener │", "no command /wat", "You stopped here",
    ):  # fmt: skip
        assert told in " ".join(done.stdout.split()), told


def test_what_was_practised_is_listed_shown_drawn_exported_and_deleted(practise: Any, tmp_path: Path) -> None:
    practise("talk", "biopsy", lines=("Waiting must be frightening.", "How are the nights?", "mm"))
    number = practise("past").stdout.split()[0]
    assert "How Samuel lived it" in practise("side", number).stdout
    picture = tmp_path / "skills.svg"
    assert "noticing feelings" in practise("progress", "--svg", str(picture)).stdout
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    assert picture.stat().st_mode & 0o077 == 0
    assert len(json.loads(practise("export").stdout)["sessions"]) == 1
    assert practise("past", "--person", "somebody").stdout == "Nothing is kept.\n"
    assert "Deleted 1 record." in practise("delete", number).stdout
    assert practise("past").stdout == "Nothing is kept.\n"


def test_drills_and_the_self_report_ask_answer_and_keep(practise: Any) -> None:
    done = practise("drill", "-n", "2", lines=("1", "nonsense", "2"))
    assert " of 2" in done.stdout
    assert "a number from 1 to 4" in done.stdout
    assert "3.0 on a scale from 1 to 5" in practise("about-me", lines=("7", *"3333333333")).stdout
    assert "The last time it was 3.0" in practise("about-me", lines=tuple("3333333333")).stdout


def test_scenarios_are_checked_by_line(practise: Any, tmp_path: Path) -> None:
    good = FOLDER / "noise.toml"
    bad = tmp_path / "bad.toml"
    bad.write_text(good.read_text(encoding="utf-8").replace('area = "community"', 'area = "moon"'), encoding="utf-8")
    done = practise("check", str(good), str(bad))
    assert done.exit_code == 2
    assert "noise.toml: right. Bill" in done.stdout
    assert "bad.toml, line 2: 'area' must be one of" in " ".join(done.output.split())


def test_the_list_shows_everybody(practise: Any) -> None:
    shown = practise("list").stdout
    assert all(path.stem in shown for path in FOLDER.glob("*.toml"))
