"""Define the voice network: convolutions over the log-mel picture, attention over time, several heads."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from heedful.perceive.logmel import BANDS

STEP = 8
"""Frames of the picture to one row of what is seen in it."""


def _block(into: int, out: int, kernel: int, stride: tuple[int, int]) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(into, out, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(out), nn.ReLU(inplace=True)
    )


class VoiceNetwork(nn.Module):
    """Log-mel picture in, logits of each head out.

    Args:
        heads: head -> how many values it gives.
        channels: of the four picture stages and of the last, over time alone.
        dropout: before the heads, in [0, 1).
    """

    def __init__(
        self,
        heads: Mapping[str, int],
        channels: tuple[int, int, int, int, int] = (16, 32, 48, 80, 160),
        dropout: float = 0.4,
        inputs: str = "both",
    ) -> None:
        super().__init__()
        first, second, third, fourth, last = channels
        self.inputs = inputs
        self.stages = nn.Sequential(
            _block(2 if inputs == "both" else 1, first, 5, (2, 2)),
            _block(first, second, 3, (2, 2)),
            _block(second, third, 3, (1, 2)),
            _block(third, fourth, 3, (2, 2)),
        )
        bands = BANDS // 16
        self.last = nn.Sequential(
            nn.Conv1d(fourth * bands, last, 3, padding=1, bias=False), nn.BatchNorm1d(last), nn.ReLU(inplace=True)
        )
        self.attention = nn.Conv1d(last, 4, 1)
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({name: nn.Linear(last * 6, size) for name, size in heads.items()})

    def forward(self, mel: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Return the logits of each head.

        Args:
            mel: batch x frames x bands, levels relative to the loudest.
            mask: batch x frames, 1 where there is sound and 0 in the padding.
        """
        pooled = self.dropout(self.pooled(mel, mask))
        return tuple(head(pooled) for head in self.heads.values())

    def pooled(self, mel: Tensor, mask: Tensor) -> Tensor:
        """Return one vector per utterance, from the picture of its sound."""
        return self.gathered(self.rows(mel, mask), mask[:, ::STEP])

    def rows(self, mel: Tensor, mask: Tensor) -> Tensor:
        """Return what the picture stages see, batch x frames / STEP x values."""
        wide = mask[:, :, None]
        mean = (mel * wide).sum(1, keepdim=True) / wide.sum(1, keepdim=True)
        level = (mel + 0.55) * 3.0 * wide
        shape = (mel - mean) * 4.0 * wide
        planes = {"both": (level, shape), "level": (level,), "shape": (shape,)}[self.inputs]
        picture = torch.stack(planes, 1)
        if not torch.onnx.is_in_onnx_export():
            picture = picture.contiguous(memory_format=torch.channels_last)
        seen = self.stages(picture)
        rows: Tensor = seen.permute(0, 2, 1, 3).flatten(2)
        return rows

    def gathered(self, rows: Tensor, kept: Tensor) -> Tensor:
        """Return one vector per utterance from its rows: what attention picks, the mean and the spread over time."""
        held = self.last(rows.transpose(1, 2))
        left = kept[:, None, :]
        weights = torch.softmax(self.attention(held) + (left - 1.0) * 1e4, -1)
        picked = torch.einsum("bht,bct->bhc", weights, held).flatten(1)
        count = left.sum(-1)
        average = (held * left).sum(-1) / count
        spread = (((held - average[:, :, None]) ** 2 * left).sum(-1) / count + 1e-5).sqrt()
        return torch.cat([picked, average, spread], 1)
