"""Figures agree with scikit-learn and with slow, plain definitions; intervals behave as intervals."""

from __future__ import annotations

import time
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from heedful.errors import InputError
from heedful.labels import FINE
from heedful.measure.metric import BINS, calibration_error, indicator, macro_f1, measured, micro_f1

SHAPES = st.tuples(st.integers(1, 30), st.integers(2, 6))
PAIRS = SHAPES.flatmap(lambda shape: st.tuples(arrays(np.bool_, shape), arrays(np.bool_, shape)))
STATED = SHAPES.flatmap(
    lambda shape: st.tuples(arrays(np.bool_, shape), arrays(np.float64, shape, elements=st.floats(0, 1)))
)


def expected_f1(gold: NDArray[np.bool_], predicted: NDArray[np.bool_], average: str) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(f1_score(gold, predicted, average=average, zero_division=0))


def plain_calibration_error(gold: NDArray[np.bool_], stated: NDArray[np.float64]) -> float:
    error = 0.0
    decisions = list(zip(stated.ravel().tolist(), gold.ravel().tolist(), strict=True))
    for number in range(BINS):
        here = [(p, g) for p, g in decisions if min(int(p * BINS), BINS - 1) == number]
        if here:
            mean = sum(p for p, _ in here) / len(here)
            share = sum(g for _, g in here) / len(here)
            error += len(here) / len(decisions) * abs(mean - share)
    return error


