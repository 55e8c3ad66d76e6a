"""Follow the pitch of a voice: the YIN difference function, and the smoothest path through its candidates.

Sources: de Cheveigne and Kawahara (2002), YIN; Mauch and Dixon (2014), pYIN, for following candidates over time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from heedful.perceive.logmel import FRAME, HOP, RATE, frames_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOWEST: Final = 60.0
"""Lowest pitch that is looked for, in hertz."""
HIGHEST: Final = 700.0
"""Highest pitch that is looked for, in hertz."""
STEP: Final = 2 * HOP
"""Samples from one value to the next: 32 ms."""
_LAGS: Final = int(RATE / LOWEST) + 2
_FIRST: Final = int(RATE / HIGHEST)
_WINDOW: Final = FRAME - _LAGS
_CANDIDATES: Final = 4
_UNVOICED: Final = 0.58
"""What it costs a frame to count as without pitch: aperiodicity beyond it is no voice."""
_OCTAVE: Final = 0.9
"""What a jump by an octave from one frame to the next costs."""
_SWITCH: Final = 0.12
"""What starting or stopping to have a pitch costs."""
_LONGER: Final = 0.08
"""What each octave downwards costs: of a pitch and its half, both of which fit, the higher is meant."""
_QUIET: Final = -50.0
"""Decibels below the loudest frame; what is fainter has no pitch."""


@dataclass(frozen=True, slots=True)
class PitchTrack:
    """Pitch over time, one value every 32 ms."""

    hertz: NDArray[np.float32]
    """The pitch; NaN where there is none."""
    aperiodicity: NDArray[np.float32]
    """Share of the sound that does not repeat at the pitch, in [0, 1]; 1 where there is none."""


def pitch_of(samples: NDArray[Any]) -> PitchTrack:
    """Return the pitch of a voice over time.

    Args:
        samples: mono sound at 16 kHz.
    """
    frames = frames_of(samples)[:: STEP // HOP]
    level = 10.0 * np.log10(np.mean(np.square(frames), axis=1) + 1e-12)
    difference = np.concatenate([_normalised(frames[at : at + 512]) for at in range(0, len(frames), 512)])
    lags, costs = _candidates(difference)
    costs[level < max(float(level.max()) + _QUIET, -90.0)] = 2.0
    path = _path(lags, costs)
    rows = np.arange(len(frames))
    voiced = path < _CANDIDATES
    picked = np.where(voiced, path, 0)
    hertz = np.where(voiced, RATE / lags[rows, picked], np.nan)
    apart = np.where(voiced, np.clip(costs[rows, picked], 0.0, 1.0), 1.0)
    return PitchTrack(hertz.astype(np.float32), apart.astype(np.float32))


def _normalised(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cumulative mean normalised difference of each frame, n x lags."""
    frames = frames - frames.mean(axis=1, keepdims=True)
    size = 1024  # at least FRAME, so that no lag wraps around
    whole = np.fft.rfft(frames, size)
    part = np.fft.rfft(frames[:, :_WINDOW], size)
    product = np.fft.irfft(whole * np.conj(part), size)[:, :_LAGS]
    squares = np.concatenate([np.zeros((len(frames), 1)), np.cumsum(np.square(frames, dtype=np.float64), axis=1)], 1)
    energy = squares[:, _WINDOW : _WINDOW + _LAGS] - squares[:, :_LAGS]
    difference = np.maximum(energy[:, :1] + energy - 2.0 * product, 0.0)
    sums = np.cumsum(difference[:, 1:], axis=1)
    out = np.ones_like(difference)
    out[:, 1:] = difference[:, 1:] * np.arange(1, _LAGS) / np.maximum(sums, 1e-12)
    return np.asarray(out, dtype=np.float32)


def _candidates(difference: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lags of the deepest dips of each frame and their depths, both n x _CANDIDATES."""
    inner = difference[:, _FIRST : _LAGS - 1]
    before, after = difference[:, _FIRST - 1 : _LAGS - 2], difference[:, _FIRST + 1 :]
    longer = _LONGER * np.log2(np.arange(_FIRST, _LAGS - 1) / _FIRST)
    dips = np.where((inner <= before) & (inner < after), inner + longer, 2.0)
    places = np.argpartition(dips, _CANDIDATES, axis=1)[:, :_CANDIDATES]
    rows = np.arange(len(difference))[:, None]
    left, middle, right = before[rows, places], inner[rows, places], after[rows, places]
    bend = left - 2.0 * middle + right
    offset = np.where(bend > 1e-9, 0.5 * (left - right) / np.maximum(bend, 1e-9), 0.0).clip(-1.0, 1.0)
    depth = np.where(dips[rows, places] < 2.0, np.maximum(middle - 0.25 * (left - right) * offset, 0.0), 2.0)
    return (places + _FIRST + offset).astype(np.float64), depth.astype(np.float64)


def _path(lags: NDArray[np.float64], costs: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return, per frame, the candidate on the cheapest path; _CANDIDATES where there is no pitch."""
    octaves = np.log2(lags)
    local = np.concatenate([costs + _LONGER * (octaves - np.log2(_FIRST)), np.full((len(costs), 1), _UNVOICED)], 1)
    back = np.zeros(local.shape, dtype=np.intp)
    moves = np.full((len(local), _CANDIDATES + 1, _CANDIDATES + 1), _SWITCH)  # from x to
    moves[:, _CANDIDATES, _CANDIDATES] = 0.0
    moves[1:, :_CANDIDATES, :_CANDIDATES] = np.minimum(_OCTAVE * np.abs(octaves[:-1, :, None] - octaves[1:, None]), 1.0)
    total = local[0]
    for frame in range(1, len(local)):
        ways = total[:, None] + moves[frame]
        back[frame] = ways.argmin(axis=0)
        total = ways.min(axis=0) + local[frame]
    path = np.empty(len(local), dtype=np.intp)
    path[-1] = int(total.argmin())
    for frame in range(len(local) - 1, 0, -1):
        path[frame - 1] = back[frame, path[frame]]
    return path


def seconds_of(value: int) -> float:
    """Return what moment a value of a track is for, in seconds."""
    return (value * STEP + FRAME / 2) / RATE
