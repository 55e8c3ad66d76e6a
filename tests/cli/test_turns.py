from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from heedful.cli.turns import in_force, past, replied, timing
from heedful.types import Level, Resource, Risk, Turn
from tests.cli.double import RESOURCE
from tests.samples import sample_turn, sample_understanding

OTHER = Resource("Day Line", "dayline.example", "", "https://dayline.example")


def turn_in(level: Level, reply: str = "I hear you.", *resources: Resource, carried: bool = False) -> Turn:
    turn = sample_turn(understanding=sample_understanding(risk=Risk(level, "suicide", carried)))
    return replace(turn, plan=replace(turn.plan, resources=resources), reply=replace(turn.reply, text=reply))


def drawn(turn: Turn, *shown: Resource, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO(), record=True)
    for part in replied(turn, console, shown):
        console.print(part)
    return console.export_text()


def test_resources_that_a_reply_lists_are_shown_once_where_it_lists_them() -> None:
    reply = "Stay with me.\nNight Line: 0800 000 000 (every day)\nDay Line: dayline.example\nAre you safe now?"
    shown = drawn(turn_in("high", reply, RESOURCE, OTHER))
    assert shown.count("Night Line") == shown.count("dayline.example") == 1
    assert shown.index("Stay with me.") < shown.index("Night Line") < shown.index("Are you safe now?")


def test_resources_that_a_reply_does_not_list_are_shown_after_it() -> None:
    shown = drawn(turn_in("high", "Stay with me.", RESOURCE))
    assert shown.index("Stay with me.") < shown.index(RESOURCE.contact)


@pytest.mark.parametrize(
    ("level", "title"),
    [
        ("concern", "People you can turn to"),
        ("high", "People you can reach right now"),
        ("imminent", "Please reach one of them now"),
    ],
)
def test_the_title_fits_the_danger(level: Level, title: str) -> None:
    assert title in drawn(turn_in(level, "Hello.", RESOURCE))


def test_a_danger_that_lasts_is_not_forgotten_by_the_screen() -> None:
    assert f"At any time: {RESOURCE.contact}" in drawn(turn_in("high", carried=True), RESOURCE)
    assert "At any time" not in drawn(turn_in("none"), RESOURCE)


def test_the_resources_in_force_are_the_latest_while_the_danger_lasts() -> None:
    first, later = turn_in("high", "a", RESOURCE), turn_in("high", "b", carried=True)
    assert in_force([first, later]) == (RESOURCE,)
    assert in_force([first, turn_in("none")]) == in_force([]) == ()


def test_earlier_turns_are_cut_short() -> None:
    console = Console(width=80, file=io.StringIO(), record=True)
    for part in past([sample_turn("a long story " * 100)] * 5, console):
        console.print(part)
    shown = console.export_text()
    assert shown.count("you │") == 3
    assert len(shown) < 3000


def test_times_are_told_as_far_as_they_are_known() -> None:
    assert timing(sample_turn(timings={"perceive": 2.54, "total": 1234.5})) == "read in 2.5 ms · answered in 1,234 ms"
    assert timing(sample_turn(timings={})) == ""
