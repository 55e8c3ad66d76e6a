"""Tune what turns logits into decisions, on dev only: temperature, thresholds, sharpness, confidence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from heedful.labels import BASIC, FINE_TO_BASIC
from heedful.models.manifest import Head

Floats = NDArray[np.floating]

_ROUNDS = 40
_STEPS = np.linspace(0.02, 0.9, 89)


def tune_temperature(logits: Floats, targets: Floats) -> float:
    """Return the temperature at which the sigmoids' log loss is least (Guo et al., 2017)."""

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        return float(np.mean(np.logaddexp(0.0, scaled) - targets * scaled))

    return float(minimize_scalar(loss, bounds=(0.25, 4.0), method="bounded").x)


def tune_thresholds(probabilities: Floats, targets: Floats, seed: int) -> tuple[float, ...]:
    """Return per label the threshold with the best F1, averaged over bootstrap samples of dev.

    A rare label has a dozen examples on dev: its single best threshold is mostly luck. The mean over resampled dev
    sets is a steadier choice.
    """
    random = np.random.default_rng(seed)
    rows = random.integers(0, len(targets), (_ROUNDS, len(targets)))
    return tuple(
        float(np.mean([_best_threshold(probabilities[sample, label], targets[sample, label]) for sample in rows]))
        for label in range(targets.shape[1])
    )


def _best_threshold(probabilities: Floats, targets: Floats) -> float:
    chosen = probabilities[None, :] >= _STEPS[:, None]
    hits = (chosen & (targets[None, :] > 0.5)).sum(1)
    scores = 2.0 * hits / np.maximum(chosen.sum(1) + targets.sum(), 1.0)
    return float(np.mean(_STEPS[scores >= scores.max() - 1e-9]))


def shared_out(values: Floats, labels: tuple[str, ...]) -> Floats:
    """Share n x labels values out over BASIC; rows sum to 1."""
    shares = np.array([[FINE_TO_BASIC[label].get(basic, 0.0) for basic in BASIC] for label in labels])
    mass = values @ shares
    return np.asarray(mass / np.maximum(mass.sum(1, keepdims=True), 1e-12))


def tune_sharpness(probabilities: Floats, targets: Floats, labels: tuple[str, ...]) -> float:
    """Return the exponent at which the BASIC roll-up is closest to that of the gold labels (cross-entropy)."""
    gold = shared_out(targets, labels)

    def loss(sharpness: float) -> float:
        return -float(np.mean((gold * np.log(shared_out(probabilities**sharpness, labels) + 1e-9)).sum(1)))

    return float(minimize_scalar(loss, bounds=(0.5, 4.0), method="bounded").x)


def tune_confidence(basic: Floats, gold: Floats) -> tuple[float, float]:
    """Fit slope and offset from the logit of the strongest BASIC probability to its being right (Platt, 1999).

    Right means: gold gives that BASIC label at least as much as any other.
    """
    strongest = basic.max(1).clip(1e-6, 1 - 1e-6)
    odds = np.log(strongest / (1 - strongest))
    right = gold[np.arange(len(gold)), basic.argmax(1)] >= gold.max(1) - 1e-9

    def loss(line: Floats) -> float:
        score = line[0] * odds + line[1]
        return float(np.mean(np.logaddexp(0.0, score) - right * score))

    slope, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(slope), float(offset)


def tune_multilabel(logits: Floats, targets: Floats, labels: tuple[str, ...], seed: int) -> Head:
    """Tune everything of a multi-label head whose labels share out over BASIC."""
    temperature = tune_temperature(logits, targets)
    probabilities = 1.0 / (1.0 + np.exp(-logits / temperature))
    sharpness = tune_sharpness(probabilities, targets, labels)
    basic = shared_out(probabilities**sharpness, labels)
    return Head(
        kind="multilabel",
        labels=labels,
        temperature=temperature,
        thresholds=tune_thresholds(probabilities, targets, seed),
        sharpness=sharpness,
        confidence=tune_confidence(basic, shared_out(targets, labels)),
    )
