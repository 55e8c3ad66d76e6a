"""Keep what a figure alone does not show: which labels are mixed up, how sure it was, how well it knows itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heedful.measure.dataset import Dataset
from heedful.measure.metric import BINS, Figure, indicator, macro_f1, measured
from heedful.measure.subject import Prediction
from heedful.types import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

STEPS = 20
"""Points of a coverage curve."""
_FEW = 500
"""Resamples of the intervals of single labels: they are drawn, not tabulated."""


@dataclass(frozen=True, slots=True)
class Bin(Record):
    """Answers of about the same stated probability."""

    stated: float
    """Mean probability that was stated, in [0, 1]."""
    right: float
    """Share that was right, in [0, 1]."""
    n: int
    """How many."""


@dataclass(frozen=True, slots=True)
class Covered(Record):
    """How right the surest answers are."""

    share: float
    """Share of the items that is answered, the surest first, in [0, 1]."""
    right: float
    """Share of those that is right, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Miss(Record):
    """An example of an error, with the words that led to it. Holds a text of the dataset: for the user's eyes only."""

    text: str
    """The text."""
    before: str
    """What came before it, or ""."""
    gold: str
    """What people said."""
    said: str
    """What the subject said."""
    probability: float
    """How sure it was, in [0, 1]."""
    weights: tuple[tuple[str, float], ...]
    """Its words in order, each with how much the probability falls when it is left out."""


@dataclass(frozen=True, slots=True)
class Exchange(Record):
    """A message with several replies to it. Holds texts of a dataset: for the user's eyes only."""

    about: str
    """The kind of moment."""
    message: str
    """What a person wrote."""
    replies: tuple[tuple[str, str, bool], ...]
    """Who, what they answered, and whether it was judged empathetic."""


@dataclass(frozen=True, slots=True)
class Detail(Record):
    """More about the first subject of one result."""

    protocol: str
    """The result's protocol."""
    subject: str
    """Whom it is about."""
    labels: tuple[str, ...] = ()
    """Labels of the confusion matrix."""
    confusion: tuple[tuple[int, ...], ...] = ()
    """Items per label that people gave (row) and label that was said (column); empty where several may be said."""
    per_label: tuple[Figure, ...] = ()
    """Per label its F1."""
    calibration: tuple[Bin, ...] = ()
    """Bins of stated probability, lowest first."""
    coverage: tuple[Covered, ...] = ()
    """From the surest few to all."""
    misses: tuple[Miss, ...] = ()
    """The surest errors."""
    exchanges: tuple[Exchange, ...] = ()
    """Examples of replies."""
    notes: tuple[str, ...] = ()
    """What has to be known to read the figures."""
    warnings: tuple[str, ...] = ()
    """What is suspicious about the result; see `measure/check.py`."""


def detail(protocol: str, subject: str, dataset: Dataset, predictions: Sequence[Prediction]) -> Detail | None:
    """Return the detail of a result whose items have one label or several; None for any other kind."""
    if not len(dataset) or not isinstance(dataset.gold[0], str | frozenset):
        return None
    import numpy as np

    single = isinstance(dataset.gold[0], str)
    gold = indicator(({each} if isinstance(each, str) else each for each in dataset.gold), dataset.labels)
    said = indicator((prediction.labels for prediction in predictions), dataset.labels)
    answered = np.array([bool(prediction.probabilities) for prediction in predictions])
    found = Detail(
        protocol,
        subject,
        dataset.labels,
        confusion(gold, said) if single else (),
        tuple(
            measured(label, macro_f1(gold[:, [at]], said[:, [at]]), _FEW)
            for at, label in enumerate(dataset.labels)
        ),
    )  # fmt: skip
    if not answered.any():
        return found
    rows = [
        [each.probabilities.get(label, 0.0) for label in dataset.labels]
        for each in predictions
        if each.probabilities
    ]  # fmt: skip
    stated = np.array(rows)
    if single:
        sure = np.where(said[answered], stated, 0.0).max(axis=1)
        right = np.asarray((gold & said).any(axis=1))[answered]
        return Detail(
            protocol, subject, found.labels, found.confusion, found.per_label,
            bins(right[:, None], sure[:, None]), coverage(right, sure),
        )  # fmt: skip
    return Detail(protocol, subject, found.labels, (), found.per_label, bins(gold[answered], stated))


def confusion(gold: Bools, said: Bools) -> tuple[tuple[int, ...], ...]:
    """Count items per label given (row) and label said (column)."""
    import numpy as np

    table = gold.astype(np.int64).T @ said.astype(np.int64)
    return tuple(tuple(map(int, row)) for row in table)


def bins(gold: Bools, stated: Floats) -> tuple[Bin, ...]:
    """Return the bins behind the expected calibration error, those without a decision left out."""
    import numpy as np

    places = np.minimum((stated * BINS).astype(np.int64), BINS - 1)
    found = []
    for place in range(BINS):
        here = places == place
        if count := int(here.sum()):
            found.append(Bin(float(stated[here].mean()), float(gold[here].mean()), count))
    return tuple(found)


def coverage(right: Bools, sure: Floats) -> tuple[Covered, ...]:
    """Return how right the surest share of the answers is, in twenty steps."""
    import numpy as np

    order = np.argsort(-sure, kind="stable")
    hits = np.cumsum(right[order])
    found = []
    for step in range(1, STEPS + 1):
        count = max(1, round(len(right) * step / STEPS))
        found.append(Covered(step / STEPS, float(hits[count - 1] / count)))
    return tuple(found)
