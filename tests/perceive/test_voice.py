from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from heedful.config import Config
from heedful.errors import InputError
from heedful.labels import BASIC, SENTIMENT, VOICE
from heedful.media import Audio
from heedful.perceive.prosody import Baseline
from heedful.perceive.voice import VoicePerceiver, clipped_share, joined, padded, pooled
from heedful.types import Message
from tests.voices import RATE, silence, spoken, write_voice_network


@pytest.fixture
def perceiver(weights: Path) -> VoicePerceiver:
    write_voice_network(weights)
    return VoicePerceiver(Config.load())


def audio(samples: np.ndarray, rate: int = RATE) -> Audio:
    return Audio.from_array(samples.astype(np.float32), rate)


def test_a_voice_gets_a_reading_with_when_and_how(perceiver: VoicePerceiver) -> None:
    sound = np.concatenate([silence(0.5), spoken(2.0), silence(1.0), spoken(1.5, pitch=230.0), silence(0.5)])
    (reading,) = perceiver.perceive([Message(audio=audio(sound))])
    assert reading.abstained is None
    assert reading.expressed == ("joy",)
    assert tuple(reading.basic) == BASIC
    assert tuple(reading.sentiment) == SENTIMENT
    assert tuple(reading.probabilities) == VOICE
    assert sum(reading.basic.values()) == pytest.approx(1.0)
    assert reading.valence == pytest.approx(np.tanh(0.5), abs=1e-6)
    assert reading.arousal == pytest.approx(np.tanh(0.25), abs=1e-6)
    first, second = reading.evidence
    assert (first.unit, first.label) == ("seconds", "joy")
    assert first.start == pytest.approx(0.5, abs=0.3)
    assert second.start > first.end
    assert 100.0 < reading.prosody["pitch_hz"] < 260.0


@pytest.mark.parametrize(
    ("sound", "reason"),
    [
        (np.zeros(0), "empty"),
        (spoken(0.3), "too short"),
        (silence(2.0), "silent"),
        (np.random.default_rng(0).normal(0, 0.1, 2 * RATE), "no voice"),
        (0.3 * np.sin(np.arange(2 * RATE) * 0.17), "no voice"),
        ((spoken(2.0) * 40.0).clip(-1.0, 1.0), "clipped"),
    ],
    ids=["nothing", "too short", "silence", "noise", "a tone", "clipped"],
)
def test_what_is_no_voice_to_judge_is_abstained_from(perceiver: VoicePerceiver, sound: np.ndarray, reason: str) -> None:
    reading = perceiver.hear(audio(sound))
    assert reason in (reading.abstained or "")
    assert reading.confidence == 0.0


@pytest.mark.parametrize(
    "sound",
    [
        Audio(np.array([np.nan] * RATE, dtype="<f4").tobytes(), RATE),
        Audio((spoken(1.0) * 20000).astype("<f4").tobytes(), RATE),
        Audio(b"\0" * 4001, RATE),
        Audio(b"\0" * 4000, 0),
        Audio(b"\0" * 4000, -16000),
        Audio(b"\0" * 4000, 10**9),
    ],
    ids=["not a number", "16-bit samples", "half a sample", "no rate", "a negative rate", "an absurd rate"],
)
def test_malformed_sound_is_refused_with_a_reason(perceiver: VoicePerceiver, sound: Audio) -> None:
    with pytest.raises(InputError, match=r"sound|rate"):
        perceiver.hear(sound)


def test_sound_over_the_limit_is_refused(weights: Path) -> None:
    write_voice_network(weights)
    perceiver = VoicePerceiver(Config.load(audio_limit=1.0))
    with pytest.raises(InputError, match="audio_limit"):
        perceiver.hear(audio(spoken(1.5)))


def test_other_rates_are_brought_to_the_one_that_is_read(perceiver: VoicePerceiver) -> None:
    import soxr

    sound = np.concatenate([silence(0.4), spoken(2.0), silence(0.4)])
    slow, fast = (perceiver.hear(audio(soxr.resample(sound, RATE, rate), rate)) for rate in (8_000, 48_000))
    assert slow.abstained is None
    assert fast.abstained is None
    assert fast.prosody["pitch_hz"] == pytest.approx(slow.prosody["pitch_hz"], rel=0.05)


