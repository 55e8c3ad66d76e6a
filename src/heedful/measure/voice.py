"""Measure how well a voice is read: protocol V1, across corpora, per sex and language, beside people.

V1 needs a network per fold, and none of them is shipped. What each said of the speakers or the corpus that it never
heard lies in `voice_folds.json`, one letter per clip; `python -m training.voice_folds` makes that file anew. The truth
is read from the corpora. The shipped network itself is measured on the speakers that it never heard (V1s).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from heedful.errors import InputError
from heedful.labels import VOICE
from heedful.measure.dataset import data_file, read_table
from heedful.measure.metric import Figure, Tally, measured
from heedful.measure.task import Column, Result

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.models.manifest import Card
    from heedful.types import Reading

FOLDS: Final = Path(__file__).with_name("voice_folds.json")
"""What the networks of V1 said."""
CROSS: Final = ("anger", "joy", "sadness", "neutral")
"""What is told apart across corpora; calm counts as neutral."""
CROSS_TABLES: Final = ("ravdess", "emodb_4class", "urdu", "turev", "nemo")
"""Each of them is left out in turn."""
TABLES: Final = (*CROSS_TABLES, "emodb_all_2s")
"""All tables of speech."""
LANGUAGES: Final = {"ravdess": "English", "emodb_4class": "German", "emodb_all_2s": "German", "urdu": "Urdu",
                    "turev": "Turkish", "nemo": "Polish"}  # fmt: skip
"""Table -> the language spoken in it."""
OURS: Final = {"neutral": "neutral", "calm": "calm", "bored": "boredom", "happy": "joy", "sad": "sadness",
               "angry": "anger", "fearful": "fear", "disgust": "disgust", "surprised": "surprise"}  # fmt: skip
"""The corpora's word for an emotion -> ours."""
PEOPLE: Final = ("anger", "disgust", "fear", "joy", "neutral", "sadness")
"""What CREMA-D's raters could choose from."""
_SEXES: Final = {"f": "women", "m": "men"}
"""What the corpora know of their speakers."""
_SOURCE: Final = "RAVDESS, Emo-DB, URDU-Dataset, TurEV-DB and nEMO; see the card of the voice network for licences"


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said of the clips of one table, beside the truth; all of length n."""

    truth: NDArray[np.intp]
    """Columns of the labels."""
    said: NDArray[np.intp]
    """Columns of the labels."""
    sex: tuple[str | None, ...]
    """Of the speakers."""
    labels: tuple[str, ...]
    """The labels in play."""


def read_heard(name: str, folds: Path = FOLDS) -> Heard:
    """Return what the networks of V1 said of a table, with the truth from the corpus.

    Args:
        name: "folds TABLE" or "cross TABLE".
        folds: the file of what they said.

    Raises:
        ConfigError: the corpus is not there.
        InputError: the file is missing or damaged, or was made from another version of the corpus.
    """
    import numpy as np

    try:
        kept = json.loads(folds.read_text(encoding="utf-8"))[name]
        labels, letters, table = tuple(kept["labels"]), str(kept["said"]), str(kept["table"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folds} does not hold {name!r}: make it with `python -m training.voice_folds`.") from error
    rows, sha256 = read_table(data_file("voice", f"{table}.parquet"), ["clip", "sex", "emotion", "duplicate_of"])
    if sha256 != kept["sha256"]:
        raise InputError(
            f"{table}.parquet is not the file that {folds.name} was made from: run `python -m training.voice_folds`."
        )
    counted = [
        (row["clip"], row["sex"], label)
        for row in rows
        if row["duplicate_of"] is None and (label := label_of(table, row["emotion"], labels)) in labels
    ]
    counted.sort(key=lambda each: str(each[0]))
    if len(counted) != len(letters):
        raise InputError(f"{folds} speaks of {len(letters)} clips of {table}, but there are {len(counted)}.")
    truth = np.array([labels.index(label) for _, _, label in counted])
    said = np.array([ord(letter) - ord("a") for letter in letters])
    return Heard(truth, said, tuple(sex for _, sex, _ in counted), labels)


def is_kept(name: str, folds: Path = FOLDS) -> bool:
    """Say whether the file of what the networks of V1 said holds a run."""
    return folds.is_file() and name in json.loads(folds.read_text(encoding="utf-8"))


def label_of(table: str, emotion: str, labels: Sequence[str]) -> str:
    """Return our label for a corpus' word; calm counts as neutral where there is no other, or no calm to choose."""
    ours = OURS[emotion]
    return "neutral" if ours == "calm" and (table == "turev" or "calm" not in labels) else ours


def recall_tally(truth: NDArray[np.intp], said: NDArray[np.intp]) -> Tally:
    """Tally the unweighted average recall over the labels that occur in `truth`."""
    import numpy as np

    present = np.unique(truth)
    given = truth[:, None] == present
    counts = np.concatenate([given & (said == truth)[:, None], given], axis=1).astype(np.float64)
    return Tally(counts, _mean_recall)


