"""Run a task whole: ours, people, baselines and peers, with kept predictions, differences, details and checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from heedful.measure import human
from heedful.measure.audit import Audit
from heedful.measure.cache import Cache, code, default_folder
from heedful.measure.check import leaked, suspicions
from heedful.measure.dataset import Dataset, Split
from heedful.measure.detail import Detail, Miss, detail
from heedful.measure.paired import Difference, counted_as, credit, difference
from heedful.measure.subject import Prediction, Sources, Subject
from heedful.measure.task import Column, Result, Task, column_of, made_of

if TYPE_CHECKING:
    pass

Track = Callable[[Iterable[Any], str, int], Iterable[Any]]
"""Shows how far a run is: the items, what is done, how many there are."""

MISSES: Final = 4
"""Errors shown per task."""
_LONGEST_MISS: Final = 400
"""Characters of a text that is shown as an error; longer ones explain little."""
_CREDITS: Final[dict[Any, Callable[[Dataset], Any]]] = {
    human.one_reader: human.credit_of_one_reader,
    human.plurality: human.credit_of_plurality,
    human.one_rater_of_valence: human.credit_of_one_rater,
}
"""What each item counts for where people answered it."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a measurement is run."""

    limit: int | None = None
    """Take only the first so many items."""
    sample: int | None = None
    """Take only a part of about so many items in which every label has its share."""
    taught: int | None = None
    """Teach peers with only so many items."""
    peers: bool = True
    """Whether peers are measured too."""
    examples: int = MISSES
    """Errors that are shown per task; 0 = none."""
    cache: Path | None = field(default_factory=default_folder)
    """Where predictions are kept; None = nowhere."""
    settings: str = ""
    """The settings in force, as a string: predictions depend on them."""
    track: Track = lambda items, _what, _count: items
    """Shows progress."""

    def part(self, dataset: Dataset) -> Dataset:
        """Return the items to measure on."""
        if self.limit is not None:
            dataset = dataset.first(self.limit)
        return dataset if self.sample is None else dataset.sample(self.sample)


@dataclass(frozen=True, slots=True)
class Measured:
    """One result with what lies behind it."""

    result: Result
    """The figures."""
    detail: Detail | None = None
    """What they do not show, where there is more."""
    audits: tuple[Audit, ...] = ()
    """What was found of groups of people, where that was looked for."""


def measure_task(task: Task, sources: Sources, options: Options) -> Measured:
    """Measure Heedful on a task, beside people, baselines and peers on the same items.

    Raises:
        ConfigError: the dataset, or a package that reads it, is not there.
        NetworkError: the network that answers is not there.
    """
    whole = task.dataset("test")
    test = options.part(whole)

    def splits(split: Split) -> Dataset:
        read = task.dataset(task.taught if split == "train" else split)
        return read if options.taught is None or split != "train" else read.sample(options.taught)

    ours = task.ours(sources)
    said = predicted(task.id, ours, test, options)
    columns = [column_of(task, ours, test, said)]
    differences: list[Difference] = []
    own = credit(test, said)
    for name, figures in task.people:
        columns.append(Column(name, "", "", 0, figures(test)))
        if own is not None and figures in _CREDITS:
            differences.append(difference(name, counted_as(test), own, _CREDITS[figures](test)))
    for make in (*task.beside, *(task.peers if options.peers else ())):
        other = make(splits)
        told = predicted(task.id, other, test, options)
        columns.append(column_of(task, other, test, told))
        theirs = credit(test, told)
        if own is not None and theirs is not None:
            differences.append(difference(other.name, counted_as(test), own, theirs))
    result = made_of(task, test, tuple(columns), tuple(differences))
    found = detail(task.id, ours.name, test, said)
    warnings = (*suspicions(test, said, found), *(leaked(task.dataset(task.taught), test) if task.peers else ()))
    found = replace(found or Detail(task.id, ours.name), warnings=warnings)
    return Measured(result, replace(found, misses=_misses(ours, test, said, options.examples)))


def predicted(protocol: str, subject: Subject, test: Dataset, options: Options) -> list[Prediction]:
    """Return one prediction per item, from those kept and from the subject."""
    key = (
        protocol,
        subject.name,
        subject.model,
        subject.sha256,
        subject.basis,
        code() if subject.sha256 else "",
        options.settings if subject.sha256 else "",
        str(options.taught) if subject.taught else "",
        test.sha256,
        test.texts,
        test.before,
    )
    cache = Cache(options.cache if subject.sha256 or subject.taught else None, Prediction)

    def make(start: int) -> Iterable[Prediction]:
        return subject.predict(test.take(range(start, len(test))) if start else test)

    return list(options.track(cache.fill(key, len(test), make), f"{protocol}  {subject.name}", len(test)))


def _misses(subject: Subject, test: Dataset, said: Sequence[Prediction], wanted: int) -> tuple[Miss, ...]:
    """Return the surest errors of different labels, each word with how much it speaks for what was said."""
    if not len(test) or not isinstance(test.gold[0], str | frozenset):
        return ()
    rows: list[tuple[float, int, str]] = []
    for row, prediction in enumerate(said):
        gold = test.gold[row]
        wrong = prediction.labels - (gold if isinstance(gold, frozenset) else {gold})
        if wrong and prediction.probabilities and len(test.texts[row]) <= _LONGEST_MISS:
            label = max(sorted(wrong), key=lambda each: prediction.probabilities.get(each, 0.0))
            rows.append((prediction.probabilities.get(label, 0.0), row, label))
    found: list[Miss] = []
    for probability, row, label in sorted(rows, key=lambda each: (-each[0], each[1])):
        if len(found) >= wanted:
            break
        gold = test.gold[row]
        given = gold if isinstance(gold, str) else ", ".join(sorted(gold))
        if label in {miss.said for miss in found}:
            continue
        before = test.before[row] if test.before else ""
        weights = _weights(subject, test.take([row]), label, probability)
        found.append(Miss(test.texts[row], before, given, label, probability, weights))
    return tuple(found)


def _weights(subject: Subject, item: Dataset, label: str, probability: float) -> tuple[tuple[str, float], ...]:
    """Return the words of an item, each with how much the probability of a label falls when it is left out."""
    words = item.texts[0].split()
    if len(words) < 2:
        return tuple((word, probability) for word in words)
    left = [" ".join([*words[:at], *words[at + 1 :]]) for at in range(len(words))]
    without = replace(item.take([0] * len(words)), texts=tuple(left))
    falls = [
        probability - prediction.probabilities.get(label, 0.0) for prediction in subject.predict(without)
    ]  # fmt: skip
    return tuple(zip(words, map(float, falls), strict=True))
