from __future__ import annotations

import numpy as np
import pytest

from heedful.learn.bounds import admitted, against_all
from heedful.learn.camps import smaller_camp
from heedful.learn.feedback import Lesson, rater_of
from heedful.learn.preference import Comparison


def said(raters: int, sign: float, noise: float, seed: int, each: int = 15, prefix: str = "r") -> list[Lesson]:
    """Return what raters say who like longer replies, or shorter ones, among much that has nothing to do with it."""
    random = np.random.default_rng(seed)
    found = []
    for rater in range(raters):
        for _ in range(each):
            gap, other = random.normal(size=2)
            likes = sign * gap + noise * random.normal() > 0
            way = 1.0 if likes else -1.0
            more = {"length": way * gap, "question": way * other}
            found.append(Lesson(rater_of(f"{prefix} {rater}"), "companion", (Comparison(more),)))
    return found


def out(lessons: list[Lesson]) -> frozenset[str]:
    return against_all(admitted([(at, lesson) for at, lesson in enumerate(lessons)]))


@pytest.mark.parametrize("seed", range(4))
def test_people_who_agree_are_not_divided_however_noisy_they_are(seed: int) -> None:
    assert not out(said(30, -1.0, 1.0, seed))
    assert len(out(said(30, -1.0, 4.0, seed))) <= 6  # hardly more than chance


@pytest.mark.parametrize("seed", range(4))
def test_a_third_who_praise_only_what_is_long_are_told_from_those_who_like_few_words(seed: int) -> None:
    spoiling = {rater_of(f"spoils {rater}") for rater in range(9)}
    found = out(said(21, -1.0, 1.0, seed) + said(9, 1.0, 0.0, seed + 100, prefix="spoils"))
    assert len(found & spoiling) >= 8
    assert len(found - spoiling) <= 1


def test_heads_are_counted_and_not_how_much_somebody_says() -> None:
    loud = said(3, 1.0, 0.0, 1, each=40, prefix="loud")
    assert out(said(12, -1.0, 0.5, 1, each=10) + loud) == {rater_of(f"loud {rater}") for rater in range(3)}


def test_where_nobody_is_in_a_clear_majority_nobody_is_left_out() -> None:
    assert not out(said(12, -1.0, 0.2, 3) + said(10, 1.0, 0.2, 4, prefix="other"))


def test_nobody_stands_against_nobody() -> None:
    assert smaller_camp([]) == frozenset()
    assert smaller_camp([("one", Comparison({"length": 1.0}))]) == frozenset()
