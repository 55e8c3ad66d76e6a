"""Protocol S3, the server: `python -m benchmarks.server [--quick] [--seconds 60]`.

`heedful serve --workers 2` under the load of 1 to 64 clients that ask for single readings and for whole turns: answers
per second, how long they take, and the processor time of each. Then the first word of a reply over the live socket, and
what 200 idle sockets cost. `benchmarks.soak` is the long run.
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
from benchmarks.voice_speed import speech
from heedful.sound import RATE
from heedful.types import Record

PORT = 8399
WORKERS = 2
CLIENTS = (1, 8, 16, 64)
SOCKETS = 200
_SPOKEN, _PIECE = 2.0, 1600
"""Seconds of an utterance, and samples of it that are sent at once."""
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
    spoken: tuple[float, float]
    """From the end of an utterance over the live socket, its words supplied at once, to the first word of the reply:
    median and 95th percentile, milliseconds."""
    readings: float
    """Readings per second of speech that came over the live socket."""
    sockets: int
    """Idle sockets that were opened."""
    sockets_mib: float
    """What they added to memory, in MiB."""


def main() -> None:
    """Measure, print, and write a dated result; a quick run is printed only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, nothing written: a first look")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each load")
    given = parser.parse_args()
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as folder, console.status("serving"):
        found = measure(Path(folder), 3.0 if given.quick else given.seconds)
    console.print(page(found))
    if not given.quick:
        name = RESULTS / f"{found.at:%Y-%m-%d}-server"
        name.with_suffix(".json").write_text(json.dumps(found.to_dict(), indent=2) + "\n", encoding="utf-8")
        name.with_suffix(".md").write_text(page(found), encoding="utf-8")
        console.print(f"written: {name}.md")


def measure(folder: Path, seconds: float) -> Server:
    """Serve from a folder, and measure everything."""
    machine, texts = describe(), list(rows(2000))
    with served(folder) as server:
        loads = [_load(server, what, clients, seconds, texts) for what in ("analyze", "turn") for clients in CLIENTS]
        word = asyncio.run(first_words(texts))
        spoken, readings = asyncio.run(spoken_words(texts))
        sockets = asyncio.run(idle_sockets(server))
    now = datetime.now(UTC)
    return Server("S3", now, machine, WORKERS, tuple(loads), word, spoken, readings, SOCKETS, sockets)


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
                time.sleep(20)  # the other worker may be ready a little later
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


async def spoken_words(texts: list[str], count: int = 12) -> tuple[tuple[float, float], float]:
    """Speak over the live socket in real time, and supply the words as soon as an utterance is told.

    Returns:
        Milliseconds from the end of the sound to the first word of the reply, median and 95th percentile; and the
        readings that came per second of speech.
    """
    sound = (speech(_SPOKEN) * 32_767).astype("<i2")
    times, readings = [], 0
    async with websockets.connect(f"ws://127.0.0.1:{PORT}/v1/live") as socket:
        await socket.send(json.dumps({"type": "session_settings", "transcript": "client"}))
        for text in texts[:count]:
            for start in range(0, len(sound), _PIECE):
                await socket.send(sound[start : start + _PIECE].tobytes())
                await asyncio.sleep(_PIECE / RATE)
            began = time.perf_counter()
            await socket.send(json.dumps({"type": "audio_input", "end": True}))
            event: dict[str, Any] = {}
            while event.get("type") != "assistant_message":
                event = json.loads(await socket.recv())
                readings += event["type"] == "reading" and event["source"] == "voice"
                if event["type"] == "utterance":
                    said = {"type": "user_input", "text": text, "utterance": event["utterance"]}
                    await socket.send(json.dumps(said))
                if event["type"] == "assistant_delta" and began:
                    times.append((time.perf_counter() - began) * 1000.0)
                    began = 0.0
    return (statistics.median(times), statistics.quantiles(times, n=20)[18]), readings / (count * _SPOKEN)


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


def page(found: Server) -> str:
    """Return a run as a Markdown page."""
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
        f"- From the end of an utterance to the first word of the reply, its words supplied as soon as it is told: "
        f"{found.spoken[0]:.0f} ms median, {found.spoken[1]:.0f} ms 95th percentile. {found.readings:.1f} readings a "
        f"second came while it was spoken.",
        f"- {found.sockets} idle sockets: {found.sockets_mib:.1f} MiB.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
