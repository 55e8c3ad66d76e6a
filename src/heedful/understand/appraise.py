"""Say how a person takes what happened: whose doing it was, what can be done about it, how sure and urgent it is."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, Literal

from heedful.errors import ConfigError
from heedful.types import Appraisal, Event, Percept
from heedful.understand.event import NONE, kinds
from heedful.understand.pattern import Patterns, read_pack
from heedful.understand.wording import plain

Responsible = Literal["self", "other", "chance", "unclear"]
_PACK = "appraise.toml"
_LOOKED_AT = 2000
_RATED: Mapping[Responsible, str] = {
    "self": "self_responsblt",
    "other": "other_responsblt",
    "chance": "chance_responsblt",
}
_CLEAR, _AHEAD = 3.0, 0.5
"""A rating names who is responsible if it is at least this high, and this far ahead of the next."""
_UNKNOWN: Mapping[str, Any] = {"responsible": "unclear", "control": 0.5, "certainty": 0.7}


def appraise(event: Event, percept: Percept, text: str, ratings: Mapping[str, float] | None = None) -> Appraisal | None:
    """Return how the person takes the event, or None if there is none.

    The network's ratings go first where there are any; what it leaves open, and everything without it, is told by the
    wording of the latest message and else by the kind of event.

    Args:
        event: in force.
        percept: of the latest message.
        text: the latest message.
        ratings: crowd-enVENT dimension -> 1 to 5, or None. Source of the dimensions: Troiano et al. (2023).
    """
    if event.kind == NONE:
        return None
    ruled = _by_rules(event, percept, text)
    return _by_ratings(ruled, ratings) if ratings else ruled


def _by_rules(event: Event, percept: Percept, text: str) -> Appraisal:
    usual = {**_UNKNOWN, **_pack()["kinds"].get(event.kind, {})}
    says = said(text)
    responsible = next((each for each in _RATED if each in says), usual["responsible"])
    control = usual["control"] - 0.3 * ("helpless" in says) + 0.3 * ("able" in says)
    certainty = usual["certainty"] - 0.3 * ("unsure" in says)
    mood = {"bright": 0.5, "flat": 0.0}.get(event.mood, -0.5)
    pleasantness = mood if percept.abstained else (mood + percept.valence) / 2
    return Appraisal(
        responsible, _unit(control), _unit(certainty), pleasantness, 0.8 if "urgent" in says else 0.3, "rules"
    )


def _by_ratings(ruled: Appraisal, ratings: Mapping[str, float]) -> Appraisal:
    pleasant, unpleasant = ratings.get("pleasantness"), ratings.get("unpleasantness")
    return Appraisal(
        responsible=_responsible(ratings) or ruled.responsible,
        control=_scaled(ratings, "self_control", ruled.control),
        certainty=_scaled(ratings, "predict_conseq", ruled.certainty),
        pleasantness=ruled.pleasantness
        if pleasant is None or unpleasant is None
        else max(-1.0, min(1.0, (pleasant - unpleasant) / 4)),
        urgency=_scaled(ratings, "urgency", ruled.urgency),
        source="network",
    )


def said(text: str) -> frozenset[str]:
    """Return what a message says of itself: self, other, chance, helpless, able, unsure, urgent."""
    form = plain(text[:_LOOKED_AT])
    return frozenset(name for name in _pack()["says"] if any(_patterns(name).find(form)))


def _responsible(ratings: Mapping[str, float]) -> Responsible | None:
    rated = sorted(((ratings[name], who) for who, name in _RATED.items() if name in ratings), reverse=True)
    if not rated or rated[0][0] < _CLEAR:
        return None
    if len(rated) > 1 and rated[0][0] - rated[1][0] < _AHEAD:
        return "unclear"
    return rated[0][1]


def _scaled(ratings: Mapping[str, float], name: str, otherwise: float) -> float:
    return _unit((ratings[name] - 1.0) / 4.0) if name in ratings else otherwise


def _unit(value: float) -> float:
    return max(0.0, min(1.0, value))


@functools.cache
def _pack() -> Mapping[str, Any]:
    pack = read_pack(_PACK)
    if unknown := sorted(set(pack["kinds"]) - set(kinds())):
        raise ConfigError(f"understand/{_PACK}, [kinds]: {unknown[0]!r} is no kind of events.toml.")
    return pack


@functools.cache
def _patterns(name: str) -> Patterns:
    return Patterns([(f"understand/{_PACK}, [says] {name}", pattern) for pattern in _pack()["says"][name]])
