"""Benchmark messages have the length that they claim, and differ."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.messages import messages, rows


def pieces(texts: Sequence[str]) -> list[list[int]]:
    """Tokenize as a subword tokenizer does: marks at both ends, punctuation apart, long words in pieces of four."""
    found = []
    for text in texts:
        words = "".join(f" {c} " if c in ".,'?" else c for c in text).split()
        found.append([0, *(1 for word in words for _ in range(0, len(word), 4)), 2])
    return found


@pytest.mark.parametrize("tokens", [16, 32, 64])
def test_every_message_has_exactly_the_tokens_asked_for_and_no_two_are_the_same(tokens: int) -> None:
    made = messages(pieces, tokens, 64)
    assert {len(ids) for ids in pieces(made)} == {tokens}
    assert len(set(made)) == 64


def test_a_length_that_no_message_can_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no message of 2 tokens"):
        messages(pieces, 2, 1)


def test_rows_for_throughput_all_differ() -> None:
    made = list(rows(5000))
    assert len(set(made)) == 5000
    assert 14 <= sum(len(text.split()) for text in made) / len(made) <= 18
