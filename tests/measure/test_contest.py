"""A contest is kept and read back; raters are blind, in an order of their own, and can go on later."""

from __future__ import annotations

from pathlib import Path

import pytest

from heedful.errors import InputError
from heedful.measure.contest import RATINGS, Contest, Rating, left_to_rate, load, order, rate, save

CONTEST = Contest(
    tuple(f"prompt {row}" for row in range(30)),
    {name: tuple(f"{name} to {row}" for row in range(30)) for name in ("one", "two", "three")},
    best=5.0,
)


def test_what_is_kept_is_read_back_with_its_ratings(tmp_path: Path) -> None:
    save(CONTEST, tmp_path)
    rate(tmp_path, Rating(3, "two", "kim", 4.0))
    found = load(tmp_path)
    assert found.replies == CONTEST.replies
    assert found.ratings == (Rating(3, "two", "kim", 4.0),)
    assert found.table()[3][1] == 4.0


def test_everybody_has_an_order_of_their_own_that_says_nothing_of_whose_reply_it_is() -> None:
    first = order(CONTEST, "kim")
    assert first == order(CONTEST, "kim") != order(CONTEST, "sam")
    assert sorted(row for row, _ in first) == list(range(30))
    leading = {names[0] for _, names in first}
    assert leading == {"one", "two", "three"}


def test_rating_goes_on_where_it_stopped(tmp_path: Path) -> None:
    save(CONTEST, tmp_path)
    waiting = left_to_rate(CONTEST, "kim")
    for row, name in waiting[:5]:
        rate(tmp_path, Rating(row, name, "kim", 3.0))
    assert left_to_rate(load(tmp_path), "kim") == waiting[5:]
    assert len(left_to_rate(load(tmp_path), "sam")) == 90


def test_whoever_rates_a_reply_again_has_changed_their_mind(tmp_path: Path) -> None:
    save(CONTEST, tmp_path)
    for value in (1.0, 5.0):
        rate(tmp_path, Rating(0, "one", "kim", value))
    rate(tmp_path, Rating(0, "one", "sam", 2.0))
    assert [(each.rater, each.value) for each in load(tmp_path).ratings] == [("kim", 5.0), ("sam", 2.0)]


def test_ratings_that_came_with_a_dataset_are_kept_and_never_written_over(tmp_path: Path) -> None:
    rated = Contest(CONTEST.prompts, CONTEST.replies, 5.0, (Rating(0, "one", "dataset", 3.0),))
    save(rated, tmp_path)
    rate(tmp_path, Rating(0, "one", "kim", 4.0))
    save(rated, tmp_path)
    assert [each.rater for each in load(tmp_path).ratings] == ["dataset", "kim"]


@pytest.mark.parametrize(
    "line",
    ["{", '{"prompt": 99, "assistant": "one", "rater": "kim", "value": 3}',
     '{"prompt": 1, "assistant": "nobody", "rater": "kim", "value": 3}',
     '{"prompt": 1, "assistant": "one", "rater": "kim", "value": 9}'],
)  # fmt: skip
def test_ratings_of_something_else_are_refused(line: str, tmp_path: Path) -> None:
    save(CONTEST, tmp_path)
    (tmp_path / RATINGS).write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError):
        load(tmp_path)


def test_no_contest_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="heedful measure assistants --out"):
        load(tmp_path)
