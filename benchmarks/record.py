"""What a benchmark found: records, kept as dated JSON with a Markdown page beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from benchmarks.timing import Timing
from heedful.types import Record

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Measured(Record):
    """One subject in one cell."""

    subject: str
    """Its name."""
    tokens: int
    """Tokens per message."""
    batch: int
    """Messages per call."""
    timing: Timing
    """Per call."""


@dataclass(frozen=True, slots=True)
class Speed(Record):
    """A run of protocol S1."""

    protocol: str
    """Its id in docs/protocols.md."""
    at: datetime
    """When, in UTC."""
    machine: dict[str, str]
    """What it ran on."""
    network: str
    """The network that was timed."""
    warm_ups: int
    """Calls before those that were timed."""
    notes: dict[str, str]
    """Subject -> what its time includes; Heedful first."""
    cells: tuple[Measured, ...]
    """Every subject in every cell."""
    import_ms: float
    """`from heedful import Heedful` in a fresh interpreter, median."""
    turn: Timing
    """A whole turn: perceive, understand, respond, guard, and the store's transaction."""
    answer: Timing | None = None
    """Of it, from the message to the guarded reply: without the store. None in runs that did not time it."""
    first_word: Timing | None = None
    """Of it, from the message to the first word of the reply. None in runs that did not time it."""


@dataclass(frozen=True, slots=True)
class Run(Record):
    """One run of `heedful analyze`."""

    seconds: float
    """From start to end, loading included."""
    peak_mib: float
    """Most resident memory at once, of the process and its children, in MiB."""
    early_mib: float
    """Median resident memory in the third tenth of the run, in MiB."""
    late_mib: float
    """Median resident memory in the last tenth of the run, in MiB."""


@dataclass(frozen=True, slots=True)
class Throughput(Record):
    """A run of protocol S1b."""

    protocol: str
    """Its id in docs/protocols.md."""
    at: datetime
    """When, in UTC."""
    machine: dict[str, str]
    """What it ran on."""
    network: str
    """The network that read."""
    rows: int
    """Messages in the file."""
    tokens: float
    """Mean tokens per message, the marks at both ends included."""
    threads: int
    """CPU threads."""
    clean: Run
    """The uninterrupted run."""
    resumed_equal: bool
    """Whether a run that was killed half-way and resumed gave the same file, byte for byte."""

    @property
    def rows_per_second(self) -> float:
        """Rows read per second of the uninterrupted run."""
        return self.rows / self.clean.seconds


Kept = TypeVar("Kept", Speed, Throughput)


def write(found: Speed | Throughput, page: str, folder: Path = RESULTS) -> tuple[Path, Path]:
    """Write a record and its page, named after its day and kind; return both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{found.at:%Y-%m-%d}-{type(found).__name__.lower()}"
    files = folder / f"{name}.json", folder / f"{name}.md"
    files[0].write_text(json.dumps(found.to_dict(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    files[1].write_text(page, encoding="utf-8")
    return files


def newest(kind: type[Kept], folder: Path = RESULTS) -> Kept | None:
    """Return the newest record of a kind, or None if there is none."""
    files = sorted(folder.glob(f"*-{kind.__name__.lower()}.json"))
    return kind.from_dict(json.loads(files[-1].read_text(encoding="utf-8"))) if files else None
