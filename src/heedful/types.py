"""Define what flows through Heedful: frozen records, each field documented beneath it.

Every record has `to_dict()` (JSON-ready) and `from_dict()` (its inverse).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from heedful.insight import Appraisal, Insight, Meant, Mismatch, Question
from heedful.media import Audio, Image, Record
from heedful.percept import Evidence, Modality, OwnReading, Percept, Reading, Span

# The records by name; those of media.py and percept.py are offered here with the others.
__all__ = [
    "Appraisal",
    "Audio",
    "Course",
    "Delta",
    "Event",
    "Evidence",
    "Feedback",
    "Finding",
    "Image",
    "Insight",
    "Judgement",
    "Meant",
    "Mechanism",
    "Message",
    "Mismatch",
    "Modality",
    "OwnReading",
    "Percept",
    "Plan",
    "Question",
    "Reading",
    "Record",
    "Reply",
    "Resource",
    "Risk",
    "Span",
    "Turn",
    "Understanding",
    "Verdict",
]

Strategy = Literal[
    "disclose", "refer", "validate", "reflect", "console", "celebrate", "encourage", "inform", "suggest", "explore"
]
Need = Literal["to be heard", "comfort", "information", "action", "celebration", "space", "safety"]
Level = Literal["none", "concern", "high", "imminent"]
Mood = Literal["low", "tense", "hot", "bright", "flat"]
Action = Literal["allow", "amend", "replace", "stop"]


@dataclass(frozen=True, slots=True)
class Message(Record):
    """What arrived at one moment from one speaker; any mix of text, sound and pictures."""

    text: str | None = None
    """What was written or said, unaltered."""
    audio: Audio | None = None
    """How it sounded."""
    image: Image | None = None
    """A single picture of the speaker."""
    frames: tuple[Image, ...] = ()
    """A run of pictures of the speaker, in time order."""
    speaker: str = "person"
    """Who it came from: "person" is the one attended to, "assistant" is Heedful; other names are other people."""
    at: datetime | None = None
    """When it arrived, with a time zone."""

    def without_media(self) -> Message:
        """Return the message without sound and pictures: the form that may be stored."""
        return replace(self, audio=None, image=None, frames=())


@dataclass(frozen=True, slots=True)
class Risk(Record):
    """Danger to the person or to somebody else, and how pressing it is."""

    level: Level = "none"
    """How pressing: concern = worth asking, high = a crisis, imminent = about to happen."""
    kind: str | None = None
    """What it is about: one of `heedful.guard.crisis.KINDS`, such as suicide, abuse or overdose."""
    carried: bool = False
    """True when nothing new was said but an earlier crisis of this conversation is still in force."""
    findings: tuple[Finding, ...] = ()
    """What it rests on."""


@dataclass(frozen=True, slots=True)
class Finding(Record):
    """Something that a guard rule found."""

    rule: str
    """The rule's name in its pack."""
    text: str
    """The words that it found."""
    why: str
    """Why it matters, in a sentence."""


@dataclass(frozen=True, slots=True)
class Event(Record):
    """What happened to the person, as far as they have told."""

    kind: str
    """One of the kinds in `understand/events.toml`: loss, failure, threat, conflict, success ..., or "none"."""
    confidence: float
    """In [0, 1]."""
    mood: Mood = "flat"
    """How such an event usually leaves a person: low, tense, hot (angry), bright or flat (neither)."""
    span: Span | None = None
    """The clause that tells of it, in the message at `message`."""
    message: int = 0
    """Which of the person's messages tells of it, counted from 0."""
    who: str | None = None
    """Whom it is about, in the person's own words ("my grandmother"), where they say so."""
    scene: str | None = None
    """What it is more closely: a situation of `understand/scenes.toml`, or None."""


@dataclass(frozen=True, slots=True)
class Course(Record):
    """How the feeling moves over the person's messages."""

    valence: tuple[float, ...]
    """Smoothed valence per message, in [-1, 1], oldest first."""
    arousal: tuple[float, ...]
    """Smoothed arousal per message, in [-1, 1], oldest first."""
    direction: Literal["steady", "lifting", "sinking"]
    """Where valence is going over the latest messages."""
    turning_points: tuple[int, ...]
    """Messages at which the direction turned, counted from 0."""


