"""Turn what people said of a reply into lessons: what was liked better than what, and what was felt in truth."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from heedful.config import Config
from heedful.errors import InputError
from heedful.judge.base import Judge
from heedful.labels import FINE
from heedful.learn.preference import Comparison
from heedful.perceive.fuse import fuse
from heedful.respond.rank import LEAD, specificity, told_of
from heedful.respond.traits import apart, traits
from heedful.types import Feedback, Percept, Record, Turn, Understanding

_USUAL, _USUAL_COUNT = 0.25, 2.0
"""People rate what they are given a little above the middle; so many ratings are taken to have been so before."""
_FAINT = 0.1
"""A rating nearer than this to what a person usually gives says nothing."""
_LEAST_READ = 0.02
_TRUST: Final[Mapping[str, float]] = {"choice": 1.0, "edit": 0.7, "helped": 0.8, "outcome": 0.5}
_STEP, _FURTHEST = 0.4, 1.5
"""How far one correction moves the log odds of a feeling, and how far it may ever be moved."""


@dataclass(frozen=True, slots=True)
class Lesson(Record):
    """What there is to learn from one piece of feedback: numbers alone, no word that anybody said."""

    rater: str
    """Who gave it, as a hash: a person, or a conversation that belongs to nobody."""
    setting: str
    """Where."""
    pairs: tuple[Comparison, ...] = ()
    """Replies of which one was liked better."""
    verdicts: tuple[tuple[str, float], ...] = ()
    """What was said of the reply alone, each with its kind (rating, helped, outcome), in [-1, 1]."""
    traits: Mapping[str, float] = field(default_factory=dict)
    """What that reply had more of than the others that it was chosen from."""
    lead: float = 0.0
    """How far it led them without anything learned."""
    felt: str | None = None
    """What they felt in truth, a FINE label."""
    read: Mapping[str, float] = field(default_factory=dict)
    """What was read instead: FINE label -> probability."""
    raw: Mapping[str, float] = field(default_factory=dict)
    """The same before anything that was learned weighed in."""

    @property
    def teaches(self) -> bool:
        """Whether there is anything to learn in it."""
        return bool(self.pairs or (self.verdicts and self.traits) or self.felt)


@dataclass(frozen=True, slots=True)
class Usual(Record):
    """How a rater usually rates."""

    total: float = 0.0
    """Of their ratings, each in [-1, 1]."""
    count: int = 0
    """How many there were."""

    @property
    def mean(self) -> float:
        """The rating to expect of them, in [-1, 1]."""
        return (self.total + _USUAL * _USUAL_COUNT) / (self.count + _USUAL_COUNT)


def lesson_of(feedback: Feedback, turn: Turn, config: Config) -> Lesson:
    """Return what there is to learn from feedback on a turn.

    Args:
        feedback: what was said of it.
        turn: as it is kept.
        config: the settings.
    """
    who = f"person {turn.person}" if turn.person is not None else f"conversation {turn.conversation}"
    verdicts: list[tuple[str, float]] = []
    if feedback.rating is not None:
        verdicts.append(("rating", (feedback.rating - 3) / 2.0))
    if feedback.helped is not None:
        verdicts.append(("helped", 1.0 if feedback.helped else -1.0))
    if feedback.outcome is not None:
        verdicts.append(("outcome", feedback.outcome))
    more = {name: value for name, value in turn.reply.traits.items() if name != LEAD}
    return Lesson(
        rater=rater_of(who),
        setting=turn.plan.setting,
        pairs=_pairs(feedback, turn, config),
        verdicts=tuple(verdicts),
        traits=more if verdicts else {},
        lead=turn.reply.traits.get(LEAD, 0.0) if verdicts else 0.0,
        felt=feedback.feeling if feedback.feeling in FINE else None,
        read=_read(turn.percept) if feedback.feeling in FINE else {},
        raw=_read(fuse(turn.percept.readings)) if feedback.feeling in FINE else {},
    )


def comparisons(lesson: Lesson, usual: Usual) -> tuple[list[Comparison], Usual]:
    """Return the comparisons that a lesson comes to, and how its rater rates from then on.

    Args:
        lesson: the lesson.
        usual: how its rater has rated so far: four of five is praise from one and a complaint from another.
    """
    found = list(lesson.pairs)
    for kind, value in lesson.verdicts:
        gap = value - (usual.mean if kind == "rating" else 0.0)
        if kind == "rating":
            usual = Usual(usual.total + value, usual.count + 1)
        if abs(gap) < _FAINT or not lesson.traits:
            continue
        sign = 1.0 if gap > 0 else -1.0
        more = {name: sign * amount for name, amount in lesson.traits.items()}
        found.append(Comparison(more, sign * lesson.lead, min(1.0, abs(gap)) * _TRUST.get(kind, 1.0)))
    return found, usual


def corrected(prior: Mapping[str, float], lesson: Lesson) -> dict[str, float]:
    """Return what is added to the log odds of feelings, after one more correction: one step of logistic regression."""
    moved = dict(prior)
    if lesson.felt is None:
        return moved
    for label, probability in {lesson.felt: lesson.read.get(lesson.felt, 0.0), **lesson.read}.items():
        step = _STEP * ((1.0 if label == lesson.felt else 0.0) - probability)
        value = max(-_FURTHEST, min(_FURTHEST, moved.get(label, 0.0) + step))
        moved[label] = round(value, 4)
    return {label: value for label, value in moved.items() if abs(value) >= 0.02}


class Imported(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a feedback file: what was said of a reply that need not be in this store."""

    message: str
    """What the person wrote."""
    reply: str
    """What was answered."""
    id: str = ""
    """A name of its own; a line that is imported again under the same name changes nothing."""
    person: str | None = None
    """Whose feedback it is."""
    rating: int | None = None
    """1 (worst) to 5 (best)."""
    prefer: str | None = None
    """A reply that was liked better."""
    over: str | None = None
    """A reply that was liked less."""
    edit: str | None = None
    """The reply, in better words."""
    feeling: str | None = None
    """What was felt in truth, a FINE label."""
    helped: bool | None = None
    """Whether it helped."""
    outcome: float | None = None
    """How things went afterwards, from -1 to 1."""
    comment: str | None = None
    """Anything else; nothing is learned from it."""
    at: str | None = None
    """When, ISO 8601 with a zone; by default now."""


