"""Say who does better from comparisons: Bradley-Terry strengths with intervals, at any length and at equal length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
_FREEDOM: Final = 1e4
"""How little the regressions are penalised: scikit-learn's C."""
_STEPS: Final = 60
"""Steps of Newton's method, at most."""
_FURTHEST: Final = 4.0
"""How far a step goes at most, so that a resample in which somebody always wins does not run away."""
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

    Source: Bradley and Terry, Rank analysis of incomplete block designs, 1952; as the logistic regression that it is.
    """
    import numpy as np

    table = wins(scores)
    met = np.flatnonzero((table + table.T).sum(axis=1) > 0)
    found = np.full(len(table), np.nan)
    if len(met) < 2:
        return found
    pairs = [(a, b) for a in range(len(met)) for b in range(len(met)) if a < b]
    rows = np.array([np.eye(len(met))[a] - np.eye(len(met))[b] for a, b in pairs])
    won, lost = (
        np.array([table[met[a], met[b]] + _PRIOR for a, b in each]) for each in (pairs, [p[::-1] for p in pairs])
    )
    fitted = _fitted_together(rows, won[None], lost[None], freedom=np.inf)[0]
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

    assistants = scores.shape[1]
    rows, shares = [], []
    for a, b in combinations(range(assistants), 2):
        known = ~np.isnan(scores[:, a]) & ~np.isnan(scores[:, b])
        some = np.zeros((int(known.sum()), assistants + 1))
        some[:, a], some[:, b] = 1.0, -1.0
        some[:, -1] = np.log1p(lengths[known, a]) - np.log1p(lengths[known, b])
        rows.append(some)
        shares.append(0.5 * (np.sign(scores[known, a] - scores[known, b]) + 1.0))
    found = np.full(assistants, np.nan)
    met = ~np.isnan(scores).all(axis=0)
    share = np.concatenate(shares) if shares else np.empty(0)
    if not len(share):
        return found
    values = _fitted(np.concatenate(rows), share, 1.0 - share)[:-1]
    found[met] = values[met] - values[met].mean()
    return found


def _fitted(rows: Floats, won: Floats, lost: Floats) -> Floats:
    """Return the coefficients of a logistic regression, hardly penalised: n x k rows, each won and lost so often."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_FREEDOM, fit_intercept=False, solver="newton-cholesky", tol=1e-8)
    outcomes = np.repeat([1, 0], len(rows))
    model.fit(np.concatenate([rows, rows]), outcomes, sample_weight=np.concatenate([won, lost]))
    return np.asarray(model.coef_[0])


def with_interval(name: str, scores: Floats, lengths: Floats | None = None) -> list[Figure | None]:
    """Return a strength per assistant with its bootstrap interval over prompts; None for who was never compared.

    Args:
        name: what the figures are called.
        scores: prompts x assistants; NaN where there is no score.
        lengths: prompts x assistants, in words: strengths are then those at equal length.

    Raises:
        InputError: the tables do not have the same shape.
    """
    import numpy as np

    if lengths is not None and scores.shape != lengths.shape:
        raise InputError(f"{scores.shape} scores do not go with {lengths.shape} lengths.")
    value = strengths(scores) if lengths is None else equal_length(scores, lengths)
    prompts = len(scores)
    draws = np.random.default_rng(SEED).integers(0, prompts, (RESAMPLES, prompts))
    times = np.stack([np.bincount(each, minlength=prompts) for each in draws]).astype(np.float64)
    low, high = _reach(_resampled(times, scores, lengths))
    counted = (~np.isnan(scores)).sum(axis=0)
    return [
        None
        if np.isnan(value[at])
        else Figure(name, float(value[at]), float(low[at]), float(high[at]), int(counted[at]))
        for at in range(len(value))
    ]


def _resampled(times: Floats, scores: Floats, lengths: Floats | None) -> Floats:
    """Return the strengths of every resample at once, resamples x assistants: a prompt drawn twice counts twice."""
    import numpy as np

    assistants = scores.shape[1]
    rows, won, lost, taken = [], [], [], np.zeros((len(times), assistants), dtype=np.bool_)
    for a, b in combinations(range(assistants), 2):
        known = ~np.isnan(scores[:, a]) & ~np.isnan(scores[:, b])
        drawn = times[:, known]
        share = 0.5 * (np.sign(scores[known, a] - scores[known, b]) + 1.0)
        taken[:, [a, b]] |= drawn.any(axis=1, keepdims=True)
        one = np.zeros((1 if lengths is None else int(known.sum()), assistants + (lengths is not None)))
        one[:, a], one[:, b] = 1.0, -1.0
        if lengths is None:  # only how often one beat the other matters
            won.append(drawn @ share[:, None])
            lost.append(drawn @ (1.0 - share)[:, None])
        else:
            one[:, -1] = np.log1p(lengths[known, a]) - np.log1p(lengths[known, b])
            won.append(drawn * share)
            lost.append(drawn * (1.0 - share))
        rows.append(one)
    if not rows:
        return np.full((len(times), assistants), np.nan)
    wins_of, losses_of = np.concatenate(won, axis=1), np.concatenate(lost, axis=1)
    if lengths is None:
        met = np.stack([taken[:, a] & taken[:, b] for a, b in combinations(range(assistants), 2)], axis=1)
        wins_of, losses_of = wins_of + _PRIOR * met, losses_of + _PRIOR * met
    fitted = _fitted_together(np.concatenate(rows), wins_of, losses_of)
    found = np.where(taken, fitted[:, :assistants], 0.0)
    mean = found.sum(axis=1, keepdims=True) / np.maximum(taken.sum(axis=1, keepdims=True), 1)
    return np.where(taken, found - mean, np.nan)


def _fitted_together(rows: Floats, won: Floats, lost: Floats, freedom: float = _FREEDOM) -> Floats:
    """Return what `_fitted` returns, for many counts of the same rows at once: Newton's method on all of them.

    Args:
        rows: n x k.
        won: resamples x n.
        lost: resamples x n.
        freedom: how little they are penalised; strengths, which every pair's prior holds, need none.
    """
    import numpy as np

    free = np.isinf(freedom)
    # Without a penalty only differences are known: the sum, which a constraint holds at 0, is added to the curve.
    penalty = np.ones((rows.shape[1], rows.shape[1])) if free else np.eye(rows.shape[1]) / freedom
    found = np.zeros((len(won), rows.shape[1]))
    for _ in range(_STEPS):
        likely = 1.0 / (1.0 + np.exp(-np.clip(found @ rows.T, -30.0, 30.0)))
        uphill = (won - (won + lost) * likely) @ rows - found / freedom
        bent = np.einsum("rn,ni,nj->rij", (won + lost) * likely * (1.0 - likely), rows, rows, optimize=True) + penalty
        step = np.clip(np.linalg.solve(bent, uphill[..., None])[..., 0], -_FURTHEST, _FURTHEST)
        found = found + step
        if np.abs(step).max() < 1e-12:
            break
    return found


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
