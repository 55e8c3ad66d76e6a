"""Fuse what each modality says into one percept."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from heedful.labels import BASIC, SENTIMENT
from heedful.types import Modality, Percept, Reading

RELIABILITY: Final[Mapping[Modality, float]] = MappingProxyType(
    {"text": 1.0, "voice": 0.8, "face": 0.8, "gesture": 0.5}
)
"""How far each modality is trusted when several speak, in [0, 1]: the power that its probabilities are raised to.

1 = as far as its own probabilities say; below 1 for what says the same as another in part, or is less sure than it
believes. `heedful.perceive.reliability` fits them to readings of one's own.
"""
CLASH: Final = 0.25
"""Disagreement from which two modalities are said to conflict."""
_CLEAR: Final = 0.4
"""A reading takes sides when its strongest label is at least this probable."""
_FLOOR = 1e-6
_SHOWS: Final = {"text": "says", "voice": "sounds", "face": "looks", "gesture": "moves as if"}
_NAMES: Final = {
    "anger": "angry", "disgust": "disgusted", "fear": "afraid", "joy": "glad", "sadness": "sad",
    "surprise": "surprised", "neutral": "fine",
}  # fmt: skip


def fuse(readings: Sequence[Reading], reliability: Mapping[Modality, float] = RELIABILITY) -> Percept:
    """Return one percept from the readings of one message.

    BASIC and SENTIMENT are pooled log-linearly: the readings' probabilities are multiplied, each raised to its
    modality's reliability, as independent witnesses would be; what each is sure of was calibrated before. Valence and
    arousal are weighed by confidence. Confidence falls as the modalities disagree. Readings that abstain are kept but
    say nothing; if all abstain, so does the percept. A single reading is passed on as it is.

    Args:
        readings: of one message, at most one per modality.
        reliability: modality -> trust in [0, 1].

    Source: Genest and Zidek (1986), Combining probability distributions.
    """
    speaking = [reading for reading in readings if not reading.abstained]
    if not speaking:
        return _silent(readings)
    powers = [reliability.get(reading.modality, 1.0) for reading in speaking]
    trust = [power * max(reading.confidence, _FLOOR) for power, reading in zip(powers, speaking, strict=True)]
    total = sum(trust) or 1.0
    weights = [each / total for each in trust] if sum(trust) else [1.0 / len(speaking)] * len(speaking)
    alone = len(speaking) == 1
    basic = _pool([each.basic if alone else sharp(each) for each in speaking], powers, BASIC, alone=alone)
    apart = disagreement([reading.basic for reading in speaking], weights)
    text = next((reading for reading in speaking if reading.modality == "text"), None)
    sure = speaking[0].confidence if alone else max(basic.values()) * (1.0 - 0.5 * apart)
    return Percept(
        basic=basic,
        fine=dict(text.probabilities) if text else {},
        sentiment=_pool([reading.sentiment for reading in speaking], powers, SENTIMENT, alone=alone),
        expressed=text.expressed if text else (),
        valence=sum(weight * reading.valence for weight, reading in zip(weights, speaking, strict=True)),
        arousal=sum(weight * reading.arousal for weight, reading in zip(weights, speaking, strict=True)),
        confidence=sure,
        disagreement=apart,
        readings=tuple(readings),
        abstained=None,
        own=dict(text.own) if text else {},
        conflict=conflict_of(speaking),
    )


def _silent(readings: Sequence[Reading]) -> Percept:
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


def sharp(reading: Reading) -> Mapping[str, float]:
    """Return a reading's BASIC probabilities with its calibrated confidence as that of the strongest label.

    The others keep their proportions. A confidence at which another label would be stronger is not followed so far.
    """
    if not reading.basic:
        return dict.fromkeys(BASIC, 1 / len(BASIC))
    top = max(reading.basic, key=lambda label: reading.basic[label])
    most, rest = reading.basic[top], 1.0 - reading.basic[top]
    if rest <= _FLOOR or not 0.0 < reading.confidence < 1.0:
        return reading.basic
    second = max((value for label, value in reading.basic.items() if label != top), default=0.0) / rest
    sure = max(reading.confidence, second / (1.0 + second))
    if abs(sure - most) < 1e-9:
        return reading.basic
    share = (1.0 - sure) / rest
    return {label: sure if label == top else value * share for label, value in reading.basic.items()}


def conflict_of(readings: Sequence[Reading]) -> str | None:
    """Return in words which two modalities speak against each other most ("says fine, sounds sad"), or None.

    Args:
        readings: those that do not abstain, in the order text, voice, face, gesture.
    """
    worst, told = CLASH, None
    for place, one in enumerate(readings):
        for other in readings[place + 1 :]:
            if not (one.basic and other.basic):
                continue
            first, second = (max(each.basic, key=lambda label: each.basic[label]) for each in (one, other))
            if first == second or min(one.basic[first], other.basic[second]) < _CLEAR:
                continue
            apart = disagreement([one.basic, other.basic], [0.5, 0.5])
            if apart >= worst:
                worst = apart
                told = f"{_SHOWS[one.modality]} {_NAMES[first]}, {_SHOWS[other.modality]} {_NAMES[second]}"
    return told


def fuse_at(
    readings: Sequence[tuple[float, Reading]],
    at: float,
    reliability: Mapping[Modality, float] = RELIABILITY,
    half_life: float = 3.0,
) -> Percept:
    """Return the percept of a moment from readings of other moments: the latest of each modality, the less the older.

    Args:
        readings: (time in seconds, reading), in any order; those after `at` are not known yet and left out.
        at: the moment, in seconds.
        reliability: as for `fuse`.
        half_life: seconds after which a reading counts half; after five of them it counts nothing.
    """
    latest: dict[Modality, tuple[float, Reading]] = {}
    for moment, reading in sorted(readings, key=lambda each: each[0]):
        if at - 5.0 * half_life <= moment <= at:
            latest[reading.modality] = (moment, reading)
    faded = {
        modality: reliability.get(modality, 1.0) * 0.5 ** ((at - moment) / half_life)
        for modality, (moment, _) in latest.items()
    }
    return fuse([reading for _, reading in latest.values()], faded)


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
    distributions: Sequence[Mapping[str, float]], powers: Sequence[float], labels: tuple[str, ...], *, alone: bool
) -> dict[str, float]:
    if alone:
        return {label: distributions[0].get(label, 0.0) for label in labels}
    logs = {
        label: sum(
            power * math.log(max(each.get(label, 0.0), _FLOOR))
            for power, each in zip(powers, distributions, strict=True)
        )
        for label in labels
    }
    most = max(logs.values())
    total = sum(math.exp(value - most) for value in logs.values())
    return {label: math.exp(value - most) / total for label, value in logs.items()}
