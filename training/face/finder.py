"""The finder: a tiny fully convolutional network that says where in a grey picture faces of one size are.

It is trained on rendered scenes alone, so that every place of a scene is an example: the few that hold a face, and the
many that do not. At run time it scans the picture at several sizes.
"""

from __future__ import annotations

import logging
import time

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.face.scenes import Scene, scene, textures

log = logging.getLogger("training")

WINDOW = 24.0
"""Side in pixels of the faces it finds."""
STRIDE = 4
"""Pixels between two places that it looks at."""
CLEAR, NEAR = 0.6, 0.35
"""Overlap from which a place holds a face, and below which it holds none; between, it is not taught."""


class FinderNetwork(nn.Module):
    """Say of every fourth place of a grey picture whether a face of WINDOW pixels is there, and where exactly."""

    def __init__(self, widths: tuple[int, int, int] = (16, 32, 48)) -> None:
        super().__init__()
        one, two, three = widths
        layers: list[nn.Module] = []
        for come, go, stride in ((1, one, 2), (one, two, 2), (two, two, 1), (two, three, 1), (three, three, 1)):
            layers += [nn.Conv2d(come, go, 3, stride, 1, bias=False), nn.BatchNorm2d(go), nn.ReLU()]
        self.layers = nn.Sequential(*layers)
        self.said = nn.Conv2d(three, 4, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return n x 4 x h/4 x w/4: the logit of a face, and its centre's shift and its size's logarithm in windows.

        Args:
            pictures: n x 1 x h x w grey from 0 to 255, h and w multiples of 4.
        """
        mean = functional.avg_pool2d(pictures, 25, 1, 12, count_include_pad=False)
        spread = functional.avg_pool2d(pictures.square(), 25, 1, 12, count_include_pad=False) - mean.square()
        said: Tensor = self.said(self.layers((pictures - mean) / (spread.clamp(0.0).sqrt() + 8.0)))
        return said


def targets_of(scenes: list[Scene], side: int) -> tuple[Tensor, Tensor]:
    """Return what each place should say: 1, 0 or -1 (not taught), and the shift and size of its face."""
    steps = side // STRIDE
    places = np.arange(steps) * STRIDE + STRIDE / 2 - 0.5
    x, y = np.meshgrid(places, places)
    label = np.zeros((len(scenes), steps, steps), dtype=np.float32)
    box = np.zeros((len(scenes), 3, steps, steps), dtype=np.float32)
    for row, each in enumerate(scenes):
        for cx, cy, size in each.faces:
            wide = np.clip(
                np.minimum(x + WINDOW / 2, cx + size / 2) - np.maximum(x - WINDOW / 2, cx - size / 2), 0, None
            )
            high = np.clip(
                np.minimum(y + WINDOW / 2, cy + size / 2) - np.maximum(y - WINDOW / 2, cy - size / 2), 0, None
            )
            overlap = wide * high / (WINDOW**2 + size**2 - wide * high)
            here = overlap >= CLEAR
            label[row][here] = 1.0
            label[row][(overlap >= NEAR) & (label[row] < 1.0)] = -1.0
            for channel, value in enumerate(((cx - x) / WINDOW, (cy - y) / WINDOW, np.log(size / WINDOW) + 0 * x)):
                box[row, channel][here] = value[here]
    return torch.from_numpy(label), torch.from_numpy(box)


def loss_of(said: Tensor, label: Tensor, box: Tensor) -> Tensor:
    """Return the loss: all places with a face, and three times as many without one, the hardest and some at random."""
    each = functional.binary_cross_entropy_with_logits(said[:, 0], label.clamp(0), reduction="none")
    holds, empty = label == 1, label == 0
    count = max(64, 3 * int(holds.sum()))
    hard = each[empty].topk(min(count, int(empty.sum()))).values.mean()
    loss = each[holds].mean() + hard + 0.3 * each[empty].mean()
    where = holds[:, None].expand_as(box)
    return loss + 2.0 * functional.smooth_l1_loss(said[:, 1:][where], box[where], beta=0.1)


def fit_finder(
    faces: NDArray[np.uint8],
    seconds: float,
    seed: int,
    side: int = 96,
    batch: int = 32,
    start: FinderNetwork | None = None,
) -> FinderNetwork:
    """Train a finder for a time on scenes that are rendered on the way.

    Args:
        faces: n x 48 x 48 pictures.
        seconds: of processor time.
        seed: of the random choices.
        side: of the scenes, in pixels.
        batch: scenes per step.
        start: a finder to go on from, at half the pace; None = from nothing.
    """
    random, photographs = np.random.default_rng(seed), textures()
    torch.manual_seed(seed)
    peak = 1.5e-3 if start else 3e-3
    network: FinderNetwork = (start or FinderNetwork()).train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(network.parameters(), lr=peak, weight_decay=1e-4)
    started, step, losses = time.process_time(), 0, []
    while (share := (time.process_time() - started) / seconds) < 1.0:
        for group in optimizer.param_groups:
            group["lr"] = peak * min(1.0, (step + 1) / 50) * 0.5 * (1 + np.cos(np.pi * share))
        scenes = [scene(faces, side, WINDOW, photographs, random) for _ in range(batch)]
        pictures = torch.from_numpy(np.stack([each.pixels for each in scenes]))[:, None]
        loss = loss_of(network(pictures), *targets_of(scenes, side))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(loss.item())
        step += 1
        if step % 100 == 0:
            log.info("finder step %d loss %.4f, %.0f %% of the time", step, np.mean(losses[-100:]), share * 100)
    network.eval()
    return network
