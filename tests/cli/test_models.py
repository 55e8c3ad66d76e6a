from __future__ import annotations

import json

import pytest

from heedful.models.manifest import Card
from tests.cli.conftest import Run
from tests.cli.double import CARD


def test_the_networks_are_listed_with_what_they_measure(heedful: Run) -> None:
    shown = heedful("models").stdout
    assert all(told in shown for told in ("reader", "Says what is felt", "open", "23.0 MB", "macro-F1 0.490"))


def test_a_card_is_shown_whole(heedful: Run) -> None:
    shown = " ".join(heedful("models", "reader").stdout.split())
    for told in (
        CARD.version, CARD.base, *CARD.data, CARD.sha256, *CARD.limits, *CARD.heads["fine"].labels,
        "openly licensed", "0.480 to 0.500", "5,427", "T1, test", "per label joy 0.600",
    ):  # fmt: skip
        assert told in shown


def test_cards_can_be_had_as_json(heedful: Run) -> None:
    (listed,) = json.loads(heedful("models", "--json").stdout)
    shown = json.loads(heedful("models", "reader", "--json").stdout)
    assert Card.from_dict(listed) == Card.from_dict(shown) == CARD


def test_an_unknown_network_is_an_error(heedful: Run) -> None:
    done = heedful("models", "nobody")
    assert (done.exit_code, "there is no network 'nobody'" in done.stderr) == (2, True)


@pytest.mark.parametrize("width", ["40", "80", "120"])
def test_the_tables_fit_the_terminal(heedful: Run, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for arguments in ([], ["reader"]):
        assert max(map(len, heedful("models", *arguments).stdout.splitlines())) <= int(width)
