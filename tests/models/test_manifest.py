from __future__ import annotations

from pathlib import Path

import pytest

from heedful.errors import NetworkError
from heedful.models.manifest import WEIGHTS, card, cards, verified
from tests.networks import write_network


def test_an_unknown_network_is_named_with_those_that_ship(weights: Path) -> None:
    write_network(weights)
    with pytest.raises(NetworkError, match=r"no network 'other'. Shipped are: tiny"):
        card("other")


def test_a_damaged_card_is_named(weights: Path) -> None:
    (write_network(weights) / "card.json").write_text("{", encoding="utf-8")
    with pytest.raises(NetworkError, match=r"card\.json is damaged"):
        card("tiny")


def test_a_replaced_file_is_refused(weights: Path) -> None:
    folder = write_network(weights)
    with (folder / "network.onnx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(NetworkError, match="not the file its card names"):
        verified(folder / "network.onnx", card("tiny").sha256)


def test_a_missing_file_says_what_to_do(weights: Path) -> None:
    with pytest.raises(NetworkError, match="Install heedful again"):
        verified(weights / "nothing.onnx", "0" * 64)


def test_every_shipped_network_is_what_its_card_says() -> None:
    shipped = cards()
    assert shipped, f"no card under {WEIGHTS}"
    for each in shipped:
        assert len(verified(each.folder / each.file, each.sha256)) == each.bytes
        if each.tokenizer_sha256:  # a network that hears or sees has none
            verified(each.folder / "tokenizer.json", each.tokenizer_sha256)
        assert each.data, "a card names its data"
        assert each.limits, "a card names its limits"
        assert each.scores, "a card says how well it measures"


def test_all_shipped_weights_stay_under_sixty_megabytes() -> None:
    assert sum(path.stat().st_size for path in WEIGHTS.rglob("*") if path.is_file()) < 60e6
