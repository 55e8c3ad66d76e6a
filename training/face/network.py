"""The face network: a small residual network with squeeze and excitation, and its two heads."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.face.recipe import Shape

VOTES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "nf")
"""What a tagger could choose; nf = not a face."""
ORIGINAL = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""The labels of FER2013, in its order."""


def brought_to(pictures: Tensor, size: int) -> Tensor:
    """Return n x 1 x h x w pictures at size x size, as they were resampled while the network learned."""
    if pictures.shape[-1] == size:
        return pictures
    return functional.interpolate(pictures, size=(size, size), mode="bilinear", align_corners=False)


class Excitation(nn.Module):
    """Weigh the channels by what the whole picture shows (squeeze and excitation)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.squeeze = nn.Linear(channels, channels // 8)
        self.excite = nn.Linear(channels // 8, channels)

    def forward(self, maps: Tensor) -> Tensor:
        """Return the maps (n x channels x h x w), each times its weight in (0, 1)."""
        weights = torch.sigmoid(self.excite(functional.relu(self.squeeze(maps.mean((2, 3))))))
        return maps * weights[:, :, None, None]


class Block(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, come: int, go: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(come, go, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(go)
        self.second = nn.Conv2d(go, go, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(go)
        nn.init.zeros_(self.second_norm.weight)  # a block starts as its shortcut: deep stacks learn sooner
        self.excitation = Excitation(go)
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or come != go:
            pool = nn.AvgPool2d(stride, ceil_mode=True) if stride > 1 else nn.Identity()
            self.shortcut = nn.Sequential(pool, nn.Conv2d(come, go, 1, bias=False), nn.BatchNorm2d(go))

    def forward(self, maps: Tensor) -> Tensor:
        """Return n x go x h / stride x w / stride maps."""
        inner = functional.relu(self.first_norm(self.first(maps)))
        inner = self.excitation(self.second_norm(self.second(inner)))
        return functional.relu(inner + self.shortcut(maps))


class FaceNetwork(nn.Module):
    """Read grey pictures of faces: what ten taggers would choose, and the original label."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, shape.stem, 3, 1, 1, bias=False), nn.BatchNorm2d(shape.stem), nn.ReLU())
        blocks, channels = [], shape.stem
        for width, count in zip(shape.widths, shape.blocks, strict=True):
            for number in range(count):
                blocks.append(Block(channels, width, 1 if number else 2))
                channels = width
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(shape.dropout)
        self.votes = nn.Linear(channels, len(VOTES))
        self.original = nn.Linear(channels, len(ORIGINAL))

    def features(self, pictures: Tensor) -> Tensor:
        """Return n x channels features of n x 1 x h x w grey pictures from 0 to 255.

        Each picture is brought to mean 0 and deviation 1 first, so that light and contrast of a camera do not matter.
        """
        mean = pictures.mean((1, 2, 3), keepdim=True)
        spread = (pictures - mean).square().mean((1, 2, 3), keepdim=True).sqrt()
        maps = self.blocks(self.stem((pictures - mean) / (spread + 4.0)))
        pooled: Tensor = maps.mean((2, 3))
        return pooled

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of the votes (n x 10) and of the original label (n x 7)."""
        features = self.dropout(self.features(pictures))
        return self.votes(features), self.original(features)