def read_imported(data: Mapping[str, Any], where: str) -> Imported:
    """Return a line of a feedback file; raise InputError naming the line and what is wrong in it."""
    try:
        row = msgspec.convert(data, Imported)
    except msgspec.ValidationError as error:
        raise InputError(
            f"{where}: {error}. Expected are message and reply, and one of rating, prefer, over, edit, "
            f"feeling, helped, outcome; or turn, for a turn of this store."
        ) from error
    check(row.rating, row.outcome, row.feeling, where)
    said = (row.rating, row.prefer, row.over, row.edit, row.feeling, row.helped, row.outcome, row.comment)
    if all(each is None for each in said):
        raise InputError(
            f"{where}: nothing is said of the reply. Give rating, prefer, over, edit, feeling, helped or outcome."
        )
    return row


def check(rating: int | None, outcome: float | None, feeling: str | None, where: str = "") -> None:
    """Raise InputError for a rating, an outcome or a feeling that cannot be."""
    lead = f"{where}: " if where else ""
    if rating is not None and (type(rating) is not int or not 1 <= rating <= 5):
        raise InputError(f"{lead}a rating is a whole number from 1 (worst) to 5 (best), not {rating!r}.")
    if outcome is not None and not (isinstance(outcome, int | float) and -1.0 <= outcome <= 1.0):
        raise InputError(f"{lead}an outcome lies between -1 (worse than before) and 1 (better), not {outcome!r}.")
    if feeling is not None and not isinstance(feeling, str):
        raise InputError(f"{lead}a feeling is a word, such as sadness, not {feeling!r}.")


def name_of(row: Imported) -> str:
    """Return what a line of a feedback file is kept under: its own name, or a hash of all it says."""
    if row.id:
        return f"imported {row.id}"[:200]
    plain = json.dumps({name: getattr(row, name) for name in row.__struct_fields__}, sort_keys=True)
    return "imported " + hashlib.sha256(plain.encode()).hexdigest()[:24]


