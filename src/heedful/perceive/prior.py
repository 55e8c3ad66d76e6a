"""Let what a person said they felt in truth weigh in when they are read again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from heedful.labels import BASIC, FINE_TO_BASIC
from heedful.types import Percept

_LEAST = 1e-6


def log_odds(probability: float, least: float = _LEAST) -> float:
    """Return the log-odds of a probability; nobody is surer than `least` and one less `least`.

    Examples:
        >>> log_odds(0.5)
        0.0
    """
    kept = min(max(probability, least), 1.0 - least)
    return math.log(kept / (1.0 - kept))


def adapt(percept: Percept, prior: Mapping[str, float]) -> Percept:
    """Return a percept with the log odds of its FINE labels moved, and the BASIC ones with them.

    What is expressed, and what each modality said by itself, stays as it was read.

    Args:
        percept: as it was read.
        prior: FINE label -> what is added to its log odds; empty changes nothing.

    Examples:
        >>> from heedful.perceive.fuse import fuse
        >>> adapt(fuse([]), {"fear": 1.0}).feeling
        'neutral'
    """
    moved = {label: value for label, value in prior.items() if label in percept.fine}
    if not moved or percept.abstained:
        return percept
    fine = dict(percept.fine)
    for label, value in moved.items():
        fine[label] = 1.0 / (1.0 + math.exp(-log_odds(fine[label]) - value))
    before, after = _mass(percept.fine), _mass(fine)
    basic = {label: share * after[label] / max(before[label], _LEAST) for label, share in percept.basic.items()}
    total = sum(basic.values())
    if total <= 0.0:
        return percept
    return replace(percept, fine=fine, basic={label: share / total for label, share in basic.items()})


def _mass(fine: Mapping[str, float]) -> dict[str, float]:
    mass = dict.fromkeys(BASIC, _LEAST)
    for label, probability in fine.items():
        for basic, share in FINE_TO_BASIC[label].items():
            mass[basic] += share * probability
    return mass
