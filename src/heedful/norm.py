"""Define what holds in a setting and a culture: how to speak, in what order, and what is left unsaid."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from heedful.media import Record
from heedful.types import Strategy

Formality = Literal["casual", "neutral", "formal"]
Directness = Literal["indirect", "balanced", "direct"]
Tone = Literal["gentle", "warm", "calm", "bright", "plain"]
Talk = Literal["welcome", "if raised", "avoid"]
ALWAYS = "always"
"""The name under which a pack says what holds whatever happened."""


@dataclass(frozen=True, slots=True)
class Topic(Record):
    """Something that people differ about talking of."""

    talk: Talk
    """welcome: may be brought up; if raised: only after the person has; avoid: not even then."""
    words: tuple[str, ...]
    """What tells that it is talked of; "*" at a word's end stands for any ending."""


@dataclass(frozen=True, slots=True)
class Manner(Record):
    """What holds for one kind of event, one mood, or always; what is left out is inherited."""

    tone: Tone | None = None
    """How the reply should sound."""
    first: tuple[Strategy, ...] | None = None
    """The strategies of the first reply about it, in order."""
    later: tuple[tuple[Strategy, ...], ...] | None = None
    """Those of the replies after that, taken in turn."""
    must: tuple[str, ...] = ()
    """What a reply has to do: "own the problem"."""
    must_not: tuple[str, ...] = ()
    """What it may not hold: "advice", "silver lining", "exclamation"."""
    avoid: tuple[str, ...] = ()
    """Words and phrases that it may not hold; "*" at a word's end stands for any ending."""


@dataclass(frozen=True, slots=True)
class Norm(Record):
    """What holds here: a setting's pack with what it inherits, and a culture's pack over it."""

    name: str = "none"
    """The packs it was made from: "customer_service", or "companion + direct"."""
    setting: str = "companion"
    """The setting's name."""
    about: str = ""
    """For whom it is, in a sentence or two."""
    formality: Formality = "neutral"
    """How formal the wording is."""
    directness: Directness = "balanced"
    """direct: asked for advice, give it at once. indirect: no questions two replies running, no advice unasked."""
    sentences: int = 3
    """A reply has at most so many parts."""
    ask_every: int = 1
    """At most every n-th reply about the same thing asks a question."""
    advice_after: int = 2
    """Advice comes unasked only after so many replies that listened."""
    advice_at_once: tuple[str, ...] = ("service",)
    """Event kinds at which a next step is welcome in the first reply."""
    advice_asked_only: tuple[str, ...] = ("loss", "pet_loss")
    """Event kinds at which advice is given only to those who ask for it, and never in the first reply: grief."""
    advice_never: tuple[str, ...] = ()
    """Event kinds at which no advice is given at all."""
    topics: Mapping[str, Topic] = field(default_factory=dict)
    """What may be talked of."""
    manners: Mapping[str, Manner] = field(default_factory=dict)
    """Mood, event kind or "always" -> what holds there; an event kind goes before its mood."""


def word_in(text: str, words: Sequence[str]) -> str | None:
    """Return the first stretch of a text that is one of the words or phrases, or None.

    Args:
        text: of any kind.
        words: as packs hold them: case and the form of the apostrophe do not matter, "*" at the end is any ending.

    Examples:
        >>> word_in("She prayed a lot.", ("god", "pray*"))
        'prayed'
    """
    if not words:
        return None
    found = _matcher(tuple(words)).search(text.replace("’", "'"))
    return found[0] if found else None


def begins_in(text: str, words: Sequence[str]) -> int:
    """Return where the last words of an unfinished text begin that may become one of the phrases, else its length.

    Args:
        text: the beginning of a text, whole words only.
        words: as for `word_in`.

    Examples:
        >>> begins_in("She is in a better ", ("better place",))
        12
    """
    openings = _openings(tuple(words))
    found = openings.search(text.replace("’", "'")) if openings else None
    return found.start() if found else len(text)


@functools.lru_cache(maxsize=256)
def _openings(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return what matches the beginning of a phrase of several words at the end of a text, the longest first."""
    begun: set[str] = set()
    for word in words:
        parts = [re.escape(part) for part in word.replace("’", "'").removesuffix("*").split()]
        begun.update(r"\s+".join(parts[:upto]) for upto in range(1, len(parts)))
    each = "|".join(sorted(begun, key=len, reverse=True))
    return re.compile(rf"(?<![\w'])(?:{each})\s*\Z", re.IGNORECASE) if begun else None


@functools.lru_cache(maxsize=256)
def _matcher(words: tuple[str, ...]) -> re.Pattern[str]:
    each = (
        r"\s+".join(re.escape(part) for part in word.replace("’", "'").removesuffix("*").split())
        + (r"[\w']*" if word.endswith("*") else "")
        for word in sorted(words, key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w'])(?:{'|'.join(each)})(?!\w)", re.IGNORECASE)
