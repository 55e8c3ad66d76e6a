import numpy as np
import pytest

from heedful.perceive.pitch import STEP, pitch_of
from tests.voices import RATE, silence

COUNT = RATE
PITCHES = {
    **{f"{hertz} Hz": np.full(COUNT, float(hertz)) for hertz in (70, 110, 160, 220, 330, 440, 600)},
    "rising": np.geomspace(90.0, 400.0, COUNT),
    "falling": np.geomspace(500.0, 100.0, COUNT),
}


def sound(hertz: np.ndarray, kind: str, noise: float | None) -> np.ndarray:
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    pure = np.sin(phase) if kind == "tone" else sum(np.sin(k * phase) / k for k in range(1, 12))
    wave = 0.2 * np.asarray(pure)
    if noise is not None:
        wave = wave + np.random.default_rng(0).standard_normal(COUNT) * wave.std() * 10 ** (-noise / 20)
    return wave.astype(np.float32)


@pytest.mark.parametrize("noise", [None, 10.0], ids=["quiet", "noise at 10 dB"])
@pytest.mark.parametrize("kind", ["tone", "voice-like"])
@pytest.mark.parametrize("name", PITCHES)
def test_pitch_is_right_within_three_percent(name: str, kind: str, noise: float | None) -> None:
    track = pitch_of(sound(PITCHES[name], kind, noise))
    at = (np.arange(len(track.hertz)) * STEP + 267).clip(0, COUNT - 1)  # the middle of the stretch that is compared
    voiced = ~np.isnan(track.hertz)
    off = np.abs(track.hertz / PITCHES[name][at] - 1.0)[voiced]
    assert voiced.mean() >= 0.95
    assert np.median(off) < 0.03
    assert (off < 0.05).mean() >= 0.95


@pytest.mark.parametrize("samples", [silence(0.5), np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)])
def test_silence_and_noise_have_no_pitch(samples: np.ndarray) -> None:
    track = pitch_of(samples)
    assert np.isnan(track.hertz).all()
    assert (track.aperiodicity == 1.0).all()