class TestF1:
    @given(PAIRS)
    def test_macro_f1_is_that_of_scikit_learn(self, pair: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> None:
        assert macro_f1(*pair).value == pytest.approx(expected_f1(*pair, "macro"), abs=1e-9)

    @given(PAIRS)
    def test_micro_f1_is_that_of_scikit_learn(self, pair: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> None:
        assert micro_f1(*pair).value == pytest.approx(expected_f1(*pair, "micro"), abs=1e-9)

    def test_swapping_two_labels_costs_exactly_those_two(self) -> None:
        gold = np.eye(4, dtype=np.bool_)[np.arange(40) % 4]
        swapped = gold[:, [1, 0, 2, 3]]
        assert macro_f1(gold, gold).value == 1.0
        assert macro_f1(gold, swapped).value == 0.5
        assert micro_f1(gold, swapped).value == 0.5

    def test_naming_no_label_at_all_scores_zero(self) -> None:
        gold = np.eye(3, dtype=np.bool_)
        assert macro_f1(gold, np.zeros_like(gold)).value == 0.0
        assert micro_f1(gold, np.zeros_like(gold)).value == 0.0

    def test_a_label_that_is_absent_everywhere_counts_as_zero(self) -> None:
        gold = np.array([[True, False], [True, False]])
        assert macro_f1(gold, gold).value == 0.5

    def test_a_different_number_of_predictions_is_refused(self) -> None:
        with pytest.raises(InputError, match="3 items were given and 2 predicted"):
            macro_f1(np.eye(3, dtype=np.bool_), np.eye(3, dtype=np.bool_)[:2])


class TestCalibrationError:
    @given(STATED)
    def test_it_is_that_of_the_plain_definition(self, pair: tuple[NDArray[np.bool_], NDArray[np.float64]]) -> None:
        assert calibration_error(*pair).value == pytest.approx(plain_calibration_error(*pair), abs=1e-9)

    def test_sure_and_right_is_zero_and_sure_and_wrong_is_one(self) -> None:
        gold = np.eye(5, dtype=np.bool_)
        assert calibration_error(gold, gold.astype(float)).value == 0.0
        assert calibration_error(gold, 1.0 - gold).value == 1.0

    def test_overstating_by_a_tenth_is_an_error_of_a_tenth(self) -> None:
        gold = np.arange(1000).reshape(1000, 1) % 2 == 0
        assert calibration_error(gold, np.full((1000, 1), 0.6)).value == pytest.approx(0.1)

    def test_items_without_an_answer_are_left_out(self) -> None:
        gold = np.eye(4, dtype=np.bool_)
        stated = np.abs(gold - 0.2)
        answered = np.array([True, True, False, False])
        alone = calibration_error(gold[:2], stated[:2]).value
        assert calibration_error(gold, stated, answered).value == pytest.approx(alone)

    @pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
    def test_what_is_no_probability_is_refused(self, wrong: float) -> None:
        with pytest.raises(InputError, match=r"\[0, 1\]"):
            calibration_error(np.array([[True]]), np.array([[wrong]]))


class TestInterval:
    def test_it_is_that_of_drawing_item_by_item(self) -> None:
        random = np.random.default_rng(3)
        gold, predicted = random.random((60, 4)) < 0.4, random.random((60, 4)) < 0.4
        figure = measured("macro-F1", macro_f1(gold, predicted), resamples=1000)
        rows = (random.integers(0, 60, 60) for _ in range(1000))
        low, high = np.percentile([expected_f1(gold[row], predicted[row], "macro") for row in rows], [2.5, 97.5])
        assert figure.low == pytest.approx(low, abs=0.025)
        assert figure.high == pytest.approx(high, abs=0.025)

    def test_it_holds_the_value_and_narrows_with_more_items(self) -> None:
        random = np.random.default_rng(4)
        gold = random.random((4000, 3)) < 0.5
        predicted = gold ^ (random.random((4000, 3)) < 0.2)
        few = measured("few", macro_f1(gold[:100], predicted[:100]))
        many = measured("many", macro_f1(gold, predicted))
        assert few.low <= few.value <= few.high
        assert many.low <= many.value <= many.high
        assert (few.high - few.low) / (many.high - many.low) == pytest.approx(np.sqrt(40), rel=0.3)

    def test_nineteen_intervals_of_twenty_hold_the_truth(self) -> None:
        random = np.random.default_rng(5)
        held = 0
        for trial in range(200):
            gold = np.ones((150, 1), dtype=np.bool_)
            predicted = random.random((150, 1)) < 0.7
            figure = measured("recall", micro_f1(gold, predicted), resamples=200, seed=trial)
            held += figure.low <= 2 * 0.7 / 1.7 <= figure.high
        assert 176 <= held <= 199

    def test_the_same_seed_gives_the_same_interval_and_another_seed_another(self) -> None:
        random = np.random.default_rng(6)
        tally = macro_f1(random.random((50, 3)) < 0.5, random.random((50, 3)) < 0.5)
        assert measured("f", tally, seed=1) == measured("f", tally, seed=1)
        assert measured("f", tally, seed=1) != measured("f", tally, seed=2)

    def test_a_single_item_has_an_interval_of_no_width(self) -> None:
        figure = measured("f", macro_f1(np.array([[True]]), np.array([[True]])))
        assert (figure.low, figure.value, figure.high, figure.n) == (1.0, 1.0, 1.0, 1)

    def test_no_items_and_no_resamples_are_refused(self) -> None:
        none = macro_f1(np.zeros((0, 2), dtype=np.bool_), np.zeros((0, 2), dtype=np.bool_))
        with pytest.raises(InputError, match="at least one item"):
            measured("f", none)
        with pytest.raises(InputError, match="one resample"):
            measured("f", macro_f1(np.array([[True]]), np.array([[True]])), resamples=0)

    def test_a_test_set_of_full_size_takes_seconds(self) -> None:
        random = np.random.default_rng(7)
        gold, predicted = random.random((5427, 28)) < 0.05, random.random((5427, 28)) < 0.05
        start = time.process_time()
        measured("macro-F1", macro_f1(gold, predicted))
        measured("error", calibration_error(gold, random.random((5427, 28))))
        assert time.process_time() - start < 20.0


class TestIndicator:
    @given(st.lists(st.frozensets(st.sampled_from(FINE))))
    def test_it_says_the_same_as_the_sets(self, sets: list[frozenset[str]]) -> None:
        matrix = indicator(sets, FINE)
        assert matrix.shape == (len(sets), len(FINE))
        assert [frozenset(np.array(FINE)[row].tolist()) for row in matrix] == sets

    def test_an_unknown_label_is_named(self) -> None:
        with pytest.raises(InputError, match="item 1 has the label 'rage'"):
            indicator([{"joy"}, {"rage"}], FINE)
