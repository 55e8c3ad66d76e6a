"""Measure how well faces are read, machine beside people: protocol F1 of docs/protocols.md."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from heedful.errors import ConfigError, InputError
from heedful.labels import FACE
from heedful.measure.dataset import Split, data_file
from heedful.measure.metric import Figure, Tally, accuracy, calibration_error, indicator, macro_f1, measured
from heedful.measure.task import Column, Result
from heedful.models.sight import Sight
from heedful.perceive.face import VOTES, chosen_of, shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

ORIGINAL: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""The seven labels of FER2013 (Goodfellow et al., 2013)."""
SHOWN: Final = ("happiness", "sadness", "anger")
"""Expressions whose recall is reported apart."""
SOURCE: Final = "FER2013 photographs (images: no licence stated) with the ten FER+ votes of each (votes: MIT)"
"""What the figures are measured on."""
_CHUNK = 256


@dataclass(frozen=True, slots=True)
class Faces:
    """n pictures of faces, with what people said of each."""

    pictures: NDArray[np.uint8]
    """n x 48 x 48, grey."""
    votes: NDArray[np.int64]
    """n x 10 counts, in the order of `perceive.face.VOTES`."""
    original: tuple[str | None, ...]
    """The label of FER2013; None where copies of the picture carry different ones."""
    sha256: str
    """Of the file they were read from."""

    def __len__(self) -> int:
        return len(self.pictures)

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> Faces:
        """Return these rows only."""
        kept = [int(row) for row in rows]
        return Faces(self.pictures[kept], self.votes[kept], tuple(self.original[row] for row in kept), self.sha256)


