from itertools import pairwise

import numpy as np
import pytest

from heedful.perceive.speech import LONGEST, Turns, speech_in
from tests.voices import RATE, silence, spoken


def test_utterances_are_cut_out_and_silence_is_dropped() -> None:
    sound = np.concatenate([silence(0.6), spoken(2.0), silence(1.0), spoken(1.5, pitch=220.0, seed=3), silence(0.8)])
    first, second = speech_in(sound)
    assert first.start / RATE == pytest.approx(0.6, abs=0.25)
    assert first.end / RATE == pytest.approx(2.6, abs=0.3)
    assert second.start / RATE == pytest.approx(3.6, abs=0.25)
    assert second.end / RATE == pytest.approx(5.1, abs=0.3)


@pytest.mark.parametrize(
    "sound",
    [
        silence(1.0),
        np.zeros(0, dtype=np.float32),
        np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32),
        (0.3 * np.sin(np.arange(2 * RATE) * 0.17)).astype(np.float32),
    ],
    ids=["silence", "nothing", "noise", "a tone"],
)
def test_where_nobody_speaks_there_is_no_utterance(sound: np.ndarray) -> None:
    assert speech_in(sound) == ()


def test_a_monologue_is_cut_into_utterances_of_a_length_that_can_be_read() -> None:
    parts = speech_in(spoken(21.0))
    assert len(parts) >= 3
    assert all((part.end - part.start) / RATE <= LONGEST for part in parts)
    assert all(one.end <= other.start for one, other in pairwise(parts))


def test_a_breath_does_not_end_an_utterance_and_a_click_is_none() -> None:
    turns = Turns()
    heard = [turns.step(each) for each in [0.9] * 10 + [0.1] * 10 + [0.9] * 10 + [0.1] * 30]
    assert [each for each in heard if each] == [(0, 30)]
    turns = Turns()
    assert not any(turns.step(each) for each in [0.9, 0.9] + [0.0] * 40)
