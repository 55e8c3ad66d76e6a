"""Keep what goes out honest, and notice when a person asks what they are talking to."""

from __future__ import annotations

import functools

from heedful.guard.pack import read
from heedful.guard.rules import read_exclusions, read_rules
from heedful.guard.scan import Rule, Scanner
from heedful.guard.words import to_words
from heedful.types import Finding

_PACK = "honesty.toml"
_KINDS = {"in": ("identity",), "out": ("honesty", "manipulation", "empathy", "harm", "plan")}
"""Kinds of rules for what a person writes, and for what is answered."""
_LOOKED_AT = 4000
"""Only so much at either end of a message is searched for a question about identity."""


def review(text: str) -> tuple[Finding, ...]:
    """Return what in an outgoing text claims to feel or to have lived, promises, hooks, belittles or harms.

    Args:
        text: what is about to be said; any string.

    Returns:
        One finding per rule that is broken, with the words and why; empty if the text may be said.

    Examples:
        >>> review("I know exactly how you feel.")[0].rule
        'honesty.experience'
        >>> review("I'm so sorry about your dog.")
        ()
    """
    return tuple(finding for finding in findings(text) if not finding.rule.startswith("plan."))


def findings(text: str) -> tuple[Finding, ...]:
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


def _found(text: str, direction: str) -> tuple[Finding, ...]:
    matches = _scanner(direction).scan(to_words(text))
    return tuple(match.finding for match in matches if match.excuse is None)


@functools.cache
def _scanner(direction: str) -> Scanner:
    data = read(_PACK)
    rules = read_rules(data, _PACK, (*_KINDS["in"], *_KINDS["out"]), ("none",))
    wanted = [rule for rule in rules if rule.kind in _KINDS[direction]]
    names = {rule.name for rule in wanted}
    exclusions = [exclusion for exclusion in read_exclusions(data, _PACK, rules) if exclusion.cancels & names]
    return Scanner(wanted, exclusions)
