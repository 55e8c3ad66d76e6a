from __future__ import annotations

import multiprocessing
import random
import sqlite3
import time
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from heedful.store.store import Store, sqlite_url
from tests.store.writer import CONVERSATION, feedback_of, turn_of, write

# Writers are forked from a process that has imported everything, so fifty of them start in a second or two.
# It holds no database: a connection must not be carried over a fork.
PROCESSES: Any = multiprocessing.get_context(
    "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
)
PROCESSES.set_forkserver_preload(["__main__", "tests.store.writer"])

Acknowledged = list[tuple[str, int]]


def start_writer(url: str, name: str, count: int | None = None) -> tuple[BaseProcess, Connection]:
    receiver, sender = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=write, args=(url, name, sender, count))
    process.start()
    sender.close()
    assert receiver.recv() == ("started", 0)
    return process, receiver


def finish(process: BaseProcess, receiver: Connection) -> Acknowledged:
    acknowledged: Acknowledged = []
    with receiver:
        try:
            while True:
                acknowledged.append(receiver.recv())
        except EOFError:  # the writer has gone
            process.join()
    return acknowledged


def check_kept(store: Store, name: str, acknowledged: Acknowledged) -> None:
    for kind, number in acknowledged:
        if kind == "turn":
            assert store.turn(f"{name}-{number}") == turn_of(name, number)
        else:
            assert store.feedback(f"{name}-{number}") == [feedback_of(name, number)]


def seconds_to_write(url: str) -> float:
    """Return how long it takes a process to open the store and write a few records."""
    finish(*start_writer(url, "first", 3))  # makes the store
    start = time.perf_counter()
    assert len(finish(*start_writer(url, "second", 3))) == 6
    return time.perf_counter() - start


def test_what_was_acknowledged_survives_fifty_kills_while_two_processes_write(tmp_path: Path) -> None:
    moments = random.Random(7)
    url = sqlite_url(str(tmp_path))
    acknowledged: dict[str, Acknowledged] = {}
    longest = max(0.25, 2 * seconds_to_write(url))  # on a busy machine it takes a writer longer to get to work
    for turn in range(25):
        writers = {name: start_writer(url, name) for name in (f"{turn}a", f"{turn}b")}
        for process, _ in writers.values():
            time.sleep(moments.uniform(0.0, longest))
            process.kill()
        for name, (process, receiver) in writers.items():
            acknowledged[name] = finish(process, receiver)
            assert (process.exitcode or 0) < 0, "the writer failed before it was killed"
        with Store.open(url) as store:
            for name in writers:
                check_kept(store, name, acknowledged[name])
    assert len(acknowledged) == 50
    assert sum(map(len, acknowledged.values())) > 100, "the kills struck before anything much was written"
    with Store.open(url) as store:
        for name, each in acknowledged.items():
            check_kept(store, name, each)
        kept = store.turns(CONVERSATION, limit=10**6)
    for stored in kept:  # also those that were committed, but killed before they could say so
        name, _, number = stored.id.partition("-")
        assert stored == turn_of(name, int(number))
    with closing(sqlite3.connect(tmp_path / "heedful.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_two_processes_that_open_a_new_store_and_write_at_once_both_succeed(tmp_path: Path) -> None:
    for attempt in range(5):
        url = sqlite_url(str(tmp_path / str(attempt)))
        writers = {name: start_writer(url, name, 30) for name in ("a", "b")}
        for name, (process, receiver) in writers.items():
            acknowledged = finish(process, receiver)
            assert process.exitcode == 0
            assert len(acknowledged) == 60
            with Store.open(url) as store:
                check_kept(store, name, acknowledged)
