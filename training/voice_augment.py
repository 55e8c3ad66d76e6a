"""Vary log-mel pictures as rooms, telephones, noise and other throats would."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from heedful.perceive.logmel import BANDS, FLOOR

_DECIBELS = -FLOOR


def vary(mel: Tensor, mask: Tensor, random: np.random.Generator, strength: float = 1.0) -> Tensor:
    """Return pictures with another equaliser, room, noise floor, band limit and throat, parts of them hidden.

    Args:
        mel: batch x frames x bands, as `heedful.perceive.logmel.log_mel` gives it.
        mask: batch x frames, 1 where there is sound.
        random: where chance comes from.
        strength: scales how far all of it goes; 1 as shipped.
    """
    batch = len(mel)
    mel = _throat(mel, random, strength)
    mel = mel + _equaliser(batch, random) * strength
    mel = _room(mel, random, 0.25 * strength)
    mel = _noise(mel, random, 0.5 * strength)
    mel = _narrow(mel, random, 0.15 * strength)
    mel = (mel - torch.quantile(mel[:, ::3, ::2].flatten(1), 0.995, dim=1)[:, None, None]).clamp(-1.0, 0.4)
    return _hide(mel, random, strength) * mask[:, :, None] - (1.0 - mask[:, :, None])


def _uniform(random: np.random.Generator, low: float, high: float, *shape: int) -> Tensor:
    return torch.from_numpy(random.uniform(low, high, shape).astype(np.float32))


def _throat(mel: Tensor, random: np.random.Generator, strength: float) -> Tensor:
    """Shift the bands a little: another pitch, another length of the throat."""
    most = round(3 * strength)
    shift = int(random.integers(-most, most + 1)) if most else 0
    if shift == 0:
        return mel
    padded = functional.pad(mel, (abs(shift), abs(shift)), mode="replicate")
    return padded[:, :, abs(shift) - shift : abs(shift) - shift + BANDS]


def _equaliser(batch: int, random: np.random.Generator) -> Tensor:
    place = torch.linspace(0, np.pi, BANDS)
    waves = torch.stack([torch.cos(place * order) for order in (1, 2, 3, 5)])
    return (_uniform(random, -4.0, 4.0, batch, 4) / _DECIBELS @ waves)[:, None, :]


def _chosen(mel: Tensor, other: Tensor, random: np.random.Generator, chance: float) -> Tensor:
    return torch.where((_uniform(random, 0, 1, len(mel)) < chance)[:, None, None], other, mel)


def _room(mel: Tensor, random: np.random.Generator, chance: float) -> Tensor:
    """Let sound die away slowly, by 4 to 20 frames for a fall of 20 dB."""
    decay = float(10 ** (-2.0 / random.uniform(4, 20)))
    level = float(random.uniform(0.05, 0.5))
    kernel = level * decay ** torch.arange(1, 25, dtype=torch.float32)
    kernel = torch.cat([torch.ones(1), kernel]).flip(0)[None, None]
    picked = torch.from_numpy(random.random(len(mel)) < chance)
    if not picked.any():
        return mel
    power = torch.exp(mel[picked] * (_DECIBELS * np.log(10) / 10)).permute(0, 2, 1)
    late = functional.conv1d(functional.pad(power.flatten(0, 1)[:, None], (24, 0)), kernel).view_as(power)
    out = mel.clone()
    out[picked] = torch.log(late.permute(0, 2, 1) + 1e-9) / (_DECIBELS * np.log(10) / 10)
    return out


def _noise(mel: Tensor, random: np.random.Generator, chance: float) -> Tensor:
    """Fill the quiet parts with steady noise of some colour, 12 to 60 dB below the loudest."""
    picked = torch.from_numpy(random.random(len(mel)) < chance)
    rows = int(picked.sum())
    if rows == 0:
        return mel
    level = _uniform(random, -60.0, -12.0, rows, 1) / _DECIBELS
    colour = torch.linspace(0.5, -0.5, BANDS)[None] * _uniform(random, -20.0, 40.0, rows, 1) / _DECIBELS
    grain = torch.from_numpy(random.standard_normal((rows, *mel.shape[1:]), dtype=np.float32)) * (4.0 / _DECIBELS)
    scale = _DECIBELS * float(np.log(10)) / 10
    mixed = mel.clone()
    mixed[picked] = torch.logaddexp(mel[picked] * scale, ((level + colour)[:, None, :] + grain) * scale) / scale
    return mixed


def _narrow(mel: Tensor, random: np.random.Generator, chance: float) -> Tensor:
    """Cut the bands above a telephone's or a strong codec's limit, and sometimes those below."""
    top = _uniform(random, 44, 80, len(mel), 1)
    low = _uniform(random, -10, 10, len(mel), 1)
    band = torch.arange(BANDS)[None]
    cut = ((band > top) | (band < low))[:, None, :]
    return _chosen(mel, mel.masked_fill(cut, -1.0), random, chance)


def _hide(mel: Tensor, random: np.random.Generator, strength: float) -> Tensor:
    """Hide stretches of time and of frequency (SpecAugment; Park et al., 2019)."""
    batch, frames, bands = mel.shape
    gone = torch.zeros(batch, frames, bands, dtype=torch.bool)
    for _ in range(2):
        width = _uniform(random, 0, 0.14 * frames * strength, batch, 1)
        start = _uniform(random, 0, 1, batch, 1) * (frames - width)
        time = torch.arange(frames)[None]
        gone |= ((time >= start) & (time < start + width))[:, :, None]
        width = _uniform(random, 0, 11 * strength, batch, 1)
        start = _uniform(random, 0, 1, batch, 1) * (bands - width)
        band = torch.arange(bands)[None]
        gone |= ((band >= start) & (band < start + width))[:, None, :]
    return mel.masked_fill(gone, -0.55)
