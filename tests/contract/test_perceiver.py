"""What every perceiver keeps to: ours, and any plug-in that is installed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from heedful.config import Config
from heedful.labels import BASIC, SENTIMENT
from heedful.perceive.base import Perceiver
from heedful.plugins import PERCEIVERS, load, names
from heedful.types import Message

MESSAGES = [
    Message("I finally passed!"),
    Message(""),
    Message("My dog died last night."),
    Message("?!"),
    Message("x" * 999),
]


@pytest.fixture(params=names(PERCEIVERS))
def perceiver(request: pytest.FixtureRequest) -> Perceiver:
    found: Perceiver = load(PERCEIVERS, request.param)(Config.load())
    assert found.modality == request.param
    return found


def test_there_is_one_reading_per_message_in_order(perceiver: Perceiver) -> None:
    together = perceiver.perceive(MESSAGES)
    assert len(together) == len(MESSAGES)
    for message, reading in zip(MESSAGES, together, strict=True):
        (alone,) = perceiver.perceive([message])
        assert bool(alone.abstained) == bool(reading.abstained)
        # Activations are quantised over a batch, so company moves a reading a little; never more than this.
        assert alone.basic == pytest.approx(reading.basic, abs=0.05)


def test_nothing_is_made_of_nothing(perceiver: Perceiver) -> None:
    assert perceiver.perceive([]) == []


def test_a_reading_speaks_in_probabilities_or_abstains_with_a_reason(perceiver: Perceiver) -> None:
    for reading in perceiver.perceive([*MESSAGES, Message()]):
        assert reading.modality == perceiver.modality
        assert reading.model
        if reading.abstained:
            assert reading.confidence == 0.0
            continue
        assert tuple(reading.basic) == BASIC
        assert tuple(reading.sentiment) == SENTIMENT
        assert sum(reading.basic.values()) == pytest.approx(1.0)
        assert sum(reading.sentiment.values()) == pytest.approx(1.0)
        assert all(0.0 <= value <= 1.0 for value in reading.probabilities.values())
        assert set(reading.expressed) <= set(reading.probabilities)
        assert -1.0 <= reading.valence <= 1.0
        assert -1.0 <= reading.arousal <= 1.0
        assert 0.0 < reading.confidence <= 1.0


def test_a_message_without_the_modality_is_abstained_from(perceiver: Perceiver) -> None:
    assert perceiver.perceive([Message()])[0].abstained


def test_the_same_message_gives_the_same_reading_from_many_threads(perceiver: Perceiver) -> None:
    with ThreadPoolExecutor(4) as pool:
        readings = list(pool.map(lambda _: perceiver.perceive([MESSAGES[0]])[0], range(16)))
    assert len({str(reading.to_dict()) for reading in readings}) == 1
