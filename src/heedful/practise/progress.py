"""Say how the learner's skills move over their sessions: for themselves, and for nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from heedful.media import Record
from heedful.practise.session import Exchange, Session

SKILLS: Final[Mapping[str, str]] = {
    "noticing": "noticing feelings",
    "reflecting": "reflecting",
    "exploring": "exploring",
    "holding back": "holding back advice",
    "repairing": "repairing",
}
"""Skill -> what it is called."""
LEAST: Final = 3
"""So many replies make a session that says something about skills."""
_SOON: Final = 2
"""A slip is repaired if it is within so many replies."""
_SLIPS: Final = frozenset(("hurt", "advised", "questioned", "formula", "echoed", "flattered"))


@dataclass(frozen=True, slots=True)
class Point(Record):
    """The skills in one session."""

    session: str
    """Its id."""
    scenario: str
    """The scenario's name."""
    level: str
    """How the person met the learner."""
    at: datetime
    """When, in UTC."""
    replies: int
    """How many replies the figures rest on."""
    skills: Mapping[str, float | None]
    """Skill -> share of the replies that show it, in [0, 1]; None where there was no occasion for it."""


@dataclass(frozen=True, slots=True)
class Progress(Record):
    """The skills over time."""

    points: tuple[Point, ...]
    """One per session of at least three replies, oldest first."""
    scenarios: int
    """How many different people were met."""
    replies: int
    """How many replies were given in all."""


def progress(sessions: Sequence[Session]) -> Progress:
    """Return how skills move over sessions, oldest first."""
    ordered = sorted(sessions, key=lambda each: (each.at, each.id))
    points = tuple(point(each) for each in ordered if len(each.exchanges) >= LEAST)
    replies = sum(len(each.exchanges) for each in ordered)
    return Progress(points, len({each.scenario for each in ordered}), replies)


def point(session: Session) -> Point:
    """Return the skills that a session shows."""
    spoken = [each for each in session.exchanges if not each.heard.silence]
    return Point(
        session.id,
        session.scenario,
        session.level,
        session.at,
        len(session.exchanges),
        {
            "noticing": _share(spoken, _notices),
            "reflecting": _share(spoken, _reflects),
            "exploring": _share(spoken, _explores),
            "holding back": _share(spoken, lambda each: "advised" not in each.effects),
            "repairing": _repairs(session.exchanges),
        },
    )


def _notices(exchange: Exchange) -> bool:
    return bool(exchange.heard.feelings) and not exchange.heard.harms and not exchange.heard.formula


def _reflects(exchange: Exchange) -> bool:
    return exchange.heard.understanding or "reflected" in exchange.effects


def _explores(exchange: Exchange) -> bool:
    return exchange.heard.open_question and not exchange.heard.interrogates and not exchange.heard.harms


def _share(exchanges: Sequence[Exchange], shows: object) -> float | None:
    if not exchanges or not callable(shows):
        return None
    return sum(bool(shows(each)) for each in exchanges) / len(exchanges)


def _repairs(exchanges: Sequence[Exchange]) -> float | None:
    """Return which share of the slips was repaired soon after, or None where there was no slip to repair."""
    slips = [place for place, each in enumerate(exchanges) if _SLIPS & set(each.effects)]
    mendable = [place for place in slips if place + 1 < len(exchanges)]
    if not mendable:
        return None
    repaired = sum(
        any("repaired" in each.effects for each in exchanges[place + 1 : place + 1 + _SOON]) for place in mendable
    )
    return repaired / len(mendable)
