"""Rated replies are replayed: chosen, then learned from."""

from __future__ import annotations

from heedful.learn.trial import STEP, Rated, replay
from heedful.types import Reply


def dialogue(ratings: tuple[float, ...], totals: tuple[float, ...] = (0.6, 0.5, 0.4)) -> Rated:
    replies = tuple(Reply(f"r{at}", "people", scores={"total": total}) for at, total in enumerate(totals))
    traits = ({"next_step": -1.0}, {"next_step": 0.0}, {"next_step": 1.0})
    return Rated(replies, traits, ratings, (False,) * 3, (10, 20, 30))


def test_a_reply_wins_over_those_that_are_rated_lower_and_halves_with_its_equals() -> None:
    rated = dialogue((3.0, 1.0, 3.0))
    assert [rated.won(place) for place in range(3)] == [0.75, 0.0, 0.75]


def test_the_curve_rises_where_what_is_liked_was_ranked_last() -> None:
    given = [dialogue((1.0, 2.0, 3.0))] * (4 * STEP)
    found = replay(given, given[:5], 1.0, 0, 3 * STEP)
    assert len(found.won) == len(found.won_frozen) == 3
    assert found.won_frozen == (0.0, 0.0, 0.0)
    assert found.won[0] < found.won[-1] == 1.0
    assert found.after > found.after_frozen
