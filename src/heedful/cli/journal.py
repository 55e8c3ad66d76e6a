"""Keep a long run's output safe: killed at any moment and resumed, it ends as one clean run would, byte for byte.

Rows go to `<out>.part` and rows set aside to `<out>.bad.jsonl`. After each chunk both are on disk before
`<out>.progress` says so, in one atomic replacement; whatever was written after that is cut off when the run resumes.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BufferedRandom
from pathlib import Path

from heedful.errors import InputError
from heedful.types import Record


@dataclass(frozen=True, slots=True)
class Progress(Record):
    """How far a run has come."""

    made_by: Mapping[str, str]
    """What decides the output: the input file, the options, the network."""
    rows: int = 0
    """Rows of the input that are done, those set aside included."""
    set_aside: int = 0
    """Rows that were set aside."""
    work_bytes: int = 0
    """Length of `<out>.part`."""
    bad_bytes: int = 0
    """Length of `<out>.bad.jsonl`."""
    complete: bool = False
    """True when every row is done and only the output itself has to be put in place."""


class Journal:
    """The files of one run towards one output."""

    def __init__(self, out: Path, made_by: Mapping[str, str]) -> None:
        """Prepare a run towards `out`; nothing is touched before `start()`.

        Args:
            out: the output file.
            made_by: what decides the output, by name; a run resumes only if it is the same.
        """
        self.out = out
        self.work = Path(f"{out}.part")
        self.bad = Path(f"{out}.bad.jsonl")
        self.progress = Progress(made_by)
        self._record = Path(f"{out}.progress")
        self._files: list[BufferedRandom] = []

    def is_finished(self) -> bool:
        """Say whether an earlier run towards this output came to its end."""
        return self.out.exists() and not self._record.exists()

    def check(self, *, resume: bool, overwrite: bool) -> None:
        """Raise InputError if a run may not begin, because of what is already there."""
        if overwrite or (resume and (self._record.exists() or self.is_finished())):
            return
        if self._record.exists():
            raise InputError(
                f"{self.out}: an earlier run was interrupted. Go on with it: --resume. Begin again: --overwrite."
            )
        for path in (self.out, self.bad):
            if path.exists():
                raise InputError(f"{path} already exists. Replace it: --overwrite. Write elsewhere: --out FILE.")

    def start(self, *, resume: bool, overwrite: bool) -> None:
        """Begin a run, or go on where an earlier one stopped.

        Raises:
            InputError: another run is writing this output, or the earlier run's files do not fit this run.
        """
        self.check(resume=resume, overwrite=overwrite)
        earlier = self._earlier() if resume else None
        if earlier and earlier.complete:
            self.progress = earlier  # every row is done; `finish` does the rest
            return
        self._files.append(_open(self.work))
        _lock(self._files[0], self.out)
        if earlier:
            self.progress = earlier
        else:
            self._save()  # before there is a file that a later run would take for a finished one's
        self._files.append(_open(self.bad))
        for file, length in zip(self._files, (self.progress.work_bytes, self.progress.bad_bytes), strict=True):
            if os.fstat(file.fileno()).st_size < length:
                raise InputError(f"{file.name} is shorter than it was; begin again with --overwrite.")
            file.truncate(length)
            file.seek(length)

    def add(self, rows: int, good: Sequence[str], bad: Sequence[str]) -> None:
        """Put a chunk on disk: `good` and `bad` are lines of JSON, together as many as `rows`."""
        lengths = []
        for file, lines in zip(self._files, (good, bad), strict=True):
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())
            lengths.append(file.tell())
        now = self.progress
        self.progress = replace(
            now,
            rows=now.rows + rows,
            set_aside=now.set_aside + len(bad),
            work_bytes=lengths[0],
            bad_bytes=lengths[1],
        )
        self._save()

    def finish(self, convert: Callable[[Path, Path], None] | None) -> None:
        """Put the output in place and clear up.

        Args:
            convert: writes the output from (`<out>.part`, to a temporary path); None if `<out>.part` is the output.
        """
        if not self.progress.complete:
            self.progress = replace(self.progress, complete=True)
            self._save()
        self.close()
        if self.work.exists():  # else the output was put in place before the run was killed
            if convert:
                made = Path(f"{self.out}.tmp")
                convert(self.work, made)
                with made.open("rb+") as file:
                    os.fsync(file.fileno())
                made.replace(self.out)
                self.work.unlink()
            else:
                self.work.replace(self.out)
        if not self.progress.set_aside:
            self.bad.unlink(missing_ok=True)
        self._record.unlink(missing_ok=True)

    def discard(self) -> None:
        """Clear up a run that has nothing to show."""
        self.close()
        for path in (self.work, self.bad, self._record):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the files; the run can be resumed."""
        for file in self._files:
            with contextlib.suppress(OSError):  # a full disk was reported when it was met
                file.close()
        self._files = []

    def _save(self) -> None:
        made = Path(f"{self._record}.tmp")
        with made.open("wb") as file:
            file.write(json.dumps(self.progress.to_dict(), indent=1).encode())
            file.flush()
            os.fsync(file.fileno())
        made.replace(self._record)

    def _earlier(self) -> Progress | None:
        try:
            earlier = Progress.from_dict(json.loads(self._record.read_bytes()))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise InputError(f"{self._record} is damaged; begin again with --overwrite.") from error
        now = self.progress.made_by
        if changed := [name for name in {**earlier.made_by, **now} if earlier.made_by.get(name) != now.get(name)]:
            told = "; ".join(f"{name} was {earlier.made_by.get(name)}, is {now.get(name)}" for name in changed)
            raise InputError(
                f"{self.out}: the interrupted run differs from this one ({told}), so the rows would not fit "
                "together. Resume it as it was, or begin again with --overwrite."
            )
        return earlier


def _open(path: Path) -> BufferedRandom:
    """Open a file for writing without emptying it."""
    path.touch()
    return path.open("r+b")


def _lock(file: BufferedRandom, out: Path) -> None:
    with contextlib.suppress(ImportError):  # Windows has no fcntl; there, opening a file twice is the user's to avoid
        import fcntl

        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(f"{out} is being written by another run; wait for it or write elsewhere.") from error
