from __future__ import annotations

import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from heedful.cli.result import is_unicode
from heedful.cli.screen import bar, bars, paragraph, percept_lines, visible
from heedful.cli.words import COLORS, SOUNDS, color, confidence, headline
from heedful.labels import BASIC, FINE
from tests.samples import sample_percept


def console(width: int = 80, encoding: str = "utf-8") -> Console:
    return Console(file=io.TextIOWrapper(io.BytesIO(), encoding=encoding), width=width)


@given(st.text())
def test_nothing_that_steers_a_terminal_is_visible(text: str) -> None:
    shown = visible(text)
    assert is_unicode(shown)
    assert all(character.isprintable() or character in "\n\t" or ord(character) > 0x9F for character in shown)


@pytest.mark.parametrize("text", ["", "plain", "two\nlines", "é 😂 👩‍👩‍👧 日本"])
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


@given(st.floats(0, 1), st.integers(1, 60), st.sampled_from(["utf-8", "ascii"]))
def test_a_bar_is_always_as_wide_as_asked(share: float, width: int, encoding: str) -> None:
    drawn = bar(share, width, console(encoding=encoding))
    assert len(drawn) == width
    assert encoding == "utf-8" or drawn.isascii()


def test_a_bar_is_as_long_as_its_share() -> None:
    assert [bar(share, 8, console()) for share in (0.0, 0.5, 0.5625, 1.0)] == [
        "········",
        "████····",
        "████▌···",
        "████████",
    ]


def test_only_feelings_worth_a_bar_are_drawn() -> None:
    lines = [line.plain for line in bars({"joy": 0.5, "love": 0.05, "pride": 0.2}, console())]
    assert [line.split()[0] for line in lines] == ["joy", "pride"]
    assert len([*bars({"joy": 0.01, "love": 0.005}, console())]) == 1


@pytest.mark.parametrize("width", [20, 40, 80])
def test_what_was_perceived_fits_the_terminal(width: int) -> None:
    lines = [
        *percept_lines(sample_percept(), console(width)),
        *paragraph("word " * 50, console(width), indent=2, mark="| "),
    ]
    assert max(line.cell_len for line in lines) <= width


def test_every_label_has_words_and_a_color() -> None:
    assert set(SOUNDS) == {*BASIC, *FINE}
    assert {color(label) for label in SOUNDS} == set(COLORS.values())


@pytest.mark.parametrize(
    ("figure", "told"),
    [(0.0, "not sure"), (0.39, "not sure"), (0.4, "a guess"), (0.7, "fairly sure"), (1, "quite sure")],
)
def test_confidence_is_told_in_words(figure: float, told: str) -> None:
    assert confidence(figure) == told


def test_a_headline_names_two_feelings_at_most_and_never_claims_to_know() -> None:
    assert (
        headline(sample_percept(expressed=("sadness", "grief", "fear"))) == "sounds sad and full of grief · fairly sure"
    )
    assert headline(sample_percept(expressed=("neutral",))) == "sounds sad · fairly sure"
    assert headline(sample_percept(confidence=0.3)) == "not sure, perhaps sad and full of grief"
    assert headline(sample_percept(abstained="no words")) == "not sure how this sounds: no words"


def test_a_terminal_without_the_signs_gets_simpler_ones() -> None:
    code = "from heedful.cli.screen import *; speak_plainly(); stdout().print('“a” · ’ — …', chr(0xd800), 'é')"
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", code],
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == '"a" - \' - ... ? ?\n'
