"""Put a server under load: clients that keep their connection, each asking again as soon as it was answered."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from heedful.types import Record


@dataclass(frozen=True, slots=True)
class Load(Record):
    """What a server did under load."""

    what: str
    """What was asked for."""
    clients: int
    """How many asked at once."""
    seconds: float
    """How long."""
    requests: int
    """How many were answered well."""
    errors: int
    """How many were not."""
    p50: float
    """Median time of an answer, in milliseconds."""
    p95: float
    """95th percentile, in milliseconds."""
    p99: float
    """99th percentile, in milliseconds."""
    cpu: float
    """Processor time of the server per answer, in milliseconds."""

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return self.requests / self.seconds


Body = Callable[[int, int], Mapping[str, object]]
"""Client, number of its request -> what it asks."""


async def load(
    port: int, path: str, body: Body, clients: int, seconds: float, every: float = 0.0
) -> tuple[list[float], int]:
    """Ask for a while; return the time of each good answer in milliseconds, and how many were not good.

    Args:
        port: of the server on this machine.
        path: of the route.
        body: what is asked.
        clients: how many ask at once.
        seconds: how long.
        every: seconds from one request of a client to its next, at least.
    """
    times: list[float] = []
    errors = 0
    end = time.perf_counter() + seconds

    async def client(number: int) -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for turn in itertools.count():
            if time.perf_counter() >= end:
                break
            if every and turn:  # a connection that was idle may have been closed meanwhile
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            content = json.dumps(body(number, turn)).encode()
            head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            began = time.perf_counter()
            writer.write(f"{head}content-length: {len(content)}\r\n\r\n".encode() + content)
            answered = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in answered.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
            if answered.startswith(b"HTTP/1.1 200"):
                times.append((time.perf_counter() - began) * 1000.0)
            else:
                errors += 1
            await asyncio.sleep(max(0.0, every - (time.perf_counter() - began)))
        writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    return times, errors
