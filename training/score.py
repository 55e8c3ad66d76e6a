"""Score a tuned head on a split, by protocol T1, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heedful.labels import EKMAN, SENTIMENT_GROUP
from heedful.measure.metric import Tally, calibration_error, macro_f1, measured
from heedful.models.encoder import calibrate
from heedful.models.manifest import Head, Score
from training.data import Examples

Table = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a head measured on one split."""

    scores: dict[str, Score]
    """Figure by name."""
    groups: dict[str, dict[str, float]]
    """Figures apart: F1 per label."""


def score_head(logits: NDArray[np.float32], examples: Examples, head: Head) -> Figures:
    """Return macro-F1 over 28 labels, over Ekman's and over groups of sentiment, and the calibration error."""
    values = calibrate(logits, head).astype(np.float64)
    gold, chosen = examples.targets > 0.5, values >= np.array(head.thresholds)
    tallies = {"macro-F1": macro_f1(gold, chosen), "expected calibration error": calibration_error(gold, values)}
    for name, groups in (("Ekman macro-F1", EKMAN), ("sentiment groups macro-F1", SENTIMENT_GROUP)):
        tallies[name] = macro_f1(grouped(gold, head.labels, groups), grouped(chosen, head.labels, groups))
    per_label = {
        label: macro_f1(gold[:, [column]], chosen[:, [column]]).value for column, label in enumerate(head.labels)
    }
    return Figures({name: _score(name, tally) for name, tally in tallies.items()}, {"F1 per label": per_label})


def grouped(table: Table, labels: tuple[str, ...], groups: Mapping[str, str]) -> Table:
    """Join the columns of a group: it holds where any of its labels does."""
    names = sorted(set(groups.values()))
    columns = [[column for column, label in enumerate(labels) if groups[label] == name] for name in names]
    return np.stack([table[:, members].any(axis=1) for members in columns], axis=1)


def _score(name: str, tally: Tally) -> Score:
    figure = measured(name, tally)
    return Score(figure.value, figure.low, figure.high, figure.n, "T1")
