"""Read test sets as their owners publish them: texts and what people said of them."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Literal

from heedful.errors import ConfigError, InputError
from heedful.labels import FINE

Split = Literal["train", "dev", "test"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One split of a dataset: n texts, each with what people said of it."""

    name: str
    """What it is called, with its split."""
    source: str
    """Where it comes from, with its licence."""
    sha256: str
    """Of the file it was read from."""
    labels: tuple[str, ...]
    """Every label that may be given."""
    texts: tuple[str, ...]
    """The texts, unaltered."""
    gold: tuple[Any, ...]
    """Per text what a right answer says: a set of labels, one label, or what the task's scorer takes."""
    whole: int
    """Items of the whole split; more than `len(texts)` in a part."""
    before: tuple[str, ...] = ()
    """Per text what came before it (a message before a reply, a dialogue before a turn); empty if each stands alone."""
    raters: tuple[Any, ...] = ()
    """Per text what single people said of it, where that is known."""
    groups: tuple[str, ...] = ()
    """Per text what it must stay together with (a dialogue), where a figure compares items of one group."""

    def __len__(self) -> int:
        return len(self.texts)

    def first(self, items: int) -> Dataset:
        """Return the part with the first `items` items; raise InputError if that is less than one."""
        self._check(items)
        return self.take(range(min(items, len(self))))

    def sample(self, items: int, seed: int = 0) -> Dataset:
        """Return a part of about `items` items in which every label has its share, the rarest at least one item.

        The draw is seeded: the same dataset gives the same part. Items of one group stay together; the order is kept.

        Raises:
            InputError: `items` is less than one.
        """
        self._check(items)
        if items >= len(self):
            return self
        random = Random(f"{seed} {self.name}")
        whole: dict[str, list[int]] = {}
        for row in range(len(self)):
            whole.setdefault(self.groups[row] if self.groups else str(row), []).append(row)
        strata: dict[str, list[list[int]]] = {}
        for rows in whole.values():
            strata.setdefault("" if self.groups else _stratum(self.gold[rows[0]]), []).append(rows)
        kept: list[int] = []
        for label in sorted(strata):
            units = strata[label]
            share = max(1, round(len(units) * items / len(self)))
            kept += [row for rows in random.sample(units, min(share, len(units))) for row in rows]
        return self.take(sorted(kept))

    def take(self, rows: Sequence[int]) -> Dataset:
        """Return the part with these items, in this order."""
        parts = (self.texts, self.gold, self.before, self.raters, self.groups)
        texts, gold, before, raters, groups = (tuple(part[row] for row in rows) if part else () for part in parts)
        return replace(self, texts=texts, gold=gold, before=before, raters=raters, groups=groups)

    def _check(self, items: int) -> None:
        if items < 1:
            raise InputError(f"a part of {self.name} needs at least one item; got {items}.")


def _stratum(gold: Any) -> str:
    """Return what an item counts as when a part is drawn: its label, or all its labels together."""
    if isinstance(gold, str):
        return gold
    return " ".join(sorted(gold)) if isinstance(gold, frozenset) and len(gold) == 1 else ""


def data_file(*parts: str) -> Path:
    """Return the path of a file in the folder that `HEEDFUL_DATA` names.

    Raises:
        ConfigError: the variable is not set, or there is no such file.
    """
    folder = os.environ.get("HEEDFUL_DATA")
    wanted = "/".join(parts)
    if not folder:
        raise ConfigError(
            f"this measurement needs {wanted}: set the environment variable HEEDFUL_DATA to the folder that holds it. "
            "docs/protocols.md says which datasets are needed and what their files look like."
        )
    path = Path(folder, *parts)
    if not path.is_file():
        raise ConfigError(
            f"{path} is missing, and this measurement needs it. HEEDFUL_DATA must name the folder that holds {wanted}; "
            "docs/protocols.md says which datasets are needed and what their files look like."
        )
    return path


