"""Look from the other side: replay a conversation as the person lived it, swap roles, meet others in their place."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from heedful.errors import ConfigError, InputError
from heedful.media import Record
from heedful.practise.scenario import Scenario
from heedful.practise.session import Exchange, Session

_PATH: Final = Path(__file__).with_name("perspective.toml")
_SMALL: Final = 0.03
"""A change of trust or openness that nobody would notice."""


@dataclass(frozen=True, slots=True)
class Moment(Record):
    """One line of the conversation, as the person lived it."""

    said: str
    """What the learner said; "" for a silence."""
    felt: str
    """What it did to the person, in their voice."""
    why: str
    """Why."""
    answer: str
    """What they said then."""
    kept: str
    """What they did not say, or "" where they held nothing back."""
    trust: float
    """How safe they felt afterwards, in [0, 1]."""
    openness: float
    """How open they were afterwards, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Replay(Record):
    """A conversation, seen from the other side."""

    name: str
    """Whose side it is."""
    before: str
    """How they came into it."""
    moments: tuple[Moment, ...]
    """Line by line."""
    needed: str
    """What they would have needed, in their own words."""
    untold: tuple[str, ...]
    """What they never got to tell."""
    lessons: tuple[str, ...]
    """What a good listener would learn here."""


@dataclass(frozen=True, slots=True)
class Question(Record):
    """A "what would you need?" question, for whoever has just been on the other side."""

    text: str
    """The question."""
    choices: tuple[str, ...]
    """What one might need; any of them may be right for oneself."""
    theirs: str
    """What this person would have said."""


@dataclass(frozen=True, slots=True)
class _Words:
    felt: Mapping[str, tuple[str, ...]]
    why: Mapping[str, str]
    before: Mapping[str, str]
    held_back: str
    questions: tuple[str, ...]
    needs: tuple[str, ...]
    listeners: Mapping[str, tuple[str, ...]]


def replay(scenario: Scenario, session: Session) -> Replay:
    """Return a conversation as the person lived it."""
    words, told = _words(), set[str]()
    moments = []
    for number, exchange in enumerate(session.exchanges):
        told |= {line.removeprefix("fact:") for line in exchange.lines if line.startswith("fact:")}
        moments.append(_moment(scenario, exchange, number, told))
    untold = tuple(fact.learn for fact in scenario.facts if fact.name not in session.told)
    hidden = " and ".join(each.name.replace("_", " ") for each in scenario.feelings if not each.shown)
    before = words.before[session.level].format(name=scenario.person.name, hidden=hidden or scenario.feelings[0].name)
    return Replay(scenario.person.name, before, tuple(moments), scenario.need, untold, scenario.lessons)


def question(scenario: Scenario, number: int = 0) -> Question:
    """Return a "what would you need?" question about a scenario; the number chooses which one."""
    words = _words()
    text = words.questions[number % len(words.questions)].format(name=scenario.person.name)
    return Question(text, words.needs, scenario.need)


def listener_kinds() -> tuple[str, ...]:
    """Return the kinds of listener that one can talk to with the roles swapped; "attentive" is Heedful itself."""
    return ("attentive", *_words().listeners)


def clumsy_reply(kind: str, turn: int) -> str:
    """Return what a clumsy listener says in the given turn, counted from 0.

    Raises:
        InputError: there is no such kind of listener, or it is the attentive one, whose replies are not ready-made.
    """
    lines = _words().listeners.get(kind)
    if lines is None:
        raise InputError(f"there is no ready-made listener {kind!r}. Known are: {', '.join(_words().listeners)}.")
    return lines[turn % len(lines)]


def _moment(scenario: Scenario, exchange: Exchange, number: int, told: set[str]) -> Moment:
    words = _words()
    effect = exchange.effects[0]
    if effect == "understood" and exchange.heard.feelings:
        named = scenario.feeling(exchange.heard.feelings[0])
        felt = words.felt["named"][number % len(words.felt["named"])].format(what=named.name.replace("_", " "))
    else:
        felt = words.felt[effect][number % len(words.felt[effect])]
    rose = exchange.state.openness - exchange.before.openness
    asked = [name for name in exchange.heard.facts if name not in told]
    kept = ""
    if asked and not any(line.startswith("fact:") for line in exchange.lines):
        kept = words.held_back.format(what=scenario.fact(asked[0]).learn)
    why = words.why[effect]
    if effect == "hurt" and exchange.heard.harms:
        why = exchange.heard.harms[0].why
    if abs(rose) < _SMALL and effect not in ("silence", "hurt", "advised"):
        felt = f"{felt} {words.felt['little'][number % len(words.felt['little'])]}"
    return Moment(exchange.said, felt, why, exchange.answer, kept, exchange.state.trust, exchange.state.openness)


@functools.cache
def _words() -> _Words:
    try:
        return msgspec.convert(tomllib.loads(_PATH.read_text(encoding="utf-8")), _Words)
    except (OSError, ValueError) as error:
        raise ConfigError(f"practise/perspective.toml cannot be read: {error}. Restore it from the package.") from error
