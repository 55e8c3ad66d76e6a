from __future__ import annotations

import pytest

from heedful.norm import Norm, word_in


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("Time heals all wounds.", ("time heals",), "Time heals"),
        ("That's GOD’S plan", ("god's plan",), "GOD'S plan"),
        ("she was praying", ("pray*",), "praying"),
        ("a sprayed wall", ("pray*",), None),
        ("the good goddess", ("god",), None),
        ("at\n least", ("at least",), "at\n least"),
        ("anything", (), None),
        ("", ("a",), None),
    ],
)
def test_words_are_found_whole_whatever_their_case(text: str, words: tuple[str, ...], found: str | None) -> None:
    assert word_in(text, words) == found


def test_a_norm_survives_being_written_and_read() -> None:
    assert Norm.from_dict(Norm(name="mine", ask_every=3).to_dict()) == Norm(name="mine", ask_every=3)
