"""Heads that move as they are told to: paths for the signal processing, and drawn faces for the eye."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from heedful.perceive.motion import Pose


@dataclass(frozen=True)
class Moved:
    """A path, and what was done on it."""

    poses: tuple[Pose, ...]
    kind: str
    start: float
    end: float


def moved(kind: str, random: np.random.Generator) -> Moved:
    """A head that drifts and trembles for six seconds, with a nod, a shake or something else in it."""
    rate, seconds = random.uniform(10, 30), 6.0
    times = np.arange(0, seconds, 1 / rate) + random.normal(0, 0.1 / rate, int(np.ceil(seconds * rate)))
    times = np.sort(times[random.random(len(times)) > random.uniform(0, 0.2)])
    across, down = (drift(times, random) for _ in range(2))
    roll = np.cumsum(random.normal(0, 0.1, len(times)))
    cycles, pace = random.integers(2, 5), random.uniform(1.0, 2.5)
    start = random.uniform(0.5, 2.0)
    end = start + cycles / pace
    inside = (times >= start) & (times <= end)
    wave = inside * np.sin(2 * np.pi * pace * (times - start)) * random.uniform(0.06, 0.2)
    if kind == "nod":
        down, across = down + wave, across + wave * random.uniform(-0.3, 0.3)
    elif kind == "shake":
        across, down = across + wave, down + wave * random.uniform(-0.3, 0.3)
    elif kind == "tilt":
        roll = roll + 20 * inside
    elif kind == "walk":
        across = across + 0.4 / (1 + np.exp(-6 * (times - 3)))
        down = down + 0.15 / (1 + np.exp(-6 * (times - 3)))
    noise = random.uniform(0.001, 0.008)
    across, down = (each + random.normal(0, noise, len(times)) for each in (across, down))
    poses = tuple(
        Pose(float(t), float(x), float(y), roll=float(r)) for t, x, y, r in zip(times, across, down, roll, strict=True)
    )
    return Moved(poses, kind, start, end)


def drift(times: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """The slow path of somebody who sits: a sum of slow waves."""
    path = np.zeros_like(times)
    for _ in range(3):
        path += random.uniform(0, 0.08) * np.sin(2 * np.pi * random.uniform(0.05, 0.4) * times + random.uniform(0, 6.3))
    return path


def drawn(
    size: tuple[int, int],
    centre: tuple[float, float],
    side: float,
    *,
    roll: float = 0.0,
    eyes: float = 1.0,
    colour: tuple[int, int, int] = (224, 172, 140),
) -> NDArray[np.uint8]:
    """A drawn face on a plain wall, RGB, height x width given.

    Args:
        size: height and width of the picture.
        centre: of the face.
        side: from the brow to the chin.
        roll: degrees, clockwise.
        eyes: how far they are open, in [0, 1].
        colour: of the skin.
    """
    big = 8
    height, width = size
    picture = np.full((height, width, 3), (168, 176, 170), np.uint8)
    shift = 3
    x, y = centre

    def at(across: float, down: float) -> tuple[int, int]:
        turned = np.deg2rad(roll)
        a, b = across * side, down * side
        return (
            round((x + a * np.cos(turned) - b * np.sin(turned)) * big),
            round((y + a * np.sin(turned) + b * np.cos(turned)) * big),
        )

    def oval(across: float, down: float, wide: float, high: float, fill: tuple[int, int, int]) -> None:
        axes = (max(1, round(wide * side * big)), max(1, round(high * side * big)))
        cv2.ellipse(picture, at(across, down), axes, roll, 0, 360, fill, -1, cv2.LINE_AA, shift)

    dark = tuple(max(0, value - 60) for value in colour)
    oval(0, -0.12, 0.56, 0.68, (60, 42, 34))
    oval(0, 0.04, 0.47, 0.6, colour)
    for eye in (-0.2, 0.2):
        oval(eye, -0.25, 0.12, 0.022, (70, 48, 38))
        oval(eye, -0.12, 0.1, 0.055, (245, 245, 245))
        oval(eye, -0.12, 0.045, 0.045, (50, 36, 30))
        if eyes < 0.5:
            oval(eye, -0.12, 0.105, 0.06, colour)
            cv2.line(
                picture, at(eye - 0.09, -0.1), at(eye + 0.09, -0.1), dark, max(1, round(side / 60)), cv2.LINE_AA, shift
            )
    oval(0, 0.08, 0.05, 0.14, dark)
    oval(0, 0.06, 0.04, 0.13, colour)
    oval(0, 0.3, 0.16, 0.04, (150, 70, 70))
    return picture
