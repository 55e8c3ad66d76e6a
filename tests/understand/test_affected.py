from __future__ import annotations

import pytest

from heedful.types import Event
from heedful.understand.affected import affected_by


@pytest.mark.parametrize(
    ("text", "who", "touched"),
    [
        ("I failed my exam", None, ("person",)),
        ("My sister stopped talking to me", "My sister", ("person", "My sister")),
        ("My mom is ill and my dad can't cope", "My mom", ("person", "My mom", "my dad")),
        ("Dad died", "Dad", ("Dad",)),
        ("the flood destroyed everything", None, ("person",)),
    ],
)
def test_whom_it_touches_is_told_in_the_persons_own_words(text: str, who: str | None, touched: tuple[str, ...]) -> None:
    assert affected_by(Event("loss", 0.9, "low", who=who), [text]) == touched


def test_nothing_touches_nobody() -> None:
    assert affected_by(Event("none", 0.0), ["My sister called"]) == ()
    assert affected_by(Event("loss", 0.9, "low", message=7), ["My sister died"]) == ()
