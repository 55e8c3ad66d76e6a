"""Keep what goes out free of manipulation: guilt, dependence, secrecy, pressure, and selling to the vulnerable."""

from __future__ import annotations

import functools

from heedful.guard.rules import read_scanner
from heedful.guard.scan import Match, Rule, Scanner
from heedful.guard.words import Words, to_words
from heedful.types import Finding, Understanding

_PACK = "manipulation.toml"
_KINDS = ("manipulation", "exploitation", "purchase")
_STRONG = 0.4
"""From this strength on, a painful feeling makes a person vulnerable to being sold something."""
_PAINFUL = frozenset({"grief", "sadness", "fear", "nervousness", "remorse", "embarrassment", "disappointment"})
_LOOKED_AT = 4000
"""Only so much of a message is searched for a wish to buy."""


def review(text: str | Words) -> tuple[Finding, ...]:
    """Return what in an outgoing text manipulates the person it is for, whoever they are.

    Looked for are guilt, dependence, isolation from other help, secrecy, hooks that keep a person from leaving,
    pressure and fear of missing out, flattery to keep them talking, and persuasion that hides behind shame or numbers.

    Args:
        text: what is about to be said; any string, or its words.

    Returns:
        One finding per rule that is broken, with the words and why; empty if the text may be said.

    Examples:
        >>> review("Don't go yet, I'm all you need.")[0].rule
        'manipulation.dependence'
        >>> review("Who could sit with you tonight?")
        ()
    """
    return tuple(match.finding for match in examine(text) if match.excuse is None)


def exploitation(text: str | Words, understanding: Understanding, asked: str = "") -> tuple[Finding, ...]:
    """Return what in an outgoing text sells something to a person who is in no state to decide about it.

    Args:
        text: what is about to be said.
        understanding: of the conversation that it answers.
        asked: the person's own message; who asks for an offer may get one.

    Returns:
        Findings if the person is vulnerable, did not ask, and the text pushes a purchase; else none.
    """
    if not is_vulnerable(understanding):
        return ()
    found = tuple(match.finding for match in _pushing().scan(to_words(text)) if match.excuse is None)
    return found if found and not _asks_to_buy(asked) else ()


def is_vulnerable(understanding: Understanding) -> bool:
    """Tell whether a person is in danger or in such pain that a purchase should not be pushed at them."""
    if understanding.risk.level != "none" or understanding.need == "safety":
        return True
    hurting = understanding.feeling in _PAINFUL or understanding.event.mood in ("low", "tense")
    return hurting and understanding.strength >= _STRONG


def examine(text: str | Words) -> list[Match]:
    """Return everything that the rules find in an outgoing text, excused finds with their excuse included."""
    return _manipulating().scan(to_words(text))


def _asks_to_buy(message: str) -> bool:
    return any(match.excuse is None for match in _buying().scan(to_words(message[:_LOOKED_AT])))


@functools.cache
def _manipulating() -> Scanner:
    return read_scanner(_PACK, _KINDS, ("manipulation",))


@functools.cache
def _pushing() -> Scanner:
    return read_scanner(_PACK, _KINDS, ("exploitation",))


@functools.cache
def _buying() -> Scanner:
    return read_scanner(_PACK, _KINDS, ("purchase",))


def outgoing() -> tuple[Rule, ...]:
    """Return the rules for what is answered, for who has to know them one by one."""
    return (*_manipulating().rules, *_pushing().rules)
