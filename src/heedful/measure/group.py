"""Set groups of people beside each other: the recall of each, and the gap between the best and the worst (B2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heedful.errors import InputError
from heedful.measure.metric import Figure, Tally, indicator, measured

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ByGroup:
    """How well each group of people is read."""

    groups: Mapping[str, Figure]
    """Group -> its unweighted average recall."""
    gap: Figure
    """The best group's less the worst group's; where groups are alike, chance alone makes it larger than zero."""


def recall_by_group(groups: Sequence[str], gold: Sequence[str], said: Sequence[str], labels: Sequence[str]) -> ByGroup:
    """Return the unweighted average recall of each group of people, and the gap between them.

    Args:
        groups: per item whom it is of.
        gold: per item the right label.
        said: per item the label that was said.
        labels: every label; one that a group has no item of is left out for it.

    Raises:
        InputError: there are fewer than two groups, or the lengths differ.
    """
    import numpy as np

    names = sorted(set(groups))
    if len(names) < 2 or not len(groups) == len(gold) == len(said):
        raise InputError(
            f"a gap needs two groups and one answer per item; got {len(names)} groups, {len(said)} answers."
        )
    truth, told = indicator(({each} for each in gold), labels), indicator(({each} for each in said), labels)
    member = np.array([[each == name for name in names] for each in groups])
    whole = member[:, :, None] & truth[:, None, :]
    hits = whole & told[:, None, :]
    counts = np.stack([hits, whole], axis=1).reshape(len(groups), -1).astype(np.float64)

    def recalls(sums: Floats) -> Floats:
        table = sums.reshape(*sums.shape[:-1], 2, len(names), len(labels))
        given = table[..., 1, :, :]
        shares = table[..., 0, :, :] / np.maximum(given, 1.0)
        return np.asarray(shares.sum(axis=-1) / np.maximum((given > 0).sum(axis=-1), 1))

    found = {}
    for at, name in enumerate(names):
        figure = measured(f"recall, {name}", Tally(counts, lambda sums, at=at: recalls(sums)[..., at]))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        found[name] = Figure(figure.name, figure.value, figure.low, figure.high, int(member[:, at].sum()))
    gap = Tally(counts, lambda sums: recalls(sums).max(axis=-1) - recalls(sums).min(axis=-1))
    return ByGroup(found, measured("gap between groups", gap))
