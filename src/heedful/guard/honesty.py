"""Keep what goes out honest, and notice when a person asks what they are talking to."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from heedful.guard.rules import read_scanner
from heedful.guard.scan import Match, Rule, Scanner
from heedful.guard.words import Words, to_words
from heedful.types import Finding, Risk, Turn

_PACK = "honesty.toml"
_KINDS = {"in": ("identity",), "out": ("honesty", "empathy", "harm", "plan")}
"""Kinds of rules for what a person writes, and for what is answered."""
_LOOKED_AT = 4000
"""Only so much at either end of a message is searched for a question about identity."""


def review(text: str | Words) -> tuple[Finding, ...]:
    """Return what in an outgoing text claims to feel or to have lived, promises, belittles or harms.

    Args:
        text: what is about to be said; any string, or its words.

    Returns:
        One finding per rule that is broken, with the words and why; empty if the text may be said.

    Examples:
        >>> review("I know exactly how you feel.")[0].rule
        'honesty.experience'
        >>> review("I'm so sorry about your dog.")
        ()
    """
    return tuple(finding for finding in findings(text) if not finding.rule.startswith("plan."))


def findings(text: str | Words) -> tuple[Finding, ...]:
    """Return what `review` does, and, as rules named plan.something, what a plan may forbid or demand."""
    return _found(text, "out")


def asks_identity(text: str) -> bool:
    """Say whether a message asks if, or says to be unsure whether, it is answered by a machine or a person.

    Examples:
        >>> asks_identity("wait, am I talking to a bot?"), asks_identity("are you kidding me?")
        (True, False)
    """
    ends = text if len(text) <= 2 * _LOOKED_AT else f"{text[:_LOOKED_AT]} {text[-_LOOKED_AT:]}"
    return bool(_found(ends, "in"))


def outgoing() -> tuple[Rule, ...]:
    """Return the rules for what is answered, for who has to know them one by one."""
    return _scanner("out").rules


def disclosure_due(past: Sequence[Turn], risk: Risk, *, remind_every: int, window: int) -> bool:
    """Say whether the next reply has to say that this is software: at first contact, and again in a long talk.

    A reminder waits while a new crisis is being met; the first contact does not.

    Args:
        past: the turns before, oldest first; of a longer conversation only the latest `window` of them.
        risk: in force now.
        remind_every: after so many replies without it, it is said again; 0 = only at first contact.
        window: so many turns are remembered at most, at least 1.
    """
    if not past:
        return True
    if remind_every < 1 or (risk.level in ("high", "imminent") and not risk.carried):
        return False
    told = (ago for ago, turn in enumerate(reversed(past)) if _discloses(turn))
    return next(told, len(past)) >= min(remind_every, window)


def examine(text: str | Words, direction: str = "out") -> list[Match]:
    """Return everything that the rules find, excused finds with their excuse included.

    Args:
        text: any string.
        direction: "out" for what is answered, "in" for what a person writes.
    """
    return _scanner(direction).scan(to_words(text))


def _discloses(turn: Turn) -> bool:
    """Tell whether the reply of a turn said that this is software; the answer to "who are you" does."""
    return "disclosure" in turn.plan.must or turn.plan.about == "identity"


def _found(text: str | Words, direction: str) -> tuple[Finding, ...]:
    return tuple(match.finding for match in examine(text, direction) if match.excuse is None)


@functools.cache
def _scanner(direction: str) -> Scanner:
    return read_scanner(_PACK, (*_KINDS["in"], *_KINDS["out"]), _KINDS[direction])
