"""Define what is perceived: readings of one modality each, and the percept that they are fused into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from heedful.media import Record

Modality = Literal["text", "voice", "face", "gesture"]


@dataclass(frozen=True, slots=True)
class Span(Record):
    """A stretch of a message's text."""

    start: int
    """First character, counted from 0."""
    end: int
    """One past the last character."""
    text: str
    """The words themselves."""


@dataclass(frozen=True, slots=True)
class Evidence(Record):
    """Something in the message that a reading rests on."""

    unit: Literal["characters", "seconds", "frames"]
    """What `start` and `end` count."""
    start: float
    """Where it begins."""
    end: float
    """Where it ends."""
    label: str
    """The label it speaks for."""
    strength: float
    """How strongly, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class OwnReading(Record):
    """What a head that users trained on labels of their own says of a text."""

    chosen: tuple[str, ...]
    """The labels it decides for, strongest first; of a head that may choose several, perhaps none."""
    probabilities: Mapping[str, float]
    """Label -> probability in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Reading(Record):
    """What one modality says about how a person feels; may abstain, with a reason."""

    modality: Modality
    """Where it comes from."""
    model: str
    """The network or method, with its version."""
    probabilities: Mapping[str, float] = field(default_factory=dict)
    """Label -> probability in [0, 1] over the model's own label set: FINE for text, where several may be high."""
    expressed: tuple[str, ...] = ()
    """The labels at or above their tuned thresholds, strongest first."""
    basic: Mapping[str, float] = field(default_factory=dict)
    """BASIC label -> probability; they sum to 1."""
    sentiment: Mapping[str, float] = field(default_factory=dict)
    """SENTIMENT label -> probability; they sum to 1."""
    valence: float = 0.0
    """Unpleasant to pleasant, in [-1, 1]."""
    arousal: float = 0.0
    """Calm to stirred, in [-1, 1]."""
    confidence: float = 0.0
    """How likely the strongest BASIC label is right, in [0, 1]; 0 when abstained."""
    evidence: tuple[Evidence, ...] = ()
    """What it rests on."""
    abstained: str | None = None
    """Why nothing is said, or None."""
    own: Mapping[str, OwnReading] = field(default_factory=dict)
    """Head -> what it says, of the heads that users trained on labels of their own."""
    prosody: Mapping[str, float] = field(default_factory=dict)
    """Of a voice: figure -> value in the unit it is named by (`perceive.prosody.FIGURES`); else empty."""


@dataclass(frozen=True, slots=True)
class Percept(Record):
    """The fused readings of one message."""

    basic: Mapping[str, float]
    """BASIC label -> probability; they sum to 1. Uniform if every reading abstained."""
    fine: Mapping[str, float]
    """FINE label -> probability in [0, 1], from the text; empty without a text reading."""
    sentiment: Mapping[str, float]
    """SENTIMENT label -> probability; they sum to 1. Uniform if every reading abstained."""
    expressed: tuple[str, ...]
    """FINE labels at or above their tuned thresholds, strongest first."""
    valence: float
    """Unpleasant to pleasant, in [-1, 1]."""
    arousal: float
    """Calm to stirred, in [-1, 1]."""
    confidence: float
    """How likely the strongest BASIC label is right, in [0, 1]; falls when modalities disagree."""
    disagreement: float
    """How far apart the modalities are, in [0, 1]: Jensen-Shannon divergence of their BASIC readings."""
    readings: tuple[Reading, ...]
    """What each modality said, abstentions included."""
    abstained: str | None
    """Why nothing is said, or None; set only when every reading abstained."""
    own: Mapping[str, OwnReading] = field(default_factory=dict)
    """Head -> what it says of the text, of the heads that users trained on labels of their own."""
    conflict: str | None = None
    """Which modalities speak against each other, in words ("says fine, sounds sad"), or None if none do."""

    @property
    def feeling(self) -> str:
        """The strongest BASIC label; "neutral" when abstained."""
        return "neutral" if self.abstained else max(self.basic, key=lambda label: self.basic[label])
