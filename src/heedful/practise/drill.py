"""Drill: recognize the feeling, in text or in recordings of one's own, again when it is about to be forgotten."""

from __future__ import annotations

import functools
import hashlib
import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from heedful.errors import ConfigError, InputError
from heedful.labels import BASIC
from heedful.media import Record

_PATH: Final = Path(__file__).with_name("drills.toml")
SOUNDS: Final = frozenset((".wav", ".flac", ".mp3", ".ogg", ".m4a", ".aac", ".opus"))
"""Endings of files with a voice in them."""
PICTURES: Final = frozenset((".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"))
"""Endings of files with a face in them."""
_CHOICES: Final = 4
_ALSO: Final[Mapping[str, str]] = {
    "angry": "anger", "disgusted": "disgust", "afraid": "fear", "fearful": "fear", "scared": "fear", "happy": "joy",
    "happiness": "joy",
    "sad": "sadness", "surprised": "surprise", "calm": "neutral",
}  # fmt: skip
"""What people call a folder -> the label."""


@dataclass(frozen=True, slots=True)
class Drill(Record):
    """Something in which a feeling is to be recognized."""

    id: str
    """Unique: made of what is shown."""
    kind: Literal["text", "voice", "face"]
    """What it is recognized from."""
    shown: str
    """The sentence, or the file's path."""
    feeling: str
    """The feeling in it."""
    choices: tuple[str, ...]
    """What may be answered, in the order in which it is offered."""
    why: str
    """What tells it apart, or "" where the file's owner has labeled it."""


@dataclass(frozen=True, slots=True)
class Card(Record):
    """What is remembered about a drill: when to ask again."""

    drill: str
    """The drill's id."""
    memory: Mapping[str, Any]
    """The state of the scheduler (FSRS)."""
    due: datetime
    """When it should be asked again, in UTC."""
    asked: int = 0
    """How often it was asked."""
    right: int = 0
    """How often it was answered rightly."""
    latest: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When it was asked last, in UTC."""


@dataclass(frozen=True, slots=True)
class Answered(Record):
    """What comes of an answer."""

    right: bool
    """Whether it was the feeling."""
    feeling: str
    """The feeling."""
    why: str
    """What tells it apart."""
    card: Card
    """What is remembered now."""


@functools.cache
def text_drills() -> tuple[Drill, ...]:
    """Return the drills in text that come with Heedful; raise ConfigError if their file was damaged."""
    try:
        entries = msgspec.convert(
            tomllib.loads(_PATH.read_text(encoding="utf-8"))["drills"], list[tuple[str, str, list[str], str]]
        )
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"practise/drills.toml cannot be read: {error}. Restore it from the package.") from error
    return tuple(_drill("text", said, feeling, others, why) for said, feeling, others, why in entries)


def own_drills(folder: Path) -> tuple[Drill, ...]:
    """Return drills of recordings and pictures in a folder: each file, or its folder, is named for its feeling.

    Args:
        folder: for example `recordings/anger/monday.wav`, or `recordings/anger_monday.wav`. Nothing is copied from it.

    Raises:
        InputError: there is no such folder, or no file in it has a feeling for a name.
    """
    if not folder.is_dir():
        raise InputError(f"there is no folder {str(folder)!r}. Name one with recordings or pictures of your own.")
    found = []
    for path in sorted(each for each in folder.rglob("*") if each.suffix.lower() in SOUNDS | PICTURES):
        if label := _label(path, folder):
            kind: Literal["voice", "face"] = "voice" if path.suffix.lower() in SOUNDS else "face"
            found.append(_drill(kind, str(path), label, [each for each in BASIC if each != label], ""))
    if not found:
        raise InputError(
            f"no recording or picture in {str(folder)!r} is named for its feeling. Put each into a folder called "
            f"{', '.join(BASIC)}, or begin its name so: anger_monday.wav."
        )
    return tuple(found)


def due(drills: Sequence[Drill], cards: Mapping[str, Card], now: datetime, limit: int = 10) -> list[Drill]:
    """Return what to ask now: what is due, the longest overdue first, then what was never asked.

    Args:
        drills: those there are.
        cards: drill id -> what is remembered.
        now: in UTC.
        limit: at most so many.
    """
    overdue = [each for each in drills if each.id in cards and cards[each.id].due <= now]
    overdue.sort(key=lambda each: cards[each.id].due)
    new = [each for each in drills if each.id not in cards]
    random.Random(f"{now:%Y-%m-%d}").shuffle(new)
    return [*overdue, *new][:limit]


def answer_drill(drill: Drill, given: str, card: Card | None, now: datetime) -> Answered:
    """Return whether an answer is right, and when to ask again (FSRS; Ye et al., 2022).

    Args:
        drill: what was asked.
        given: one of its choices.
        card: what is remembered of it, or None when it was asked for the first time.
        now: in UTC.

    Raises:
        InputError: the answer is not one of the choices.
    """
    if given not in drill.choices:
        raise InputError(f"{given!r} is not one of the choices: {', '.join(drill.choices)}.")
    import fsrs  # only drills need it

    scheduler = fsrs.Scheduler(enable_fuzzing=False)
    before = (
        fsrs.Card.from_json(msgspec.json.encode(card.memory).decode()) if card else fsrs.Card(card_id=_number(drill.id))
    )
    right = given == drill.feeling
    after, _ = scheduler.review_card(before, fsrs.Rating.Good if right else fsrs.Rating.Again, now)
    memory: dict[str, Any] = msgspec.json.decode(after.to_json())
    asked, won = (card.asked, card.right) if card else (0, 0)
    return Answered(right, drill.feeling, drill.why, Card(drill.id, memory, after.due, asked + 1, won + right, now))


def _drill(kind: Literal["text", "voice", "face"], shown: str, feeling: str, others: Sequence[str], why: str) -> Drill:
    number = hashlib.sha256(f"{kind}:{shown}".encode()).hexdigest()[:16]
    order = random.Random(number)
    choices = [feeling, *order.sample(list(others), min(len(others), _CHOICES - 1))]
    order.shuffle(choices)
    return Drill(number, kind, shown, feeling, tuple(choices), why)


def _label(path: Path, folder: Path) -> str | None:
    names = [*path.relative_to(folder).parts[:-1][::-1], path.stem.replace("-", "_").partition("_")[0]]
    for name in (each.lower() for each in names):
        if name in BASIC or name in _ALSO:
            return _ALSO.get(name, name)
    return None


def _number(drill: str) -> int:
    return int(drill[:12], 16)
