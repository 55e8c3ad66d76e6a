"""Put a dataset, subjects and a scorer together, by the protocols of docs/protocols.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from heedful.errors import InputError
from heedful.labels import BASIC, EKMAN, SENTIMENT_GROUP
from heedful.measure.dataset import Dataset, Split, goemotions
from heedful.measure.metric import Figure, calibration_error, indicator, macro_f1, measured, micro_f1
from heedful.measure.subject import Prediction, Subject, most_frequent
from heedful.types import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GROUPS = ("positive", "negative", "ambiguous", "neutral")
"""The four groups of `labels.SENTIMENT_GROUP`."""


@dataclass(frozen=True, slots=True)
class Task:
    """One protocol: what is read, and how the answers are scored."""

    id: str
    """As in docs/protocols.md."""
    title: str
    """What it measures."""
    dataset: Callable[[Split], Dataset]
    """Reads a split."""
    scorer: Callable[[Dataset, Sequence[Prediction]], tuple[Figure, ...]]
    """From the test set and one prediction per text to the figures, in the order they are reported."""
    baseline: Callable[[Dataset], Subject]
    """Makes the subject to be set beside, from the train split."""


@dataclass(frozen=True, slots=True)
class Column(Record):
    """What one subject reached."""

    subject: str
    """Its name."""
    model: str
    """The network behind it, with its version; "" without one."""
    sha256: str
    """Of that network's file; "" without one."""
    abstained: int
    """Texts on which it declined to answer; they count as naming no label."""
    figures: tuple[Figure, ...]
    """In the order of the protocol; a figure that the subject gives no ground for is left out."""


@dataclass(frozen=True, slots=True)
class Result(Record):
    """One protocol, measured."""

    protocol: str
    """Its id in docs/protocols.md."""
    title: str
    """What was measured."""
    dataset: str
    """What it was measured on."""
    source: str
    """Where that comes from, with its licence."""
    dataset_sha256: str
    """Of the file it was read from."""
    n: int
    """Items measured."""
    whole: int
    """Items of the whole split; if `n` is less, this is a first look and not the protocol."""
    columns: tuple[Column, ...]
    """One per subject: Heedful first."""
    heedful: str
    """The version of Heedful."""
    at: datetime
    """When it was measured, in UTC."""
    interval: str = "bootstrap"
    """How the 95 % intervals were made: "bootstrap" (over items) or "Wilson" (of a share)."""


def score_t1(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score text emotion (protocol T1): F1 over 28 labels, Ekman's emotions and sentiment groups; calibration."""
    import numpy as np

    gold = indicator(dataset.gold, dataset.labels)
    named = [prediction.labels for prediction in predictions]
    said = indicator(named, dataset.labels)
    figures = [
        measured("macro-F1, 28 labels", macro_f1(gold, said)),
        measured("micro-F1, 28 labels", micro_f1(gold, said)),
    ]
    for name, coarser, labels in (
        ("macro-F1, Ekman's six and neutral", EKMAN, BASIC),
        ("macro-F1, sentiment groups", SENTIMENT_GROUP, GROUPS),
    ):
        figures.append(
            measured(name, macro_f1(_any_of(dataset.gold, coarser, labels), _any_of(named, coarser, labels)))
        )
    answered = np.array([bool(prediction.probabilities) for prediction in predictions])
    if answered.any():
        stated = np.array([[each.probabilities.get(label, 0.0) for label in dataset.labels] for each in predictions])
        figures.append(measured("expected calibration error, 28 labels", calibration_error(gold, stated, answered)))
    return tuple(figures)


def _any_of(sets: Sequence[frozenset[str]], coarser: Mapping[str, str], labels: Sequence[str]) -> NDArray[np.bool_]:
    return indicator(({coarser[label] for label in each} for each in sets), labels)


def run(task: Task, subject: Subject, limit: int | None = None) -> Result:
    """Measure a subject, beside the task's baseline on the same items.

    Args:
        task: the protocol.
        subject: who is measured.
        limit: take only that many items, for a first look; by default all.

    Raises:
        ConfigError: the dataset is not there.
        InputError: it cannot be read, or `limit` is less than 1.
    """
    test = task.dataset("test")
    if limit is not None:
        test = test.first(limit)
    columns = tuple(_column(task, each, test) for each in (subject, task.baseline(task.dataset("train"))))
    return Result(
        protocol=task.id,
        title=task.title,
        dataset=test.name,
        source=test.source,
        dataset_sha256=test.sha256,
        n=len(test),
        whole=test.whole,
        columns=columns,
        heedful=version("heedful"),
        at=datetime.now(UTC).replace(microsecond=0),
    )


def _column(task: Task, subject: Subject, test: Dataset) -> Column:
    predictions = list(subject.predict(test.texts))
    if len(predictions) != len(test):
        raise InputError(f"{subject.name} gave {len(predictions)} predictions for {len(test)} texts.")
    abstained = sum(prediction.abstained for prediction in predictions)
    return Column(subject.name, subject.model, subject.sha256, abstained, task.scorer(test, predictions))


TASKS = (
    Task(
        id="T1",
        title="Text emotion: which of 28 emotions does a message express?",
        dataset=goemotions,
        scorer=score_t1,
        baseline=most_frequent,
    ),
)
"""Every task on text, in the order of docs/protocols.md."""
