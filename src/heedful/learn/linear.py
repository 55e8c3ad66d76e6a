"""Fit a linear head on frozen vectors, and tune on dev what turns its logits into decisions."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from heedful.errors import InputError
from heedful.models.encoder import calibrate
from heedful.models.manifest import Head
from heedful.perceive.own import pool_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

_STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Inverse strengths of the penalty on the weights that are tried."""
_POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Vectors:
    """Texts as the network sees them: one vector for each window."""

    rows: Floats
    """Windows x width."""
    lengths: tuple[tuple[int, ...], ...]
    """Per text the tokens of each of its windows, in the order of `rows`."""
    gold: Floats
    """Texts x labels, 1 or 0."""

    @property
    def owner(self) -> NDArray[np.intp]:
        """Per window, its text."""
        import numpy as np

        return np.repeat(np.arange(len(self.lengths)), [len(each) for each in self.lengths])

    @property
    def shares(self) -> Floats:
        """Per window, its share of its text, so that every text counts the same."""
        import numpy as np

        return np.array([tokens / sum(text) for text in self.lengths for tokens in text])

    def take(self, kept: Sequence[int]) -> Vectors:
        """Return some of the texts."""
        import numpy as np

        owner = self.owner
        inside = [np.flatnonzero(owner == row) for row in kept]
        rows = np.concatenate(inside) if inside else np.zeros(0, dtype=np.intp)
        return Vectors(self.rows[rows], tuple(self.lengths[row] for row in kept), self.gold[list(kept)])


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted head."""

    weights: Floats
    """Width x labels."""
    bias: Floats
    """One per label."""
    head: Head
    """How its logits become values, tuned on dev."""

    def probabilities(self, seen: Vectors) -> Floats:
        """Return texts x labels, as reading the texts would."""
        return _pooled(seen.rows @ self.weights + self.bias, seen, self.head)


def fit(train: Vectors, dev: Vectors, labels: tuple[str, ...], *, several: bool, seed: int = 7) -> Linear:
    """Fit a head on train; choose its penalty, temperature and thresholds on dev.

    Args:
        train: what it learns from; every label is there.
        dev: what it is tuned on.
        labels: names of the columns.
        several: whether a text may have several labels.
        seed: of the resampling of dev that thresholds are tuned on.
    """
    tried = []
    for strength in _STRENGTHS:
        weights, bias = _fit(train, strength, several=several)
        temperature, loss = _temperature(dev.rows @ weights + bias, dev, several=several)
        tried.append((loss, temperature, weights, bias))
    _, temperature, weights, bias = min(tried, key=lambda each: each[0])
    head = Head("multilabel" if several else "single", labels, temperature, own=True)
    shares = _pooled(dev.rows @ weights + bias, dev, head)
    return Linear(weights, bias, _decided(head, shares, dev.gold, seed))


def _fit(train: Vectors, strength: float, *, several: bool) -> tuple[Floats, Floats]:
    import numpy as np

    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise InputError('training a head needs onnx and scikit-learn: pip install "heedful[own]"') from error

    middle, spread = train.rows.mean(axis=0), train.rows.std(axis=0) + 1e-6
    scaled = (train.rows - middle) / spread
    gold = train.gold[train.owner]
    targets = [gold[:, column] for column in range(gold.shape[1])] if several else [gold.argmax(axis=1)]
    lines = []
    for target in targets:
        model = LogisticRegression(C=strength, max_iter=1000)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it could still be a little better is no news to the user
            model.fit(scaled, target, sample_weight=train.shares)
        lines.append((model.coef_, model.intercept_))
    weights, bias = np.concatenate([each[0] for each in lines]).T, np.concatenate([each[1] for each in lines])
    if not several and len(bias) == 1:  # of two labels the first stands at 0
        weights, bias = np.concatenate([0 * weights, weights], axis=1), np.array([0.0, bias[0]])
    weights = weights / spread[:, None]
    return weights, bias - middle @ weights


def _pooled(logits: Floats, seen: Vectors, head: Head) -> Floats:
    import numpy as np

    values = calibrate(np.asarray(logits, dtype=np.float32), head)
    found, start = [], 0
    for lengths in seen.lengths:
        found.append(pool_rows(values[start : start + len(lengths)], lengths, head.kind))
        start += len(lengths)
    return np.array(found).reshape(len(seen.lengths), len(head.labels))


def _temperature(logits: Floats, dev: Vectors, *, several: bool) -> tuple[float, float]:
    """Return the temperature with the least log loss on dev, and that loss (Guo et al., 2017)."""
    import numpy as np

    gold = dev.gold[dev.owner]

    def loss(temperature: float) -> float:
        scaled = logits / temperature
        if several:
            each = (np.logaddexp(0.0, scaled) - gold * scaled).mean(axis=1)
        else:
            each = np.logaddexp.reduce(scaled, axis=1) - (gold * scaled).sum(axis=1)
        return float(np.average(each, weights=dev.shares))

    steps = np.exp(np.linspace(np.log(0.25), np.log(4.0), 57))
    losses = [loss(float(step)) for step in steps]
    place = int(np.argmin(losses))
    return float(steps[place]), losses[place]


def _decided(head: Head, shares: Floats, gold: Floats, seed: int) -> Head:
    """Return the head with its thresholds and floor."""
    import numpy as np

    if head.kind == "multilabel":
        random = np.random.default_rng(seed)
        draws = random.integers(0, len(gold), (_ROUNDS, len(gold)))
        least = tuple(_threshold(shares[:, column], gold[:, column] > 0.5, draws) for column in range(len(head.labels)))
        return replace(head, thresholds=least)
    prior = np.maximum(gold.mean(axis=0), 0.5 / len(gold))
    scores = [_macro_f1(gold.argmax(axis=1), (shares / prior**power).argmax(axis=1)) for power in _POWERS]
    power = _POWERS[int(np.argmax(scores))]  # the first of equals: what changes least
    divisors = prior**power / (prior**power).mean()
    chosen = (shares / divisors).argmax(axis=1)
    floor = float(np.quantile(shares[np.arange(len(gold)), chosen], 0.2))
    return replace(head, thresholds=tuple(map(float, divisors)) if power else (), floor=floor)


def _threshold(shares: Floats, given: NDArray[np.bool_], draws: NDArray[np.intp]) -> float:
    """Return the threshold with the best F1, averaged over resampled dev sets: a single best one is mostly luck."""
    import numpy as np

    if not given.any():
        return 0.5
    steps = np.linspace(0.05, 0.9, 35)
    found = []
    for draw in draws:
        said = shares[draw][None, :] >= steps[:, None]
        both = (said & given[draw][None, :]).sum(axis=1)
        scores = 2.0 * both / np.maximum(said.sum(axis=1) + given[draw].sum(), 1)
        found.append(float(steps[scores >= scores.max() - 1e-9].mean()))
    return float(np.mean(found))


def _macro_f1(gold: NDArray[np.intp], said: NDArray[np.intp]) -> float:
    import numpy as np

    total = {each: (gold == each).sum() + (said == each).sum() for each in np.unique(gold)}
    return float(np.mean([2.0 * ((gold == each) & (said == each)).sum() / count for each, count in total.items()]))