def read_rows(name: str, columns: Sequence[str]) -> tuple[list[dict[str, Any]], str]:
    """Return the rows of `text/<name>.parquet` with these columns, and the file's sha256.

    Raises:
        ConfigError: the file is missing, or `pyarrow` is not installed.
        InputError: it is no Parquet file with these columns.
    """
    path = data_file("text", f"{name}.parquet")
    return _kept(path, path.stat().st_mtime_ns, tuple(columns))


@functools.lru_cache(maxsize=3)
def _kept(path: Path, _changed: int, columns: tuple[str, ...]) -> tuple[list[dict[str, Any]], str]:
    """Read a table once for all splits and tasks in a row; who gets its rows leaves them as they are."""
    return read_table(path, columns)


def read_table(path: Path, columns: Sequence[str]) -> tuple[list[dict[str, Any]], str]:
    """Return the rows of a Parquet file with these columns, and the file's sha256.

    Raises:
        ConfigError: `pyarrow` is not installed.
        InputError: it is no Parquet file with these columns.
    """
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise ConfigError("reading test sets needs pyarrow: pip install 'heedful[measure]'.") from error
    try:
        table = parquet.read_table(path, columns=list(columns))
    except (OSError, KeyError, ValueError) as error:  # pyarrow's own errors are children of these
        raise InputError(
            f"{path} cannot be read: {error}. Expected is a Parquet file with the columns {', '.join(columns)}."
        ) from error
    if missing := set(columns) - set(table.column_names):
        raise InputError(
            f"{path} has no column {', '.join(sorted(missing))}; expected are the columns {', '.join(columns)}."
        )
    return table.to_pylist(), hashlib.sha256(path.read_bytes()).hexdigest()


def goemotions(split: Split = "test") -> Dataset:
    """Read GoEmotions, Reddit comments with 28 labels, several at once, from `text/goemotions.parquet`.

    Raises:
        ConfigError: the file is missing, or `pyarrow` is not installed.
        InputError: it is no Parquet file with the columns split, text and labels, or holds labels beyond FINE.

    Source: Demszky et al., GoEmotions: A Dataset of Fine-Grained Emotions, ACL 2020; CC BY 4.0.
    """
    rows, sha256 = read_rows("goemotions", ["split", "text", "labels"])
    rows = [row for row in rows if row["split"] == split]
    gold = tuple(frozenset(row["labels"]) for row in rows)
    if unknown := frozenset().union(*gold) - frozenset(FINE):
        raise InputError(f"goemotions.parquet has labels that are not GoEmotions': {', '.join(sorted(unknown))}.")
    return made(f"GoEmotions {split}", "GoEmotions (Demszky et al., 2020), CC BY 4.0", sha256, FINE, rows, gold)


def made(
    name: str, source: str, sha256: str, labels: tuple[str, ...], rows: Sequence[Mapping[str, Any]], gold: Sequence[Any]
) -> Dataset:
    """Return a dataset of the texts of some rows; raise InputError if there are none."""
    if not rows:
        raise InputError(f"{name} has no rows: the file of that dataset does not hold this split.")
    texts = tuple(row["text"] for row in rows)
    return Dataset(name, source, sha256, labels, texts, tuple(gold), len(texts))


def empathetic_replies(split: Split = "test") -> Dataset:
    """Read what listeners answered in EmpatheticDialogues, without labels, from `text/empathetic_dialogues.parquet`.

    Raises:
        ConfigError: the file is missing, or `pyarrow` is not installed.
        InputError: it is no Parquet file with the columns split, speaker and text.

    Source: Rashkin et al., Towards Empathetic Open-domain Conversation Models, ACL 2019; CC BY-NC 4.0.
    """
    rows, sha256 = read_rows("empathetic_dialogues", ["split", "speaker", "text"])
    rows = [row for row in rows if row["split"] == split and row["speaker"] == "listener"]
    source = "EmpatheticDialogues (Rashkin et al., 2019), CC BY-NC 4.0"
    name = f"EmpatheticDialogues {split}, replies"
    return made(name, source, sha256, (), rows, [frozenset()] * len(rows))
