"""Understand a conversation so far: what the person feels, why, and what they need now."""

from __future__ import annotations

import re
from collections.abc import Sequence

from heedful.labels import CIRCUMPLEX
from heedful.types import Event, Message, Percept, Risk, Span, Understanding
from heedful.understand.clause import clauses
from heedful.understand.course import course_of
from heedful.understand.event import NONE, event_told, find_event, kinds
from heedful.understand.need import act_of, asks_of, need_of

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


def understand(
    messages: Sequence[Message], percepts: Sequence[Percept], risk: Risk, asks_identity: bool
) -> Understanding:
    """Return the understanding of a conversation up to its last message, which is the person's.

    Args:
        messages: the conversation so far, all speakers, oldest first.
        percepts: of the messages whose speaker is "person", in order.
        risk: the danger in force.
        asks_identity: whether the last message asks who or what is answering.
    """
    own = [message for message in messages if message.speaker == "person"]
    latest, percept = own[-1].text or "", percepts[-1]
    event = find_event(own, percepts)
    asks = "who you are" if asks_identity else asks_of(latest)
    feeling = feeling_of(percept, event, len(own))
    return Understanding(
        feeling=feeling,
        strength=strength_of(percept, event, feeling, latest, len(own)),
        event=event,
        cause=cause_of(latest, event, feeling, len(own)),
        need=need_of(event, asks, risk, latest),
        course=course_of(percepts),
        risk=risk,
        asks=asks,
        act=act_of(latest, len(own), event_told(latest, percept) is not None),
        told=len(own),
        unread=percept.abstained,
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
