"""A judge by rules alone, and a room with a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from heedful.config import Config
from heedful.judge.base import Judge
from heedful.practise.pack import scenario
from heedful.practise.room import Practise
from heedful.practise.scenario import Scenario
from heedful.store.store import Store, sqlite_url


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge(Config.load(), rules_only=True)


@pytest.fixture(scope="session")
def biopsy() -> Scenario:
    return scenario("biopsy")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(str(tmp_path))) as opened:
        yield opened


@pytest.fixture
def room(store: Store) -> Practise:
    def engine() -> object:
        raise AssertionError("no test here needs the engine")

    return Practise(Config.load(), lambda: store, engine)
