"""Tell two camps of raters apart, where there are two: a mixture of two tastes, each rater in one of them.

What everybody shares is learned from all raters together, and that is only right while they want the same. Here two
tastes are fitted at once, and with them how likely each rater holds which. Where one taste explains everybody, the
second finds nobody to hold it and goes to nothing, so people who agree, however noisily, are never divided.

Source: Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm; Gormley and
Murphy (2008), A mixture of experts model for rank data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from heedful.learn.preference import PERSON_DOUBT, Belief, Comparison, vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ROUNDS: Final = 30
_SETTLED: Final = 1e-3
_STARTS: Final = 3
"""Directions in which raters differ most, each tried as the line between two camps."""
_SURE: Final = 0.9
"""How sure a start is of its line."""
_RAREST: Final = 1e-3


@dataclass(frozen=True, slots=True)
class _Table:
    """Comparisons as arrays."""

    traits: Floats
    trust: Floats
    rater: NDArray[np.intp]
    raters: int
    precision: Floats


def smaller_camp(said: Sequence[tuple[str, Comparison]]) -> frozenset[str]:
    """Return the raters of the smaller of two camps that want opposite things, or nobody where there are no two.

    What they said counts for itself: how the replies had been ranked is left out, for who disagrees with the ranking
    may still agree with people.

    Args:
        said: (rater, what they liked better), in any order.
    """
    import numpy as np

    names = sorted({rater for rater, _ in said})
    if len(names) < 2:
        return frozenset()
    table = _table(said, names)
    fitted = [_fitted(table, start) for start in _starts(table)]
    shares, tastes, _ = max(fitted, key=lambda each: each[2])
    if float(tastes[0] @ tastes[1]) >= 0.0:
        return frozenset()
    smaller = int(np.argmin(shares.sum(axis=0)))
    return frozenset(names[row] for row in np.flatnonzero(shares[:, smaller] > 0.5))


def _table(said: Sequence[tuple[str, Comparison]], names: Sequence[str]) -> _Table:
    import numpy as np

    place = {name: row for row, name in enumerate(names)}
    ordered = sorted(said, key=lambda each: place[each[0]])
    return _Table(
        np.array([vector(comparison.traits) for _, comparison in ordered]),
        np.array([comparison.trust for _, comparison in ordered]),
        np.array([place[rater] for rater, _ in ordered], dtype=np.intp),
        len(names),
        1.0 / np.diag(Belief.start(PERSON_DOUBT).spread),
    )


def _starts(table: _Table) -> list[Floats]:
    """Return first guesses of who holds which taste, raters x 2: those on either side of a line through them all.

    Each rater has one vote, however much and however strongly they said it.
    """
    import numpy as np

    pulls = np.zeros((table.raters, table.traits.shape[1]))
    np.add.at(pulls, table.rater, table.traits * table.trust[:, None])
    pulls /= np.maximum(np.linalg.norm(pulls, axis=1, keepdims=True), 1e-9)
    sides = np.linalg.svd(pulls, full_matrices=False)[0][:, :_STARTS]
    first = np.where(sides > 0.0, _SURE, 1.0 - _SURE)
    return [np.stack([column, 1.0 - column], axis=1) for column in first.T]


def _fitted(table: _Table, start: Floats) -> tuple[Floats, tuple[Floats, Floats], float]:
    """Return who holds which taste, both tastes, and how well they explain what was said (log posterior)."""
    import numpy as np

    shares = start
    one = two = np.zeros(table.traits.shape[1])
    explained = -np.inf
    for _ in range(_ROUNDS):
        one, two = _taste(table, shares[:, 0], one), _taste(table, shares[:, 1], two)
        likely = np.stack([_likely(table, one), _likely(table, two)], axis=1)
        joint = likely + np.log(np.maximum(shares.mean(axis=0), _RAREST))
        top = joint.max(axis=1, keepdims=True)
        whole = np.exp(joint - top).sum(axis=1, keepdims=True)
        explained = float((top + np.log(whole)).sum()) - 0.5 * float(table.precision @ (one**2 + two**2))
        before, shares = shares, np.exp(joint - top) / whole
        if float(np.abs(shares - before).max()) < _SETTLED:
            break
    return shares, (one, two), explained


def _taste(table: _Table, share: Floats, weights: Floats) -> Floats:
    """Return a taste after two steps of Newton, every rater counted by their share in it."""
    import numpy as np

    counts = table.trust * share[table.rater]
    for _ in range(2):
        chance = 1.0 / (1.0 + np.exp(-np.clip(table.traits @ weights, -30.0, 30.0)))
        slope = table.traits.T @ (counts * (1.0 - chance)) - table.precision * weights
        curve = (table.traits * (counts * chance * (1.0 - chance))[:, None]).T @ table.traits
        weights = weights + np.linalg.solve(curve + np.diag(table.precision), slope)
    return weights


def _likely(table: _Table, weights: Floats) -> Floats:
    """Return the log likelihood of what each rater said, by a taste."""
    import numpy as np

    found = np.zeros(table.raters)
    np.add.at(found, table.rater, -table.trust * np.logaddexp(0.0, -(table.traits @ weights)))
    return found
