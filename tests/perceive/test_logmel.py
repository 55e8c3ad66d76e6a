import numpy as np
import pytest

from heedful.perceive.logmel import (
    BANDS,
    FFT,
    FRAME,
    HOP,
    RATE,
    log_mel,
    mel_decibels,
    mel_filters,
    relative,
    voiced_part,
)
from tests.voices import silence, spoken


def reference(samples: np.ndarray) -> np.ndarray:
    """Compute the levels frame by frame in double precision, with the filters from their definition."""
    edges = np.linspace(2595 * np.log10(1 + 60 / 700), 2595 * np.log10(1 + 7600 / 700), BANDS + 2)
    hertz = 700 * (10 ** (edges / 2595) - 1)
    bins = np.arange(FFT // 2 + 1) * RATE / FFT
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
    window /= np.sqrt((window**2).sum())
    rows = []
    for start in range(0, len(samples) - FRAME + 1, HOP):
        power = np.abs(np.fft.rfft(samples[start : start + FRAME].astype(np.float64) * window, FFT)) ** 2
        row = []
        for low, middle, high in zip(hertz[:-2], hertz[1:-1], hertz[2:], strict=True):
            weights = np.interp(bins, [low, middle, high], [0, 1, 0])
            if weights.sum() < 1e-3:
                weights = (np.arange(len(bins)) == np.abs(bins - middle).argmin()).astype(float)
            row.append(10 * np.log10((power * weights).sum() / weights.sum() + 1e-12))
        rows.append(row)
    return np.array(rows)


def test_levels_are_those_of_a_plain_computation_in_double_precision() -> None:
    random = np.random.default_rng(1)
    samples = spoken(1.0) + (0.01 * random.standard_normal(RATE)).astype(np.float32)
    ours, theirs = relative(mel_decibels(samples)), relative(reference(samples).astype(np.float32))
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 1e-5


def test_every_band_has_a_filter_that_sums_to_one() -> None:
    assert mel_filters().sum(axis=0) == pytest.approx(np.ones(BANDS), abs=1e-5)


def test_how_loud_a_recording_is_makes_no_difference() -> None:
    samples = spoken(1.0)
    assert np.abs(log_mel(samples) - log_mel(samples * 0.05)).max() < 1e-3


def test_silence_at_either_end_is_cut_off() -> None:
    inside = log_mel(spoken(1.0))
    padded = log_mel(np.concatenate([silence(1.0), spoken(1.0), silence(0.7)]))
    assert abs(len(padded) - len(inside)) <= 4


def test_sound_shorter_than_a_frame_and_silence_are_survived() -> None:
    assert log_mel(np.zeros(10, dtype=np.float32)).shape == (1, BANDS)
    assert np.isfinite(log_mel(silence(0.5))).all()
    assert voiced_part(mel_decibels(silence(0.5))) == (0, len(mel_decibels(silence(0.5))))
