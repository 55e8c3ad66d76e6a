"""Fuse what each modality says into one percept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from heedful.labels import BASIC, SENTIMENT
from heedful.types import Percept, Reading

_FLOOR = 1e-6


def fuse(readings: Sequence[Reading]) -> Percept:
    """Return one percept from the readings of one message.

    BASIC and SENTIMENT are pooled log-linearly (a weighted geometric mean), each reading weighted by its confidence;
    valence and arousal by the same weights. Confidence falls as the modalities disagree. Readings that abstain are
    kept but say nothing; if all abstain, so does the percept.

    Source: Genest and Zidek (1986), Combining probability distributions.
    """
    speaking = [reading for reading in readings if not reading.abstained]
    if not speaking:
        return Percept(
            basic=dict.fromkeys(BASIC, 1 / len(BASIC)),
            fine={},
            sentiment=dict.fromkeys(SENTIMENT, 1 / len(SENTIMENT)),
            expressed=(),
            valence=0.0,
            arousal=0.0,
            confidence=0.0,
            disagreement=0.0,
            readings=tuple(readings),
            abstained="; ".join(reading.abstained or "" for reading in readings) or "the message is empty",
        )
    total = sum(max(reading.confidence, _FLOOR) for reading in speaking)
    weights = [max(reading.confidence, _FLOOR) / total for reading in speaking]
    apart = disagreement([reading.basic for reading in speaking], weights)
    text = next((reading for reading in speaking if reading.modality == "text"), None)
    return Percept(
        basic=_pool([reading.basic for reading in speaking], weights, BASIC),
        fine=dict(text.probabilities) if text else {},
        sentiment=_pool([reading.sentiment for reading in speaking], weights, SENTIMENT),
        expressed=text.expressed if text else (),
        valence=sum(weight * reading.valence for weight, reading in zip(weights, speaking, strict=True)),
        arousal=sum(weight * reading.arousal for weight, reading in zip(weights, speaking, strict=True)),
        confidence=max(reading.confidence for reading in speaking) * (1.0 - apart),
        disagreement=apart,
        readings=tuple(readings),
        abstained=None,
        own=dict(text.own) if text else {},
    )


def disagreement(distributions: Sequence[Mapping[str, float]], weights: Sequence[float]) -> float:
    """Return the weighted Jensen-Shannon divergence of distributions over BASIC, in [0, 1]; 0 when they agree."""
    if len(distributions) < 2:
        return 0.0
    mixed = {
        label: sum(weight * each.get(label, 0.0) for weight, each in zip(weights, distributions, strict=True))
        for label in BASIC
    }
    spread = _entropy(mixed) - sum(weight * _entropy(each) for weight, each in zip(weights, distributions, strict=True))
    most = _entropy({str(place): weight for place, weight in enumerate(weights)})
    return min(1.0, max(0.0, spread / most)) if most > 0.0 else 0.0


def _entropy(distribution: Mapping[str, float]) -> float:
    return -sum(value * math.log(value) for value in distribution.values() if value > 0.0)


def _pool(
    distributions: Sequence[Mapping[str, float]], weights: Sequence[float], labels: tuple[str, ...]
) -> dict[str, float]:
    if len(distributions) == 1:
        return {label: distributions[0].get(label, 0.0) for label in labels}
    logs = {
        label: sum(
            weight * math.log(max(each.get(label, 0.0), _FLOOR))
            for weight, each in zip(weights, distributions, strict=True)
        )
        for label in labels
    }
    total = sum(math.exp(value) for value in logs.values())
    return {label: math.exp(value) / total for label, value in logs.items()}
