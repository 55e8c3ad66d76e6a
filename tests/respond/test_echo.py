"""Answers of a few words, said back as they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.respond.echo import echo_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yeah 9 years", "9 years"),
        ("my dad. six weeks ago", "Your dad, six weeks ago"),
        ("over a typo. A TYPO", "Over a typo"),
        ("heart attack", "Heart attack"),
        ("since october", "Since October"),
        ("the 3rd and the 5th", "The 3rd and the 5th"),
    ],
)
def test_a_fragment_is_said_back_in_second_person(text: str, said: str) -> None:
    assert echo_of(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "yeah",
        "no",
        "34",
        "i lost it",
        "love my life",
        "keep googling",
        "she left",
        "whatever",
        "ok thanks",
        "vet says it's bad",
        "",
    ],
)
def test_what_is_no_fragment_is_not_said_back(text: str) -> None:
    assert echo_of(text) is None


@given(st.text(max_size=120))
def test_any_string_is_accepted(text: str) -> None:
    said = echo_of(text)
    assert said is None or said == said.strip()
