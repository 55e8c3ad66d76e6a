from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heedful.config import Config
from heedful.errors import InputError
from heedful.labels import FINE, SENTIMENT
from heedful.models.manifest import Head
from heedful.perceive.text import TextPerceiver, pack, pooled, says_sentiment
from heedful.perceive.window import Window
from heedful.types import Message
from tests.networks import write_network


@pytest.fixture
def perceiver(weights: Path) -> TextPerceiver:
    write_network(weights)
    return TextPerceiver(Config.load(reader="tiny", text_limit=50_000))


def test_a_reading_names_the_feeling_and_rolls_it_up(perceiver: TextPerceiver) -> None:
    (reading,) = perceiver.perceive([Message("I am sad .")])
    assert reading.expressed == ("sadness",)
    assert max(reading.basic, key=lambda label: reading.basic[label]) == "sadness"
    assert max(reading.sentiment, key=lambda label: reading.sentiment[label]) == "negative"
    assert reading.valence < 0
    assert set(reading.probabilities) == set(FINE)
    assert sum(reading.basic.values()) == pytest.approx(1.0)
    assert reading.model.startswith("tiny-2025-01-01-")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "no text"),
        ("", "empty"),
        ("  \u200b\x00 ", "empty"),
        ("?!... 123 %", "no words"),
        ("Ich bin heute sehr traurig", r"language \(de\)"),
        ("今日はとても悲しい", r"language \(ja\)"),
        ("لقد مات أبي", r"language \(ar\)"),
    ],
)
def test_what_cannot_be_judged_is_abstained_from_with_a_reason(
    perceiver: TextPerceiver, text: str | None, reason: str
) -> None:
    (reading,) = perceiver.perceive([Message(text)])
    assert reading.abstained is not None
    assert re.search(reason, reading.abstained)
    assert reading.confidence == 0.0


@pytest.mark.parametrize("text", ["im fine", "ngl im scared", "ok", "lol", "wanna die", "nah", "I'm in!", "no way"])
def test_short_informal_english_is_read(perceiver: TextPerceiver, text: str) -> None:
    assert perceiver.perceive([Message(text)])[0].abstained is None


def test_a_text_that_is_too_long_is_refused_with_what_to_do(perceiver: TextPerceiver) -> None:
    with pytest.raises(InputError, match=r"50,001 characters.*Split it"):
        perceiver.perceive([Message("x" * 50_001)])


def test_a_long_text_is_read_to_its_end(perceiver: TextPerceiver) -> None:
    text = "my dog . " * 9 + "I am sad . " + "my dog . " * 9
    (reading,) = perceiver.perceive([Message(text)])
    assert reading.probabilities["sadness"] > 0.3
    told = [each for each in reading.evidence if each.label == "sadness" and each.strength > 0.5]
    assert len(told) == 1
    assert "sad" in text[int(told[0].start) : int(told[0].end)]


def test_readings_come_back_in_order_whatever_abstains(perceiver: TextPerceiver) -> None:
    texts = ["I am sad .", "", "I am happy .", "!!", "my dog . " * 40 + "sad .", "happy"]
    readings = perceiver.perceive([Message(text) for text in texts])
    feelings = [None if r.abstained else max(("sadness", "joy"), key=lambda f: r.probabilities[f]) for r in readings]
    assert feelings == ["sadness", None, "joy", None, "sadness", "joy"]


def test_an_unsure_reading_abstains_below_the_floor(weights: Path) -> None:
    write_network(weights)
    perceiver = TextPerceiver(Config.load(reader="tiny", confidence_floor=0.999))
    (reading,) = perceiver.perceive([Message("my dog .")])
    assert "not sure enough" in (reading.abstained or "")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(text=st.text(max_size=200))
def test_any_text_gives_a_reading_or_an_abstention(perceiver: TextPerceiver, text: str) -> None:
    (reading,) = perceiver.perceive([Message(text)])
    if reading.abstained is None:
        assert sum(reading.basic.values()) == pytest.approx(1.0)
        assert sum(reading.sentiment.values()) == pytest.approx(1.0)
        assert -1.0 <= reading.valence <= 1.0
        assert -1.0 <= reading.arousal <= 1.0
        assert 0.0 <= reading.confidence <= 1.0


def test_ten_thousand_emoji_are_read(perceiver: TextPerceiver) -> None:
    assert perceiver.perceive([Message("😭" * 10_000)])[0].abstained is None


def test_packing_drops_nothing_and_keeps_to_the_limit() -> None:
    lines = [[1, *range(10, 13), 2], [1, *range(20, 41), 2], [1, 50, 2], [1, 2]]
    windows = pack([(0, 5), (6, 30), (31, 35), (36, 37)], lines, limit=8)
    inner = [token for window in windows for token in window.tokens if token > 2]
    assert inner == [token for line in lines for token in line if token > 2]
    assert all(len(window.tokens) <= 8 for window in windows)
    assert windows[0].start == 0
    assert windows[-1].end == 37


def test_one_cry_in_a_long_calm_letter_is_not_lost() -> None:
    windows = [Window(0, 1, (0,) * 10)] * 10
    values = np.zeros((10, len(FINE)), dtype=np.float32)
    values[3, FINE.index("fear")] = 0.9
    alone = values[3:4]
    both = pooled([windows, windows[:1]], np.concatenate([values, alone]), power=2.0)
    assert both[:, FINE.index("fear")] == pytest.approx([0.9 / 10**0.5, 0.9])
    assert pooled([windows], values)[0, FINE.index("fear")] == pytest.approx(0.09)


def test_a_head_of_ones_own_called_sentiment_is_not_taken_for_sentiment() -> None:
    assert says_sentiment(Head("single", SENTIMENT))
    assert not says_sentiment(Head("single", SENTIMENT, own=True))
    assert not says_sentiment(Head("single", ("good", "bad")))