def time_of(row: Imported) -> int:
    """Return when a line was given, in microseconds since 1970; raise InputError if it says no time."""
    if row.at is None:
        return time.time_ns() // 1000
    try:
        at = datetime.fromisoformat(row.at)
    except ValueError as error:
        raise InputError(f"{row.at!r} is no time; expected is ISO 8601, such as 2026-01-31T12:00:00+00:00.") from error
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1_000_000)


def rated_beside(rows: Sequence[Imported]) -> dict[tuple[str | None, str], tuple[tuple[str, int], ...]]:
    """Return (person, message) -> the replies to it that were rated, each with its rating."""
    found: dict[tuple[str | None, str], list[tuple[str, int]]] = {}
    for row in rows:
        if row.rating is not None:
            found.setdefault((row.person, row.message), []).append((row.reply, row.rating))
    return {key: tuple(each) for key, each in found.items() if len(each) > 1}


def lesson_of_imported(
    row: Imported,
    understanding: Understanding,
    read: Mapping[str, float],
    config: Config,
    beside: Sequence[tuple[str, int]] = (),
) -> Lesson:
    """Return what there is to learn from a line of a feedback file.

    Args:
        row: the line.
        understanding: of its message.
        read: FINE label -> probability, as its message is read.
        config: the settings.
        beside: other replies to the same message with their ratings; those that were rated lower were liked less.
    """
    who = f"person {row.person}" if row.person is not None else f"imported {row.message}"
    feedback = Feedback("", "", prefer=row.prefer, over=row.over, edit=row.edit)
    pairs = list(_compared(row.message, row.reply, feedback, understanding, config))
    for reply, rating in beside:
        if row.rating is not None and rating < row.rating:
            own, other = traits_of(row.message, (row.reply, reply), understanding, config)
            if more := apart(own, other):
                pairs.append(Comparison(more, 0.0, min(1.0, (row.rating - rating) / 2.0)))
    felt = row.feeling if row.feeling in FINE else None
    kept = {label: round(value, 4) for label, value in read.items() if value >= _LEAST_READ}
    # A reply by itself, without those it was chosen from, says only how it was liked: nothing to hold it against.
    return Lesson(
        rater_of(who), config.setting, tuple(pairs), (), {}, 0.0, felt, kept if felt else {}, kept if felt else {}
    )


def rater_of(who: str) -> str:
    """Return what a rater is called in lessons: a hash that leads nobody back to a name that is long and unknown."""
    return hashlib.sha256(who.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _pairs(feedback: Feedback, turn: Turn, config: Config) -> tuple[Comparison, ...]:
    return _compared(turn.message.text or "", turn.reply.text, feedback, turn.understanding, config)


def _compared(
    message: str, reply: str, feedback: Feedback, understanding: Understanding, config: Config
) -> tuple[Comparison, ...]:
    """Return the comparisons of a reply with the others that feedback names."""
    named = [
        (text, sign, trust)
        for text, sign, trust in (
            (feedback.prefer, 1.0, _TRUST["choice"]),
            (feedback.edit, 1.0, _TRUST["edit"]),
            (feedback.over, -1.0, _TRUST["choice"]),
        )
        if text and text.strip()
    ]
    if not named:
        return ()
    own, *others = traits_of(message, [reply, *(text for text, _, _ in named)], understanding, config)
    found = []
    for other, (_, sign, trust) in zip(others, named, strict=True):
        more = apart(other, own) if sign > 0 else apart(own, other)
        if more:
            found.append(Comparison(more, 0.0, trust))
    return tuple(found)


def traits_of(
    message: str, replies: Sequence[str], understanding: Understanding, config: Config
) -> list[dict[str, float]]:
    """Return the traits of replies to a message."""
    judged = Judge(config, rules_only=True).judge([(message, reply) for reply in replies], "software")
    told = told_of(understanding)
    return [
        traits(reply, specificity(reply, told) if told else 0.0, understanding, each)
        for reply, each in zip(replies, judged, strict=True)
    ]


def _read(percept: Percept) -> dict[str, float]:
    return {label: round(value, 4) for label, value in percept.fine.items() if value >= _LEAST_READ}
