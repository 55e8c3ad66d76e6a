"""Serve an application to clients that need a real one: in a thread of this process, or in a process of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import uvicorn
from fastapi import FastAPI

from heedful import Config, ConfigError, Heedful
from tests.doubles import CuePerceiver


def make_heedful(folder: Path, **settings: Any) -> Heedful:
    """Return a Heedful that reads by a handful of words and judges by rules."""
    made = Heedful(Config.load(data_folder=str(folder), listener="none", **settings))
    made.engine.senses._perceiver = lambda _: CuePerceiver()
    made.engine.senses._installed = ("text",)
    made.engine._listener = SimpleNamespace(hear=lambda *_: None)
    made.hear = made.watch = _deaf_and_blind
    return made


def _deaf_and_blind() -> Any:
    raise ConfigError("nothing hears or sees in this test")


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve in a thread, and yield the URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    give_up = time.monotonic() + 60
    while not server.started and time.monotonic() < give_up:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


def main(folder: str, port: str) -> None:
    """Serve until killed: what a test starts as a process of its own."""
    from heedful.server.app import create_app

    app = create_app(make_heedful(Path(folder), serve_rate=0))
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_config=None)


if __name__ == "__main__":
    import sys

    main(*sys.argv[1:])
