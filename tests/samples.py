"""Values to test with, made by hand: no network is loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from heedful.labels import BASIC, FINE, SENTIMENT
from heedful.types import (
    Course,
    Event,
    Evidence,
    Feedback,
    Message,
    Percept,
    Plan,
    Reading,
    Reply,
    Risk,
    Span,
    Turn,
    Understanding,
    Verdict,
)

AT = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)
TEXT = "I am so sad, my dog died last night."


def peaked(labels: tuple[str, ...], label: str, peak: float = 0.7) -> dict[str, float]:
    """Return probabilities over `labels` that sum to 1, with `peak` on one of them."""
    rest = (1.0 - peak) / (len(labels) - 1)
    return {each: peak if each == label else rest for each in labels}


def sample_percept(**changes: Any) -> Percept:
    """Return the percept of a sad message, read from text alone; fields by keyword."""
    basic, sentiment = peaked(BASIC, "sadness"), peaked(SENTIMENT, "negative")
    fine = dict.fromkeys(FINE, 0.01) | {"sadness": 0.8, "grief": 0.5}
    reading = Reading(
        modality="text",
        model="by hand",
        probabilities=fine,
        expressed=("sadness", "grief"),
        basic=basic,
        sentiment=sentiment,
        valence=-0.8,
        arousal=-0.2,
        confidence=0.7,
        evidence=(Evidence(unit="characters", start=0, end=11, label="sadness", strength=0.9),),
    )
    percept = Percept(
        basic=basic,
        fine=fine,
        sentiment=sentiment,
        expressed=("sadness", "grief"),
        valence=-0.8,
        arousal=-0.2,
        confidence=0.7,
        disagreement=0.0,
        readings=(reading,),
        abstained=None,
    )
    return replace(percept, **changes)


def sample_understanding(**changes: Any) -> Understanding:
    """Return the understanding of a first message about a loss; fields by keyword."""
    told = Span(start=13, end=35, text="my dog died last night")
    understanding = Understanding(
        feeling="grief",
        strength=0.8,
        event=Event(kind="loss", confidence=0.9, mood="low", span=told, who="my dog"),
        cause=told,
        need="comfort",
        course=Course(valence=(-0.8,), arousal=(-0.2,), direction="steady", turning_points=()),
        risk=Risk(),
        asks="nothing",
        act="telling",
        told=1,
    )
    return replace(understanding, **changes)


def sample_turn(text: str = TEXT, **changes: Any) -> Turn:
    """Return a whole turn about a loss that begins with `text`; fields by keyword."""
    turn = Turn(
        id="turn-1",
        conversation="sam",
        message=Message(text, at=AT),
        percept=sample_percept(),
        understanding=sample_understanding(),
        plan=Plan(
            about="loss",
            strategies=("validate", "explore"),
            stage="first",
            tone="gentle",
            must_not=("advice",),
            why="A loss comes first.",
        ),
        reply=Reply(
            text="I am sorry about your dog. What was he like?",
            writer="by hand",
            why=("validates", "explores"),
            phrases=("a1", "b2"),
        ),
        verdict=Verdict("allow"),
        timings={"perceive": 2.5, "total": 4.0},
        at=AT,
    )
    return replace(turn, **changes)


def sample_feedback(**changes: Any) -> Feedback:
    """Return feedback on the sample turn; fields by keyword."""
    feedback = Feedback(
        id="feedback-1",
        turn="turn-1",
        rating=4,
        prefer="I am so sorry. Tell me about him.",
        edit="I am sorry about your dog.",
        feeling="grief",
        comment="He was a she.",
        at=AT,
    )
    return replace(feedback, **changes)
