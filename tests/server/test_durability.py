from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from heedful.store.store import Store, sqlite_url

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="only where processes can be killed outright")
def test_every_turn_that_was_acknowledged_is_there_after_a_kill_under_load(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([sys.executable, "-m", "tests.server.serving", str(tmp_path), str(port)], cwd=ROOT)
    acknowledged: list[str] = []
    try:
        _await(url, server)
        clients = [threading.Thread(target=_load, args=(url, name, acknowledged)) for name in range(4)]
        for each in clients:
            each.start()
        give_up = time.monotonic() + 60
        while len(acknowledged) < 20 and server.poll() is None and time.monotonic() < give_up:
            time.sleep(0.01)
        ended = server.poll()
        os.kill(server.pid, signal.SIGKILL)
        for each in clients:
            each.join(30)
    finally:
        server.kill()
        server.wait(30)
    assert len(acknowledged) >= 20, f"the server ended by itself: {ended}" if ended is not None else "too slow"
    with Store.open(sqlite_url(str(tmp_path))) as store:
        for turn in acknowledged:
            assert store.turn(turn).id == turn


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 120
    while time.monotonic() < give_up:
        assert server.poll() is None, "the server ended"
        try:
            if httpx.get(f"{url}/ready", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not begin")


def _load(url: str, name: int, acknowledged: list[str]) -> None:
    with httpx.Client(base_url=url, timeout=30) as client:
        while True:
            try:
                answered = client.post("/v1/turns", json={"text": "My dog died.", "conversation": f"c{name}"})
            except httpx.TransportError:  # the server is gone
                return
            assert answered.status_code == 200, answered.text
            acknowledged.append(answered.json()["id"])
