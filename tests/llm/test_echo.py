from __future__ import annotations

import time

import pytest

from heedful.errors import ModelError
from heedful.llm.base import ChatMessage
from heedful.llm.echo import Echo

SAID = [ChatMessage("system", "Be kind."), ChatMessage("user", "first"), ChatMessage("user", "I am  sad.")]


def test_it_answers_the_last_that_it_was_told_word_by_word_and_always_the_same() -> None:
    pieces = list(Echo().stream(SAID))
    assert pieces[:3] == ["That", " came", " in"]
    assert "".join(pieces) == "That came in 3 words. Which of them weighs most?"
    assert list(Echo().stream(SAID)) == pieces
    assert "".join(Echo().stream(SAID[:1])) == "That came without words."


def test_it_says_what_it_is_made_to_say() -> None:
    assert "".join(Echo("Oh no.").stream(SAID)) == "Oh no."
    assert "".join(Echo(lambda told: told[0].content).stream(SAID)) == "Be kind."


@pytest.mark.parametrize(("after", "heard"), [(0, 0), (1, 1), (2, 2)])
def test_it_breaks_off_where_it_is_told_to(after: int, heard: int) -> None:
    pieces: list[str] = []
    with pytest.raises(ModelError):
        pieces.extend(Echo(fails_after=after).stream(SAID))  # keeps what came before the error
    assert len(pieces) == heard


def test_an_empty_answer_can_break_off_too() -> None:
    with pytest.raises(ModelError):
        list(Echo("", fails_after=0).stream(SAID))


def test_it_is_as_slow_as_it_is_told_to_be() -> None:
    began = time.monotonic()
    list(Echo("one two three", pause=0.02).stream(SAID))
    assert time.monotonic() - began >= 0.06
