"""What networks have alike is kept once, and changes nothing that they say."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from heedful.errors import NetworkError
from heedful.models import session, tables
from heedful.models.encoder import TextEncoder
from heedful.models.manifest import card
from tests.networks import weights, write_network  # noqa: F401 - a fixture
from training import share

TEXTS = ["i am sad .", "my dog died ."]


@pytest.fixture
def pair(weights: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811 - the fixture
    """Two networks with the same table, in a folder that stands in for the shipped one."""
    monkeypatch.setattr(tables, "WEIGHTS", weights)
    monkeypatch.setattr(share, "_LEAST", 100)
    tables._read.cache_clear()
    for name in ("one", "two"):
        write_network(weights, name=name)
    return weights


def said(name: str) -> list[float]:
    encoder = TextEncoder.open(name)
    values: list[float] = encoder.run(encoder.tokenize(TEXTS))["fine"].ravel().tolist()
    return values


def shared(folder: Path) -> None:
    share.share([card("one"), card("two")], folder, "words.npy")
    card.cache_clear()
    session.open_session.cache_clear()


def test_networks_that_share_a_table_say_what_they_said_before(pair: Path) -> None:
    before = said("one"), said("two")
    size = card("one").bytes
    shared(pair)
    assert (said("one"), said("two")) == before
    assert card("one").bytes < size
    assert tables.tables(card("one"))["table"] is tables.tables(card("two"))["table"]


def test_a_network_can_be_had_whole_again(pair: Path) -> None:
    before = (pair / "one" / "network.onnx").read_bytes()
    shared(pair)
    again, first = onnx.load_model_from_string(tables.whole(card("one"))), onnx.load_model_from_string(before)
    assert {each.name: each.raw_data for each in again.graph.initializer} == {
        each.name: each.raw_data for each in first.graph.initializer
    }


def test_a_table_that_is_damaged_or_gone_is_told(pair: Path) -> None:
    shared(pair)
    (pair / "words.npy").write_bytes(b"other")
    with pytest.raises(NetworkError, match="is not the file its card names"):
        said("one")
    (pair / "words.npy").unlink()
    with pytest.raises(NetworkError, match="cannot be read"):
        said("two")


def test_networks_that_have_nothing_alike_share_nothing(pair: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share, "_LEAST", 10**9)
    with pytest.raises(SystemExit, match="no table of 1,000,000,000 bytes or more in common"):
        shared(pair)
