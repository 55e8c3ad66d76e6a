from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.labels import BASIC, SENTIMENT
from heedful.perceive.fuse import disagreement, fuse
from heedful.types import Modality, Reading
from tests.samples import peaked


def reading(modality: Modality, feeling: str, confidence: float = 0.8, valence: float = 0.0) -> Reading:
    return Reading(
        modality,
        "by hand",
        basic=peaked(BASIC, feeling),
        sentiment=peaked(SENTIMENT, "neutral"),
        valence=valence,
        confidence=confidence,
    )


def test_one_reading_is_passed_on_as_it_is() -> None:
    only = reading("text", "joy")
    percept = fuse([only])
    assert percept.basic == pytest.approx(dict(only.basic))
    assert percept.disagreement == 0.0
    assert percept.confidence == 0.8
    assert percept.feeling == "joy"


def test_modalities_that_disagree_lower_the_confidence_and_say_so() -> None:
    agree = fuse([reading("text", "joy"), reading("voice", "joy")])
    differ = fuse([reading("text", "joy"), reading("voice", "sadness")])
    assert agree.disagreement == pytest.approx(0.0, abs=1e-9)
    assert differ.disagreement > 0.3
    assert differ.confidence < agree.confidence


def test_the_surer_modality_weighs_more() -> None:
    percept = fuse([reading("text", "joy", 0.9, 0.8), reading("voice", "sadness", 0.3, -0.8)])
    assert percept.feeling == "joy"
    assert percept.valence > 0


def test_an_abstention_is_kept_but_says_nothing() -> None:
    silent = Reading("voice", "by hand", abstained="all silence")
    percept = fuse([reading("text", "fear"), silent])
    assert percept.feeling == "fear"
    assert percept.abstained is None
    assert len(percept.readings) == 2


def test_if_all_abstain_so_does_the_percept_with_every_reason() -> None:
    percept = fuse([Reading("text", "m", abstained="empty"), Reading("voice", "m", abstained="all silence")])
    assert percept.abstained == "empty; all silence"
    assert percept.confidence == 0.0
    assert sum(percept.basic.values()) == pytest.approx(1.0)


weights = st.lists(st.floats(0.01, 1.0), min_size=len(BASIC), max_size=len(BASIC))


@given(st.lists(weights, min_size=1, max_size=4))
def test_disagreement_stays_in_range(rows: list[list[float]]) -> None:
    distributions = [dict(zip(BASIC, (value / sum(row) for value in row), strict=True)) for row in rows]
    assert 0.0 <= disagreement(distributions, [1 / len(rows)] * len(rows)) <= 1.0


def test_certain_opposites_disagree_fully() -> None:
    sure = [{label: float(label == feeling) for label in BASIC} for feeling in ("joy", "sadness")]
    assert disagreement(sure, [0.5, 0.5]) == pytest.approx(1.0)