@dataclass(frozen=True, slots=True)
class Understanding(Record):
    """The conversation so far, in terms of what the person feels, why, and what they need now."""

    feeling: str
    """The FINE label that best names the feeling now, or "neutral"."""
    strength: float
    """How strong it is, in [0, 1]."""
    event: Event
    """What happened."""
    cause: Span | None
    """What the feeling is about: the clause of the latest message that carries it."""
    need: Need
    """What the person needs now."""
    course: Course
    """How the feeling moves."""
    risk: Risk
    """Danger in force."""
    asks: Literal["nothing", "a question", "advice", "only to be heard", "who you are"]
    """What the latest message asks of the listener."""
    act: Literal["telling", "greeting", "thanks", "goodbye", "answer"]
    """What the latest message does in the conversation."""
    told: int
    """How many messages the person has written so far."""
    unread: str | None = None
    """Why the latest message could not be read (another language, no words), or None."""
    situation: Mapping[str, float] | None = None
    """SITUATION label -> probability (they sum to 1), or None without a network that reads it."""
    writer_emotion: Mapping[str, float] | None = None
    """The writer's own emotion, crowd-enVENT label -> probability, or None without a network that reads it."""
    appraisals: Mapping[str, float] | None = None
    """Appraisal dimension -> rating from 1 to 5, or None without a network that reads it."""
    support: Mapping[str, float] | None = None
    """ESConv strategy of a good next reply -> probability, or None without a network that reads it."""
    appraisal: Appraisal | None = None
    """How the person takes what happened, from the network where there is one, else by rule; None without an event."""
    affected: tuple[str, ...] = ()
    """Whom it touches: "person" for the one who speaks, others in the person's own words ("my grandmother")."""
    questions: tuple[Question, ...] = ()
    """What the person was asked so far, oldest first."""
    known: tuple[str, ...] = ()
    """What they have already told, by topic of `understand/asked.toml`: asking for it would show nobody listened."""
    raised: tuple[str, ...] = ()
    """Topics of the norm pack that the person has brought up: religion, family, death."""
    mismatch: Mismatch | None = None
    """Where the voice or the face speaks against the words of the latest message, or None."""
    norms: str = ""
    """The norm packs in force."""
    meant: Meant | None = None
    """How the latest message is meant beside what it says (irony, a correction), or None where nothing speaks of it."""


@dataclass(frozen=True, slots=True)
class Resource(Record):
    """Somebody a person in danger can turn to."""

    name: str
    """What it is called."""
    contact: str
    """How to reach it: a number, a text line, an address."""
    hours: str
    """When it answers."""
    url: str
    """Its own page."""


@dataclass(frozen=True, slots=True)
class Plan(Record):
    """What a reply should do, before any word of it is chosen."""

    about: str
    """What is answered: an event kind, or an act such as "greeting" or "identity"; names the phrase bank."""
    strategies: tuple[Strategy, ...]
    """In order."""
    stage: Literal["first", "later"]
    """Whether this is the first reply about it."""
    tone: Literal["gentle", "warm", "calm", "bright", "plain"]
    """How it should sound."""
    must: tuple[str, ...] = ()
    """What it has to contain: "resources", "disclosure"."""
    must_not: tuple[str, ...] = ()
    """What it may not contain: "advice", "silver lining", "exclamation"."""
    sentences: int = 3
    """At most this many."""
    why: str = ""
    """The reason, in a sentence."""
    resources: tuple[Resource, ...] = ()
    """Whom to refer to, when the plan refers."""
    formality: Literal["casual", "neutral", "formal"] = "neutral"
    """How formally it should be put."""
    setting: str = "companion"
    """Where it is said: companion, customer_service, health_support, education or workplace."""
    asked: tuple[str, ...] = ()
    """Questions already asked, verbatim: none of them is asked again."""
    known: tuple[str, ...] = ()
    """Topics the person has already told about (`understand/asked.toml`): not to be asked for."""
    avoid: tuple[str, ...] = ()
    """Words and phrases that may not be said here; "*" at a word's end stands for any ending."""
    directness: Literal["indirect", "balanced", "direct"] = "balanced"
    """How plainly things may be put."""


