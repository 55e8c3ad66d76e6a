from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.judge.wording import wording
from tests.pace import allowed


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("I’m so sorry!", ". i am so sorry . "),
        ("You can't, won't, ain't.", ". you can not will not is not . "),
        ("thats ur dog's bed?", ". that is your dog's bed ? "),
        ("sooooo s\u200bad 𝒕𝒐𝒐", ". so sad too . "),
        ("Really?! Yes... no", ". really ? yes . no . "),
        ("one\ntwo", ". one . two . "),
        ("", ". "),
        ("?!", ". "),
    ],
)
def test_a_text_becomes_plain_words_and_marks(text: str, plain: str) -> None:
    assert wording(text).plain == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('They say "get over it" and it hurts.', ". they say and it hurts . "),
        ("> get over it\nThat hurts.", ". that hurts . "),
        ('"Get over it."', ". get over it . "),
    ],
)
def test_what_is_quoted_is_left_out_unless_it_is_all_there_is(text: str, plain: str) -> None:
    assert wording(text).plain == plain


def test_a_span_is_the_text_as_it_was_written() -> None:
    said = wording("Oh, I’M  so sorry.")
    assert said.span(2, 5).text == "I’M  so sorry"
    assert said.place(said.starts[4]) == 4
    assert [said.span(first, end - 1).text for first, end in said.sentences] == ["Oh, I’M  so sorry"]


@given(st.text())
def test_any_text_can_be_read_and_every_word_knows_its_place(text: str) -> None:
    said = wording(text)
    assert said.words[0] == "."
    assert said.words[-1] in ".?"
    assert len(said.words) == len(said.spans) == len(said.starts)
    for number in range(1, len(said.words)):
        start, end = said.spans[number]
        assert 0 <= start <= end <= len(text)
        assert said.plain.startswith(said.words[number], said.starts[number])
    assert all(said.words[end] in ".?" for _, end in said.sentences)


@pytest.mark.parametrize("unit", ["a", "'", '"', "a'", ">\n", "?!", "a\u0301", '"a', "\u200b"])
def test_time_grows_with_length_alone(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    start = time.process_time()
    wording(text)
    assert time.process_time() - start < allowed(1.5)
