"""Protocol S3, the server: `python -m benchmarks.server [--quick] [--seconds 60] [--soak 30]`.

`heedful serve --workers 2` under the load of 1 to 64 clients that ask for single readings and for whole turns: answers
per second, how long they take, and the processor time of each. Then the first word of a reply over the live socket,
what 200 idle sockets cost, and how memory moves in a long run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import websockets
from rich.console import Console

from benchmarks.load import Load, load
from benchmarks.machine import describe
from benchmarks.messages import rows
from benchmarks.record import RESULTS
from heedful.types import Record

PORT = 8399
WORKERS = 2
CLIENTS = (1, 8, 16, 64)
SOCKETS = 200
_BUSY = (
    "The machine was busy with other work: answers per second and times are those of the share that was left. The "
    "processor time per answer does not depend on it; two cores of their own have 2,000 ms of it a second."
)
_COMMAND = (sys.executable, "-c", "from heedful.cli.main import app; app()", "serve")


@dataclass(frozen=True, slots=True)
class Server(Record):
    """A run of protocol S3."""

    protocol: str
    """Its id in docs/protocols.md."""
    at: datetime
    """When, in UTC."""
    machine: dict[str, str]
    """What it ran on; its load before tells how much of it was taken by others."""
    workers: int
    """Processes that shared the load."""
    loads: tuple[Load, ...]
    """Every load."""
    first_word: tuple[float, float]
    """From a message over the live socket to the first word of the reply: median and 95th percentile, milliseconds."""
    sockets: int
    """Idle sockets that were opened."""
    sockets_mib: float
    """What they added to memory, in MiB."""
    soak_minutes: float
    """How long the long run was."""
    soak_turns: int
    """Turns in it."""
    soak_early_mib: float
    """Memory of the server after a tenth of it, in MiB."""
    soak_late_mib: float
    """Memory at its end, in MiB."""


def main() -> None:
    """Measure, print, and write a dated result; a quick run is printed only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, nothing written: a first look")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each load")
    parser.add_argument("--soak", type=float, default=30.0, help="minutes of the long run")
    given = parser.parse_args()
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as folder, console.status("serving"):
        found = measure(Path(folder), 3.0 if given.quick else given.seconds, 0.2 if given.quick else given.soak)
    console.print(page(found))
    if not given.quick:
        name = RESULTS / f"{found.at:%Y-%m-%d}-server"
        name.with_suffix(".json").write_text(json.dumps(found.to_dict(), indent=2) + "\n", encoding="utf-8")
        name.with_suffix(".md").write_text(page(found), encoding="utf-8")
        console.print(f"written: {name}.md")


def measure(folder: Path, seconds: float, soak: float) -> Server:
    """Serve from a folder, and measure everything; `soak` in minutes."""
    machine, texts = describe(), list(rows(2000))
    with served(folder) as server:
        loads = [_load(server, what, clients, seconds, texts) for what in ("analyze", "turn") for clients in CLIENTS]
        word = asyncio.run(first_words(texts))
        sockets = asyncio.run(idle_sockets(server))
        early, late, turns = _soak(server, soak, texts)
    now = datetime.now(UTC)
    return Server("S3", now, machine, WORKERS, tuple(loads), word, SOCKETS, sockets, soak, turns, early, late)


@contextmanager
def served(folder: Path) -> Iterator[psutil.Process]:
    """Serve from a folder until the block ends."""
    settings = folder / "heedful.toml"
    settings.write_text(f'data_folder = "{folder}"\nserve_rate = 0\n', encoding="utf-8")
    environment = {**os.environ, "HEEDFUL_CONFIG": str(settings)}
    command = [*_COMMAND, "--port", str(PORT), "--workers", str(WORKERS), "--log", "error"]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        process = psutil.Process(running.pid)
        give_up = time.monotonic() + 300
        while time.monotonic() < give_up:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/ready", timeout=10).close()
                time.sleep(20)  # the other worker begins a little later
                break
            time.sleep(0.5)
        yield process
    finally:
        running.terminate()
        running.wait(30)


def memory(server: psutil.Process) -> float:
    """Return the resident memory of the server and its workers, in MiB."""
    return float(sum(each.memory_info().rss for each in [server, *server.children(recursive=True)])) / 2**20


def processor(server: psutil.Process) -> float:
    """Return the processor time that the server and its workers have used, in seconds."""
    times = [each.cpu_times() for each in [server, *server.children(recursive=True)]]
    return float(sum(each.user + each.system for each in times))


