from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from heedful.labels import BASIC, CIRCUMPLEX, FINE, FINE_TO_BASIC, FINE_TO_SENTIMENT, SENTIMENT, share_out
from heedful.models.manifest import Head
from heedful.perceive.rollup import roll_up

HEAD = Head("multilabel", FINE, sharpness=1.5, confidence=(1.1, 0.4))


@given(arrays(np.float64, (3, len(FINE)), elements=st.floats(0.0, 1.0)))
def test_rolling_up_many_at_once_is_sharing_out_each(fine: np.ndarray) -> None:
    rolled = roll_up(fine, HEAD)
    for row, values in enumerate(fine):
        sharp = {label: float(value) ** 1.5 for label, value in zip(FINE, values, strict=True)}
        if sum(sharp.values()) < 1e-200:
            continue
        for found, shares, onto in (
            (rolled.basic, FINE_TO_BASIC, BASIC),
            (rolled.sentiment, FINE_TO_SENTIMENT, SENTIMENT),
        ):
            expected = share_out(sharp, shares, onto)
            assert found[row] == pytest.approx([expected[label] for label in onto], abs=1e-9)
        total = sum(sharp.values())
        valence = sum(weight * CIRCUMPLEX[label][0] for label, weight in sharp.items()) / total
        assert rolled.affect[row, 0] == pytest.approx(valence, abs=1e-9)
    assert (np.abs(rolled.affect) <= 1.0).all()


def test_a_reading_of_nothing_is_uniform_and_flat() -> None:
    rolled = roll_up(np.zeros((1, len(FINE))), HEAD)
    assert rolled.basic[0] == pytest.approx(1.0 / len(BASIC))
    assert rolled.affect[0].tolist() == [0.0, 0.0]


def test_the_confidence_rises_with_the_strongest_and_stays_in_range() -> None:
    fine = np.zeros((5, len(FINE)))
    fine[:, FINE.index("joy")] = 0.5
    fine[:, FINE.index("anger")] = [0.5, 0.4, 0.2, 0.1, 0.0]
    curve = roll_up(fine, HEAD).confidence.tolist()
    assert curve == sorted(curve)
    assert 0.0 <= curve[0] < curve[-1] <= 1.0


def test_curiosity_is_nearest_to_neutral() -> None:
    fine = np.full((1, len(FINE)), 0.02)
    fine[0, FINE.index("curiosity")] = 0.9
    assert BASIC[int(roll_up(fine, HEAD).basic[0].argmax())] == "neutral"
