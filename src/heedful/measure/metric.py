"""Compute figures and their 95 % bootstrap intervals.

Every figure here is a function of sums over items (true positives per label, decisions per bin). So each item is
counted once, and a bootstrap resample is one row of a matrix product: a thousand of them take a second, not an hour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heedful.errors import InputError
from heedful.types import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

RESAMPLES = 1000
"""Bootstrap resamples per interval."""
SEED = 20260101
"""Of the resampling: the same data give the same interval."""
BINS = 15
"""Equal-width bins of the expected calibration error."""
_CHUNK = 100  # resamples per matrix product: bounds the memory to 100 x n


@dataclass(frozen=True, slots=True)
class Figure(Record):
    """One measured figure with its interval."""

    name: str
    """What it is, with the label set it is over."""
    value: float
    """The figure on all items."""
    low: float
    """Lower end of its 95 % bootstrap interval."""
    high: float
    """Upper end of its 95 % bootstrap interval."""
    n: int
    """Items it was measured on."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What each item adds to a figure, and how the sums become the figure."""

    counts: Floats
    """n items x k sums."""
    figure: Callable[[Floats], Floats]
    """From sums of shape (..., k) to the figure, shape (...)."""

    @property
    def value(self) -> float:
        """The figure on all items."""
        return float(self.figure(self.counts.sum(axis=0)))


def indicator(sets: Iterable[Iterable[str]], labels: Sequence[str]) -> Bools:
    """Return a matrix, n x len(labels), true where an item has the label; raise InputError for an unknown label."""
    import numpy as np

    column = {label: number for number, label in enumerate(labels)}
    rows = [frozenset(each) for each in sets]
    matrix = np.zeros((len(rows), len(labels)), dtype=np.bool_)
    for row, given in enumerate(rows):
        for label in given:
            if label not in column:
                raise InputError(f"item {row} has the label {label!r}, which is not among: {', '.join(labels)}.")
            matrix[row, column[label]] = True
    return matrix


def macro_f1(gold: Bools, predicted: Bools) -> Tally:
    """Tally the unweighted mean of the labels' F1; a label that nobody gave and nobody predicted counts as 0.

    Args:
        gold: n x labels, what people gave.
        predicted: n x labels, what was predicted.
    """
    return Tally(_hits(gold, predicted), lambda sums: _f1(sums).mean(axis=-1))


def micro_f1(gold: Bools, predicted: Bools) -> Tally:
    """Tally the F1 over all label decisions taken together; 0 if nothing was given and nothing predicted.

    Args:
        gold: n x labels, what people gave.
        predicted: n x labels, what was predicted.
    """
    pooled = _hits(gold, predicted).reshape(len(gold), 3, -1).sum(axis=-1)
    return Tally(pooled, lambda sums: _f1(sums).mean(axis=-1))


def accuracy(right: Bools, answered: Bools | None = None) -> Tally:
    """Tally the share of items that are right, of those answered; 0 if none was.

    Args:
        right: n, whether the item's answer was right.
        answered: n, false for items that are left out; by default none.
    """
    import numpy as np

    asked = np.ones(len(right), dtype=np.bool_) if answered is None else answered
    counts = np.stack([right & asked, asked], axis=1).astype(np.float64)
    return Tally(counts, lambda sums: sums[..., 0] / np.maximum(sums[..., 1], 1.0))


def span_f1(gold: Sequence[Bools], predicted: Sequence[Bools]) -> Tally:
    """Tally the mean over items of the F1 between the tokens that people marked and those predicted.

    An item where neither marks any token counts as 1.

    Args:
        gold: per item, which of its tokens people marked.
        predicted: per item, which of its tokens were predicted.
    """
    import numpy as np

    rows = []
    for given, said in zip(gold, predicted, strict=True):
        both = int(np.count_nonzero(given & said))
        total = int(np.count_nonzero(given)) + int(np.count_nonzero(said))
        rows.append((2.0 * both / total if total else 1.0, 1.0))
    return Tally(np.array(rows, dtype=np.float64).reshape(-1, 2), lambda sums: sums[..., 0] / sums[..., 1])


