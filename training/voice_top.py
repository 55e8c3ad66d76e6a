"""Fit only what gathers and names, over picture stages that stay as they are: a run of seconds instead of minutes.

What the stages see in each clip is computed once, in several variations; every epoch then draws from these.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from heedful.perceive.logmel import BANDS
from heedful.perceive.voice import padded
from training.voice_augment import vary
from training.voice_data import Clip
from training.voice_fit import VoiceFit, fit_voice
from training.voice_network import STEP, Fitted, VoiceNetwork


class Top(Fitted):
    """The part of a voice network above its picture stages."""

    quiet: Tensor

    def __init__(self, network: VoiceNetwork) -> None:
        super().__init__()
        self.network = network
        self.heads = network.heads
        self.stages = nn.Sequential()
        mask = torch.zeros(1, 8 * STEP)
        mask[0, 0] = 1e-6  # nothing is heard, and the mean is still defined
        self.register_buffer("quiet", network.rows(torch.full((1, 8 * STEP, BANDS), -1.0), mask)[0, -2].detach())

    def forward(self, rows: Tensor, kept: Tensor) -> tuple[Tensor, ...]:
        """Return the logits of each head from rows, batch x rows x values; what is padding is taken for silence."""
        wide = kept[:, :, None]
        gathered = self.network.gathered(rows * wide + self.quiet * (1.0 - wide), kept)
        dropped = self.network.dropout(gathered)
        return tuple(head(dropped) for head in self.heads.values())


@torch.no_grad()
def seen_by(network: VoiceNetwork, clips: Sequence[Clip], fit: VoiceFit, seed: int) -> list[Clip]:
    """Return the clips with what the network's picture stages see in place of their pictures, in `variants` ways."""
    random = np.random.default_rng(seed)
    found: list[list[NDArray[np.float16]]] = [[] for _ in clips]
    order = sorted(range(len(clips)), key=lambda at: len(clips[at].mels[0]))
    for variant in range(fit.variants):
        for start in range(0, len(order), 64):
            group = order[start : start + 64]
            pictures = [clips[at].mels[variant % len(clips[at].mels)].astype(np.float32) for at in group]
            mel, mask = map(torch.from_numpy, padded(pictures))
            rows = network.rows(vary(mel, mask, random, fit.strength) if variant else mel, mask)
            for at, picture, row in zip(group, pictures, rows.numpy(), strict=True):
                found[at].append(row[: -(-len(picture) // STEP)].astype(np.float16))
    return [replace(clip, mels=tuple(rows)) for clip, rows in zip(clips, found, strict=True)]


def fit_top(
    start: VoiceNetwork,
    seen: Sequence[Clip],
    fit: VoiceFit,
    seed: int,
    watch: Callable[[VoiceNetwork], str] | None = None,
) -> VoiceNetwork:
    """Return a network whose picture stages are those of `start` and the rest of which has learned from the clips.

    Args:
        start: where it starts from; left as it is.
        seen: clips that `seen_by` made with `start`.
        fit: how.
        seed: of every random choice.
        watch: what to log of the network now and then.
    """
    network = copy.deepcopy(start)
    for stage in network.stages:
        stage.requires_grad_(False)
    plain = replace(fit, strength=0.0, most_frames=fit.most_frames // STEP, frozen=0)
    told: Callable[[Top], str] | None = None if watch is None else lambda top: watch(top.network.eval())
    return fit_voice(Top(network.eval()), seen, plain, seed, told).network.eval()
