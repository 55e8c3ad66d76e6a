"""What the readers of datasets share: examples, targets, splits."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pyarrow import parquet

from heedful.models.normalise import normalise

Split = Literal["train", "dev", "test"]
Kind = Literal["multilabel", "single", "regression", "tokens"]
Mark = tuple[int, int, int]
"""A stretch of characters that a token head should mark: 0 for the first text or 1 for the second, start, end."""


@dataclass(frozen=True, slots=True)
class Target:
    """What one head should say of each example."""

    kind: Kind
    labels: tuple[str, ...]
    """Names of the head's columns."""
    values: NDArray[np.float32]
    """n x labels: 0/1, shares that sum to 1, or values in [-1, 1]; a row of NaN is not taught. Empty for tokens."""
    marks: tuple[tuple[Mark, ...] | None, ...] = ()
    """For tokens: what is to be marked in each example; None = not taught."""

    def take(self, rows: Sequence[int]) -> Target:
        """Return the target of these rows only."""
        values = self.values[list(rows)] if len(self.values) else self.values
        return replace(self, values=values, marks=tuple(self.marks[row] for row in rows) if self.marks else ())


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of one split of one dataset."""

    first: tuple[str, ...]
    """Normalised texts, n of them."""
    second: tuple[str, ...] | None
    """The texts that belong to them, normalised, where the input is a pair."""
    targets: Mapping[str, Target]
    """What each head should say."""
    source: str
    """The dataset's name, origin and licence, for the card."""

    def __len__(self) -> int:
        return len(self.first)

    def first_rows(self, rows: int | None) -> Examples:
        """Return the first `rows` examples, or all."""
        return self if rows is None else self.take(range(min(rows, len(self))))

    def take(self, rows: Sequence[int]) -> Examples:
        """Return these rows only."""
        return Examples(
            tuple(self.first[row] for row in rows),
            None if self.second is None else tuple(self.second[row] for row in rows),
            {head: target.take(rows) for head, target in self.targets.items()},
            self.source,
        )


def data_folder() -> Path:
    """Return the folder that `HEEDFUL_DATA` names, which holds `text/`, `voice/` and `face/`."""
    folder = os.environ.get("HEEDFUL_DATA")
    if not folder or not (Path(folder) / "text").is_dir():
        raise SystemExit(
            f"training reads its datasets from the folder that HEEDFUL_DATA names; it is {folder!r}, "
            "which has no folder `text` in it. See docs/training.md."
        )
    return Path(folder)


def read_rows(name: str) -> list[dict[str, Any]]:
    """Return the rows of `text/<name>.parquet`."""
    rows: list[dict[str, Any]] = parquet.read_table(data_folder() / "text" / f"{name}.parquet").to_pylist()
    return rows


def dialogues(name: str, split: str | None = None, speaker_turns: str = "turn") -> Iterator[list[dict[str, Any]]]:
    """Yield the turns of each dialogue of a dataset, in order; only of one split if it is named."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(name):
        if split is None or row["split"] == split:
            found.setdefault(row["dialogue_id"], []).append(row)
    for turns in found.values():
        yield sorted(turns, key=lambda row: row[speaker_turns])


def hundredth(key: str) -> int:
    """Return a number from 0 to 99 that depends on the key alone: what our own splits go by."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % 100


def own_split(key: str) -> Split:
    """Return the split of an item whose dataset has none: 90 % train, 5 % dev, 5 % test."""
    number = hundredth(key)
    return "train" if number < 90 else "dev" if number < 95 else "test"


def tuned_apart(split: str, key: str, test: str) -> Split | None:
    """Return the split of an item whose dataset has only a train and an evaluation part.

    A tenth of train is kept for tuning; the evaluation part, which the dataset names `test`, is our test.
    """
    if split == test:
        return "test"
    return "dev" if hundredth(key) < 10 else "train"


def plain(texts: Iterable[Any]) -> tuple[str, ...]:
    """Return the texts in the one form that networks read."""
    return tuple(normalise(str(text)) for text in texts)


def single(labels: tuple[str, ...], chosen: Iterable[str | None]) -> Target:
    """Return the target of a head that names one label; None is not taught."""
    known = {label: column for column, label in enumerate(labels)}
    rows = list(chosen)
    values = np.zeros((len(rows), len(labels)), dtype=np.float32)
    for row, label in enumerate(rows):
        if label is None:
            values[row] = np.nan
        else:
            values[row, known[label]] = 1.0
    return Target("single", labels, values)


def voted(labels: tuple[str, ...], votes: Iterable[Sequence[str]]) -> Target:
    """Return the target of a head that names one label, as the raters' votes share it out."""
    rows = [[list(vote).count(label) for label in labels] for vote in votes]
    values = np.array(rows, dtype=np.float32)
    with np.errstate(invalid="ignore"):
        return Target("single", labels, values / values.sum(1, keepdims=True))


def several(labels: tuple[str, ...], chosen: Iterable[Iterable[str]]) -> Target:
    """Return the target of a head that may name several labels at once."""
    values = np.array([[label in set(each) for label in labels] for each in chosen], dtype=np.float32)
    return Target("multilabel", labels, values)


def scaled(labels: tuple[str, ...], rows: Iterable[Sequence[float]], low: float, high: float) -> Target:
    """Return the target of a head of ratings from `low` to `high`, brought to [-1, 1]."""
    values = np.array(list(rows), dtype=np.float32)
    return Target("regression", labels, (values - (low + high) / 2) / ((high - low) / 2))


def marked(label: str, texts: Sequence[tuple[str, ...]], spans: Iterable[Sequence[str] | None]) -> Target:
    """Return the target of a head that marks words: where each span stands in the example's texts.

    Args:
        label: what is marked.
        texts: per example its text, or its first and second, normalised.
        spans: per example the words to mark; None = not taught. A span that is not found is left out.
    """
    found: list[tuple[Mark, ...] | None] = []
    for parts, wanted in zip(texts, spans, strict=True):
        if wanted is None:
            found.append(None)
            continue
        marks: list[Mark] = []
        for words in plain(wanted):
            for number in reversed(range(len(parts))):
                start = parts[number].lower().find(words.lower()) if words else -1
                if start >= 0:
                    marks.append((number, start, start + len(words)))
                    break
        found.append(tuple(marks))
    return Target("tokens", (label,), np.empty((0, 1), dtype=np.float32), tuple(found))
