"""Set two subjects against each other on the same items: the difference, its interval, and how likely by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heedful.measure.dataset import Dataset
from heedful.measure.metric import SEED, Tally, measured
from heedful.measure.subject import Prediction
from heedful.types import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FLIPS = 9_999
"""Sign flips of the permutation test; the smallest p is one in this many and one."""


@dataclass(frozen=True, slots=True)
class Difference(Record):
    """How much better the first subject does than another on the same items."""

    beside: str
    """The other one."""
    what: str
    """What an item counts for."""
    value: float
    """Mean over items, first less other."""
    low: float
    """Lower end of its 95 % bootstrap interval over items."""
    high: float
    """Upper end of its 95 % bootstrap interval over items."""
    p: float
    """How often a difference as large comes about if the two are swapped at random item by item (two-sided)."""
    n: int
    """Items."""


def difference(beside: str, what: str, ours: Floats, theirs: Floats) -> Difference:
    """Compare two credits per item: a paired bootstrap, and a paired permutation test of the mean.

    Args:
        beside: the name of the other one.
        what: what an item counts for.
        ours: n credits, each in [0, 1].
        theirs: n credits of the other one, for the same items.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 15.
    """
    import numpy as np

    gaps = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    tally = Tally(np.stack([gaps, np.ones_like(gaps)], axis=1), lambda sums: sums[..., 0] / sums[..., 1])
    figure = measured(what, tally)
    return Difference(beside, what, figure.value, figure.low, figure.high, chance(gaps), len(gaps))


def chance(gaps: Floats) -> float:
    """Return the two-sided p of a mean of paired differences, by SciPy's permutation test with seeded sign flips."""
    import numpy as np
    from scipy.stats import permutation_test

    moved = np.asarray(gaps, dtype=np.float64)
    moved = moved[moved != 0.0]  # an item without a difference is the same whichever way it is flipped
    if len(moved) < 2:
        return 1.0
    found = permutation_test(
        (moved,),
        lambda flipped, axis: flipped.sum(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=FLIPS,
        batch=max(1, 2_000_000 // len(moved)),
        rng=np.random.default_rng(SEED),
    )
    return float(found.pvalue)


def credit(dataset: Dataset, predictions: Sequence[Prediction]) -> Floats | None:
    """Return what each item counts for: right or wrong, F1 of the labels of an item, or the share of parts right.

    None where an item on its own is neither right nor wrong (ratings, spans).
    """
    import numpy as np

    gold = dataset.gold[0] if len(dataset) else None
    if isinstance(gold, str):
        pairs = zip(predictions, dataset.gold, strict=True)
        return np.array([float(prediction.labels == {label}) for prediction, label in pairs])
    if isinstance(gold, frozenset):
        found = [
            2.0 * len(prediction.labels & labels) / max(len(prediction.labels) + len(labels), 1)
            for prediction, labels in zip(predictions, dataset.gold, strict=True)
        ]
        return np.array(found)
    if isinstance(gold, dict):
        shares = [
            sum(prediction.parts[name].labels == {level} for name, (level, _) in given.items()) / len(given)
            for prediction, given in zip(predictions, dataset.gold, strict=True)
        ]
        return np.array(shares)
    return None


def counted_as(dataset: Dataset) -> str:
    """Say what `credit` counts."""
    gold = dataset.gold[0] if len(dataset) else None
    if isinstance(gold, frozenset):
        return "F1 of an item's labels"
    return "share of parts right" if isinstance(gold, dict) else "accuracy"
