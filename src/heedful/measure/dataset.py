"""Read test sets as their owners publish them: texts and what people said of them."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from heedful.errors import ConfigError, InputError
from heedful.labels import FINE

Split = Literal["train", "dev", "test"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One split of a dataset: n texts, each with the labels that people gave it."""

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
    gold: tuple[frozenset[str], ...]
    """Per text, the labels it was given."""
    whole: int
    """Items of the whole split; more than `len(texts)` in a part."""

    def __len__(self) -> int:
        return len(self.texts)

    def first(self, items: int) -> Dataset:
        """Return the part with the first `items` items; raise InputError if that is less than one."""
        if items < 1:
            raise InputError(f"a part of {self.name} needs at least one item; got {items}.")
        return replace(self, texts=self.texts[:items], gold=self.gold[:items])


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


def goemotions(split: Split = "test") -> Dataset:
    """Read GoEmotions, Reddit comments with 28 labels, several at once, from `text/goemotions.parquet`.

    Raises:
        ConfigError: the file is missing, or `pyarrow` is not installed.
        InputError: it is no Parquet file with the columns split, text and labels, or holds labels beyond FINE.

    Source: Demszky et al., GoEmotions: A Dataset of Fine-Grained Emotions, ACL 2020; CC BY 4.0.
    """
    path = data_file("text", "goemotions.parquet")
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise ConfigError("reading test sets needs pyarrow: pip install 'heedful[measure]'.") from error
    try:
        columns = parquet.read_table(path, columns=["split", "text", "labels"]).to_pydict()
    except (OSError, KeyError, ValueError) as error:  # pyarrow's own errors are children of these
        raise InputError(
            f"{path} cannot be read: {error}. Expected is a Parquet file with the columns split, text and labels."
        ) from error
    if len(columns) < 3:
        raise InputError(f"{path} has only the columns {', '.join(columns)}; expected are split, text and labels.")
    rows = [row for row, its_split in enumerate(columns["split"]) if its_split == split]
    gold = tuple(frozenset(columns["labels"][row]) for row in rows)
    if unknown := frozenset().union(*gold) - frozenset(FINE):
        raise InputError(f"{path} has labels that GoEmotions does not have: {', '.join(sorted(unknown))}.")
    if not rows:
        raise InputError(f"{path} has no rows whose split is {split!r}.")
    return Dataset(
        name=f"GoEmotions {split}",
        source="GoEmotions (Demszky et al., 2020), CC BY 4.0",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        labels=FINE,
        texts=tuple(columns["text"][row] for row in rows),
        gold=gold,
        whole=len(rows),
    )


def empathetic_replies(split: Split = "test") -> Dataset:
    """Read what listeners answered in EmpatheticDialogues, without labels, from `text/empathetic_dialogues.parquet`.

    Raises:
        ConfigError: the file is missing, or `pyarrow` is not installed.
        InputError: it is no Parquet file with the columns split, speaker and text.

    Source: Rashkin et al., Towards Empathetic Open-domain Conversation Models, ACL 2019; CC BY-NC 4.0.
    """
    path = data_file("text", "empathetic_dialogues.parquet")
    wanted = ["split", "speaker", "text"]
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise ConfigError("reading test sets needs pyarrow: pip install 'heedful[measure]'.") from error
    try:
        columns = parquet.read_table(path, columns=wanted).to_pydict()
        rows = zip(*(columns[name] for name in wanted), strict=True)
    except (OSError, KeyError, ValueError) as error:  # pyarrow's own errors are children of these
        raise InputError(f"{path} cannot be read: {error!r}. Expected are the columns {', '.join(wanted)}.") from error
    texts = tuple(text for its_split, speaker, text in rows if its_split == split and speaker == "listener")
    if not texts:
        raise InputError(f"{path} has no replies of a listener whose split is {split!r}.")
    return Dataset(
        name=f"EmpatheticDialogues {split}, replies",
        source="EmpatheticDialogues (Rashkin et al., 2019), CC BY-NC 4.0",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        labels=(),
        texts=texts,
        gold=(frozenset(),) * len(texts),
        whole=len(texts),
    )
