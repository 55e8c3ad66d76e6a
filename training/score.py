"""Score a tuned head on a split, by protocol, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from heedful.labels import EKMAN, SENTIMENT_GROUP
from heedful.models.encoder import calibrate
from heedful.models.manifest import Head, Score
from training.data import Examples

Table = NDArray[np.bool_]

_RESAMPLES = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """What a head measured on one split."""

    scores: dict[str, Score]
    groups: dict[str, dict[str, float]]


def score_head(logits: NDArray[np.float32], examples: Examples, head: Head) -> Figures:
    """Return the figures of a head: macro-F1 for multilabel (28 labels, Ekman, sentiment groups; protocol T1)."""
    values = calibrate(logits, head)
    gold = examples.targets > 0.5
    if head.kind == "regression":
        correlations = [float(np.corrcoef(values[:, c], examples.targets[:, c])[0, 1]) for c in range(len(head.labels))]
        n = len(examples)
        rows = {f"correlation of {label}": Score(r, *_fisher(r, n), n, "Pearson") for label, r in zip(head.labels, correlations, strict=True)}
        return Figures(rows, {})
    if head.kind == "single":
        right = values.argmax(1) == examples.targets.argmax(1)
        return Figures({"accuracy": _interval(lambda rows: float(right[rows].mean()), len(right), "accuracy")}, {})
    chosen = values >= np.array(head.thresholds)
    tables = {"macro-F1": (gold, chosen)}
    for name, groups in (("Ekman macro-F1", EKMAN), ("sentiment macro-F1", SENTIMENT_GROUP)):
        tables[name] = (grouped(gold, head.labels, groups), grouped(chosen, head.labels, groups))
    scores = {
        name: _interval(lambda rows, pair=pair: macro_f1(pair[0][rows], pair[1][rows]), len(gold), "T1")  # type: ignore[misc]
        for name, pair in tables.items()
    }
    per_label = f1_score(gold, chosen, average=None, zero_division=0)
    return Figures(scores, {"F1 per label": dict(zip(head.labels, map(float, per_label), strict=True))})


def grouped(table: Table, labels: tuple[str, ...], groups: dict[str, str] | object) -> Table:
    """Join columns: a group holds where any of its labels does."""
    of = dict(groups)  # type: ignore[call-overload]
    names = sorted(set(of.values()))
    return np.stack(
        [table[:, [c for c, label in enumerate(labels) if of[label] == name]].any(1) for name in names], axis=1
    )


def macro_f1(gold: Table, chosen: Table) -> float:
    """Return the mean F1 over columns; a column with neither gold nor chosen counts 0, as in scikit-learn."""
    hits = (gold & chosen).sum(0)
    total = gold.sum(0) + chosen.sum(0)
    return float(np.mean(np.where(total > 0, 2.0 * hits / np.maximum(total, 1), 0.0)))


def _interval(figure: Callable[[NDArray[np.int64]], float], n: int, protocol: str) -> Score:
    random = np.random.default_rng(0)
    draws = [figure(random.integers(0, n, n)) for _ in range(_RESAMPLES)]
    low, high = np.percentile(draws, [2.5, 97.5])
    return Score(figure(np.arange(n)), float(low), float(high), n, protocol)


def _fisher(r: float, n: int) -> tuple[float, float]:
    z, width = np.arctanh(np.clip(r, -0.9999, 0.9999)), 1.96 / np.sqrt(max(n - 3, 1))
    return float(np.tanh(z - width)), float(np.tanh(z + width))