def test_a_constant_offset_changes_nothing_that_matters(perceiver: VoicePerceiver) -> None:
    sound = np.concatenate([silence(0.4), spoken(2.0), silence(0.4)])
    plain, shifted = perceiver.hear(audio(sound)), perceiver.hear(audio(sound + 0.1))
    assert shifted.prosody["loudness_db"] == pytest.approx(plain.prosody["loudness_db"], abs=0.5)


def test_an_utterance_is_read_beside_those_before_it(perceiver: VoicePerceiver) -> None:
    quiet = [part for seed in range(4) for part in (spoken(1.5, 120.0, 0.05, seed), silence(0.9))]
    sound = np.concatenate([silence(0.5), *quiet, spoken(1.5, 190.0, 0.5), silence(0.9)])
    utterances, known = perceiver.utterances(sound)
    assert len(utterances) == 5
    told = [each.label for each in utterances[-1].reading.evidence]
    assert "louder than before" in told
    assert "higher than before" in told
    assert not any("than before" in each.label for each in utterances[0].reading.evidence)
    assert known.count["loudness_db"] > 4
    assert pooled(utterances).abstained is None


def test_research_networks_are_left_out_where_they_may_not_load_and_prosody_stays(weights: Path) -> None:
    write_voice_network(weights, data_class="research")
    perceiver = VoicePerceiver(Config.load(commercial_only=True))
    reading = perceiver.hear(audio(np.concatenate([silence(0.4), spoken(2.0), silence(0.4)])))
    assert "commercial_only" in (reading.abstained or "")
    assert "pitch_hz" in reading.prosody


def test_a_reading_below_the_floor_is_withheld(weights: Path) -> None:
    write_voice_network(weights)
    perceiver = VoicePerceiver(Config.load(confidence_floor=0.99))
    reading, _ = perceiver.read(spoken(2.0), Baseline())
    assert "not sure enough" in (reading.abstained or "")


def test_readings_are_joined_by_length(perceiver: VoicePerceiver) -> None:
    one, _ = perceiver.read(spoken(1.0), Baseline())
    other = replace(one, valence=-1.0, arousal=-1.0)
    both = joined([one, other], [3.0, 1.0])
    assert both.valence == pytest.approx(0.75 * one.valence - 0.25)
    assert sum(both.basic.values()) == pytest.approx(1.0)


def test_pictures_are_padded_to_a_multiple_of_eight_and_masked() -> None:
    mel, mask = padded([np.zeros((5, 80), dtype=np.float32), np.zeros((17, 80), dtype=np.float32)])
    assert mel.shape == (2, 24, 80)
    assert mask.sum(axis=1).tolist() == [5.0, 17.0]
    assert (mel[0, 5:] == -1.0).all()


def test_clipping_is_told_from_loud_speech() -> None:
    loud = spoken(1.0, loudness=1.0)
    assert clipped_share(loud, 1.0) < 0.02
    assert clipped_share((loud * 30).clip(-1, 1), 1.0) > 0.1


class TestAsShipped:
    """A few with the real network."""

    def test_it_reads_a_voice_made_of_pulses_without_crashing_and_says_who_it_is(self) -> None:
        perceiver = VoicePerceiver(Config.load())
        reading = perceiver.hear(audio(np.concatenate([silence(0.4), spoken(2.5), silence(0.4)])))
        assert reading.abstained is None
        assert reading.model.startswith("voice-")
        assert perceiver.card.bytes <= 8_000_000

    def test_padding_makes_no_difference_to_what_it_says(self) -> None:
        from heedful.perceive.logmel import log_mel

        perceiver = VoicePerceiver(Config.load())
        mel = log_mel(spoken(1.5))
        mel = mel[: len(mel) // 8 * 8]
        alone = perceiver.run([mel])["emotion"][0]
        beside = perceiver.run([mel, log_mel(spoken(2.9))])["emotion"][0]
        assert beside == pytest.approx(alone, abs=0.06)
