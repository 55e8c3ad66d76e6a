"""Score a tuned head on a split, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heedful.labels import EKMAN, FINE, SENTIMENT_GROUP
from heedful.measure.metric import (
    Tally,
    accuracy,
    calibration_error,
    correlation,
    macro_f1,
    measured,
    micro_f1,
    span_f1,
)  # fmt: skip
from heedful.models.encoder import calibrate
from heedful.models.manifest import Head, Score

Table = NDArray[np.bool_]
Floats = NDArray[np.floating]
Doubles = NDArray[np.float64]
Groups = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a head measured on one split."""

    scores: dict[str, Score]
    """Figure by name."""
    groups: Groups
    """Figures apart: F1 per label, accuracy by coverage."""


def score_head(logits: list[Floats], targets: list[Floats], head: Head, protocol: str) -> Figures:
    """Return everything that is measured of a head of this kind.

    Args:
        logits: per item, its logits: labels, or one per token.
        targets: per item, what they should say; NaN where nothing is said.
        head: the tuned head.
        protocol: what its figures are defined by, for the card.
    """
    groups: Groups = {}
    if head.kind == "tokens":
        tallies = _tokens(logits, targets, head)
    else:
        values, gold = (
            calibrate(np.array(logits, dtype=np.float32), head).astype(np.float64),
            np.array(targets, dtype=np.float64),
        )
        score = {"multilabel": _several, "single": _single, "regression": _ratings}[head.kind]
        taught = ~np.isnan(gold).any(1)
        tallies, groups = score(values[taught], gold[taught], head)
    return Figures({name: _score(name, tally, protocol) for name, tally in tallies.items()}, groups)


def _several(values: Doubles, targets: Doubles, head: Head) -> tuple[dict[str, Tally], Groups]:
    gold, chosen = targets > 0.5, values >= np.array(head.thresholds)
    tallies = {"macro-F1": macro_f1(gold, chosen), "expected calibration error": calibration_error(gold, values)}
    if head.labels == FINE:
        for name, groups in (("Ekman macro-F1", EKMAN), ("sentiment groups macro-F1", SENTIMENT_GROUP)):
            tallies[name] = macro_f1(grouped(gold, head.labels, groups), grouped(chosen, head.labels, groups))
    return tallies, {"F1 per label": _per_label(gold, chosen, head.labels)}


def _single(values: Doubles, targets: Doubles, head: Head) -> tuple[dict[str, Tally], Groups]:
    """Score against the label that most raters chose; a tie counts for each."""
    chosen = (values / np.array(head.thresholds or 1.0)).argmax(1)
    best = targets >= targets.max(1, keepdims=True) - 1e-6
    right = best[np.arange(len(chosen)), chosen]
    sure = values[np.arange(len(chosen)), chosen]
    picked = np.eye(len(head.labels), dtype=bool)
    gold = np.where(right, chosen, targets.argmax(1))
    tallies = {
        "accuracy": accuracy(right),
        "macro-F1": macro_f1(picked[gold], picked[chosen]),
        "micro-F1 but the last label": micro_f1(picked[gold][:, :-1], picked[chosen][:, :-1]),
        "expected calibration error": calibration_error(right[:, None], sure[:, None]),
        "accuracy of what reaches the floor": accuracy(right, sure >= head.floor),
        "share that reaches the floor": accuracy(sure >= head.floor),
    }
    order = np.argsort(-sure, kind="stable")
    curve = {
        f"{share} %": float(right[order[: max(1, len(order) * share // 100)]].mean()) for share in range(10, 101, 10)
    }
    return tallies, {
        "F1 per label": _per_label(picked[gold], picked[chosen], head.labels),
        "accuracy by coverage": curve,
    }


def _ratings(values: Doubles, targets: Doubles, head: Head) -> tuple[dict[str, Tally], Groups]:
    tallies = {
        f"correlation, {label}": correlation(targets[:, at], values[:, at]) for at, label in enumerate(head.labels)
    }
    if len(tallies) <= 3:
        return tallies, {}
    apart = {name.removeprefix("correlation, "): tally.value for name, tally in tallies.items()}
    return {"mean correlation": _mean(list(tallies.values()))}, {"correlation": apart}


def _mean(tallies: list[Tally]) -> Tally:
    """Join tallies over the same items into the mean of their figures."""
    width = tallies[0].counts.shape[1]

    def figure(sums: Doubles) -> Doubles:
        parts = [tally.figure(sums[..., at * width : (at + 1) * width]) for at, tally in enumerate(tallies)]
        return np.asarray(np.mean(parts, axis=0))

    return Tally(np.concatenate([tally.counts for tally in tallies], axis=1), figure)


def _tokens(logits: list[Floats], targets: list[Floats], head: Head) -> dict[str, Tally]:
    (least,) = head.thresholds
    gold, said = [], []
    for line, told in zip(logits, targets, strict=True):
        known = ~np.isnan(told)
        if known.any():
            gold.append(told[known] > 0.5)
            said.append(calibrate(np.asarray(line, dtype=np.float32)[:, None], head)[known, 0] >= least)
    marked = [row for row, told in enumerate(gold) if told.any()]
    return {
        "token F1": span_f1(gold, said),
        "token F1 where there is something to mark": span_f1(
            [gold[row] for row in marked], [said[row] for row in marked]
        ),
    }


def _per_label(gold: Table, chosen: Table, labels: tuple[str, ...]) -> dict[str, float]:
    return {label: macro_f1(gold[:, [at]], chosen[:, [at]]).value for at, label in enumerate(labels)}


def grouped(table: Table, labels: tuple[str, ...], groups: Mapping[str, str]) -> Table:
    """Join the columns of a group: it holds where any of its labels does."""
    names = sorted(set(groups.values()))
    columns = [[column for column, label in enumerate(labels) if groups[label] == name] for name in names]
    return np.stack([table[:, members].any(axis=1) for members in columns], axis=1)


def _score(name: str, tally: Tally, protocol: str) -> Score:
    figure = measured(name, tally)
    return Score(figure.value, figure.low, figure.high, figure.n, protocol)
