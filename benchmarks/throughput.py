"""Protocol S1b, bulk reading: `python -m benchmarks.throughput [--quick]`.

`heedful analyze` reads a JSON Lines file of 100,000 different messages of about twenty tokens on two threads: rows per
second, and memory. Then it is killed half-way, resumed, and its output compared with that of the clean run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
from rich.console import Console

from benchmarks.machine import describe
from benchmarks.messages import rows
from benchmarks.record import Run, Throughput, write
from benchmarks.report import throughput_page
from heedful.config import Config
from heedful.models.encoder import TextEncoder

ROWS = 100_000
QUICK_ROWS = 5_000
THREADS = 2
_COMMAND = (sys.executable, "-c", "from heedful.cli.main import app; app()", "analyze")
_EVERY = 0.05  # seconds between two looks at the memory


def main() -> None:
    """Measure, print, and write a dated result; a quick run is printed only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rows, nothing written: a first look")
    quick = parser.parse_args().quick
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as folder, console.status("reading"):
        found = measure(Path(folder), QUICK_ROWS if quick else ROWS)
    console.print(throughput_page(found))
    if not quick:
        for path in write(found, throughput_page(found)):
            console.print(f"written: {path}")


def measure(folder: Path, count: int) -> Throughput:
    """Read `count` rows in `folder`: once without a break, once killed and resumed."""
    machine = describe()
    source = folder / "rows.jsonl"
    texts = list(rows(count))
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    encoder = TextEncoder.open(Config.load().reader)
    sample = encoder.tokenize(texts[:: max(1, count // 1000)])
    clean = run(source, folder / "clean.jsonl")
    killed = start(source, folder / "resumed.jsonl")
    time.sleep(clean.seconds / 2)
    killed.kill()
    killed.wait()
    run(source, folder / "resumed.jsonl", "--resume")
    digests = {hashlib.sha256((folder / name).read_bytes()).digest() for name in ("clean.jsonl", "resumed.jsonl")}
    return Throughput(
        protocol="S1b",
        at=datetime.now(UTC).replace(microsecond=0),
        machine=machine,
        network=encoder.card.version_id,
        rows=count,
        tokens=round(sum(map(len, sample)) / len(sample), 1),
        threads=THREADS,
        clean=clean,
        resumed_equal=len(digests) == 1,
    )


def start(source: Path, out: Path, *options: str) -> psutil.Popen:
    """Start the command."""
    return psutil.Popen(
        [*_COMMAND, str(source), "--out", str(out), "--threads", str(THREADS), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def run(source: Path, out: Path, *options: str) -> Run:
    """Run the command to its end and watch its memory; raise RuntimeError if it fails."""
    began = time.perf_counter()
    process = start(source, out, *options)
    seen: list[float] = []
    while process.poll() is None:
        seen.append(resident(process))
        time.sleep(_EVERY)
    seconds = time.perf_counter() - began
    if process.returncode != 0:
        raise RuntimeError(f"`heedful analyze` ended with exit code {process.returncode}")
    tenth = max(1, len(seen) // 10)
    early, late = sorted(seen[2 * tenth : 3 * tenth] or seen), sorted(seen[-tenth:])
    return Run(round(seconds, 2), round(max(seen), 1), round(early[len(early) // 2], 1), round(late[len(late) // 2], 1))


def resident(process: psutil.Process) -> float:
    """Return the resident memory of a process and its children, in MiB; 0 for one that has just ended."""
    total = 0
    with suppress(psutil.Error):
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss
    return total / 2**20


if __name__ == "__main__":
    main()
