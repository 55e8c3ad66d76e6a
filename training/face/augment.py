"""Change pictures of faces as cameras, lamps, hands and codecs do; a whole batch at a time, cheaply."""

from __future__ import annotations

import io
import math

import numpy as np
import torch
from PIL import Image
from torch import Generator, Tensor
from torch.nn import functional

from training.face.recipe import Augment


def augmented(pictures: Tensor, size: int, how: Augment, random: Generator) -> Tensor:
    """Return n x 1 x size x size changed copies of n x 1 x h x w grey pictures from 0 to 255."""
    changed = jpeg(moved(pictures, size, how, random), how.jpeg, random)
    changed = lit(changed, how.lighting, random)
    changed = blurred(coarse(changed, how.downscale, random), how.blur, random)
    changed = noisy(changed, how.noise, random).clamp_(0, 255)
    return hidden(changed, how.cutout, random)


def chosen(count: int, share: float, random: Generator) -> Tensor:
    """Return the rows, of so many, that a change with this share falls on."""
    return (torch.rand(count, generator=random) < share).nonzero().flatten()


def between(low: float, high: float, count: int, random: Generator) -> Tensor:
    """Return so many numbers from low to high."""
    return low + (high - low) * torch.rand(count, generator=random)


def moved(pictures: Tensor, size: int, how: Augment, random: Generator) -> Tensor:
    """Turn, scale, shear, shift and mirror each picture, in one resampling."""
    n = len(pictures)
    angle = torch.randn(n, generator=random) * math.radians(how.rotate)
    scale = torch.exp(between(-how.scale, how.scale, n, random))
    stretch = torch.exp(between(-how.scale / 3, how.scale / 3, n, random))
    shear = between(-how.shear, how.shear, n, random)
    mirror = torch.where(torch.rand(n, generator=random) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    rows = [
        torch.stack([cos * mirror * stretch, (shear - sin) * 1.0, between(-2, 2, n, random) * how.shift], 1),
        torch.stack([sin * mirror, cos / stretch, between(-2, 2, n, random) * how.shift], 1),
    ]
    grid = functional.affine_grid(torch.stack(rows, 1), [n, 1, size, size], align_corners=False)
    return functional.grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False)


def lit(pictures: Tensor, strength: float, random: Generator) -> Tensor:
    """Change gamma, contrast and brightness, and let light fall from one side."""
    n, size = len(pictures), pictures.shape[-1]
    if not strength:
        return pictures
    gamma = torch.exp(between(-strength, strength, n, random))[:, None, None, None]
    changed = (pictures.clamp(0, 255) / 255).pow(gamma) * 255
    line = torch.linspace(-1, 1, size)
    across, down = (between(-strength, strength, n, random)[:, None, None, None] for _ in range(2))
    changed = changed * (1 + 0.5 * (across * line[None, None, None, :] + down * line[None, None, :, None]))
    contrast = torch.exp(between(-strength, strength, n, random))[:, None, None, None]
    shift = between(-60 * strength, 60 * strength, n, random)[:, None, None, None]
    return ((changed - 127) * contrast + 127 + shift).clamp_(0, 255)


def coarse(pictures: Tensor, share: float, random: Generator) -> Tensor:
    """Make some pictures smaller and larger again."""
    rows = chosen(len(pictures), share, random)
    if len(rows):
        size = pictures.shape[-1]
        small = int(torch.randint(size * 2 // 5, size * 4 // 5, (1,), generator=random))
        less = functional.interpolate(pictures[rows], size=(small, small), mode="bilinear", antialias=True)
        pictures[rows] = functional.interpolate(less, size=(size, size), mode="bilinear")
    return pictures


def blurred(pictures: Tensor, share: float, random: Generator) -> Tensor:
    """Blur some pictures, evenly or along one direction as movement does."""
    rows = chosen(len(pictures), share, random)
    if len(rows):
        width = float(between(0.4, 1.2, 1, random))
        offsets = torch.arange(-2.0, 3.0)
        bell = torch.exp(-offsets.square() / (2 * width * width))
        kind = int(torch.randint(0, 3, (1,), generator=random))
        across = bell if kind != 1 else (offsets == 0).float()
        down = bell if kind != 2 else (offsets == 0).float()
        kernel = (down[:, None] * across[None, :])[None, None]
        padded = functional.pad(pictures[rows], (2, 2, 2, 2), mode="replicate")
        pictures[rows] = functional.conv2d(padded, kernel / kernel.sum())
    return pictures


def noisy(pictures: Tensor, share: float, random: Generator) -> Tensor:
    """Add the grain of a camera in little light to some pictures."""
    rows = chosen(len(pictures), share, random)
    if len(rows):
        strength = between(2, 14, len(rows), random)[:, None, None, None]
        pictures[rows] += strength * torch.randn(pictures[rows].shape, generator=random)
    return pictures


def jpeg(pictures: Tensor, share: float, random: Generator) -> Tensor:
    """Compress some pictures hard and open them again."""
    for row in chosen(len(pictures), share, random).tolist():
        file = io.BytesIO()
        quality = int(torch.randint(15, 70, (1,), generator=random))
        Image.fromarray(pictures[row, 0].clamp(0, 255).byte().numpy()).save(file, "JPEG", quality=quality)
        pictures[row, 0] = torch.from_numpy(np.array(Image.open(file), dtype=np.float32))
    return pictures


def hidden(pictures: Tensor, share: float, random: Generator) -> Tensor:
    """Hide a patch of some pictures behind an even grey, as a hand or a cup does."""
    size = pictures.shape[-1]
    for row in chosen(len(pictures), share, random).tolist():
        high, wide = torch.randint(size // 7, size * 2 // 5, (2,), generator=random).tolist()
        top = int(torch.randint(0, size - high + 1, (1,), generator=random))
        left = int(torch.randint(0, size - wide + 1, (1,), generator=random))
        grey = float(torch.rand(1, generator=random)) * 255
        pictures[row, 0, top : top + high, left : left + wide] = grey
    return pictures


def mixed(
    pictures: Tensor, targets: tuple[Tensor, ...], how: Augment, random: Generator
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Lay pictures of some batches over one another, and their targets likewise (mixup)."""
    if float(torch.rand(1, generator=random)) >= how.mixup:
        return pictures, targets
    share = float(
        np.random.default_rng(int(torch.randint(0, 2**31, (1,), generator=random))).beta(*2 * (how.mixup_alpha,))
    )
    other = torch.randperm(len(pictures), generator=random)
    return (
        pictures.lerp(pictures[other], share),
        tuple(target.lerp(target[other], share) for target in targets),
    )
