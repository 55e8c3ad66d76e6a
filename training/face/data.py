"""Read the pictures of FER2013 with the votes of FER+."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pyarrow import parquet

from training.data import Split, data_folder
from training.face.network import ORIGINAL, VOTES

SOURCE = "FER2013 photographs (images: no licence stated) with the ten FER+ votes of each (votes: MIT)"


@dataclass(frozen=True, slots=True)
class Faces:
    """The pictures of one split, with what people said of them."""

    pictures: NDArray[np.uint8]
    """n x 48 x 48, grey."""
    votes: NDArray[np.float32]
    """n x 10 shares that sum to 1, in the order of VOTES."""
    original: NDArray[np.int64]
    """The original label's column in ORIGINAL; -1 where it is not known or copies contradict each other."""

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def plurality(self) -> NDArray[np.int64]:
        """Column of the single emotion with most votes; -1 for a tie, unknown or no face."""
        top = self.votes.max(1, keepdims=True)
        one = (self.votes == top).sum(1) == 1
        chosen = self.votes.argmax(1)
        return np.where(one & (chosen < 8), chosen, -1)

    def take(self, rows: NDArray[np.intp]) -> Faces:
        """Return these rows only."""
        return Faces(self.pictures[rows], self.votes[rows], self.original[rows])


def read_faces(split: Split, rows: int | None = None) -> Faces:
    """Read a split; train without copies of dev or test, dev without copies of test, test whole.

    Args:
        split: "train", "dev" or "test".
        rows: only the first so many; None = all.
    """
    table = parquet.read_table(data_folder() / "face" / "fer2013plus.parquet").to_pylist()
    kept = [row for row in table if row["split"] == split]
    if split != "test":
        kept = [row for row in kept if not (row["duplicate_of_test"] or row["near_duplicate_of_test"])]
    if split == "train":
        kept = [row for row in kept if not row["near_duplicate_of_dev"]]
    kept = kept[:rows]
    votes = np.array([[row[label] for label in VOTES] for row in kept], dtype=np.float32)
    return Faces(
        np.stack([np.asarray(Image.open(io.BytesIO(row["png"])).convert("L")) for row in kept]),
        votes / votes.sum(1, keepdims=True),
        np.array([original_of(row["fer2013_label"], row["label_conflict"]) for row in kept], dtype=np.int64),
    )


def original_of(label: str | None, conflict: bool) -> int:
    """Return the column of the original label, -1 where there is none to trust."""
    return -1 if conflict or label not in ORIGINAL else ORIGINAL.index(label)
