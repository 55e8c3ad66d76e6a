"""Turn sound into log-mel spectra: the one piece of code that training and run time share.

Frames are 50 ms long, long enough to keep the harmonics of a voice apart, so that its melody is in the picture; they
come every 16 ms. Bands reach from 60 to 7,600 Hz. Levels are in decibels below the loudest the utterance gets, cut off
at a floor, so that neither the volume of a recording nor the hum beneath it tells one corpus from another.

Source: Davis and Mermelstein (1980) for mel filters; O'Shaughnessy (1987) for the mel scale.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE: Final = 16_000
"""Samples per second that are read."""
FRAME: Final = 800
"""Samples per frame: 50 ms."""
HOP: Final = 256
"""Samples from one frame to the next: 16 ms."""
FFT: Final = 1024
"""Length of the transform; a frame is padded with zeros to it."""
BANDS: Final = 80
"""Mel bands."""
LOWEST: Final = 60.0
"""Lower edge of the lowest band, in hertz."""
HIGHEST: Final = 7600.0
"""Upper edge of the highest band, in hertz: above it, codecs leave nothing."""
FLOOR: Final = -60.0
"""Decibels below the loudest; what is fainter counts as silence."""
TRIM: Final = -38.0
"""Frames at either end whose level lies so many decibels below the loudest frames are cut off."""
FRAMES_PER_SECOND: Final = RATE / HOP
_TINY: Final = 1e-12


def mel_of(hertz: float) -> float:
    """Return a frequency in mel."""
    return float(2595.0 * np.log10(1.0 + hertz / 700.0))


@functools.cache
def mel_filters() -> NDArray[np.float32]:
    """Return the triangular filters, (FFT // 2 + 1) x BANDS, each with a sum of one over frequency."""
    edges = np.linspace(mel_of(LOWEST), mel_of(HIGHEST), BANDS + 2)
    hertz = 700.0 * (10.0 ** (edges / 2595.0) - 1.0)
    bins = np.fft.rfftfreq(FFT, 1.0 / RATE)[:, None]
    rising = (bins - hertz[:-2]) / (hertz[1:-1] - hertz[:-2])
    falling = (hertz[2:] - bins) / (hertz[2:] - hertz[1:-1])
    filters = np.maximum(0.0, np.minimum(rising, falling))
    sums = filters.sum(axis=0)
    centres = np.abs(bins - hertz[1:-1]).argmin(axis=0)  # a band narrower than a bin takes the nearest one
    for band in np.flatnonzero(sums < 1e-3):
        filters[centres[band], band] = 1.0
    filters /= filters.sum(axis=0)
    return np.asarray(filters, dtype=np.float32)


@functools.cache
def _window() -> NDArray[np.float32]:
    shape = np.hanning(FRAME + 1)[:-1]
    return np.asarray(shape / np.sqrt((shape**2).sum()), dtype=np.float32)


def frames_of(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Return overlapping frames, n x FRAME (a view); sound shorter than a frame is padded to one.

    Args:
        samples: mono sound at RATE.
    """
    sound = np.ascontiguousarray(samples, dtype=np.float32)
    if sound.size < FRAME:
        sound = np.pad(sound, (0, FRAME - sound.size))
    return np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]


def mel_decibels(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Return the level of each band in each frame, n x BANDS, in decibels of full scale.

    Args:
        samples: mono sound at RATE, in [-1, 1].
    """
    frames = frames_of(samples)
    out = np.empty((len(frames), BANDS), dtype=np.float32)
    for start in range(0, len(frames), 512):  # piecewise, so that an hour of sound takes no gigabytes
        spectrum = np.fft.rfft(frames[start : start + 512] * _window(), FFT)
        power = np.square(spectrum.real) + np.square(spectrum.imag)
        out[start : start + 512] = 10.0 * np.log10(np.asarray(power, dtype=np.float32) @ mel_filters() + _TINY)
    return out


def voiced_part(decibels: NDArray[np.float32]) -> tuple[int, int]:
    """Return the first frame and one past the last that are not silence, seen from the loudest frames."""
    level = decibels.max(axis=1)
    heard = np.flatnonzero(level > np.percentile(level, 98) + TRIM)
    return (int(heard[0]), int(heard[-1]) + 1) if heard.size else (0, len(level))


def relative(decibels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return levels relative to the loudest part, in [-1, about 0.2]: FLOOR is -1, the 99.5th percentile is 0."""
    loudest = np.percentile(decibels, 99.5)
    return np.asarray(np.maximum(decibels - loudest, FLOOR) / -FLOOR, dtype=np.float32)


def log_mel(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Return what the voice network reads of one utterance, n x BANDS: silence at the ends cut, loudness relative.

    Args:
        samples: mono sound at RATE, in [-1, 1]; how loud it is on the whole makes no difference.
    """
    decibels = mel_decibels(samples)
    first, last = voiced_part(decibels)
    return relative(decibels[first:last])
