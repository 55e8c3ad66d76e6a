"""Define what is understood in parts: what the listener network reads, and what it and the rules make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from heedful.media import Record
from heedful.percept import Modality, Span


@dataclass(frozen=True, slots=True)
class Insight(Record):
    """What the listener network reads from a conversation; None wherever it has no such head or abstained."""

    situation: Mapping[str, float] | None = None
    """SITUATION label -> probability; they sum to 1."""
    writer_emotion: Mapping[str, float] | None = None
    """The writer's own emotion, crowd-enVENT label -> probability; they sum to 1."""
    appraisals: Mapping[str, float] | None = None
    """Appraisal dimension (crowd-enVENT: "self_responsblt", "urgency" ...) -> rating from 1 to 5."""
    support: Mapping[str, float] | None = None
    """ESConv strategy of a good next reply -> probability; they sum to 1."""
    cause: Span | None = None
    """The words of the latest message that the feeling is about."""


@dataclass(frozen=True, slots=True)
class Appraisal(Record):
    """How the person takes what happened: whose doing it was, whether anything can be done, how sure it is."""

    responsible: Literal["self", "other", "chance", "unclear"]
    """Whose doing it is, in the person's eyes."""
    control: float
    """How much the person can do about it, in [0, 1]."""
    certainty: float
    """How settled it is, in [0, 1]: 1 has happened, 0 is only feared or hoped for."""
    pleasantness: float
    """Unpleasant to pleasant, in [-1, 1]."""
    urgency: float
    """How soon something has to be done, in [0, 1]."""
    source: Literal["network", "rules"]
    """Where it comes from; the rules know the kind of event and the wording, no more."""


@dataclass(frozen=True, slots=True)
class Question(Record):
    """A question that was put to the person in this conversation."""

    text: str
    """The sentence, verbatim."""
    topic: str | None
    """What it asks for, by `understand/asked.toml` ("when", "how long" ...), or None."""
    answered: bool
    """Whether the person said something to it."""


@dataclass(frozen=True, slots=True)
class Meant(Record):
    """How a message is meant, beside what it says."""

    ironic: bool = False
    """True where praise is meant the other way: "great, just great"."""
    corrects: bool = False
    """True where it says that what was answered is not so: "I'm not sad, why would you say that"."""
    theirs: tuple[str, ...] = ()
    """The words that tell of somebody else's anger: "my parents will be so angry"."""
    ahead: bool = False
    """Whether that anger is still to come."""


@dataclass(frozen=True, slots=True)
class Mismatch(Record):
    """The words say one thing, the voice or the face another."""

    words: str
    """The BASIC label that the words speak for."""
    shown: str
    """The BASIC label that the other modality speaks for."""
    modality: Modality
    """Which one that is."""
    strength: float
    """How far apart they are, in [0, 1]."""
    hides: bool
    """True when the words are brighter than what is shown: "I'm fine", in a sad voice."""
