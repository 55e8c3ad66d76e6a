"""Protocol S3, the long run: `python -m benchmarks.soak [--minutes 30] [--rate 3]`.

`heedful serve --workers 2` answers whole turns at a steady rate, far below what it could, in ever new conversations of
eight messages, while its memory is looked at. A machine need not be quiet for it: memory does not depend on speed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from rich.console import Console

from benchmarks.load import load
from benchmarks.machine import describe
from benchmarks.messages import rows
from benchmarks.record import RESULTS
from benchmarks.server import PORT, WORKERS, memory, served
from heedful.types import Record

CLIENTS = 4
PARTS = 10


@dataclass(frozen=True, slots=True)
class Soak(Record):
    """A long run."""

    protocol: str
    """Its id in docs/protocols.md."""
    at: datetime
    """When it ended, in UTC."""
    machine: dict[str, str]
    """What it ran on."""
    workers: int
    """Processes that shared the load."""
    minutes: float
    """How long it was."""
    turns: int
    """Turns that were answered."""
    errors: int
    """Requests that were not."""
    memory: tuple[float, ...]
    """Resident memory of the server and its workers, in MiB: at the start, and after each tenth of the run."""

    @property
    def grown(self) -> float:
        """How much memory grew from the end of the first tenth to the end of the run, in per cent."""
        return (self.memory[-1] / self.memory[1] - 1.0) * 100.0


def main() -> None:
    """Run, print, and write a dated result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=3.0, help="turns per second, at most")
    given = parser.parse_args()
    console = Console(highlight=False)
    machine = describe()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        found = soak(server, machine, given.minutes, given.rate)
    name = RESULTS / f"{found.at:%Y-%m-%d}-soak"
    name.with_suffix(".json").write_text(json.dumps(found.to_dict(), indent=2) + "\n", encoding="utf-8")
    name.with_suffix(".md").write_text(page(found), encoding="utf-8")
    console.print(page(found))


def soak(server: psutil.Process, machine: dict[str, str], minutes: float, rate: float) -> Soak:
    """Keep the server at work, and look at its memory after each tenth of the time."""
    texts = list(rows(2000))
    seen, turns, errors = [memory(server)], 0, 0
    for part in range(PARTS):

        def body(client: int, turn: int, part: int = part) -> Mapping[str, object]:
            text = texts[(part * 977 + client * 37 + turn) % len(texts)]
            return {"text": text, "conversation": f"soak-{part}-{client}-{turn // 8}", "person": f"{part}-{client}"}

        end = time.monotonic() + minutes * 60.0 / PARTS
        times, failed = asyncio.run(load(PORT, "/v1/turns", body, CLIENTS, end - time.monotonic(), CLIENTS / rate))
        turns, errors = turns + len(times), errors + failed
        seen.append(memory(server))
    return Soak("S3", datetime.now(UTC), machine, WORKERS, minutes, turns, errors, tuple(seen))


def page(found: Soak) -> str:
    """Return a run as a Markdown page."""
    steps = " → ".join(f"{each:.0f}" for each in found.memory)
    return (
        "# S3: the long run\n\n"
        f"Measured {found.at:%Y-%m-%d} with {found.workers} workers on {found.machine['cores']} cores "
        f"({found.machine['processor']}): {found.minutes:.0f} minutes, {found.turns:,} turns, "
        f"{found.errors} errors.\n\n"
        f"Memory of the server and its workers at the start and after each tenth, in MiB: {steps}.\n\n"
        f"From the end of the first tenth to the end: {found.grown:+.1f} %.\n"
    )


if __name__ == "__main__":
    main()