@dataclass(frozen=True, slots=True)
class Reply(Record):
    """What Heedful answers."""

    text: str
    """The words."""
    writer: str
    """Who wrote them: "compose", or a plug-in's name."""
    why: tuple[str, ...] = ()
    """What each part does, in order, for "why this reply"."""
    phrases: tuple[str, ...] = ()
    """Ids of the phrases used, so that none is used again in the conversation."""
    degraded: str | None = None
    """Why this is less than it could be (a writer was late, a reply was replaced), or None."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """What it was ranked by, name -> value in [0, 1]; empty when there was nothing to choose between."""
    traits: Mapping[str, float] = field(default_factory=dict)
    """What it has more or less of than the replies it was chosen from (`respond/traits.toml`), in spreads."""


@dataclass(frozen=True, slots=True)
class Delta(Record):
    """A piece of a reply while it is being written; it was guarded before it was handed on."""

    text: str
    """The words that come next."""
    afresh: bool = False
    """True when the reply begins anew: what was handed on before is taken back, and this stands in its place."""


@dataclass(frozen=True, slots=True)
class Mechanism(Record):
    """How strongly a reply shows one way of being empathic (EPITOME; Sharma et al., 2020)."""

    level: int
    """0 not at all, 1 weakly, 2 strongly."""
    probabilities: tuple[float, float, float]
    """Calibrated probability of each level; they sum to 1."""
    rationale: tuple[Span, ...] = ()
    """The words of the reply that show it."""


@dataclass(frozen=True, slots=True)
class Judgement(Record):
    """How empathic a reply is: its mechanisms apart, never one score alone."""

    reaction: Mechanism
    """Emotional reaction: warmth, compassion, concern put into words."""
    interpretation: Mechanism
    """Interpretation: showing that what the person feels or lives through is understood."""
    exploration: Mechanism
    """Exploration: asking gently about what the person has not said."""
    empathetic: bool
    """Whether the reply is empathetic to what it answers."""
    probability: float
    """That it is empathetic, in [0, 1]."""
    flags: tuple[Finding, ...] = ()
    """What is wrong with it: minimising, unsolicited advice, blame ..."""
    better: tuple[str, ...] = ()
    """What would make it better, most important first."""
    rewrite: str | None = None
    """The reply in better words, or None when none is needed."""
    model: str = "rules"
    """What judged: a network with its version, or "rules"."""
    degraded: str | None = None
    """Why this is less than it could be (the listener network is not allowed), or None."""

    @property
    def rationales(self) -> Mapping[str, tuple[Span, ...]]:
        """Mechanism -> the words that show it."""
        return {name: getattr(self, name).rationale for name in ("reaction", "interpretation", "exploration")}


@dataclass(frozen=True, slots=True)
class Verdict(Record):
    """Whether a reply may be said."""

    action: Action
    """allow as it is; amend (a part was taken out); replace by a safe one; stop."""
    findings: tuple[Finding, ...] = ()
    """Every rule that was broken."""


@dataclass(frozen=True, slots=True)
class Turn(Record):
    """One message and everything up to its reply: the unit that is stored and learned from."""

    id: str
    """Unique, sortable by time."""
    conversation: str
    """The conversation it belongs to."""
    message: Message
    """What the person said."""
    percept: Percept
    """What was perceived."""
    understanding: Understanding
    """What was understood."""
    plan: Plan
    """What the reply should do."""
    reply: Reply
    """What was answered."""
    verdict: Verdict
    """Whether it might be said."""
    timings: Mapping[str, float]
    """Stage -> milliseconds: perceive, understand, guard, respond, first_word (since the message came), total."""
    at: datetime
    """When the turn was made, in UTC."""
    person: str | None = None
    """Whom the conversation belongs to, or None if that was not said."""


@dataclass(frozen=True, slots=True)
class Feedback(Record):
    """What a person thought of a reply."""

    id: str
    """Unique, sortable by time."""
    turn: str
    """The turn's id."""
    rating: int | None = None
    """1 (worst) to 5 (best)."""
    prefer: str | None = None
    """Another reply that they would rather have had."""
    edit: str | None = None
    """The reply, in better words."""
    feeling: str | None = None
    """What they felt in truth, where the percept was wrong."""
    comment: str | None = None
    """Anything else."""
    over: str | None = None
    """Another reply that was offered beside this one, and that they liked less."""
    helped: bool | None = None
    """Whether the reply helped."""
    outcome: float | None = None
    """How things went afterwards, told later: -1 (worse than before) to 1 (better)."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When it was given, in UTC."""
