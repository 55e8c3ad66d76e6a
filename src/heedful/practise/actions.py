"""Say what would help this person, beside words: from the scenario and from the norms of the place, with reasons."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from heedful.errors import ConfigError
from heedful.media import Record
from heedful.norm import ALWAYS, Manner, Norm
from heedful.practise.scenario import Scenario
from heedful.understand.event import kinds
from heedful.understand.packs import norm_for

_PATH: Final = Path(__file__).with_name("actions.toml")
_UNSAID: Final = 6
"""So many phrases that are better left unsaid are shown."""


@dataclass(frozen=True, slots=True)
class Action(Record):
    """Something to do, or to leave."""

    kind: Literal["do", "leave"]
    """Whether it helps."""
    what: str
    """What it is."""
    why: str
    """Why."""
    source: str
    """Where it comes from: "this person", or the norm packs in force."""


@dataclass(frozen=True, slots=True)
class _Words:
    strategies: Mapping[str, tuple[str, str]]
    must_not: Mapping[str, tuple[str, str]]
    talk: Mapping[str, tuple[str, str]]
    style: Mapping[str, tuple[str, str]]


def actions(scenario: Scenario, norms_folder: str = "") -> list[Action]:
    """Return what would help in a scenario and what would not, what is about this person first.

    Args:
        scenario: the situation; its setting and culture name the norm packs.
        norms_folder: where one's own packs are; "" = none.

    Raises:
        ConfigError: a norm pack is wrong or missing.
    """
    norm = norm_for(scenario.setting, scenario.culture, norms_folder)
    theirs = [Action("do", each.what, each.why, "this person") for each in scenario.do]
    theirs += [Action("leave", each.what, each.why, "this person") for each in scenario.leave]
    return [*theirs, *_from_norm(norm, scenario.event)]


def _from_norm(norm: Norm, event: str) -> Iterator[Action]:
    words = _words()
    places = (event, kinds()[event].mood, ALWAYS)
    manners = [norm.manners[place] for place in places if place in norm.manners]
    first = next((manner.first for manner in manners if manner.first), ())
    for strategy in first:
        if strategy in words.strategies:
            yield Action("do", *words.strategies[strategy], norm.name)
    for style in (str(norm.directness), str(norm.formality)):
        if style in words.style:
            yield Action("do", *words.style[style], norm.name)
    if event in norm.advice_never:
        yield Action("leave", *words.style["advice_never"], norm.name)
    elif norm.advice_after and event not in norm.advice_at_once:
        what, why = words.style["advice_after"]
        yield Action("do", what.format(n=norm.advice_after), why, norm.name)
    for rule in dict.fromkeys(rule for manner in manners for rule in manner.must_not):
        if rule in words.must_not:
            yield Action("leave", *words.must_not[rule], norm.name)
    for name, topic in norm.topics.items():
        if topic.talk == "avoid":
            what, why = words.talk[topic.talk]
            yield Action("leave", what.format(topic=name), why, norm.name)
    yield from _unsaid(manners, norm)


def _unsaid(manners: list[Manner], norm: Norm) -> Iterator[Action]:
    phrases = list(dict.fromkeys(phrase.rstrip("*") for manner in manners for phrase in manner.avoid))[:_UNSAID]
    if phrases:
        told = ", ".join(f"“{phrase}”" for phrase in phrases)
        yield Action("leave", f"Leave unsaid: {told}.", "They wave the feeling away, or order it about.", norm.name)


@functools.cache
def _words() -> _Words:
    try:
        return msgspec.convert(tomllib.loads(_PATH.read_text(encoding="utf-8")), _Words)
    except (OSError, ValueError) as error:
        raise ConfigError(f"practise/actions.toml cannot be read: {error}. Restore it from the package.") from error
