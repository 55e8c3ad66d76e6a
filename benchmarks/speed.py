"""Protocol S1, text speed: `python -m benchmarks.speed [--quick] [--batches 1]`.

Messages of 16, 32 and 64 tokens, one at a time and 32 at once, on one thread; peers in the same run. Also how long
`import heedful` takes, and a whole turn with its store.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from benchmarks import subjects
from benchmarks.machine import describe
from benchmarks.messages import SENTENCES
from benchmarks.record import Measured, Speed, write
from benchmarks.report import speed_notes, speed_page, times
from benchmarks.timing import PROTOCOL, QUICK, Pace, Timing, summary, time_calls, time_together
from heedful import Heedful
from heedful.config import Config
from heedful.models.encoder import TextEncoder

THREADS = 1
LENGTHS = (16, 32, 64)
BATCHES = (1, 32)


def main() -> None:
    """Measure, print, and write a dated result; a quick run is printed only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, nothing written: a first look")
    parser.add_argument(
        "--batches", type=int, nargs="+", choices=BATCHES, default=BATCHES, help="only these (batch 32 takes an hour)"
    )
    options = parser.parse_args()
    quick = options.quick
    os.environ["RAYON_NUM_THREADS"] = str(THREADS)  # the tokenizer's pool, which reads this when it first starts
    console = Console()
    speed = measure(QUICK if quick else PROTOCOL, console, tuple(options.batches))
    console.print(drawn(speed), *speed_notes(speed), sep="\n", highlight=False)
    if not quick:
        for path in write(speed, speed_page(speed)):
            console.print(f"written: {path}", highlight=False)


def measure(pace: Pace, console: Console, batches: tuple[int, ...] = BATCHES) -> Speed:
    """Time every subject in every cell, then the import and the turn."""
    machine = describe()
    config = Config.load(threads=THREADS)
    encoder = TextEncoder.open(config.reader)
    import_ms = time_import()
    turns = time_turn(pace)
    table = subjects.cells(encoder, LENGTHS, batches)
    makers: tuple[Callable[[], subjects.Subject], ...] = (
        lambda: subjects.heedful_public(config),
        lambda: subjects.bare_network(config),
        subjects.vader,
        lambda: subjects.roberta_torch(subjects.roberta(), THREADS),
        lambda: subjects.roberta_int8(subjects.roberta(), THREADS),
    )
    found: list[Measured] = []
    with console.status("loading") as status:
        everyone = [make() for make in makers]
        for cell in table:
            status.update(f"{cell.tokens} tokens, batch {cell.batch}")
            timings = time_together([each.prepare(cell) for each in everyone], pace)
            found += [
                Measured(each.name, cell.tokens, cell.batch, timing)
                for each, timing in zip(everyone, timings, strict=True)
            ]
    notes = {each.name: each.note for each in everyone}
    at = datetime.now(UTC).replace(microsecond=0)
    return Speed("S1", at, machine, encoder.card.version_id, pace.warm_ups, notes, tuple(found), import_ms, *turns)


def time_import(runs: int = 7) -> float:
    """Return the median milliseconds of `from heedful import Heedful` in fresh interpreters."""
    code = "import time; start = time.perf_counter(); from heedful import Heedful; print(time.perf_counter() - start)"
    took = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(runs)
    ]
    return round(statistics.median(took) * 1000, 1)


def time_turn(pace: Pace) -> tuple[Timing, Timing, Timing]:
    """Time whole turns in conversations of eight messages each, kept in a store of their own.

    Returns:
        The whole call, its store included; from the message to the guarded reply; to the reply's first word.
    """
    stages: list[Mapping[str, float]] = []
    with tempfile.TemporaryDirectory() as folder, Heedful(Config.load(data_folder=folder, threads=THREADS)) as engine:
        kept = time_calls(
            lambda number: stages.append(
                engine.turn(SENTENCES[number % len(SENTENCES)], conversation=str(number // 8)).timings
            ),
            pace,
        )
    timed = stages[pace.warm_ups :]
    return kept, summary([each["total"] for each in timed]), summary([each["first_word"] for each in timed])


def drawn(speed: Speed) -> Table:
    """Return the times as a table for the terminal."""
    head, *lines = times(speed)
    table = Table(title=f"S1  text speed, {speed.network}, one thread", title_justify="left")
    for number, cell in enumerate(head):
        table.add_column(cell, justify="right" if number else "left")
    for line in lines:
        table.add_row(*line)
    return table


if __name__ == "__main__":
    main()
