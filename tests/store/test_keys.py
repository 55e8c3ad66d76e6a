from __future__ import annotations

from pathlib import Path

import pytest

from heedful import InputError
from heedful.store.store import Store, sqlite_url


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(sqlite_url(str(tmp_path)))


def test_a_key_is_found_by_its_token_until_and_after_it_is_revoked(store: Store) -> None:
    key, token = store.keys.create("the shop", ["perceive"], "shop")
    assert (key.name, key.scopes, key.owner) == ("the shop", ("perceive",), "shop")
    assert store.keys.find(token) == key
    revoked = store.keys.revoke(key.id)
    assert revoked.revoked is not None
    assert store.keys.find(token) == revoked
    assert store.keys.revoke(key.id) == revoked, "revoking again changed when"
    assert store.keys.all() == [revoked]


def test_the_secret_is_kept_nowhere(store: Store, tmp_path: Path) -> None:
    _, token = store.keys.create("the shop")
    secret = token.rpartition("_")[2].encode()
    store.close()
    for path in tmp_path.rglob("*"):
        assert secret not in path.read_bytes()


@pytest.mark.parametrize("token", ["", "hk_", "hk_000000000000_" + "a" * 43, "\ud800", "a" * 10_000])
def test_what_is_no_token_finds_nothing(store: Store, token: str) -> None:
    store.keys.create("the shop")
    assert store.keys.find(token) is None


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    with pytest.raises(InputError, match="no scope dance"):
        store.keys.create("x", ["dance"])
    with pytest.raises(InputError, match="say what it is for"):
        store.keys.create("  ")
    with pytest.raises(InputError, match="an owner is named by"):
        store.keys.create("x", (), "a/b")
    with pytest.raises(InputError, match="no key 'lost'"):
        store.keys.revoke("lost")
