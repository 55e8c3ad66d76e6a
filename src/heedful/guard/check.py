"""Show everything that the guard finds in a text, with its rule and why, and what it lets pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from heedful.guard import crisis, honesty, manipulation, second
from heedful.guard.base import lint
from heedful.guard.evasion import BREAK
from heedful.guard.scan import Match
from heedful.guard.words import to_words
from heedful.types import Action, Level, Record, Risk, Understanding

_SHOWN = 60
"""So many plain words are shown at most."""


@dataclass(frozen=True, slots=True)
class Hit(Record):
    """One find of one rule."""

    rule: str
    """The rule's name in its pack."""
    text: str
    """The words that it found."""
    why: str
    """Why it matters, in a sentence."""
    level: Level = "none"
    """How pressing it is, what excuses it considered; "none" for rules without a level."""
    excuse: str | None = None
    """The exclusion that lets it pass, or lowers its level, or None."""
    excuse_why: str | None = None
    """Why the find then means something else, or None."""


@dataclass(frozen=True, slots=True)
class Check(Record):
    """What the guard says of a text."""

    what: Literal["message", "reply"]
    """Whether it was checked as something that a person wrote, or as something that is about to be said."""
    read_as: str
    """The plain words that the rules were applied to, disguises undone; cut after some sixty words."""
    risk: Risk
    """The danger that a message speaks of; no danger for a reply."""
    action: Action
    """Whether a reply may be said; always "allow" for a message."""
    hits: tuple[Hit, ...]
    """Every find, those that were let pass included."""


def check_message(text: str) -> Check:
    """Return everything that the guard finds in what a person writes.

    Args:
        text: any string.

    Examples:
        >>> check_message("I would never k1ll myself").hits[0].excuse
        'negation'
    """
    matches = [*crisis.examine(text), *crisis.says_safe(text), *honesty.examine(text, "in")]
    risk = crisis.assess(text, Risk())
    network = tuple(
        Hit(found.rule, found.text, found.why, risk.level)
        for found in risk.findings
        if found.rule.startswith(f"{second.NETWORK}.")
    )
    return Check("message", _plain(text), risk, "allow", _hits(matches) + network)


def check_reply(text: str, understanding: Understanding | None = None, message: str = "") -> Check:
    """Return everything that the guard finds in what is about to be said.

    What only a plan may forbid (advice, a silver lining) is shown among the hits and does not change the action.

    Args:
        text: any string.
        understanding: of the conversation that it answers; with it, selling to a vulnerable person is found.
        message: what the person wrote.
    """
    matches = [*honesty.examine(text), *manipulation.examine(text)]
    verdict = lint(text, understanding, message)
    shown = _hits(matches)
    told = {hit.rule for hit in shown}
    more = tuple(Hit(found.rule, found.text, found.why) for found in verdict.findings if found.rule not in told)
    return Check("reply", _plain(text), Risk(), verdict.action, shown + more)


def _hits(matches: Sequence[Match]) -> tuple[Hit, ...]:
    return tuple(
        Hit(
            match.finding.rule,
            match.finding.text,
            match.finding.why,
            match.level,
            match.excuse.name if match.excuse else None,
            match.excuse.why if match.excuse else None,
        )
        for match in matches
    )


def _plain(text: str) -> str:
    words = [word for word in to_words(text).words if word != BREAK]
    return " ".join(words[:_SHOWN]) + (" ..." if len(words) > _SHOWN else "")
