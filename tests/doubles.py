"""Deterministic stand-ins for the parts that need weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

import heedful.engine
import heedful.senses
from heedful.labels import BASIC, FINE, FINE_TO_BASIC, FINE_TO_SENTIMENT, SENTIMENT, share_out
from heedful.types import Message, Modality, Plan, Reading, Reply, Turn, Understanding

CUES = {"died": "grief", "passed": "joy", "scared": "fear", "furious": "anger", "lonely": "sadness"}


class CuePerceiver:
    """Reads text by a handful of words."""

    modality: Modality = "text"

    def perceive(self, messages: Sequence[Message]) -> list[Reading]:
        return [self._read(message.text or "") for message in messages]

    def _read(self, text: str) -> Reading:
        if not text.strip():
            return Reading("text", "cues", abstained="the text is empty")
        label = next((label for cue, label in CUES.items() if cue in text.lower()), "neutral")
        fine = dict.fromkeys(FINE, 0.01) | {label: 0.9}
        return Reading(
            "text",
            "cues",
            probabilities=fine,
            expressed=(label,),
            basic=share_out(fine, FINE_TO_BASIC, BASIC),
            sentiment=share_out(fine, FINE_TO_SENTIMENT, SENTIMENT),
            valence={"joy": 0.8, "neutral": 0.0}.get(label, -0.8),
            confidence=0.9,
        )


class FixedWriter:
    """Always says the same."""

    def __init__(self, text: str) -> None:
        self.text = text

    def write(
        self, message: Message, understanding: Understanding, plan: Plan, history: Sequence[Turn], seed: str
    ) -> Reply:
        return Reply(self.text, "fixed")


def install(monkeypatch: pytest.MonkeyPatch, parts: Mapping[str, Any], senses: Sequence[str] = ("text",)) -> None:
    """Have engines find these parts, name -> what makes one from the configuration, and no others."""
    for module in (heedful.engine, heedful.senses):
        monkeypatch.setattr(module, "load", lambda _, name: parts[name])
    monkeypatch.setattr(heedful.senses, "names", lambda _: tuple(senses))
