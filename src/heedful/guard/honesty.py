"""Keep what goes out honest, and notice when a person asks what they are talking to."""

from __future__ import annotations

import functools
import re

from heedful.errors import ConfigError
from heedful.guard.pack import choice, entries, known_keys, read, text, texts
from heedful.models.normalise import normalise
from heedful.types import Finding

_PACK = "honesty.toml"
_LOOKED_AT = 4000
"""Only so much at either end of a message is searched for a question about identity."""


def review(reply: str) -> tuple[Finding, ...]:
    """Return what in an outgoing text claims to feel or to have lived, promises, hooks or belittles; empty if nothing.

    Examples:
        >>> review("I know exactly how you feel.")[0].rule
        'honesty.experience'
        >>> review("I'm so sorry about your dog.")
        ()
    """
    plain = _plain(reply)
    return tuple(
        Finding(name, match[0], why) for name, why, patterns in _rules("out") if (match := patterns.search(plain))
    )


def asks_identity(message: str) -> bool:
    """Say whether a message asks if, or says to be unsure whether, it is answered by a machine or a person.

    Examples:
        >>> asks_identity("wait, am I talking to a bot?"), asks_identity("are you kidding me?")
        (True, False)
    """
    plain = _plain(message if len(message) <= 2 * _LOOKED_AT else message[:_LOOKED_AT] + message[-_LOOKED_AT:])
    return any(patterns.search(plain) for _, _, patterns in _rules("in"))


def _plain(message: str) -> str:
    return normalise(message).lower()


@functools.cache
def _rules(direction: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    found = []
    for entry in entries(read(_PACK), "rule", _PACK):
        where = f"{_PACK}, rule {entry.get('name', '(without a name)')!r}"
        known_keys(entry, where, ("name", "why", "direction", "patterns"))
        if choice(entry, "direction", where, ("in", "out"), "out") != direction:
            continue
        joined = "|".join(texts(entry, "patterns", where))
        try:
            pattern = re.compile(rf"(?<![\w'])(?:{joined})(?!\w)")
        except re.error as error:
            raise ConfigError(f"{where}: patterns hold an invalid regular expression: {error}.") from error
        found.append((text(entry, "name", where), text(entry, "why", where), pattern))
    return tuple(found)
