"""Define a practice conversation: what was said, what it did, and what the person remembers of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from heedful.media import Record
from heedful.practise.hear import Heard
from heedful.practise.scenario import Level, Scenario
from heedful.practise.state import Effect, State

Ending = Literal["well", "left", "stopped"]


@dataclass(frozen=True, slots=True)
class Exchange(Record):
    """One reply of the learner, and what the person says to it."""

    said: str
    """What the learner said."""
    heard: Heard
    """What it does."""
    effects: tuple[Effect, ...]
    """What it did to the person."""
    before: State
    """How the person was before."""
    state: State
    """How they are after it."""
    answer: str
    """What they say."""
    lines: tuple[str, ...] = ()
    """Where in the scenario the answer comes from: "moment" or "fact:NAME", in order."""
    writer: str = "scenario"
    """Who put the answer into words: "scenario", or the language model."""


@dataclass(frozen=True, slots=True)
class Session(Record):
    """A practice conversation."""

    id: str
    """Unique, sortable by time."""
    scenario: str
    """The scenario's name."""
    level: Level
    """How the person meets the learner."""
    opening: str
    """What they said first."""
    state: State
    """How they are now."""
    exchanges: tuple[Exchange, ...] = ()
    """What was said, oldest first."""
    ending: Ending | None = None
    """How it ended: the person could end it well, they left, or the learner stopped; None while it goes on."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When it began, in UTC."""
    hints: int = 0
    """How many hints the learner asked for."""

    @classmethod
    def begin(cls, scenario: Scenario, level: Level, number: str) -> Session:
        """Return a session in which the person has said their first words."""
        return cls(number, scenario.name, level, scenario.opening(level), State.begin(level))

    @property
    def person_said(self) -> tuple[str, ...]:
        """Everything the person said, oldest first."""
        return (self.opening, *(each.answer for each in self.exchanges))

    @property
    def learner_said(self) -> tuple[str, ...]:
        """Everything the learner said, oldest first."""
        return tuple(each.said for each in self.exchanges)

    @property
    def told(self) -> tuple[str, ...]:
        """Names of the facts that the person has told, in that order."""
        return tuple(
            line.removeprefix("fact:") for each in self.exchanges for line in each.lines if line.startswith("fact:")
        )

    def with_exchange(self, exchange: Exchange, ending: Ending | None) -> Session:
        """Return the session with one exchange more."""
        return replace(self, exchanges=(*self.exchanges, exchange), state=exchange.state, ending=ending)
