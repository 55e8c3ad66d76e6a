"""Strengths agree with a published implementation; length can be held equal; raters' agreement is Krippendorff's."""

from __future__ import annotations

import choix
import numpy as np
import pytest

from heedful.errors import InputError
from heedful.measure.strength import _resampled, agreement, equal_length, strengths, wins, with_interval

RANDOM = np.random.default_rng(11)


def test_wins_are_counted_over_prompts_and_ties_shared() -> None:
    scores = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [2.0, np.nan]])
    assert wins(scores).tolist() == [[0.0, 1.5], [1.5, 0.0]]


@pytest.mark.parametrize("seed", range(5))
def test_strengths_are_those_of_choix(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.random((80, 4)) + np.array([0.0, 0.1, 0.2, 0.5])
    table = wins(scores) + 0.1 * (1.0 - np.eye(4))
    expected = choix.ilsr_pairwise_dense(table, max_iter=5000, tol=1e-14)
    assert strengths(scores) == pytest.approx(expected - expected.mean(), abs=1e-9)


def test_who_was_never_compared_has_no_strength() -> None:
    scores = np.array([[1.0, 0.0, np.nan], [0.0, 1.0, np.nan]])
    assert np.isnan(strengths(scores)).tolist() == [False, False, True]
    assert np.isnan(strengths(np.array([[1.0, np.nan]]))).all()


def test_a_judge_that_likes_length_alone_is_seen_through() -> None:
    lengths = np.stack([RANDOM.integers(5, 60, 300), RANDOM.integers(5, 30, 300)], axis=1).astype(float)
    scores = lengths + RANDOM.normal(0.0, 8.0, lengths.shape)
    plain, level = strengths(scores), equal_length(scores, lengths)
    assert plain[0] - plain[1] > 1.0
    assert abs(level[0] - level[1]) < 0.5 * (plain[0] - plain[1])


def test_intervals_hold_the_strength_and_are_the_same_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heedful.measure.strength.RESAMPLES", 60)
    scores, lengths = RANDOM.random((60, 3)) + np.array([0.0, 0.2, 0.4]), np.full((60, 3), 10.0)
    first = with_interval("strength", scores)
    assert first == with_interval("strength", scores)
    assert all(figure and figure.low < figure.value < figure.high for figure in first)
    with pytest.raises(InputError, match="lengths"):
        with_interval("strength", scores, lengths[:, :2])


def test_resamples_that_are_fitted_together_are_those_that_scikit_learn_fits_one_by_one() -> None:
    scores, lengths = RANDOM.random((40, 4)) + np.array([0.0, 0.2, 0.4, 0.5]), RANDOM.integers(4, 50, (40, 4)) * 1.0
    scores[:15, 2] = np.nan
    draws = RANDOM.integers(0, 40, (6, 40))
    times = np.stack([np.bincount(each, minlength=40) for each in draws]).astype(float)
    for place, rows in enumerate(draws):
        plain = _resampled(times, scores, None)[place]
        assert plain == pytest.approx(strengths(scores[rows]), abs=1e-4)
        level = _resampled(times, scores, lengths)[place]
        assert level == pytest.approx(equal_length(scores[rows], lengths[rows]), abs=1e-4)


def test_agreement_is_krippendorffs_alpha() -> None:
    # Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, example C: interval data, alpha = 0.849.
    ratings = {
        "A": "1 2 3 3 2 1 4 1 2 . . .", "B": "1 2 3 3 2 2 4 1 2 5 . 3",
        "C": ". 3 3 3 2 3 4 2 2 5 1 .", "D": "1 2 3 3 2 4 4 1 2 5 1 .",
    }  # fmt: skip
    rows = [
        (rater, str(item), float(value))
        for rater, line in ratings.items()
        for item, value in enumerate(line.split())
        if value != "."
    ]
    assert agreement(rows) == pytest.approx(0.849, abs=1e-3)
    assert agreement([("A", "x", 1.0), ("B", "y", 2.0)]) is None
