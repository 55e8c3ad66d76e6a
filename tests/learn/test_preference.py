from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.learn.preference import (
    COMMON_DOUBT,
    LIMIT,
    PERSON_DOUBT,
    Belief,
    Comparison,
    Levels,
    learn_many,
    learn_one,
    likely,
    log_gain,
    packed,
    taste_of,
    unpacked,
)  # fmt: skip
from heedful.respond.traits import known

ASKED = Comparison({"question": -2.5, "ends_asking": -2.5})
"""Somebody liked the reply without a question better."""


def test_what_is_said_again_and_again_is_believed_more_and_doubted_less() -> None:
    belief = Belief.start(PERSON_DOUBT)
    chances = []
    for _ in range(5):
        chances.append(likely((belief,), ASKED))
        (belief,) = learn_one((belief,), ASKED)
    assert chances[0] == 0.5
    assert chances == sorted(chances)
    assert belief.weights()["question"] < -0.2
    assert belief.doubts()["question"] < PERSON_DOUBT
    assert belief.doubts()["praise"] == pytest.approx(PERSON_DOUBT)


def test_a_level_that_is_surer_moves_less() -> None:
    common, own = learn_one((Belief.start(COMMON_DOUBT), Belief.start(PERSON_DOUBT)), ASKED)
    assert 0 < -common.weights()["question"] < -own.weights()["question"] / 10


def test_what_everybody_shares_is_not_learned_again_of_a_person() -> None:
    shared = Belief.fixed({"question": -1.0, "ends_asking": -1.0})
    _, told_before = learn_one((shared, Belief.start(PERSON_DOUBT)), ASKED)
    (new,) = learn_one((Belief.start(PERSON_DOUBT),), ASKED)
    assert abs(told_before.weights()["question"]) < abs(new.weights()["question"]) / 5
    assert shared.weights()["question"] == -1.0


def test_a_setting_adds_to_what_everybody_shares() -> None:
    step = Comparison({"next_step": 2.0})
    levels = learn_many([("customer_service", step)] * 60 + [("companion", Comparison({"next_step": -2.0}))] * 60)
    assert levels.setting("customer_service").weights()["next_step"] > 0
    assert levels.setting("companion").weights()["next_step"] < 0
    assert levels.setting("education").weights()["next_step"] == 0


def test_a_taste_that_foresees_nothing_does_not_count() -> None:
    (own,) = learn_one((Belief.start(PERSON_DOUBT),), ASKED)
    sure, unsure = taste_of({}, own, 5.0, ""), taste_of({}, own, -5.0, "")
    assert sure.weights["question"] == pytest.approx(own.weights()["question"])
    assert not unsure.weights
    assert log_gain((own,), Belief.fixed({}), ASKED) > 0


@given(st.lists(st.tuples(st.sampled_from(sorted(known())), st.floats(-3, 3), st.floats(0.01, 1)), max_size=30))
def test_whatever_is_said_the_weights_stay_within_the_limit_and_the_doubt_never_grows(
    said: list[tuple[str, float, float]],
) -> None:
    belief = Belief.start(PERSON_DOUBT)
    for name, gap, trust in said:
        (belief,) = learn_one((belief,), Comparison({name: gap}, 0.0, trust))
    assert all(abs(weight) <= LIMIT for weight in belief.weights().values())
    assert np.linalg.eigvalsh(belief.spread).min() > -1e-9
    assert max(belief.doubts().values()) <= PERSON_DOUBT + 1e-9


def test_a_belief_comes_back_as_it_was_kept_and_outlives_a_trait() -> None:
    (belief,) = learn_one((Belief.start(PERSON_DOUBT),), ASKED)
    kept = packed(belief)
    again = unpacked(kept, PERSON_DOUBT)
    assert np.allclose(again.mean, belief.mean, atol=1e-5)
    assert np.allclose(again.spread, belief.spread, atol=1e-6)
    older = {**kept, "traits": ["gone" if name == "praise" else name for name in kept["traits"]]}
    renewed = unpacked(older, PERSON_DOUBT)
    assert np.allclose(renewed.mean, belief.mean, atol=1e-5)
    assert renewed.doubts()["praise"] == pytest.approx(PERSON_DOUBT)


def test_nothing_learned_is_even() -> None:
    assert likely((Levels().common,), Comparison({"praise": 2.0})) == 0.5
