"""Read the datasets as (text, target) examples, one function per dataset."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pyarrow import parquet

from heedful.labels import FINE
from heedful.models.normalise import normalise

Split = Literal["train", "dev", "test"]


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of one split of one dataset."""

    labels: tuple[str, ...]
    """Names of the target's columns."""
    texts: tuple[str, ...]
    """Normalised texts, n of them."""
    targets: NDArray[np.float32]
    """n x len(labels): 0/1 for classes, values in [-1, 1] for regression."""
    source: str
    """The dataset's name, origin and licence, for the card."""

    def __len__(self) -> int:
        return len(self.texts)


def data_folder() -> Path:
    """Return the folder that `HEEDFUL_DATA` names, which holds `text/`, `voice/` and `face/`."""
    folder = os.environ.get("HEEDFUL_DATA")
    if not folder or not (Path(folder) / "text").is_dir():
        raise SystemExit(
            f"training reads its datasets from the folder that HEEDFUL_DATA names; it is {folder!r}, "
            "which has no folder `text` in it. See docs/training.md."
        )
    return Path(folder)


def read_rows(name: str, columns: Sequence[str]) -> list[dict[str, object]]:
    """Return the rows of `text/<name>.parquet`, only the named columns."""
    table = parquet.read_table(data_folder() / "text" / f"{name}.parquet", columns=list(columns))
    rows: list[dict[str, object]] = table.to_pylist()
    return rows


def goemotions(split: Split) -> Examples:
    """GoEmotions: Reddit comments with 28 labels, several at once (Demszky et al., 2020)."""
    rows = [row for row in read_rows("goemotions", ["split", "text", "labels"]) if row["split"] == split]
    targets = np.array([[label in row["labels"] for label in FINE] for row in rows], dtype=np.float32)  # type: ignore[operator]
    texts = tuple(normalise(str(row["text"])) for row in rows)
    return Examples(FINE, texts, targets, "GoEmotions (Demszky et al., 2020), CC BY 4.0")


DATASETS: dict[str, Callable[[Split], Examples]] = {"goemotions": goemotions}
"""Every dataset that a recipe may name."""
