from __future__ import annotations

from dataclasses import replace

from heedful.labels import BASIC
from heedful.types import Modality, Reading
from heedful.understand.mismatch import mismatch_of
from tests.samples import peaked, sample_percept


def reading(modality: Modality, label: str, valence: float, peak: float = 0.8) -> Reading:
    return Reading(modality, "by hand", basic=peaked(BASIC, label, peak), valence=valence, confidence=peak)


FINE_WORDS = reading("text", "joy", 0.6)


def test_a_sad_voice_under_bright_words_hides_something() -> None:
    found = mismatch_of(sample_percept(readings=(FINE_WORDS, reading("voice", "sadness", -0.7))))
    assert found is not None
    assert (found.words, found.shown, found.modality, found.hides) == ("joy", "sadness", "voice", True)
    assert 0.5 < found.strength <= 1.0


def test_laughing_while_telling_of_trouble_hides_nothing() -> None:
    words = reading("text", "sadness", -0.7)
    found = mismatch_of(sample_percept(readings=(words, reading("face", "joy", 0.7))))
    assert found is not None
    assert not found.hides


def test_of_two_the_one_further_from_the_words_counts() -> None:
    near, far = reading("voice", "neutral", 0.05), reading("face", "anger", -0.8)
    found = mismatch_of(sample_percept(readings=(FINE_WORDS, near, far)))
    assert found is not None
    assert found.modality == "face"


def test_agreement_doubt_and_silence_are_no_mismatch() -> None:
    for other in (
        reading("voice", "joy", 0.5),
        reading("voice", "sadness", 0.4),
        reading("voice", "sadness", -0.7, peak=0.3),
        replace(reading("voice", "sadness", -0.7), abstained="no speech"),
    ):
        assert mismatch_of(sample_percept(readings=(FINE_WORDS, other))) is None
    assert mismatch_of(sample_percept(readings=(FINE_WORDS,))) is None
    assert mismatch_of(sample_percept(readings=(reading("voice", "sadness", -0.7),))) is None
