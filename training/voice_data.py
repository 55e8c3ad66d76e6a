"""Read the voice corpora: log-mel pictures at three speeds, and what the actors were asked to express."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from pyarrow import parquet

from heedful.labels import BURST, VOICE, VOICE_CIRCUMPLEX
from heedful.measure.dataset import data_file
from heedful.perceive import logmel
from heedful.perceive.logmel import BANDS, RATE, log_mel

log = logging.getLogger("training")

SPEEDS: Final = (1.0, 0.9, 1.11)
"""Each clip is heard as it is, slower and deeper, and faster and higher."""
SPEECH: Final = ("ravdess", "emodb_4class", "emodb_all_2s", "urdu", "turev", "nemo")
"""Tables of spoken words."""
TABLES: Final = (*SPEECH, "emogator")
"""All tables with sound; the last is of bursts without words."""
SOURCES: Final = {
    "ravdess": "RAVDESS speech (Livingstone and Russo, 2018), CC BY-NC-SA 4.0",
    "emodb_4class": "Emo-DB, four classes at full length (Burkhardt et al., 2005), no licence stated",
    "emodb_all_2s": "Emo-DB, seven classes, 2 s each (Burkhardt et al., 2005), no licence stated",
    "urdu": "URDU-Dataset (Latif et al., 2018), for research purposes only",
    "turev": "TurEV-DB (Canpolat et al., 2020), CC BY-NC-ND 4.0",
    "nemo": "nEMO (Christop, 2024), CC BY-NC-SA 4.0",
    "emogator": "EmoGator, ten categories (Buhl, 2023), Apache-2.0",
}
"""Table -> what it holds, with its licence."""
_OURS: Final = {
    "neutral": "neutral",
    "calm": "calm",
    "bored": "boredom",
    "happy": "joy",
    "sad": "sadness",
    "angry": "anger",
    "fearful": "fear",
    "disgust": "disgust",
    "surprised": "surprise",
}
_BURST: Final = {
    "Amusement": "amusement",
    "Anger": "anger",
    "Contentment": "contentment",
    "Disgust": "disgust",
    "Fear": "fear",
    "Neutral": "neutral",
    "Relief": "relief",
    "Sadness": "sadness",
    "Surprise (Negative)": "bad surprise",
    "Surprise (Positive)": "good surprise",
}
_INTENSITY: Final = {"normal": 0.0, "strong": 1.0}
_MILDER: Final = 0.75
"""Valence and arousal of clips of normal intensity, as a share of those of strong ones."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording, with what is taught about it."""

    clip: str
    """Its id."""
    corpus: str
    """The table it is from."""
    speaker: str
    """Who speaks, within the corpus."""
    sex: str | None
    """f, m or unknown; used to measure, never taught."""
    label: str
    """One of VOICE, or of BURST for a sound without words."""
    mels: tuple[NDArray[np.float16], ...]
    """Log-mel pictures, one per speed."""
    emotion: tuple[float, ...]
    """1 for its VOICE label, else 0; all 0 for a sound without words."""
    allowed: tuple[float, ...]
    """1 for each VOICE label that its corpus has: it is judged over these alone."""
    affect: tuple[float, float]
    """Valence and arousal of its label, milder at normal intensity."""
    burst: int
    """Column of BURST."""
    intensity: float
    """0 normal, 1 strong, -1 unknown."""


def read_clips(cache: Path, tables: Sequence[str] = TABLES, rows: int | None = None) -> list[Clip]:
    """Read the clips of some tables; their log-mel pictures are kept in a file of `cache` for the next time.

    Args:
        cache: a folder for the pictures.
        tables: which tables.
        rows: only the first so many clips of each.
    """
    return [clip for table in tables for clip in _clips(table, cache, rows)]


def _clips(table: str, cache: Path, rows: int | None) -> Iterator[Clip]:
    path = data_file("voice", f"{table}.parquet")
    columns = ["clip", "speaker", "sex", "emotion", "emotion_raw", "intensity", "duplicate_of"]
    facts = parquet.read_table(path, columns=columns).to_pylist()[:rows]
    pictures = _pictures(path, len(facts), cache)
    labels = {_label(table, fact) for fact in facts}
    for fact, mels in zip(facts, pictures, strict=True):
        if fact["duplicate_of"] is None:
            yield _clip(table, fact, mels, labels)


def _label(table: str, fact: dict[str, Any]) -> str:
    if table == "emogator":
        return _BURST[fact["emotion_raw"]]
    ours = _OURS[fact["emotion"]]
    return "neutral" if table == "turev" and ours == "calm" else ours  # that corpus has no other neutral


def _clip(table: str, fact: dict[str, Any], mels: tuple[NDArray[np.float16], ...], labels: Iterable[str]) -> Clip:
    label, held = _label(table, fact), set(labels)
    wordless = table == "emogator"
    share = _MILDER if fact["intensity"] == "normal" else 1.0
    valence, arousal = VOICE_CIRCUMPLEX[label]
    return Clip(
        clip=fact["clip"],
        corpus=table,
        speaker=fact["speaker"],
        sex=fact["sex"],
        label=label,
        mels=mels,
        emotion=tuple(float(each == label and not wordless) for each in VOICE),
        allowed=tuple(float(wordless or each in held) for each in VOICE),
        affect=(share * valence, share * arousal),
        burst=BURST.index(label if wordless else "speech"),
        intensity=_INTENSITY.get(fact["intensity"], -1.0),
    )


def _pictures(path: Path, rows: int, cache: Path) -> list[tuple[NDArray[np.float16], ...]]:
    """Return the pictures of the first rows of a table, from the cache or made anew."""
    key = hashlib.sha256(path.read_bytes() + Path(logmel.__file__).read_bytes() + str((rows, SPEEDS)).encode())
    file = cache / f"{path.stem}-{key.hexdigest()[:12]}.npz"
    if file.is_file():
        with np.load(file) as held:
            flat, ends = held["flat"], held["ends"]
    else:
        log.info("%s: making pictures of %d clips", path.stem, rows)
        sounds = parquet.read_table(path, columns=["audio"])["audio"].to_pylist()[:rows]
        made = [mel for sound in sounds for mel in picture(sound)]
        flat, ends = np.concatenate(made), np.cumsum([len(each) for each in made])
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(file, flat=flat, ends=ends)
    parts = np.split(flat, ends[:-1])
    return [tuple(parts[at : at + len(SPEEDS)]) for at in range(0, len(parts), len(SPEEDS))]


def picture(sound: bytes) -> list[NDArray[np.float16]]:
    """Return the log-mel pictures of one sound file, one per speed."""
    samples, rate = soundfile.read(io.BytesIO(sound), dtype="float32")
    if rate != RATE:
        raise ValueError(f"the clips must have {RATE} samples per second, not {rate}")
    samples = samples - samples.mean()
    heard = [samples if speed == 1.0 else soxr.resample(samples, RATE, RATE / speed, quality="LQ") for speed in SPEEDS]
    return [log_mel(each).astype(np.float16).reshape(-1, BANDS) for each in heard]
