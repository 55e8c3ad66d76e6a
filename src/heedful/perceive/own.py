"""Read a text with the heads that users trained on labels of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from heedful.models.manifest import Head
from heedful.perceive.window import Window
from heedful.types import OwnReading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def own_of(
    windows: Sequence[Window], values: Mapping[str, NDArray[np.float32]], heads: Mapping[str, Head]
) -> dict[str, OwnReading]:
    """Return what each head says of one text.

    Args:
        windows: what of the text was read at once.
        values: head -> windows x labels.
        heads: the network's heads.
    """
    lengths = [len(window.tokens) for window in windows]
    found = {}
    for name, rows in values.items():
        pooled = pool_rows(rows, lengths, heads[name].kind)
        shares = {label: float(value) for label, value in zip(heads[name].labels, pooled, strict=True)}
        found[name] = OwnReading(decide(shares, heads[name]), shares)
    return found


def pool_rows(rows: NDArray[np.floating], lengths: Sequence[int], kind: str) -> NDArray[np.float64]:
    """Pool ... x windows x labels into ... x labels, weighted by length.

    Several labels at once are pooled by their root mean square, so that a long calm text does not hide one cry for
    help; of one label among others the shares must sum to 1, so it is a mean.
    """
    import numpy as np

    weights = np.asarray(lengths, dtype=np.float64)[:, None] / sum(lengths)
    wide = np.asarray(rows, dtype=np.float64)
    if kind == "multilabel":
        return np.asarray(np.sqrt((weights * wide**2).sum(axis=-2)))
    return np.asarray((weights * wide).sum(axis=-2))


def decide(shares: Mapping[str, float], head: Head) -> tuple[str, ...]:
    """Return the labels that a head decides for, strongest first: all that are likely enough, or the one it names."""
    several = head.kind == "multilabel"
    least = dict(zip(head.labels, head.thresholds or (0.5 if several else 1.0,) * len(head.labels), strict=True))
    if several:
        return tuple(sorted((name for name in shares if shares[name] >= least[name]), key=lambda name: -shares[name]))
    return (max(shares, key=lambda name: shares[name] / least[name]),) if head.kind == "single" else ()
