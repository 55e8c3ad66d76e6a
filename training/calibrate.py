"""Tune what turns logits into decisions, on dev only: temperature, thresholds, sharpness, confidence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import logsumexp, softmax

from heedful.labels import BASIC, FINE_TO_BASIC
from heedful.models.manifest import Head

Floats = NDArray[np.floating]

_ROUNDS = 40
_STEPS = np.linspace(0.02, 0.9, 89)
_RATIOS = np.exp(np.linspace(-2.5, 1.5, 17))


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
    """Tune a multi-label head; one whose labels share out over BASIC gets its sharpness and confidence too."""
    temperature = tune_temperature(logits, targets)
    probabilities = 1.0 / (1.0 + np.exp(-logits / temperature))
    head = Head("multilabel", labels, temperature, tune_thresholds(probabilities, targets, seed))
    if not set(labels) <= set(FINE_TO_BASIC):
        return head
    sharpness = tune_sharpness(probabilities, targets, labels)
    basic = shared_out(probabilities**sharpness, labels)
    return replace(head, sharpness=sharpness, confidence=tune_confidence(basic, shared_out(targets, labels)))


def tune_single(logits: Floats, targets: Floats, labels: tuple[str, ...], decide: str) -> Head:
    """Tune a single-label head: temperature, the floor of abstention and, where it helps, weights of the labels.

    Args:
        logits: n x labels.
        targets: n x labels, shares that sum to 1.
        labels: names of the columns.
        decide: what the choice of one label is tuned for: "accuracy" (the likeliest), or "macro-F1" over all labels,
            or "F1 of the first" labels, all but the last, pooled.
    """

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        return float(-np.mean((targets * (scaled - logsumexp(scaled, axis=1, keepdims=True))).sum(1)))

    temperature = float(minimize_scalar(loss, bounds=(0.25, 4.0), method="bounded").x)
    probabilities = softmax(logits / temperature, axis=1)
    gold = targets.argmax(1)
    weights = np.ones(len(labels)) if decide == "accuracy" else _tune_weights(probabilities, gold, decide)
    chosen = (probabilities / weights).argmax(1)
    floor = float(np.quantile(probabilities[np.arange(len(gold)), chosen], 0.2))
    thresholds = () if decide == "accuracy" else tuple(map(float, weights))
    return Head("single", labels, temperature, thresholds, floor=floor)


def _tune_weights(probabilities: Floats, gold: NDArray[np.intp], decide: str) -> Floats:
    """Return what each probability is divided by, found label by label; averaged over bootstrap samples of dev."""
    labels = probabilities.shape[1]
    scored = labels if decide == "macro-F1" else labels - 1
    random = np.random.default_rng(0)
    found = []
    for _ in range(_ROUNDS // 2):
        rows = random.integers(0, len(gold), len(gold))
        table, answers = probabilities[rows], gold[rows]
        weights = np.ones(labels)
        for _ in range(2):
            for label in range(labels):
                tried = []
                for step in _RATIOS:
                    trial = weights.copy()
                    trial[label] = step
                    chosen = (table / trial).argmax(1)
                    tried.append(_f1_of(answers, chosen, scored, pooled=decide != "macro-F1"))
                best = np.flatnonzero(np.array(tried) >= max(tried) - 1e-9)
                weights[label] = np.exp(np.mean(np.log(_RATIOS[best])))
        found.append(np.log(weights / weights.mean()))
    return np.asarray(np.exp(np.mean(found, axis=0)))


def _f1_of(gold: NDArray[np.intp], chosen: NDArray[np.intp], scored: int, *, pooled: bool) -> float:
    both = np.bincount(gold[gold == chosen], minlength=scored)[:scored].astype(float)
    total = (np.bincount(gold, minlength=scored)[:scored] + np.bincount(chosen, minlength=scored)[:scored]).astype(
        float
    )
    if pooled:
        return float(2.0 * both.sum() / max(total.sum(), 1.0))
    return float(np.mean(2.0 * both / np.maximum(total, 1.0)))


def tune_regression(logits: Floats, targets: Floats, labels: tuple[str, ...]) -> Head:
    """Tune the temperature of a head of ratings: least squared error."""
    taught = ~np.isnan(targets)

    def loss(temperature: float) -> float:
        return float(np.mean((np.tanh(logits / temperature) - targets)[taught] ** 2))

    return Head("regression", labels, float(minimize_scalar(loss, bounds=(0.25, 4.0), method="bounded").x))


def tune_tokens(logits: list[Floats], marked: list[Floats], labels: tuple[str, ...]) -> Head:
    """Tune a head that marks words: temperature, and the probability from which a token is marked (best mean F1).

    Args:
        logits: per input the logits of its tokens.
        marked: per input 1 or 0 for its tokens, NaN where nothing is said.
        labels: what is marked.
    """
    flat, told = np.concatenate(logits), np.concatenate(marked)
    known = ~np.isnan(told)
    temperature = tune_temperature(flat[known], told[known])
    steps = np.linspace(0.05, 0.8, 31)

    def score(least: float) -> float:
        return float(
            np.mean([_token_f1(line, gold, least, temperature) for line, gold in zip(logits, marked, strict=True)])
        )

    best = max(steps, key=score)
    return Head("tokens", labels, temperature, (float(best),))


def _token_f1(logits: Floats, gold: Floats, least: float, temperature: float) -> float:
    known = ~np.isnan(gold)
    said, given = 1.0 / (1.0 + np.exp(-logits[known] / temperature)) >= least, gold[known] > 0.5
    total = said.sum() + given.sum()
    return float(2.0 * (said & given).sum() / total) if total else 1.0
