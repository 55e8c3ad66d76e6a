"""Say in physical units how something was said, and how that differs from how the person spoke before.

Figures are taken from one utterance: pitch in hertz and its range in semitones, loudness in decibels of full scale,
syllables per second, pauses, and two of voice quality, harmonicity (how much of the sound repeats at the pitch, in
decibels; falls in a hoarse or breathy voice) and brightness (energy above 1 kHz against that below, in decibels; rises
with vocal effort). A baseline keeps the running mean and spread of each, and no sound.

Sources: Boersma (1993) for harmonicity; de Jong and Wempe (2009) for syllables by peaks of intensity; Eyben et al.
(2016), the Geneva minimalistic acoustic parameter set, for the choice of figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log2, sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from heedful.media import Record
from heedful.perceive.logmel import BANDS, FRAMES_PER_SECOND, HIGHEST, LOWEST, TRIM, mel_decibels, mel_of, voiced_part
from heedful.perceive.pitch import pitch_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIGURES: Final = {
    "pitch_hz": "median pitch, in hertz",
    "pitch_range_semitones": "from the 10th to the 90th percentile of pitch, in semitones",
    "loudness_db": "level of the speech, in decibels of full scale",
    "loudness_range_db": "from the 10th to the 90th percentile of level, in decibels",
    "syllables_per_second": "peaks of loudness per second",
    "pause_share": "share of the time without speech between first and last sound",
    "longest_pause_s": "longest pause, in seconds",
    "harmonicity_db": "repeating against non-repeating sound, in decibels",
    "brightness_db": "energy above against below 1 kHz, in decibels",
}
"""What is measured, by name."""
CHANGES: Final[Mapping[str, tuple[str, str, float]]] = {
    "loudness_db": ("louder than before", "quieter than before", 3.0),
    "pitch_hz": ("higher than before", "lower than before", 1.5),
    "pitch_range_semitones": ("more melodic than before", "more monotone than before", 2.5),
    "syllables_per_second": ("faster than before", "slower than before", 0.9),
    "pause_share": ("more pauses than before", "fewer pauses than before", 0.12),
    "harmonicity_db": ("clearer voice than before", "rougher or breathier voice than before", 3.0),
    "brightness_db": ("sharper voice than before", "softer voice than before", 3.5),
}
"""Figure -> what to say when it rises, when it falls, and the least change worth saying (pitch in semitones)."""
_SEMITONES: Final = "pitch_hz"
_PAUSE_FRAMES: Final = 10
_MEMORY: Final = 12.0
"""Utterances over which a baseline forgets."""
_ENOUGH: Final = 2.0
"""Utterances after which a baseline can be compared with."""
_LEAST_SECONDS: Final = 0.4


def prosody_of(samples: NDArray[Any], decibels: NDArray[np.float32] | None = None) -> dict[str, float]:
    """Return the figures of one utterance, by the names and in the units of FIGURES; pitch only where there is one.

    Args:
        samples: mono sound at 16 kHz, in [-1, 1].
        decibels: its mel levels, if they are at hand.
    """
    mel = mel_decibels(samples) if decibels is None else decibels
    first, last = voiced_part(mel)
    mel = mel[first:last]
    power = 10.0 ** (mel.astype(np.float64) / 10.0)
    level = 10.0 * np.log10(power.mean(axis=1) + 1e-12)
    speaking = level > np.percentile(level, 98) + TRIM * 0.75
    found = {
        "loudness_db": float(10.0 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12)),
        "loudness_range_db": _range(level[speaking]),
        **_pauses(speaking),
        "syllables_per_second": _syllables(level) / max(len(level) / FRAMES_PER_SECOND, _LEAST_SECONDS),
        "brightness_db": _brightness(power[speaking]),
    }
    track = pitch_of(samples)
    voiced = track.hertz[~np.isnan(track.hertz)]
    if voiced.size >= 4:
        apart = np.clip(track.aperiodicity[~np.isnan(track.hertz)], 1e-3, 0.999)
        found["pitch_hz"] = float(np.median(voiced))
        found["pitch_range_semitones"] = _range(12.0 * np.log2(voiced))
        found["harmonicity_db"] = float(np.median(10.0 * np.log10((1.0 - apart) / apart)))
    return {name: round(found[name], 3) for name in FIGURES if name in found}


def _range(values: NDArray[Any]) -> float:
    low, high = np.percentile(values, [10, 90]) if values.size else (0.0, 0.0)
    return float(high - low)


def _pauses(speaking: NDArray[np.bool_]) -> dict[str, float]:
    """Return the share and the longest of the silences of at least 0.16 s."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], speaking, [True]]).astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    lengths = lengths[lengths >= _PAUSE_FRAMES]
    return {
        "pause_share": float(lengths.sum() / max(len(speaking), 1)),
        "longest_pause_s": float(lengths.max(initial=0) / FRAMES_PER_SECOND),
    }


