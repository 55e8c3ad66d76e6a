"""Keep predictions by what made them, so that an interrupted run goes on where it stopped and the next one is quick.

A file holds one prediction per line and nothing of the texts. Its name is a hash of everything that a prediction
depends on: the network, the code that runs it, the dataset, the items. Change any of them, and another file is used.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from heedful.errors import InputError

T = TypeVar("T")

TOGETHER = 256
"""Items that are kept at once. Runs go on at a multiple of it, so that networks meet the same batches again."""
_PACKAGE = Path(__file__).parent.parent
_RUNS = ("models", "perceive", "understand", "respond", "guard", "judge", "labels.py", "engine.py", "answer.py")
"""What a prediction of Heedful's own runs through."""


@functools.cache
def code() -> str:
    """Return a hash of the code and the packs that Heedful's own predictions run through, network cards included."""
    digest = hashlib.sha256()
    for name in _RUNS:
        place = _PACKAGE / name
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in files:
            if path.suffix in (".py", ".toml") or path.name == "card.json":
                digest.update(str(path.relative_to(_PACKAGE)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def digest(*parts: str | Sequence[str]) -> str:
    """Return a hash of some strings and lists of strings, in order."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def default_folder() -> Path:
    """Return where predictions are kept by default: the user's cache folder."""
    from platformdirs import user_cache_path

    return user_cache_path("heedful", appauthor=False) / "measure"


@dataclass(frozen=True, slots=True)
class Cache(Generic[T]):
    """Predictions of one kind in a folder."""

    folder: Path | None
    """Where they are kept; None = nowhere, so that everything is made anew."""
    kind: type[T]
    """What a line holds."""

    def fill(self, key: Sequence[str | Sequence[str]], items: int, make: Callable[[int], Iterable[T]]) -> Iterator[T]:
        """Yield the predictions of `items` items: those that are kept, then those that are made.

        Args:
            key: everything that they depend on.
            items: how many there are.
            make: makes those from an item on, in order; called only if some are missing.

        Raises:
            InputError: the folder cannot be written to.
        """
        if self.folder is None:
            yield from make(0)
            return
        path = self.folder / f"{digest(*key)}.jsonl"
        kept = self._kept(path, items)
        yield from kept
        if len(kept) < items:
            yield from self._made(path, kept, make(len(kept)))

    def _kept(self, path: Path, items: int) -> list[T]:
        """Return what a file holds, cut to whole batches if it is not complete; a damaged line ends it."""
        found: list[T] = []
        try:
            lines = path.read_bytes().splitlines(keepends=True)
        except (FileNotFoundError, NotADirectoryError):
            return found
        for line in lines[:items]:
            try:
                found.append(msgspec.json.decode(line, type=self.kind))
            except (msgspec.MsgspecError, UnicodeDecodeError):
                break
            if not line.endswith(b"\n"):
                found.pop()
                break
        return found if len(found) == items else found[: len(found) - len(found) % TOGETHER]

    def _made(self, path: Path, kept: Sequence[T], made: Iterable[T]) -> Iterator[T]:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(b"".join(map(_line, kept)))
                waiting: list[T] = []
                for prediction in made:
                    waiting.append(prediction)
                    if len(waiting) == TOGETHER:
                        file.write(b"".join(map(_line, waiting)))
                        file.flush()
                        waiting.clear()
                    yield prediction
                file.write(b"".join(map(_line, waiting)))
        except OSError as error:
            raise InputError(
                f"predictions cannot be kept in {path.parent}: {error.strerror}. Name another folder with --cache."
            ) from error


def _line(prediction: object) -> bytes:
    return msgspec.json.encode(prediction) + b"\n"
