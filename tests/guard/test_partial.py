from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.guard.evasion import BREAK
from heedful.guard.partial import Partial
from heedful.guard.patterns import Alphabet, parse

PHRASES = ("kill <2> bird", "(alpha bravo|c) d? e", "f ^ g", "h d? ^", "^ f", "^ <1> e", "<2> g h")
LED = 3
"""So many of them, the last, begin with a gap or the end of a sentence."""
WORDS = ("kill", "bird", "alpha", "bravo", "c", "d", "e", "f", "g", "h", BREAK)


def watching(*phrases: str) -> Partial:
    return Partial(parse(phrase, {}, "a test") for phrase in phrases)


@pytest.mark.parametrize(
    ("phrase", "words", "first"),
    [
        ("kill bird", "the kill", 1),
        ("kill bird", "the kill alpha", 3),
        ("kill bird", "kill bird alpha", 0),
        ("kill <2> bird", "kill alpha bravo", 0),
        ("kill <2> bird", "kill alpha bravo c", 4),
        ("kill alpha? bird", "kill bird", 0),
        ("(kill|alpha bravo) bird", "c alpha bravo", 1),
        ("^ kill", ".", 1),
        ("^ kill", ". kill", 1),
        ("^ <2> kill bird", ". alpha", 2),
        ("^ <2> kill bird", ". alpha kill", 2),
        ("<2> kill bird", "alpha bravo kill", 2),
        ("^ kill", ". alpha", 2),
        ("kill ^", "kill", 0),
        ("kill ^", "kill alpha", 2),
        ("kill ^ bird", "c kill .", 1),
        ("kill <2> bird", "kill .", 2),
    ],
)
def test_words_wait_while_a_phrase_may_be_about_them(phrase: str, words: str, first: int) -> None:
    assert watching(phrase).open_from(words.split()) == first


def test_what_was_finished_before_and_decided_waits_no_longer() -> None:
    partial = watching("kill bird")
    assert partial.open_from(["kill", "bird", "c"], decided=2) == 3
    assert partial.open_from(["kill", "bird", "c"], decided=1) == 0


@given(st.lists(st.sampled_from(WORDS), max_size=10), st.lists(st.sampled_from(WORDS), max_size=6))
def test_no_match_that_comes_later_reaches_into_what_was_let_go(before: list[str], after: list[str]) -> None:
    partial = watching(*PHRASES)
    parsed = [parse(phrase, {}, "a test") for phrase in PHRASES]
    alphabet = Alphabet(parsed)
    expressions = [alphabet.compile(phrase) for phrase in parsed]
    free = partial.open_from(before)
    line = alphabet.spell([*before, *after])
    for number, expression in enumerate(expressions):
        for start, end in expression.find(line):
            if number < len(PHRASES) - LED:
                assert start >= free
            assert end > free or start >= free
