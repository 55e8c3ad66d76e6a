"""Look for what should be gone: a search of files, byte by byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_CHUNK: Final = 2**22
FRAGMENT: Final = 48
"""How many bytes of a record are looked for at a time; shorter ones may stand in the files by chance."""
_STRIDE: Final = 480
"""One fragment is taken every so many bytes: a page of a database cannot hold a piece without one."""


def fragments(payload: str) -> Iterator[bytes]:
    """Yield pieces of a stored record, so many that none of its pages lacks one."""
    data = payload.encode("ascii", "backslashreplace")
    for start in range(0, max(1, len(data) - FRAGMENT + 1), _STRIDE):
        yield data[start : start + FRAGMENT]


def search(files: Iterable[Path], needles: Iterable[bytes]) -> dict[bytes, Path]:
    """Return the needles that are found, each with the first file that it is in; files that are gone hold nothing."""
    wanted = {needle for needle in needles if needle}
    found: dict[bytes, Path] = {}
    longest = max(map(len, wanted), default=0)
    for path in files:
        try:
            with path.open("rb") as file:
                tail = b""
                while chunk := file.read(_CHUNK):
                    window = tail + chunk
                    hits = {needle for needle in wanted if needle in window}
                    found |= dict.fromkeys(hits, path)
                    wanted -= hits
                    tail = window[-(longest - 1) :] if longest > 1 else b""
        except FileNotFoundError:
            continue
    return found


def files_in(folder: Path) -> list[Path]:
    """Return every file below a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
