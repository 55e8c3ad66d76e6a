"""Find what a person talks about, so that what is said and asked fits it: an exam, a wedding, a dog."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from heedful.errors import ConfigError
from heedful.respond.bank import Bank, Phrase, phrases_of
from heedful.types import Mood

_MOODS = ("loss", "low", "tense", "hot", "bright", "flat", "dark", "any")
_DARK = frozenset({"low", "tense", "hot"})
_LOOKED_AT = 1500


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that people talk about."""

    name: str
    """Its name in topics.toml."""
    words: re.Pattern[str]
    """What names it in a message."""
    settings: frozenset[str]
    """Settings whose own phrases fit it."""
    doing: bool
    """Whether what is said supposes that the person does it; it does not fit where they tell of somebody else."""
    moods: Mapping[str, Bank]
    """mood -> what is said ("say") and asked ("ask") about it then."""

    def phrases(self, table: str, mood: Mood, *, loss: bool = False) -> tuple[Phrase, ...]:
        """Return what may be said ("say") or asked ("ask") about it in a mood, or when someone has died."""
        keys: tuple[str, ...] = (mood, "dark", "any") if mood in _DARK else (mood, "any")
        keys = ("loss",) if loss and "loss" in self.moods else keys
        return tuple(phrase for key in keys for phrase in self.moods.get(key, {}).get(table, {}).get("any", ()))


@functools.cache
def topics() -> tuple[Topic, ...]:
    """Return every topic, what is particular before what is common."""
    text = files("heedful.respond").joinpath("topics.toml").read_text(encoding="utf-8")
    return read_topics(text)


def read_topics(text: str) -> tuple[Topic, ...]:
    """Read topics from TOML; raise ConfigError naming the topic and what is wrong in it."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"topics.toml is not TOML: {error}.") from error
    return tuple(_topic(name, table) for name, table in raw.items())


def _topic(name: str, table: dict[str, Any]) -> Topic:
    named = table.get("words", "")
    if not isinstance(named, str) or not named.split():
        raise ConfigError(f"topics.toml, [{name}]: expected words = the words that name it.")
    moods: dict[str, Bank] = {}
    for mood, lists in table.items():
        if mood in {"words", "settings", "own", "doing"}:
            continue
        if mood not in _MOODS or not isinstance(lists, dict) or not lists.keys() <= {"say", "ask"}:
            raise ConfigError(f"topics.toml, [{name}.{mood}]: expected one of {', '.join(_MOODS)} with say or ask.")
        moods[mood] = {
            each: {"any": phrases_of(f"topic_{name}", f"{mood}-{each}", "any", texts)} for each, texts in lists.items()
        }
    pattern = _pattern(named, own=table.get("own") is True)
    return Topic(name, pattern, frozenset(table.get("settings", "").split()), table.get("doing") is True, moods)


def _pattern(named: str, *, own: bool) -> re.Pattern[str]:
    """Return a pattern for words parted by blanks, where an underscore keeps words together.

    Of somebody's own ("own = true" in the file) are only those that are called so: "my dog", not "some dog".
    """
    many = sorted({word.replace("_", " ") for word in named.split()}, key=len, reverse=True)
    before = r"(?:my|our) (?:[\w'-]+ ){0,3}?" if own else ""
    return re.compile(rf"(?<![\w']){before}(?:" + "|".join(map(re.escape, many)) + r")(?![\w-])", re.IGNORECASE)


def topic_of(texts: Sequence[str], *, own: bool = True) -> Topic | None:
    """Return the first topic named in the first of the texts that names any.

    Args:
        texts: what is looked through, the most telling first.
        own: whether the person tells of what they do themselves.
    """
    for text in texts:
        looked_at = text[:_LOOKED_AT].replace("’", "'")
        for topic in topics():
            if (own or not topic.doing) and topic.words.search(looked_at):
                return topic
    return None
