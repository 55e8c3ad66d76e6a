import tracemalloc
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from heedful.config import Config
from heedful.errors import InputError
from heedful.perceive.hearing import LONGEST, Heard, Hearing, carried
from heedful.perceive.voice import VoicePerceiver
from heedful.types import Reading
from tests.voices import RATE, silence, spoken, write_voice_network


@pytest.fixture
def hearing(weights: Path) -> Hearing:
    write_voice_network(weights)
    return Hearing(VoicePerceiver(Config.load()))


def push(hearing: Hearing, sound: np.ndarray, chunk: int = 1600) -> list[tuple[float, Heard]]:
    """Push a sound in chunks; return what was heard, with when it was known."""
    found = []
    for start in range(0, len(sound), chunk):
        part = sound[start : start + chunk]
        found.extend(((start + len(part)) / RATE, heard) for heard in hearing.push(part))
    return found


CALL = np.concatenate([silence(1.0), spoken(2.5), silence(1.2), spoken(1.5, pitch=220.0, seed=2), silence(1.2)])


def test_readings_come_while_somebody_speaks_and_utterances_when_they_have_finished(hearing: Hearing) -> None:
    found = push(hearing, CALL)
    utterances = [heard for _, heard in found if heard.kind == "utterance"]
    assert len(utterances) == 2
    assert utterances[0].start == pytest.approx(1.0, abs=0.35)
    assert utterances[0].end == pytest.approx(3.5, abs=0.35)
    assert utterances[0].audio is not None
    assert len(utterances[0].audio.samples) / RATE == pytest.approx(utterances[0].end - utterances[0].start, abs=0.01)
    assert "pitch_hz" in utterances[0].reading.prosody
    readings = [heard for _, heard in found if heard.kind == "reading"]
    assert all(heard.audio is None and heard.end - heard.start <= 3.04 for heard in readings)


def test_readings_lag_the_sound_by_no_more_than_three_tenths_of_a_second(hearing: Hearing) -> None:
    found = [(at, heard) for at, heard in push(hearing, CALL) if heard.kind == "reading"]
    assert max(at - heard.end for at, heard in found) <= 0.3
    first = [heard.end for _, heard in found if heard.end < 4.0]
    assert max(b - a for a, b in pairwise(first)) <= 0.3


def test_readings_come_five_times_a_second_even_of_something_short(hearing: Hearing) -> None:
    for seconds in (1.5, 4.0):
        sound = np.concatenate([silence(1.0), spoken(seconds), silence(1.2)])
        found = [heard for _, heard in push(hearing, sound) if heard.kind == "reading"]
        assert max(b.end - a.end for a, b in pairwise(found)) <= 0.2
        assert len(found) / seconds >= 5.0


@pytest.mark.parametrize("chunk", [7, 511, 200_000])
def test_how_the_stream_is_cut_makes_no_difference(hearing: Hearing, chunk: int) -> None:
    sound = CALL[: 4 * RATE]
    cut = [heard for _, heard in push(hearing, sound, chunk)]
    whole = Hearing(hearing._perceiver).push(sound)
    assert [(heard.kind, heard.start, heard.end) for heard in cut] == [
        (heard.kind, heard.start, heard.end) for heard in whole
    ]


def test_closing_returns_what_was_still_being_said(hearing: Hearing) -> None:
    push(hearing, CALL[: 3 * RATE])
    assert hearing.speaking
    (last,) = hearing.close()
    assert last.kind == "utterance"
    assert not hearing.speaking
    assert hearing.close() == []


def test_silence_is_heard_as_nothing(hearing: Hearing) -> None:
    assert push(hearing, silence(3.0)) == []
    assert hearing.close() == []


def test_somebody_who_never_stops_is_cut_off_now_and_then(hearing: Hearing) -> None:
    found = push(hearing, spoken(LONGEST + 3.0), 16_000)
    utterances = [heard for _, heard in found if heard.kind == "utterance"]
    assert len(utterances) == 1
    assert utterances[0].end - utterances[0].start <= LONGEST + 0.5


def test_a_voice_that_rises_is_told_from_the_one_before(hearing: Hearing) -> None:
    quiet = [part for seed in range(4) for part in (spoken(1.5, 120.0, 0.05, seed), silence(1.0))]
    found = push(hearing, np.concatenate([*quiet, spoken(1.5, 190.0, 0.5), silence(1.0)]))
    last = [heard for _, heard in found if heard.kind == "utterance"][-1]
    assert "louder than before" in [each.label for each in last.reading.evidence]


def test_a_long_stream_takes_no_more_memory_than_a_short_one(hearing: Hearing) -> None:
    minute = np.concatenate([spoken(2.0), silence(58.0)])
    push(hearing, minute, 16_000)  # what is loaded at first use is no part of it
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(2):
        for start in range(0, len(minute), 16_000):
            hearing.push(minute[start : start + 16_000])
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert after - before < 2_000_000
    assert sum(len(chunk) for chunk in hearing._kept) < RATE


@pytest.mark.parametrize(
    "samples",
    [np.zeros((4, 2), dtype=np.float32), np.zeros(4, dtype=np.int16), np.array([np.nan, 0.0]), np.array([900.0])],
    ids=["two channels", "integers", "not a number", "16-bit values"],
)
def test_what_is_no_stream_of_sound_is_refused(hearing: Hearing, samples: np.ndarray) -> None:
    with pytest.raises(InputError, match=r"16,000|32768"):
        hearing.push(samples)
    assert hearing.push(silence(0.1)) == []


def test_where_voices_may_not_be_read_utterances_are_cut_out_and_nothing_is_said_of_them() -> None:
    refused = Reading("voice", "lawful", abstained="forbidden")
    found = [heard for _, heard in push(Hearing(None, refused), CALL)]
    assert [heard.kind for heard in found] == ["utterance", "utterance"]
    assert all(heard.reading == refused for heard in found)


def test_a_reading_carries_over_a_share_of_the_one_before(hearing: Hearing) -> None:
    readings = [heard.reading for _, heard in push(hearing, CALL) if heard.kind == "reading"]
    before = Reading("voice", "x", probabilities=dict.fromkeys(readings[0].probabilities, 0.0),
                     basic=dict.fromkeys(readings[0].basic, 0.0), sentiment=dict.fromkeys(readings[0].sentiment, 0.0),
                     valence=-1.0)  # fmt: skip
    mixed = carried(before, readings[0])
    assert mixed.valence == pytest.approx(0.5 * readings[0].valence - 0.5)
    assert carried(None, readings[0]) is readings[0]
