"""Fit how far each modality is to be trusted, from readings of messages whose feeling is known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from heedful.errors import InputError
from heedful.labels import BASIC
from heedful.perceive.fuse import sharp
from heedful.types import Modality, Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ROUNDS = 200


def fit_reliability(
    examples: Sequence[tuple[Sequence[Reading], str]], least: float = 0.05, most: float = 1.5
) -> dict[Modality, float]:
    """Return modality -> the power at which the pooled probabilities of the right labels are greatest (log loss).

    The loss is convex in the powers, so the steps down its slope end in the one best place.

    Args:
        examples: (readings of one message, its BASIC label).
        least: smallest power.
        most: greatest power.

    Raises:
        InputError: there is no example with a reading, or a label is not of BASIC.

    Examples:
        >>> sure = Reading("text", "m", basic={"joy": 0.9, "sadness": 0.1}, confidence=0.9)
        >>> round(fit_reliability([([sure], "joy")] * 4)["text"], 1)
        1.5
    """
    import numpy as np

    modalities = sorted({each.modality for readings, _ in examples for each in readings if not each.abstained})
    if not modalities:
        raise InputError("reliabilities are fitted to readings; none of the examples has one.")
    if strange := {label for _, label in examples} - set(BASIC):
        raise InputError(f"{', '.join(sorted(strange))} is none of {', '.join(BASIC)}.")
    logs = np.zeros((len(examples), len(modalities), len(BASIC)))
    for row, (readings, _) in enumerate(examples):
        for each in readings:
            if not each.abstained:
                shares: Mapping[str, float] = sharp(each)
                logs[row, modalities.index(each.modality)] = [
                    math.log(max(shares.get(label, 0.0), 1e-6)) for label in BASIC
                ]
    gold = np.array([BASIC.index(label) for _, label in examples])
    right = logs[np.arange(len(gold)), :, gold]
    powers, step = np.ones(len(modalities)), 0.5
    loss, slope = _loss(powers, logs, right)
    for _ in range(_ROUNDS):
        tried = np.clip(powers - step * slope, least, most)
        new, next_slope = _loss(tried, logs, right)
        if new < loss:
            powers, loss, slope, step = tried, new, next_slope, step * 1.3
        else:
            step *= 0.5
    return dict(zip(modalities, powers.tolist(), strict=True))


def _loss(powers: Floats, logs: Floats, right: Floats) -> tuple[float, Floats]:
    import numpy as np

    pooled = np.einsum("m,rml->rl", powers, logs)
    most = pooled.max(axis=1, keepdims=True)
    shares = np.exp(pooled - most)
    total = shares.sum(axis=1, keepdims=True)
    loss = float(np.mean(most[:, 0] + np.log(total[:, 0]) - right @ powers))
    slope = np.einsum("rl,rml->m", shares / total, logs) / len(pooled) - np.mean(right, axis=0)
    return loss, slope
