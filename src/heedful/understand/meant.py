"""Tell how a message is meant beside what it says: with irony, as a correction, of somebody else's anger."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from heedful.insight import Meant
from heedful.types import Message, Percept
from heedful.understand.event import event_told
from heedful.understand.pattern import Patterns, read_pack
from heedful.understand.wording import plain

PACK = "meant.toml"
_LOOKED_AT = 600
_DARK = frozenset({"low", "tense", "hot"})
_BESIDE = 6
"""Mocking praise by itself, of trouble told before, has at most so many words."""
_AFTER = 3
"""So many messages after trouble was told, it is still in the room."""
_UNPLEASANT = -0.15
_NEAR = 12
"""What is denied stands so many characters from the beginning at most."""
_DENIAL = re.compile(r"\bnot\b|n't\b|^no\b")
_SOUR = -0.45
"""The valence of a message that praises with irony."""
_GLAD = frozenset(
    {"admiration", "amusement", "approval", "excitement", "gratitude", "joy", "love", "optimism", "pride", "relief"}
)
_NOTHING = Meant()


def meant_of(text: str, percept: Percept, troubled: bool = False, answered: str | None = None) -> Meant:
    """Return how a message is meant; any string is accepted.

    Args:
        text: the message.
        percept: of it.
        troubled: whether trouble was told or heard just before.
        answered: the reply that it follows, or None where it opens the conversation.

    Examples:
        >>> theirs_in("I failed, and my parents will be so angry")
        ('my parents will be so angry',)
    """
    form = plain(text[:_LOOKED_AT])
    if not form:
        return _NOTHING
    theirs = theirs_in(text)
    ahead = bool(theirs) and re.search(_pack()["theirs"]["ahead"], theirs[0], re.IGNORECASE) is not None
    return Meant(_is_ironic(text, form, percept, troubled), _corrects(form, answered), theirs, ahead)


def each_meant(messages: Sequence[Message], percepts: Sequence[Percept]) -> tuple[Meant, ...]:
    """Return how each message of the person's is meant, oldest first.

    Args:
        messages: the conversation, all speakers, oldest first.
        percepts: of the person's messages, in order.
    """
    found: list[Meant] = []
    answered: str | None = None
    since = _AFTER + 1
    troubled = False
    for message in messages:
        if message.speaker == "assistant":
            answered = message.text
        elif message.speaker == "person" and len(found) < len(percepts):
            text, percept = message.text or "", percepts[len(found)]
            found.append(meant_of(text, percept, troubled, answered))
            dark = found[-1].ironic or _troubles(text, percept)
            since = 0 if dark else since + 1
            troubled = since <= _AFTER
    return tuple(found)


def as_meant(percept: Percept, meant: Meant) -> Percept:
    """Return a percept with its gladness taken for what it is where a message is ironic."""
    if not meant.ironic or percept.abstained:
        return percept
    fine = {label: 0.0 if label in _GLAD else share for label, share in percept.fine.items()}
    fine["annoyance"] = max(fine.get("annoyance", 0.0), max(percept.fine.values(), default=0.0), 0.5)
    return replace(percept, fine=fine, expressed=("annoyance",), valence=min(percept.valence, _SOUR))


def theirs_in(text: str) -> tuple[str, ...]:
    """Return the words of a message that tell of somebody else's anger."""
    return tuple(found[0] for found in _their_anger().finditer(text[:_LOOKED_AT].replace("’", "'")))


@functools.cache
def _their_anger() -> re.Pattern[str]:
    """Return what finds anger that is not the person's own."""
    table = _pack()["theirs"]
    return re.compile(rf"\b{table['who']}{table['is']}{table['very']} {table['angry']}\b", re.IGNORECASE)


def _is_ironic(text: str, form: str, percept: Percept, troubled: bool) -> bool:
    """Say whether a message praises what is trouble: told with it, or just before."""
    praised = _first("irony", "praise", form)
    if praised is None or _first("irony", "sincere", form) is not None:
        return False
    rest = form[: praised.start()] + " " + form[praised.end() :]
    told = event_told(text, percept)
    if _first("irony", "trouble", rest) is not None or (told is not None and told.mood in _DARK):
        return True
    if told is not None and told.mood == "bright" and not troubled:
        return False
    if _first("irony", "trouble", form) is not None and _first("irony", "within", form) is None:
        return True
    return troubled and len(form.split()) <= _BESIDE and _first("irony", "within", form) is None


def _troubles(text: str, percept: Percept) -> bool:
    told = event_told(text, percept)
    return (told is not None and told.mood in _DARK) or (told is None and percept.valence < _UNPLEASANT)


def _corrects(form: str, answered: str | None) -> bool:
    if answered is None:
        return False
    if _first("correction", "patterns", form) is not None:
        return True
    asked = "?" in answered
    denied = _first("correction", "denied", form)
    if denied is not None and denied.start() < _NEAR and _DENIAL.search(denied[0]):
        return True
    opening = _first("correction", "opening", form)
    return not asked and opening is not None and opening.start() == 0


def _first(table: str, name: str, form: str) -> re.Match[str] | None:
    """Return the first match of a list of patterns, by its place."""
    return min((match for _, match in _patterns(table, name).find(form)), key=lambda match: match.start(), default=None)


@functools.cache
def _patterns(table: str, name: str) -> Patterns:
    return Patterns([(f"understand/{PACK}, [{table}] {name}", each) for each in _pack()[table][name]])


def _pack() -> dict[str, Any]:
    return read_pack(PACK)
