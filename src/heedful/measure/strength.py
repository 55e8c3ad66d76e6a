"""Say who does better from comparisons: Bradley-Terry strengths with intervals, at any length and at equal length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final

from heedful.errors import InputError
from heedful.measure.metric import SEED, Figure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RESAMPLES: Final = 300
"""Bootstrap resamples of prompts."""
_PRIOR: Final = 0.1
"""Wins and losses that every pair is credited with, so that who never lost is not infinitely strong."""


def wins(scores: Floats) -> Floats:
    """Count, over prompts, how often the reply of the row scored higher than that of the column; a tie counts half.

    Args:
        scores: prompts x assistants; NaN where there is no score.
    """
    import numpy as np

    known = ~np.isnan(scores)
    both = known[:, :, None] & known[:, None, :]
    filled = np.nan_to_num(scores)
    gaps = filled[:, :, None] - filled[:, None, :]
    table = (both * (0.5 * (np.sign(gaps) + 1.0))).sum(axis=0)
    np.fill_diagonal(table, 0.0)
    return np.asarray(table)


def strengths(scores: Floats) -> Floats:
    """Return the Bradley-Terry strength of each assistant in log-odds, of mean 0; NaN without a comparison.

    An assistant one point stronger than another wins 73 % of the comparisons with it.

    Source: Bradley and Terry, Rank analysis of incomplete block designs, 1952; fitted by `choix` (Maystre, 2015).
    """
    import choix
    import numpy as np

    table = wins(scores)
    met = (table + table.T).sum(axis=1) > 0
    found = np.full(len(table), np.nan)
    if met.sum() < 2:
        return found
    some = table[np.ix_(met, met)] + _PRIOR * (1.0 - np.eye(int(met.sum())))
    fitted = choix.ilsr_pairwise_dense(some, max_iter=1000)
    found[met] = fitted - fitted.mean()
    return found


def equal_length(scores: Floats, lengths: Floats) -> Floats:
    """Return the strengths that are left when length is held equal: logistic regression with the ratio of lengths.

    Args:
        scores: prompts x assistants; NaN where there is no score.
        lengths: prompts x assistants, in words.

    Source: the idea of Dubois et al., Length-Controlled AlpacaEval, 2024.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows, won, weights = [], [], []
    for line, sizes in zip(scores, np.log1p(lengths), strict=True):
        for a, b in combinations(np.flatnonzero(~np.isnan(line)), 2):
            row = np.zeros(scores.shape[1] + 1)
            row[a], row[b], row[-1] = 1.0, -1.0, sizes[a] - sizes[b]
            share = 0.5 * (np.sign(line[a] - line[b]) + 1.0)
            rows += [row, row]
            won += [1, 0]
            weights += [share, 1.0 - share]
    found = np.full(scores.shape[1], np.nan)
    if not rows:
        return found
    fitted = LogisticRegression(C=10.0, fit_intercept=False, max_iter=200)
    fitted.fit(np.array(rows), won, sample_weight=weights)
    met = ~np.isnan(scores).all(axis=0)
    values = fitted.coef_[0][:-1]
    found[met] = values[met] - values[met].mean()
    return found


def with_interval(
    name: str, fit: Callable[[Floats, Floats], Floats], scores: Floats, lengths: Floats
) -> list[Figure | None]:
    """Return a strength per assistant with its bootstrap interval over prompts; None for who was never compared.

    Raises:
        InputError: the tables do not have the same shape.
    """
    import numpy as np

    if scores.shape != lengths.shape:
        raise InputError(f"{scores.shape} scores do not go with {lengths.shape} lengths.")
    random = np.random.default_rng(SEED)
    value = fit(scores, lengths)
    drawn = []
    for _ in range(RESAMPLES):
        rows = random.integers(0, len(scores), len(scores))
        drawn.append(fit(scores[rows], lengths[rows]))
    low, high = _reach(np.array(drawn))
    counted = (~np.isnan(scores)).sum(axis=0)
    return [
        None
        if np.isnan(value[at])
        else Figure(name, float(value[at]), float(low[at]), float(high[at]), int(counted[at]))
        for at in range(len(value))
    ]


def _reach(drawn: Floats) -> tuple[Floats, Floats]:
    import warnings

    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an assistant that no resample compares: NaN, not shown
        low, high = np.nanpercentile(drawn, [2.5, 97.5], axis=0)
    return low, high


def agreement(tables: Sequence[tuple[str, str, float]]) -> float | None:
    """Return Krippendorff's alpha of ratings on an interval scale, or None where no item has two raters.

    Args:
        tables: (rater, item, rating) of each rating.

    Source: Krippendorff, Content Analysis, 2004; computed by NLTK.
    """
    from nltk.metrics.agreement import AnnotationTask

    shared = list(_shared(tables))
    if len(shared) < 2 or len({value for _, _, value in shared}) < 2:
        return None
    return float(AnnotationTask(shared, distance=lambda a, b: (a - b) ** 2).alpha())


def _shared(tables: Sequence[tuple[str, str, float]]) -> Iterator[tuple[str, str, float]]:
    raters: dict[str, set[str]] = {}
    for rater, item, _ in tables:
        raters.setdefault(item, set()).add(rater)
    yield from (each for each in tables if len(raters[each[1]]) > 1)
