"""Hold the words in which the command line speaks of feelings: "sounds sad", never "is sad"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from heedful.types import Percept

SOUNDS: Final[Mapping[str, str]] = {
    "admiration": "full of admiration",
    "amusement": "amused",
    "anger": "angry",
    "annoyance": "annoyed",
    "approval": "approving",
    "caring": "caring",
    "confusion": "confused",
    "curiosity": "curious",
    "desire": "full of longing",
    "disappointment": "disappointed",
    "disapproval": "disapproving",
    "disgust": "disgusted",
    "embarrassment": "embarrassed",
    "excitement": "excited",
    "fear": "afraid",
    "gratitude": "grateful",
    "grief": "full of grief",
    "joy": "glad",
    "love": "loving",
    "nervousness": "nervous",
    "optimism": "hopeful",
    "pride": "proud",
    "realization": "struck by something",
    "relief": "relieved",
    "remorse": "sorry",
    "sadness": "sad",
    "surprise": "surprised",
    "neutral": "matter-of-fact",
}
"""FINE or BASIC label -> what follows "sounds"."""

COLORS: Final[Mapping[str, str]] = {
    "anger": "red",
    "disgust": "green",
    "fear": "magenta",
    "joy": "yellow",
    "sadness": "blue",
    "surprise": "cyan",
    "neutral": "white",
}
"""BASIC label -> terminal color."""

SURE: Final = 0.4
"""Below this confidence the command line says "not sure"."""


def color(label: str) -> str:
    """Return the terminal color of a FINE or BASIC label."""
    from heedful.labels import FINE_TO_BASIC

    shares = FINE_TO_BASIC.get(label, {"neutral": 1.0})
    return COLORS[max(shares, key=lambda basic: shares[basic])]


def confidence(value: float) -> str:
    """Say in words how sure a reading is, from its confidence in [0, 1]."""
    if value < SURE:
        return "not sure"
    if value < 0.65:
        return "a guess"
    return "fairly sure" if value < 0.85 else "quite sure"


def headline(percept: Percept) -> str:
    """Say in one line how a message sounds and how sure that is."""
    if percept.abstained:
        return f"not sure how this sounds: {percept.abstained}"
    told = [label for label in percept.expressed if label != "neutral"][:2] or [percept.feeling]
    sounds = " and ".join(SOUNDS.get(label, label) for label in told)
    if percept.confidence < SURE:
        return f"not sure, perhaps {sounds}"
    return f"sounds {sounds} · {confidence(percept.confidence)}"


def pleasantness(valence: float) -> str:
    """Name a valence in [-1, 1]."""
    return _band(valence, "unpleasant", "neither pleasant nor unpleasant", "pleasant")


def energy(arousal: float) -> str:
    """Name an arousal in [-1, 1]."""
    return _band(arousal, "calm", "neither calm nor stirred", "stirred")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 row", "1,024 rows"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _band(value: float, low: str, middle: str, high: str) -> str:
    edge = 0.2
    if value <= -edge:
        return low
    return high if value >= edge else middle