def _mean_recall(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    hits, given = np.split(sums, 2, axis=-1)
    return np.asarray((hits / np.maximum(given, 1.0)).mean(axis=-1))


def mean_of(tallies: Sequence[Tally], sign: Sequence[float] | None = None) -> Tally:
    """Tally the mean of several figures over items of their own; with signs, their sum so signed instead."""
    import numpy as np

    weights = [1.0 / len(tallies)] * len(tallies) if sign is None else list(sign)
    widths = [each.counts.shape[1] for each in tallies]
    edges = np.cumsum([0, *widths])
    counts = np.zeros((sum(len(each.counts) for each in tallies), int(edges[-1])))
    row = 0
    for each, left in zip(tallies, edges, strict=False):
        counts[row : row + len(each.counts), left : left + each.counts.shape[1]] = each.counts
        row += len(each.counts)

    def figure(sums: NDArray[np.float64]) -> NDArray[np.float64]:
        parts = [sums[..., a:b] for a, b in pairwise(edges)]
        return np.asarray(
            sum(weight * each.figure(part) for weight, each, part in zip(weights, tallies, parts, strict=True))
        )

    return Tally(counts, figure)


def measure_folds() -> Result:
    """Measure protocol V1: RAVDESS in six folds of speakers, Emo-DB leaving one speaker out, per sex, beside people."""
    figures, sizes = [], 0
    for table, title in (
        ("ravdess", "RAVDESS, 8 classes"),
        ("emodb_4class", "Emo-DB, 4 classes, full length"),
        ("emodb_all_2s", "Emo-DB, 7 classes, 2 s"),
    ):
        heard = read_heard(f"folds {table}")
        sizes += len(heard.truth)
        figures.append(measured(f"UAR, {title}", recall_tally(heard.truth, heard.said)))
        figures.extend(_by_sex(heard, title.split(",")[0] + (", 2 s" if "2 s" in title else "")))
        if table == "ravdess":
            figures.extend(_per_label(heard, "RAVDESS"))
    columns = (
        Column("Heedful, one network per fold", "", "", 0, tuple(figures)),
        Column("people, Emo-DB (full clips, all recordings, not the same items)", "", "", 0, _emodb_people()),
        Column("people, CREMA-D (not the same items)", "", "", 0, _crema_people()),
    )
    return _result("V1", "How a person sounds: speakers never heard", sizes, columns)


def measure_sexes(folds: Path = FOLDS) -> Result:
    """Measure protocol B2: what is heard in the voices of women and of men, and the gap, on speakers never heard."""
    from heedful.measure.group import recall_by_group

    figures, size = [], 0
    for table, title in (("ravdess", "RAVDESS"), ("emodb_all_2s", "Emo-DB")):
        heard = read_heard(f"folds {table}", folds)
        known = [row for row, sex in enumerate(heard.sex) if sex in _SEXES]
        gold, said = ([heard.labels[places[row]] for row in known] for places in (heard.truth, heard.said))
        found = recall_by_group([_SEXES[str(heard.sex[row])] for row in known], gold, said, heard.labels)
        figures += [replace(each, name=f"{title}: {each.name}") for each in (*found.groups.values(), found.gap)]
        size += len(known)
    columns = (Column("Heedful, one network per fold", "", "", 0, tuple(figures)),)
    return _result("B2", "Are women and men heard alike?", size, columns)


def measure_cross() -> Result:
    """Measure protocol V1 across corpora: train on all but one, tell four feelings apart in that one.

    The mean of the five is given only if a network was trained for each of them.
    """
    heard = {table: read_heard(f"cross {table}") for table in CROSS_TABLES if is_kept(f"cross {table}")}
    tallies = {table: recall_tally(each.truth, each.said) for table, each in heard.items()}
    whole = len(tallies) == len(CROSS_TABLES)
    figures = [measured("UAR, mean of the five", mean_of(list(tallies.values())))] if whole else []
    figures.extend(measured(f"UAR, {table} ({LANGUAGES[table]})", tally) for table, tally in tallies.items())
    columns = (Column("Heedful, one network per corpus left out", "", "", 0, tuple(figures)),)
    size = sum(len(each.truth) for each in heard.values())
    return _result("V1c", "How a person sounds: a corpus never heard", size, columns)


def measure_shipped(read: Callable[[bytes], Reading], its_card: Card, limit: int | None = None) -> Result:
    """Measure the shipped network as it is, on the speakers that its card says it never heard.

    Args:
        read: from the bytes of a sound file to a reading, as users get it.
        its_card: of the network.
        limit: take only so many clips of each table, for a first look.
    """
    import numpy as np

    figures, abstained, taken, whole = [], 0, 0, 0
    spoken: list[Tally] = []
    for table in TABLES:
        unheard = unheard_of(its_card, table)
        columns = ["audio", "speaker", "emotion", "duplicate_of"]
        rows, _ = read_table(data_file("voice", f"{table}.parquet"), columns)
        labels = tuple(label for label in VOICE if label in {label_of(table, row["emotion"], VOICE) for row in rows})
        kept = [row for row in rows if row["speaker"] in unheard and row["duplicate_of"] is None]
        whole += len(kept)
        part = kept[:limit]
        readings = [read(row["audio"]) for row in part]
        abstained += sum(reading.abstained is not None for reading in readings)
        truth = np.array([labels.index(label_of(table, row["emotion"], VOICE)) for row in part])
        said = np.array([_strongest(reading, labels) for reading in readings])
        taken += len(part)
        spoken.append(recall_tally(truth, said))
        figures.append(measured(f"UAR, {table}, {len(labels)} classes ({LANGUAGES[table]})", spoken[-1]))
    column = Column("Heedful", its_card.version_id, its_card.sha256, abstained, tuple(figures))
    return _result(
        "V1s", "How a person sounds: the shipped network on speakers it never heard", taken, (column,), whole
    )


def unheard_of(its_card: Card, table: str) -> frozenset[str]:
    """Return the speakers of a table that a network never heard, from the line of its card that names them."""
    for line in its_card.data:
        if line.startswith(f"{table}: ") and "without speakers " in line:
            return frozenset(line.rsplit("without speakers ", 1)[1].split(", "))
    raise InputError(f"the card of {its_card.name} does not say which speakers of {table} it never heard.")


def _strongest(reading: Reading, labels: Sequence[str]) -> int:
    """Return which of a corpus' own labels a reading says most; -1 if it abstains."""
    if reading.abstained is not None:
        return -1
    return max(range(len(labels)), key=lambda place: reading.probabilities[labels[place]])


def _by_sex(heard: Heard, title: str) -> Iterable[Figure]:
    import numpy as np

    sexes = np.array([sex or "" for sex in heard.sex])
    parts = {sex: recall_tally(heard.truth[sexes == sex], heard.said[sexes == sex]) for sex in ("f", "m")}
    yield measured(f"UAR, {title}, women", parts["f"])
    yield measured(f"UAR, {title}, men", parts["m"])
    yield measured(f"UAR, {title}, women less men", mean_of([parts["f"], parts["m"]], (1.0, -1.0)))


def _per_label(heard: Heard, title: str) -> Iterable[Figure]:
    for column, label in enumerate(heard.labels):
        mine = heard.truth == column
        if mine.any():
            yield measured(f"recall, {title}, {label}", recall_tally(heard.truth[mine], heard.said[mine]))


def _emodb_people() -> tuple[Figure, ...]:
    """Return the mean share of twenty listeners who recognised a recording, over all recordings, released or not."""
    rows, _ = read_table(data_file("voice", "emodb_listening_test.parquet"), ["emotion", "recognised"])
    return _people([(row["emotion"], row["recognised"] / 100.0) for row in rows], "UAR, Emo-DB, 7 classes, 2 s")


def _crema_people() -> tuple[Figure, ...]:
    """Return the share of single votes on the voice alone that name the acted emotion."""
    columns = ["emotion", "faulty", "voice_votes", *(f"voice_{label}" for label in PEOPLE)]
    rows, _ = read_table(data_file("voice", "crema_d_ratings.parquet"), columns)
    shares = [
        (row["emotion"], row[f"voice_{row['emotion']}"] / row["voice_votes"])
        for row in rows
        if row["voice_votes"] and not row["faulty"]
    ]
    return _people(shares, "UAR, CREMA-D, 6 classes")


def _people(shares: Sequence[tuple[str, float]], name: str) -> tuple[Figure, ...]:
    import numpy as np

    kinds = sorted({emotion for emotion, _ in shares})
    given = np.array([[emotion == kind for kind in kinds] for emotion, _ in shares], dtype=np.float64)
    right = np.array([share for _, share in shares])[:, None]
    return (measured(name, Tally(np.concatenate([given * right, given], axis=1), _mean_recall)),)


def _result(protocol: str, title: str, size: int, columns: tuple[Column, ...], whole: int | None = None) -> Result:
    return Result(
        protocol=protocol,
        title=title,
        dataset="voice corpora",
        source=_SOURCE,
        dataset_sha256=_digest(),
        n=size,
        whole=size if whole is None else whole,
        columns=columns,
        heedful=version("heedful"),
        at=datetime.now(UTC).replace(microsecond=0),
    )


def _digest() -> str:
    import hashlib

    return hashlib.sha256(FOLDS.read_bytes()).hexdigest() if FOLDS.is_file() else ""