def read_faces(split: Split) -> Faces:
    """Read `face/fer2013plus.parquet`; dev without copies of test, test whole.

    Raises:
        ConfigError: the file is missing, or pyarrow is not installed.
        InputError: it holds no such split.
    """
    import numpy as np

    from heedful.perceive.find import grey_of
    from heedful.picture import picture_of

    path = data_file("face", "fer2013plus.parquet")
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise ConfigError("reading test sets needs pyarrow: pip install 'heedful[measure]'.") from error
    columns = ["split", "png", *VOTES, "fer2013_label", "label_conflict", "near_duplicate_of_test"]
    try:
        table = parquet.read_table(path, columns=columns, filters=[("split", "=", split)]).to_pylist()
    except (OSError, KeyError, ValueError) as error:  # pyarrow's own errors are children of these
        raise InputError(f"{path} cannot be read: {error}. Expected are the columns {', '.join(columns)}.") from error
    rows = [row for row in table if split == "test" or not row["near_duplicate_of_test"]]
    if not rows:
        raise InputError(f"{path} has no rows of the split {split}.")
    return Faces(
        np.stack([grey_of(picture_of(row["png"]).pixels) for row in rows]),
        np.array([[row[label] for label in VOTES] for row in rows], dtype=np.int64),
        tuple(None if row["label_conflict"] else row["fer2013_label"] for row in rows),
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def plurality(votes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the column of the single emotion with most votes; -1 for a tie, unknown or no face."""
    import numpy as np

    most = votes.max(axis=1, keepdims=True)
    single = (votes == most).sum(axis=1) == 1
    top = votes.argmax(axis=1)
    return np.where(single & (top < len(FACE)), top, -1)


def one_voter(faces: Faces) -> tuple[Figure, ...]:
    """Return how often one vote is the plurality of the other nine, expected over the ten (protocol F1).

    A tie among the nine shares the credit. The items are those whose plurality is a single emotion.
    """
    import numpy as np

    gold = plurality(faces.votes)
    kept = gold >= 0
    votes = faces.votes[kept].astype(np.float64)
    credit = np.zeros(len(votes))
    for column in range(votes.shape[1]):
        others = votes.copy()
        others[:, column] -= 1
        most = others.max(axis=1)
        tied = (others == most[:, None]).sum(axis=1)
        credit += votes[:, column] * (others[:, column] == most) / tied
    credit /= votes.sum(axis=1)
    hits = np.eye(len(FACE))[gold[kept]]
    counts = np.concatenate([hits * credit[:, None], hits], axis=1)
    return (
        measured("accuracy", Tally(np.stack([credit, np.ones_like(credit)], 1), _share)),
        measured("macro-recall", Tally(counts, _macro)),
        *(measured(f"recall, {label}", _recall(counts, FACE.index(label))) for label in SHOWN),
    )


def one_voter_original(faces: Faces) -> tuple[Figure, ...]:
    """Return how often one vote is the original label of FER2013."""
    import numpy as np

    rows = [row for row, label in enumerate(faces.original) if label in ORIGINAL]
    votes = faces.votes[rows].astype(np.float64)
    gold = [VOTES.index(str(faces.original[row])) for row in rows]
    credit = votes[np.arange(len(rows)), gold] / votes.sum(axis=1)
    return (measured("accuracy", Tally(np.stack([credit, np.ones_like(credit)], 1), _share)),)


def _share(sums: Floats) -> Floats:
    import numpy as np

    return np.asarray(sums[..., 0] / np.maximum(sums[..., 1], 1.0))


def _macro(sums: Floats) -> Floats:
    import numpy as np

    hits, given = np.split(sums, 2, axis=-1)
    return np.asarray((hits / np.maximum(given, 1.0)).mean(axis=-1))


def _recall(counts: Floats, column: int) -> Tally:
    half = counts.shape[1] // 2
    return Tally(counts[:, [column, half + column]], _share)


def score(gold: NDArray[np.int64], said: NDArray[np.int64], confidence: Floats) -> tuple[Figure, ...]:
    """Return the figures of protocol F1 over the items with a single plurality.

    Args:
        gold: n columns of FACE; -1 = no single plurality, left out.
        said: n columns of FACE.
        confidence: n, how likely each was said to be right.
    """
    import numpy as np

    kept = gold >= 0
    gold, said, confidence = gold[kept], said[kept], confidence[kept]
    given = indicator(({FACE[each]} for each in gold), FACE)
    told = indicator(({FACE[each]} for each in said), FACE)
    counts = np.concatenate([given & told, given], axis=1).astype(np.float64)
    right = np.asarray(gold == said)
    return (
        measured("accuracy", accuracy(right)),
        measured("macro-recall", Tally(counts, _macro)),
        measured("macro-F1", macro_f1(given, told)),
        measured("expected calibration error", calibration_error(right[:, None], confidence[:, None])),
        *(measured(f"recall, {label}", _recall(counts, column)) for column, label in enumerate(FACE)),
    )


@dataclass(frozen=True, slots=True)
class Answers:
    """What a network says of n faces."""

    said: NDArray[np.int64]
    """n columns of FACE."""
    confidence: Floats
    """n, how likely each is right."""
    original: NDArray[np.int64]
    """n columns of ORIGINAL."""


def answers(sight: Sight, pictures: NDArray[np.uint8], step: Callable[[int], object] = lambda _: None) -> Answers:
    """Return what a network says of pictures of faces, cut out as FER2013's are.

    Args:
        sight: the network.
        pictures: n x 48 x 48.
        step: called with how many more were read.
    """
    import numpy as np

    said, sure, original = [], [], []
    head = sight.card.heads["votes"]
    for start in range(0, len(pictures), _CHUNK):
        part = pictures[start : start + _CHUNK]
        values = sight.read(part, ("votes", "original"))
        for votes in values["votes"]:
            chosen, confidence = chosen_of(shown(votes), head)
            said.append(FACE.index(chosen))
            sure.append(confidence)
        original += values["original"].argmax(axis=1).tolist()
        step(len(part))
    return Answers(np.array(said), np.array(sure), np.array(original))


def measure_faces(
    sight: Sight, faces: Faces, whole: int, step: Callable[[int], object] = lambda _: None
) -> list[Result]:
    """Measure a network by protocol F1: the eight expressions of FER+, then the seven labels of FER2013.

    Args:
        sight: the network.
        faces: of the test split, or part of it.
        whole: pictures of the whole split.
        step: called with how many more were read.
    """
    import numpy as np

    told = answers(sight, faces.pictures, step)
    gold = plurality(faces.votes)
    card = sight.card
    ours = Column("Heedful", card.version_id, card.sha256, 0, score(gold, told.said, told.confidence))
    people = Column("one voter", "", "", 0, one_voter(faces))
    commonest = np.zeros_like(gold)
    always = Column("always neutral", "", "", 0, score(gold, commonest, np.ones(len(gold)))[:3])
    items = int((gold >= 0).sum())
    share = items / len(faces)
    seven = np.array([ORIGINAL.index(label) if label in ORIGINAL else -1 for label in faces.original])
    known = seven >= 0
    right = np.asarray(told.original[known] == seven[known])
    labels = [
        ORIGINAL.index(label) for label in ("happiness", "sadness", "anger", "fear", "surprise", "disgust", "neutral")
    ]
    figures = (
        measured("accuracy", accuracy(right)),
        *(measured(f"recall, {ORIGINAL[each]}", accuracy(right, seven[known] == each)) for each in labels),
    )
    first = _result(
        "F1", "What a face shows, machine beside people: eight expressions", faces, items, round(whole * share)
    )
    labelled = round(whole * float(known.mean()))
    second = _result("F1o", "What a face shows: the seven labels of FER2013", faces, int(known.sum()), labelled)
    return [
        _with(first, ours, people, always),
        _with(
            second,
            Column("Heedful", card.version_id, card.sha256, 0, figures),
            Column("one voter", "", "", 0, one_voter_original(faces)),
        ),
    ]


def _result(protocol: str, title: str, faces: Faces, items: int, whole: int) -> Result:
    return Result(
        protocol=protocol,
        title=title,
        dataset="FER2013 test with FER+ votes" if protocol == "F1" else "FER2013 test",
        source=SOURCE,
        dataset_sha256=faces.sha256,
        n=items,
        whole=max(items, whole),
        columns=(),
        heedful=version("heedful"),
        at=datetime.now(UTC).replace(microsecond=0),
    )


def _with(result: Result, *columns: Column) -> Result:
    from dataclasses import replace

    return replace(result, columns=columns)