def _load(server: psutil.Process, what: str, clients: int, seconds: float, texts: list[str]) -> Load:
    path = "/v1/perceive" if what == "analyze" else "/v1/turns"

    def body(client: int, turn: int) -> Mapping[str, object]:
        text = texts[(client * 37 + turn) % len(texts)]
        # A conversation of four messages, then another.
        return {"text": text} | ({"conversation": f"{clients}-{client}-{turn // 4}"} if what == "turn" else {})

    asyncio.run(load(PORT, path, body, clients, 1.0))  # warm
    before, began = processor(server), time.perf_counter()
    times, errors = asyncio.run(load(PORT, path, body, clients, seconds))
    took, used = time.perf_counter() - began, processor(server) - before
    cuts = statistics.quantiles(times, n=100)
    return Load(what, clients, took, len(times), errors, cuts[49], cuts[94], cuts[98], used * 1000 / len(times))


async def first_words(texts: list[str], count: int = 60) -> tuple[float, float]:
    """Return how long the first word of a reply takes over the live socket: median and 95th percentile."""
    times = []
    async with websockets.connect(f"ws://127.0.0.1:{PORT}/v1/live") as socket:
        await socket.send(json.dumps({"type": "session_settings"}))
        for text in texts[:count]:
            began = time.perf_counter()
            await socket.send(json.dumps({"type": "user_input", "text": text}))
            event: dict[str, Any] = {}
            waiting = True
            while event.get("type") != "assistant_message":
                event = json.loads(await socket.recv())
                if waiting and event["type"] in ("assistant_delta", "assistant_message"):
                    times.append((time.perf_counter() - began) * 1000.0)
                    waiting = False
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


async def idle_sockets(server: psutil.Process) -> float:
    """Return what idle sockets add to the server's memory, in MiB."""
    before = memory(server)
    opened = [await websockets.connect(f"ws://127.0.0.1:{PORT}/v1/live") for _ in range(SOCKETS)]
    for socket in opened:
        await socket.send(json.dumps({"type": "session_settings"}))
        await socket.recv()
    await asyncio.sleep(1.0)
    added = memory(server) - before
    await asyncio.gather(*(socket.close() for socket in opened))
    return added


def _soak(server: psutil.Process, minutes: float, texts: list[str]) -> tuple[float, float, int]:
    """Return memory after a tenth of a long run and at its end, in MiB, and how many turns it had."""

    def body(client: int, turn: int) -> Mapping[str, object]:
        return {"text": texts[(client * 37 + turn) % len(texts)], "conversation": f"soak-{client}-{turn // 8}"}

    done, _ = asyncio.run(load(PORT, "/v1/turns", body, 8, minutes * 6.0))
    early = memory(server)
    more, _ = asyncio.run(load(PORT, "/v1/turns", lambda c, t: body(c + 100, t), 8, minutes * 54.0))
    return early, memory(server), len(done) + len(more)


def page(found: Server) -> str:
    """Return a run as a Markdown page."""
    grown = (found.soak_late_mib / found.soak_early_mib - 1.0) * 100.0
    lines = [
        "# S3: the server",
        "",
        f"Measured {found.at:%Y-%m-%d} with {found.workers} workers on {found.machine['cores']} cores "
        f"({found.machine['processor']}); the load of other programs on the machine was {found.machine['load before']} "
        f"before the run began. The clients ran on the same cores. Each load lasted {found.loads[0].seconds:.0f} s.",
        *([_BUSY] if float(found.machine["load before"]) > 1.0 else []),
        "",
        "| what | clients | answers/s | p50 ms | p95 ms | p99 ms | processor ms per answer | errors |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(
            f"| {each.what} | {each.clients} | {each.per_second:.1f} | {each.p50:.0f} | {each.p95:.0f} | "
            f"{each.p99:.0f} | {each.cpu:.1f} | {each.errors} |"
            for each in found.loads
        ),
        "",
        f"- First word of a reply over the live socket: {found.first_word[0]:.0f} ms median, "
        f"{found.first_word[1]:.0f} ms 95th percentile.",
        f"- {found.sockets} idle sockets: {found.sockets_mib:.1f} MiB.",
        f"- Long run of {found.soak_minutes:.1f} minutes, {found.soak_turns:,} turns: memory from "
        f"{found.soak_early_mib:.0f} MiB after a tenth of it to {found.soak_late_mib:.0f} MiB at its end "
        f"({grown:+.1f} %).",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
