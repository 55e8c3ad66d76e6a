"""Understand a conversation so far: what the person feels, why, and what they need now."""

from __future__ import annotations

import re
from collections.abc import Sequence

from heedful.labels import CIRCUMPLEX
from heedful.norm import Norm, word_in
from heedful.types import Event, Insight, Meant, Message, Percept, Risk, Span, Understanding
from heedful.understand.affected import affected_by
from heedful.understand.appraise import appraise
from heedful.understand.asked import known_after, questions_asked
from heedful.understand.clause import clauses
from heedful.understand.course import course_of
from heedful.understand.event import NONE, event_told, find_event, kinds
from heedful.understand.listen import cause_heard, event_heard, feeling_heard, strength_heard
from heedful.understand.meant import as_meant, each_meant
from heedful.understand.mismatch import mismatch_of
from heedful.understand.need import Act, act_of, asks_of, need_of

_MORE = re.compile(
    r"\b(?:so|very|really|extremely|incredibly|totally|completely|absolutely|devastat\w*|terrif\w*|furious|heartbroken|"
    r"desperate\w*|unbearabl\w*|livid|over the moon|ecstatic|thrilled|worst|best|never|everything)\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"\b(?:a bit|a little|slightly|kind of|kinda|sort of|somewhat|a tad|not too|mildly)\b", re.IGNORECASE
)
_AGAINST = 0.15
_FAINT = 0.2
"""Labels with less valence than this (neutral, confusion, curiosity) do not name how an event feels."""
_LOOKED_AT = 4000
_PLEASED = 0.3


def understand(
    messages: Sequence[Message],
    percepts: Sequence[Percept],
    risk: Risk,
    asks_identity: bool,
    insight: Insight | None = None,
    norm: Norm | None = None,
) -> Understanding:
    """Return the understanding of a conversation up to its last message, which is the person's.

    Args:
        messages: the conversation so far, all speakers, oldest first.
        percepts: of the messages whose speaker is "person", in order.
        risk: the danger in force.
        asks_identity: whether the last message asks who or what is answering.
        insight: what the listener network reads from it; None = the wording and the percepts alone decide.
        norm: what holds in this setting; None = nothing in particular.
    """
    own = [message for message in messages if message.speaker == "person"]
    texts = [message.text or "" for message in own]
    meant = each_meant(messages, percepts)
    percepts = [as_meant(percept, each) for percept, each in zip(percepts, meant, strict=True)]
    latest, percept, told = texts[-1], percepts[-1], len(own)
    event = event_heard(find_event(own, percepts, meant), own[-1], told, insight)
    asks = "who you are" if asks_identity else asks_of(latest)
    feeling = feeling_heard(feeling_of(percept, event, told), percept, insight)
    acts: list[Act] = [
        act_of(text, place, _tells(text, seen, place), pleased=seen.valence > _PLEASED)
        for place, (text, seen) in enumerate(zip(texts, percepts, strict=True), start=1)
    ]
    appraisal = appraise(event, percept, latest, insight.appraisals if insight else None)
    return Understanding(
        feeling=feeling,
        strength=strength_heard(strength_of(percept, event, feeling, latest, told), insight),
        event=event,
        cause=cause_heard(cause_of(latest, event, feeling, told), own[-1], insight),
        need=need_of(event, asks, risk, latest, appraisal),
        course=course_of(percepts),
        risk=risk,
        asks=asks,
        act=acts[-1],
        told=told,
        unread=percept.abstained,
        situation=insight.situation if insight else None,
        writer_emotion=insight.writer_emotion if insight else None,
        appraisals=insight.appraisals if insight else None,
        support=insight.support if insight else None,
        appraisal=appraisal,
        affected=affected_by(event, texts),
        questions=questions_asked(messages, acts),
        known=known_after(texts),
        raised=raised_by(texts, norm) if norm else (),
        mismatch=mismatch_of(percept),
        norms=norm.name if norm else "",
        meant=meant[-1] if meant[-1] != Meant() else None,
    )


def _tells(text: str, percept: Percept, place: int) -> bool:
    """Tell whether a message tells of an event; kindness of the listener's is none."""
    told = event_told(text, percept)
    return told is not None and not (place > 1 and told.mood == "bright" and percept.expressed[:1] == ("gratitude",))


def raised_by(texts: Sequence[str], norm: Norm) -> tuple[str, ...]:
    """Return the topics of a norm pack that the person has brought up."""
    return tuple(
        name
        for name, topic in norm.topics.items()
        if any(word_in(text[:_LOOKED_AT], topic.words) is not None for text in texts)
    )


def feeling_of(percept: Percept, event: Event, told: int) -> str:
    """Return the FINE label that best names the feeling now.

    That is the strongest expressed one; where the event told in this very message speaks against it (a joke about a
    late train that reads as joy, a death told in flat words), the event's own.
    """
    labels = [label for label in percept.expressed if label != "neutral"]
    strongest = labels[0] if labels and not percept.abstained else "neutral"
    if event.kind == NONE or event.message != told - 1:
        return strongest
    valence = CIRCUMPLEX[strongest][0]
    against = valence < -_AGAINST if event.mood == "bright" else valence > _AGAINST and event.mood != "flat"
    faint = abs(valence) <= _FAINT and event.mood != "flat"
    return kinds()[event.kind].feeling if faint or against else strongest


def strength_of(percept: Percept, event: Event, feeling: str, text: str, told: int) -> float:
    """Return how strong the feeling is, in [0, 1]: how clearly it reads, how it is put, and what happened."""
    if feeling == "neutral":
        return 0.0
    shown = max(percept.fine.get(feeling, 0.0), 0.35) + 0.15 * max(0.0, percept.arousal)
    looked_at = text[:_LOOKED_AT]
    shown += 0.12 * min(2, len(_MORE.findall(looked_at))) - 0.2 * bool(_LESS.search(looked_at))
    shown += 0.08 * ("!" in looked_at) + 0.1 * _shouts(looked_at)
    least = kinds()[event.kind].strength if event.kind != NONE and event.message == told - 1 else 0.0
    return min(1.0, max(least, shown, 0.05))


def cause_of(text: str, event: Event, feeling: str, told: int) -> Span | None:
    """Return the clause of the latest message that the feeling is about, or None if there is no feeling."""
    if event.span is not None and event.message == told - 1:
        return event.span
    if feeling == "neutral":
        return None
    return max(clauses(text[:_LOOKED_AT]), key=lambda clause: len(clause.text), default=None)


def _shouts(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 8 and sum(character.isupper() for character in letters) > 0.7 * len(letters)
