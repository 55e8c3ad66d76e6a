"""Join what the listener network reads with what the words tell; without a network everything stays as it was."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from heedful.errors import ConfigError
from heedful.labels import CIRCUMPLEX, FINE
from heedful.types import Event, Insight, Message, Percept, Span
from heedful.understand.event import FEELING_KINDS, NONE, kinds
from heedful.understand.pattern import read_pack
from heedful.understand.scene import scenes

_NEUTRAL = 0.2
_DOUBTED = 0.4
"""The confidence that is left to an event whose scene the network does not hear."""
_OPEN = frozenset({"threat", "change", "decision", "anticipation"})
"""Kinds of what is to come, which one person dreads and another looks forward to."""
_PACK = "insight.toml"


def event_heard(event: Event, latest: Message, told: int, insight: Insight | None) -> Event:
    """Return the event with the situation that the network reads, where the wording tells of none.

    An event that was told outright stays. A mere feeling gives way to the situation; so does nothing at all.

    Args:
        event: in force by the wording.
        latest: the person's latest message.
        told: how many messages they have written.
        insight: what the network reads from the conversation, or None.
    """
    if insight is not None and event.scene and _contradicted(event, insight):
        return replace(event, scene=None, confidence=min(event.confidence, _DOUBTED))
    if insight is None or not insight.situation or event.scene or event.kind not in {NONE, *FEELING_KINDS}:
        return event
    if event.kind != NONE and event.message != told - 1:
        return event
    masses: dict[str, float] = {}
    for label, probability in insight.situation.items():
        if kind := _rules()["situation"].get(label):
            masses[kind] = masses.get(kind, 0.0) + probability
    best = max(masses, key=lambda kind: masses[kind], default=NONE)
    if best == NONE or masses[best] < _rules()["least"]["situation"] or best == event.kind:
        return event
    span = event.span or _within(insight.cause, latest)
    return Event(best, min(1.0, masses[best]), kinds()[best].mood, span, told - 1, event.who)


def _contradicted(event: Event, insight: Insight) -> bool:
    """Say whether the network hears a scene told in quite another mood: "I won, and then ...", a new job with joy."""
    if not insight.situation or event.scene is None or scenes()[event.scene].firm:
        return False
    if event.mood == "flat" or (event.mood != "bright" and event.kind not in _OPEN):
        return False
    moods = _rules()["moods"]
    sides = {"dark": 0.0, "bright": 0.0, "open": 0.0}
    for label, share in insight.situation.items():
        sides[moods.get(label, "dark")] += share
    return sides["dark" if event.mood == "bright" else "bright"] >= float(_rules()["least"]["against"])


def feeling_heard(feeling: str, percept: Percept, insight: Insight | None) -> str:
    """Return the feeling, or the writer's own emotion where the reader says little and the network much.

    Args:
        feeling: a FINE label, by the words.
        percept: of the latest message.
        insight: what the network reads, or None.
    """
    if insight is None or not insight.writer_emotion:
        return feeling
    emotion = max(insight.writer_emotion, key=lambda label: (insight.writer_emotion or {})[label])
    named: str | None = _rules()["writer_emotion"].get(emotion)
    sure = insight.writer_emotion[emotion] >= _rules()["least"]["writer_emotion"]
    faint = abs(CIRCUMPLEX[feeling][0]) <= _NEUTRAL or percept.fine.get(feeling, 0.0) < _rules()["least"]["reader"]
    return named if named and sure and faint else feeling


def strength_heard(strength: float, insight: Insight | None) -> float:
    """Return the strength, raised by at most a fifth where the appraisals say that it touches the person deeply."""
    rules = _rules()["strength"]
    if insight is None or not insight.appraisals or strength == 0.0:
        return strength
    rated = [insight.appraisals[name] for name in rules["dimensions"] if name in insight.appraisals]
    if not rated:
        return strength
    depth = (sum(rated) / len(rated) - 3.0) / 2.0
    most: float = rules["most"]
    return min(1.0, strength + most * max(0.0, min(1.0, depth)))


def cause_heard(cause: Span | None, latest: Message, insight: Insight | None) -> Span | None:
    """Return the cause by the wording, or else the network's span if it lies in the latest message."""
    return cause or (_within(insight.cause, latest) if insight else None)


def _within(span: Span | None, message: Message) -> Span | None:
    """Return a span if it holds the words that stand at its place in the message."""
    text = message.text or ""
    return span if span and span.text.strip() and text[span.start : span.end] == span.text else None


@functools.cache
def _rules() -> Mapping[str, Any]:
    rules = read_pack(_PACK)
    if unknown := sorted(set(rules["situation"].values()) - set(kinds())):
        raise ConfigError(f"understand/{_PACK}, [situation]: {unknown[0]!r} is no kind of events.toml.")
    if unknown := sorted(set(rules["writer_emotion"].values()) - set(FINE)):
        raise ConfigError(f"understand/{_PACK}, [writer_emotion]: {unknown[0]!r} is no FINE label.")
    return rules
