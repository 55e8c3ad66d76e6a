"""Say what a reply is like, in traits that people can speak of: what a learned preference goes by."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from heedful.types import Judgement, Understanding

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_END = re.compile(r"[.!?\u2026]+")
_YOU = frozenset("you your yours yourself you're you've you'd you'll".split())
_ONESELF = frozenset("i i'm i've i'd i'll me my mine myself".split())
_LONG, _MANY = 60, 6
"""Words and sentences at which a reply is as long as can be told apart."""
_SHORT_WORDS, _LONG_WORDS = 3.0, 6.0
_BOUND = 3.0
"""A trait lies at most so many spreads from 0."""
_CONTEXTS = {"good news": "bright", "hard news": "dark", "asked": "asked"}


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that a reply can be."""

    name: str
    """Its name in `traits.toml`; "praise, good news" is praise where the news is good."""
    words: str
    """How to speak of it."""
    spread: float
    """How much it varies between replies to one message."""
    pattern: re.Pattern[str] | None
    """What shows it, or None where it is computed."""


@functools.cache
def known() -> Mapping[str, Trait]:
    """Return every trait of `traits.toml`, in its order."""
    raw = tomllib.loads(files("heedful.respond").joinpath("traits.toml").read_text(encoding="utf-8"))
    return {
        name: Trait(
            name,
            each["words"],
            float(each["spread"]),
            re.compile(each["pattern"]) if "pattern" in each else None,
        )
        for name, each in raw.items()
    }


@functools.cache
def _shown() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, trait.pattern) for name, trait in known().items() if trait.pattern is not None)


def traits(
    text: str, specific: float, understanding: Understanding, judged: Judgement | None = None
) -> dict[str, float]:
    """Return trait -> how much of it a reply has, in spreads; what is absent is left out.

    Args:
        text: the reply.
        specific: how much of what the person told is mentioned, in [0, 1].
        understanding: of the conversation that is answered.
        judged: how empathic the reply is; without it the mechanisms of empathy are left out.

    Examples:
        >>> from heedful.respond.traits import known
        >>> known()["next_step"].words
        'the next step'
    """
    plain = text.lower().replace("\u2019", "'")
    found = _computed(plain, specific, judged)
    found |= {name: 1.0 for name, pattern in _shown() if pattern.search(plain)}
    for name in known():
        base, _, context = name.partition(", ")
        if context and base in found and holds(_CONTEXTS[context], understanding):
            found[name] = found[base]
    return {name: min(_BOUND, value / known()[name].spread) for name, value in found.items() if value}


def holds(context: str, understanding: Understanding) -> bool:
    """Say whether a context is given: "bright" or "dark" news, or a question that was "asked"."""
    if context == "asked":
        return understanding.asks in ("advice", "a question")
    mood = understanding.event.mood
    return mood == "bright" if context == "bright" else mood in ("low", "tense", "hot")


def apart(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Return in which traits one reply has more than another; what is equal is left out."""
    names = (name for name in known() if name in one or name in other)
    gaps = {name: round(one.get(name, 0.0) - other.get(name, 0.0), 4) for name in names}
    return {name: gap for name, gap in gaps.items() if gap}


def middle(several: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of the traits of several replies."""
    names = (name for name in known() if any(name in each for each in several))
    return {name: sum(each.get(name, 0.0) for each in several) / len(several) for name in names}


def _computed(text: str, specific: float, judged: Judgement | None) -> dict[str, float]:
    words = _WORD.findall(text)
    count = max(1, len(words))
    letters = sum(map(len, words)) / count
    found = {
        "length": min(1.0, len(words) / _LONG),
        "sentences": min(1.0, len(_END.findall(text)) / _MANY),
        "long_words": min(1.0, max(0.0, (letters - _SHORT_WORDS) / (_LONG_WORDS - _SHORT_WORDS))),
        "question": float("?" in text),
        "ends_asking": float(text.rstrip(" \"'\u201d\u2019)").endswith("?")),
        "own_words": specific,
        "exclamation": float("!" in text),
        "you": sum(word in _YOU for word in words) / count,
        "oneself": sum(word in _ONESELF for word in words) / count,
    }
    if judged is not None:
        for name in ("reaction", "interpretation", "exploration"):
            shown = getattr(judged, name).probabilities
            found[name] = (shown[1] + 2.0 * shown[2]) / 2.0
    return found