def _syllables(level: NDArray[np.float64]) -> int:
    """Count peaks of loudness that stand at least 2.5 dB over the dips beside them."""
    smooth = np.convolve(np.pad(level, 2, mode="edge"), np.ones(5) / 5, mode="valid")
    least = float(smooth.max()) - 25.0
    count, rising, peak, dip = 0, True, -np.inf, float(smooth[0])
    for value in smooth.tolist():
        if rising:
            peak = max(peak, value)
            if value < peak - 2.5 and peak > least:
                count, rising, dip = count + 1, False, value
        else:
            dip = min(dip, value)
            if value > dip + 2.5:
                rising, peak = True, value
    return max(count + (rising and peak > max(least, dip + 2.5)), 1)


def _brightness(power: NDArray[np.float64]) -> float:
    edge = int((mel_of(1000.0) - mel_of(LOWEST)) / (mel_of(HIGHEST) - mel_of(LOWEST)) * BANDS)
    mean = power.mean(axis=0) if len(power) else np.ones(BANDS)
    # A band is as much wider as its filter is, and filters are scaled to a sum of one.
    width = 10.0 ** (np.linspace(mel_of(LOWEST), mel_of(HIGHEST), BANDS) / 2595.0)
    energy = mean * width
    return float(10.0 * np.log10((energy[edge:].sum() + 1e-12) / (energy[:edge].sum() + 1e-12)))


@dataclass(frozen=True, slots=True)
class Baseline(Record):
    """How a person has spoken so far: running mean and spread of each figure. Holds no sound."""

    count: Mapping[str, float] = field(default_factory=dict)
    """Figure -> utterances that it rests on, older ones counting less."""
    mean: Mapping[str, float] = field(default_factory=dict)
    """Figure -> its mean; of pitch, in octaves over 1 Hz."""
    square: Mapping[str, float] = field(default_factory=dict)
    """Figure -> mean squared distance from the mean."""

    def after(self, figures: Mapping[str, float]) -> Baseline:
        """Return the baseline after one more utterance."""
        count, mean, square = dict(self.count), dict(self.mean), dict(self.square)
        for name in CHANGES.keys() & figures.keys():
            value = _scaled(name, figures[name])
            held = count.get(name, 0.0) * (1.0 - 1.0 / _MEMORY)
            share = 1.0 / (held + 1.0)
            apart = value - mean.get(name, value)
            mean[name] = mean.get(name, value) + share * apart
            square[name] = (1.0 - share) * (square.get(name, 0.0) + share * apart * apart)
            count[name] = held + 1.0
        return Baseline(count, mean, square)

    def changes(self, figures: Mapping[str, float]) -> dict[str, float]:
        """Return what is different now, in words -> how strongly, in [0, 1], strongest first; empty at the beginning.

        A change is told when it is large enough to be heard and lies beyond the person's usual spread.
        """
        found = {}
        for name, (rise, fall, least) in CHANGES.items():
            if name in figures and self.count.get(name, 0.0) >= _ENOUGH * 0.9:
                apart = _scaled(name, figures[name]) - self.mean[name]
                usual = sqrt(self.square[name])
                size = abs(apart) / max(least, usual)
                if size >= 1.0:
                    found[rise if apart > 0 else fall] = min(1.0, size / 3.0)
        return dict(sorted(found.items(), key=lambda each: -each[1]))


def _scaled(name: str, value: float) -> float:
    return 12.0 * log2(max(value, 1.0)) if name == _SEMITONES else value