def correlation(gold: Floats, predicted: Floats) -> Tally:
    """Tally Pearson's correlation between n ratings and n predictions; 0 if either does not vary."""
    import numpy as np

    x, y = gold.astype(np.float64), predicted.astype(np.float64)
    counts = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1)

    def figure(sums: Floats) -> Floats:
        n, a, b, aa, bb, ab = np.moveaxis(sums, -1, 0)
        spread = np.maximum(n * aa - a * a, 0.0) * np.maximum(n * bb - b * b, 0.0)
        return np.asarray((n * ab - a * b) / np.sqrt(np.where(spread > 0.0, spread, np.inf)))

    return Tally(counts, figure)


def calibration_error(gold: Bools, probabilities: Floats, answered: Bools | None = None) -> Tally:
    """Tally the expected calibration error over all label decisions, 15 equal-width bins; 0 is best.

    In each bin of probability, the mean probability is set against the share of decisions where people gave the label;
    the error is the mean distance, weighted by decisions (Guo et al., 2017).

    Args:
        gold: n x labels, what people gave.
        probabilities: n x labels, each in [0, 1].
        answered: n, false for items without a prediction, which are left out; by default none.
    """
    import numpy as np

    if probabilities.size and not (probabilities.min() >= 0.0 and probabilities.max() <= 1.0):  # "not" catches NaN
        raise InputError("probabilities must lie in [0, 1].")
    items = len(gold)
    weight = np.ones(items) if answered is None else answered.astype(np.float64)
    # A probability on an edge belongs to the bin above it; 1 belongs to the last bin.
    bins = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    # The mean distance times the decisions of a bin is |sum of probability - sum of gold|, so two sums do.
    counts = np.zeros((items, BINS + 1))
    flat = (np.arange(items)[:, None] * (BINS + 1) + bins).ravel()
    gaps = ((probabilities - gold) * weight[:, None]).ravel()
    counts.ravel()[:] = np.bincount(flat, weights=gaps, minlength=counts.size)
    counts[:, BINS] = weight * gold.shape[1]
    return Tally(counts, lambda sums: np.abs(sums[..., :BINS]).sum(axis=-1) / np.maximum(sums[..., BINS], 1.0))


def measured(name: str, tally: Tally, resamples: int = RESAMPLES, seed: int = SEED) -> Figure:
    """Return a figure with its 95 % percentile bootstrap interval over items.

    Args:
        name: what the figure is.
        tally: what each item adds to it.
        resamples: how often items are drawn anew, with replacement; at least 1.
        seed: of the draws.

    Raises:
        InputError: there are no items, or fewer than one resample.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    import numpy as np

    items = len(tally.counts)
    if items == 0 or resamples < 1:
        raise InputError(f"{name} needs at least one item and one resample; got {items} and {resamples}.")
    random = np.random.default_rng(seed)
    values: list[Any] = []
    for start in range(0, resamples, _CHUNK):
        rows = min(_CHUNK, resamples - start)
        draws = random.integers(0, items, size=(rows, items)) + np.arange(rows)[:, None] * items
        times = np.bincount(draws.ravel(), minlength=rows * items).reshape(rows, items).astype(np.float64)
        values.append(tally.figure(times @ tally.counts))
    low, high = np.percentile(np.concatenate(values), [2.5, 97.5])
    return Figure(name, tally.value, float(low), float(high), items)


def _hits(gold: Bools, predicted: Bools) -> Floats:
    import numpy as np

    if gold.shape != predicted.shape:
        raise InputError(f"{gold.shape[0]} items were given and {predicted.shape[0]} predicted; they must match.")
    return np.concatenate([gold & predicted, gold, predicted], axis=1).astype(np.float64)


def _f1(sums: Floats) -> Floats:
    import numpy as np

    both, given, said = np.split(sums, 3, axis=-1)
    # Twice the hits over all given and all said; 0 / 0 counts as 0, as scikit-learn's zero_division=0 does.
    return 2.0 * both / np.maximum(given + said, 1.0)
