"""Differences on the same items agree with SciPy and NumPy, and are no surer than they may be."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from heedful.measure.dataset import Dataset
from heedful.measure.paired import chance, counted_as, credit, difference
from heedful.measure.subject import Prediction

RANDOM = np.random.default_rng(7)


def test_the_difference_is_that_of_the_means() -> None:
    ours, theirs = RANDOM.random(300), RANDOM.random(300)
    found = difference("them", "accuracy", ours, theirs)
    assert found.value == pytest.approx(float(ours.mean() - theirs.mean()), abs=1e-12)
    assert found.low < found.value < found.high
    assert found.n == 300


def test_the_chance_of_right_and_wrong_is_that_of_the_exact_sign_test() -> None:
    gaps = np.array([1.0] * 14 + [-1.0] * 4 + [0.0] * 50)
    assert chance(gaps) == pytest.approx(binomtest(4, 18).pvalue, abs=0.006)


def test_equals_differ_by_chance_alone_and_a_gulf_does_not() -> None:
    same = RANDOM.integers(0, 2, 200).astype(float)
    assert chance(same - same) == 1.0
    assert chance(np.ones(200)) < 0.001
    level = [chance(RANDOM.choice([-1.0, 0.0, 1.0], 60)) < 0.05 for _ in range(30)]
    assert sum(level) <= 6


def test_an_item_counts_for_what_is_right_about_it() -> None:
    def made(gold: object) -> Dataset:
        return Dataset("made up", "", "", ("a", "b"), ("x",), (gold,), 1)

    both = Prediction(frozenset({"a", "b"}))
    assert credit(made("a"), [Prediction(frozenset({"a"}))]) == [1.0]
    assert credit(made("a"), [both]) == [0.0]
    assert credit(made(frozenset({"a"})), [both]) == [pytest.approx(2 / 3)]
    parts = Prediction(parts={"x": Prediction(frozenset({"1"})), "y": Prediction(frozenset({"0"}))})
    assert credit(made({"x": ("1", ()), "y": ("2", ())}), [parts]) == [0.5]
    assert credit(made((("d",), 3)), [both]) is None
    assert counted_as(made("a")) == "accuracy"
