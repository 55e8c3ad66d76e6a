"""Roll 28 emotions up into basic ones, sentiment, valence and arousal: many readings at once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heedful.labels import BASIC, CIRCUMPLEX, FINE, FINE_TO_BASIC, FINE_TO_SENTIMENT, SENTIMENT
from heedful.models.manifest import Head

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RollUp:
    """What n readings of 28 emotions come to."""

    basic: Doubles
    """n x BASIC; rows sum to 1."""
    sentiment: Doubles
    """n x SENTIMENT; rows sum to 1."""
    affect: Doubles
    """n x (valence, arousal), each in [-1, 1]: the labels' places on the circumplex, weighted by their probability."""
    confidence: Doubles
    """n, in [0, 1]: how likely the strongest BASIC label is right, from the curve fitted on dev (Platt, 1999)."""


def roll_up(fine: Doubles, head: Head) -> RollUp:
    """Return what readings come to, n x FINE, each in [0, 1].

    Probabilities are raised to the head's tuned power first, so that many faint labels do not add up to a strong one.
    """
    import numpy as np

    power = fine**head.sharpness
    basic = _shared(power @ _shares(BASIC))
    total = power.sum(axis=1, keepdims=True)
    slope, offset = head.confidence
    strongest = basic.max(axis=1).clip(1e-6, 1.0 - 1e-6)
    odds = slope * np.log(strongest / (1.0 - strongest)) + offset
    return RollUp(
        basic=basic,
        sentiment=_shared(power @ _shares(SENTIMENT)),
        affect=(power @ _places()) / np.where(total > 0.0, total, 1.0),
        confidence=1.0 / (1.0 + np.exp(-odds)),
    )


def _shared(mass: Doubles) -> Doubles:
    """Bring rows to a sum of 1; a row of nothing becomes uniform."""
    import numpy as np

    total = mass.sum(axis=1, keepdims=True)
    return np.where(total > 0.0, mass / np.where(total > 0.0, total, 1.0), 1.0 / mass.shape[1])


@functools.cache
def _shares(onto: tuple[str, ...]) -> Doubles:
    import numpy as np

    shares: Mapping[str, Mapping[str, float]] = FINE_TO_BASIC if onto == BASIC else FINE_TO_SENTIMENT
    return np.array([[shares[label].get(target, 0.0) for target in onto] for label in FINE])


@functools.cache
def _places() -> Doubles:
    import numpy as np

    return np.array([CIRCUMPLEX[label] for label in FINE])
