from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.models.sentences import sentences
from tests.pace import allowed


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("My dog died. I can't stop crying!", ["My dog died.", "I can't stop crying!"]),
        ("Dr. Lee said no. ok", ["Dr. Lee said no.", "ok"]),
        ("first line\n\nsecond line", ["first line", "second line"]),
        ("I paid 3.5 dollars. Why?", ["I paid 3.5 dollars.", "Why?"]),
        ("悲しい。今日は", ["悲しい。", "今日は"]),
        ("...", ["..."]),
        ("   ", []),
        ("", []),
    ],
)
def test_text_is_split_at_sentence_ends(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == parts


@given(st.text(alphabet="ab .!?\n。'\"", max_size=200))
def test_nothing_but_white_space_is_left_out(text: str) -> None:
    kept = "".join(text[start:end] for start, end in sentences(text))
    assert "".join(kept.split()) == "".join(text.split())


def test_a_megabyte_without_an_end_is_split_at_once() -> None:
    start = time.process_time()
    sentences("word " * 200_000)
    sentences("." * 1_000_000)
    assert time.process_time() - start < allowed(1.0)
