"""Define a scenario: a person, their situation, what they feel and need, what opens and closes them, their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from heedful.media import Record

Area = Literal["friends and family", "customer service", "health", "teaching", "workplace", "community"]
Voice = Literal["plain", "casual", "formal", "young"]
Level = Literal["cooperative", "guarded", "angry", "silent"]

LEVELS: Final[Mapping[Level, str]] = {
    "cooperative": "willing to talk, if there is room to",
    "guarded": "polite and closed; trust has to be earned",
    "angry": "angry before you have said a word",
    "silent": "says next to nothing at first",
}
"""How the person meets the learner, easiest first."""
MOMENTS: Final[Mapping[str, int]] = {
    "opening": 1, "opening_guarded": 1, "opening_angry": 1, "opening_silent": 1,
    "closed": 2, "wary": 2, "open": 2, "deep": 2,
    "heard": 3, "repaired": 1, "advice": 2, "hurt": 2, "cold": 1, "silence": 1, "angry": 2,
    "ends": 1, "leaves": 1,
}  # fmt: skip
"""Moments of a conversation -> how many lines a scenario has for each, at least."""
SHARED: Final = (
    "greeted", "parroted", "formula", "flattered", "questions", "asked_again", "quiet", "quiet_asked", "held", "bridge",
    "again", "lost", "pause",
)  # fmt: skip
"""Moments for which there are words that fit anybody of the same voice; a scenario's own take their place."""


@dataclass(frozen=True, slots=True)
class Character(Record):
    """Who the person is."""

    name: str
    """What they are called."""
    age: int
    """In years."""
    pronoun: Literal["she", "he", "they"]
    """How they are spoken of."""
    voice: Voice
    """How they speak where the scenario has no words of its own left."""
    manner: str
    """How they come across, for whoever plays or reads them."""


@dataclass(frozen=True, slots=True)
class Feeling(Record):
    """Something that the person feels, said or unsaid."""

    name: str
    """What it is called."""
    label: str
    """The FINE label nearest to it."""
    words: tuple[str, ...]
    """Words by which a listener names it; "*" at a word's end stands for any ending."""
    reflect: str
    """How a good listener might put it, to the person."""
    shown: bool = False
    """Whether it can be heard in the first thing they say."""


@dataclass(frozen=True, slots=True)
class Fact(Record):
    """Something that they tell only to somebody who asks well."""

    name: str
    """What it is called."""
    asked: tuple[str, ...]
    """Words by which a question is about it."""
    at: float
    """How open they have to be, in [0, 1]."""
    says: str
    """How they tell it."""
    learn: str
    """What a listener learns by it."""
    question: str
    """A question that invites it, open and kind."""


@dataclass(frozen=True, slots=True)
class Life(Record):
    """The same situation, lived by somebody else."""

    name: str
    """What it is called."""
    who: str
    """Who lives it."""
    says: str
    """How they would tell of it."""
    needs: str
    """What they would need from a listener, and why it is not the same."""


@dataclass(frozen=True, slots=True)
class Deed(Record):
    """Something to do for the person, or to leave."""

    what: str
    """What to do."""
    why: str
    """Why."""


@dataclass(frozen=True, slots=True)
class Scenario(Record):
    """A situation to practise in."""

    name: str
    """Its file's name."""
    title: str
    """What it is called."""
    area: Area
    """Where it belongs."""
    brief: str
    """What the learner knows beforehand."""
    you: str
    """Who the learner is in it."""
    setting: str
    """The norm pack of the place."""
    event: str
    """The kind of event, as in `understand/events.toml`."""
    need: str
    """What the person needs, in their own words, told only afterwards."""
    person: Character
    """Who they are."""
    feelings: tuple[Feeling, ...]
    """What they feel, the plainest first."""
    facts: tuple[Fact, ...]
    """What they can tell, in the order in which they would."""
    lines: Mapping[str, tuple[str, ...]]
    """Moment -> what they say then."""
    hurts: tuple[str, ...]
    """Words that close them at once."""
    opens: tuple[str, ...]
    """Words that show them that somebody has listened."""
    lessons: tuple[str, ...]
    """What a good listener would learn here."""
    lives: tuple[Life, ...]
    """The same situation, lived by others."""
    do: tuple[Deed, ...]
    """What would help."""
    leave: tuple[Deed, ...]
    """What would not."""
    culture: str = ""
    """The norm pack of the culture, or ""."""
    adult: bool = field(default=False)
    """Whether it is about things that not everybody can practise lightly: violence, suicide, the death of a child."""
    warning: str = ""
    """What to tell a learner beforehand where it is."""

    def feeling(self, name: str) -> Feeling:
        """Return a feeling by its name."""
        return next(each for each in self.feelings if each.name == name)

    def fact(self, name: str) -> Fact:
        """Return a fact by its name."""
        return next(each for each in self.facts if each.name == name)

    def opening(self, level: Level) -> str:
        """Return what they say first."""
        return self.lines["opening" if level == "cooperative" else f"opening_{level}"][0]
