"""A server with doubles in place of the networks, in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from heedful import Config, Heedful
from heedful.server.app import create_app
from tests.server.serving import make_heedful, serving

Client = TestClient


@pytest.fixture
def heedful(tmp_path: Path) -> Iterator[Heedful]:
    with make_heedful(tmp_path) as made:
        yield made


@pytest.fixture
def client(heedful: Heedful) -> Iterator[Client]:
    """A client of a server without keys."""
    with Client(create_app(heedful)) as made:
        wait_until_ready(made)
        yield made


def wait_until_ready(client: Client) -> None:
    """Wait until everything is loaded."""
    give_up = time.monotonic() + 60
    while client.get("/ready").status_code != 200:
        assert time.monotonic() < give_up, client.get("/ready").text
        time.sleep(0.01)


@pytest.fixture
def keyed(heedful: Heedful) -> Iterator[Callable[..., Client]]:
    """Return what makes a client with a key of its own, all on one server that needs keys."""
    with Client(create_app(heedful, keys=True)) as made:

        def client_of(name: str, *scopes: str, owner: str = "") -> Client:
            _, token = heedful.store.keys.create(name, scopes, owner)
            other = Client(made.app, headers={"authorization": f"Bearer {token}"})
            other.portal = made.portal  # one event loop for all of them
            return other

        yield client_of


@pytest.fixture
def url(heedful: Heedful) -> Iterator[str]:
    """Return the URL of a server that listens."""
    with serving(create_app(heedful)) as found:
        yield found


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config.load(data_folder=str(tmp_path))
