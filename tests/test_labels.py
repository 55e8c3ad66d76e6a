from __future__ import annotations

import pytest

from heedful.labels import (
    BASIC,
    CIRCUMPLEX,
    EKMAN,
    FINE,
    FINE_TO_BASIC,
    FINE_TO_SENTIMENT,
    SENTIMENT,
    SENTIMENT_GROUP,
    SITUATION,
    share_out,
)


def test_the_label_sets_have_their_published_sizes_and_no_doubles() -> None:
    for labels, size in ((BASIC, 7), (FINE, 28), (SENTIMENT, 3), (SITUATION, 32)):
        assert len(labels) == len(set(labels)) == size


@pytest.mark.parametrize("table", [EKMAN, SENTIMENT_GROUP, FINE_TO_BASIC, FINE_TO_SENTIMENT, CIRCUMPLEX])
def test_no_label_is_left_out_of_a_map(table: dict[str, object]) -> None:
    assert set(table) == set(FINE)


@pytest.mark.parametrize(("table", "onto"), [(FINE_TO_BASIC, BASIC), (FINE_TO_SENTIMENT, SENTIMENT)])
def test_shares_are_whole_and_stay_within_their_set(table: dict[str, dict[str, float]], onto: tuple[str, ...]) -> None:
    for shares in table.values():
        assert sum(shares.values()) == pytest.approx(1.0)
        assert set(shares) <= set(onto)


def test_every_place_on_the_circumplex_is_in_range() -> None:
    assert all(-1.0 <= value <= 1.0 for place in CIRCUMPLEX.values() for value in place)


def test_nothing_expressed_is_shared_out_evenly() -> None:
    assert share_out({}, FINE_TO_BASIC, BASIC) == pytest.approx(dict.fromkeys(BASIC, 1 / 7))
