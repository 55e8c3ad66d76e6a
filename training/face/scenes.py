"""Render scenes that a face finder learns from: clutter, faces of known size, and what only looks alike."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from sklearn.datasets import load_sample_images

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scene:
    """A grey picture and the faces in it."""

    pixels: Grey
    """h x w, from 0 to 255."""
    faces: tuple[tuple[float, float, float], ...]
    """Centre x, centre y and side of each face, in pixels."""


def textures() -> list[Grey]:
    """Return photographs without faces whose pieces serve as background: those that scikit-learn ships."""
    return [cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32) for image in load_sample_images().images]


def background(size: int, photographs: list[Grey], random: Generator) -> Grey:
    """Return a size x size background: drawn shapes, noise at some scale, a piece of a photograph, or a mix."""
    kind = random.random()
    if kind < 0.45:
        ground = piece(photographs, size, random)
    elif kind < 0.8:
        ground = drawn(size, random)
    else:
        ground = 0.5 * piece(photographs, size, random) + 0.5 * drawn(size, random)
    coarse = random.normal(0, 1, (int(random.integers(2, 24)),) * 2).astype(np.float32)
    ground = ground + random.uniform(0, 30) * cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(ground, 0, 255), dtype=np.float32)


def piece(photographs: list[Grey], size: int, random: Generator) -> Grey:
    """Return a piece of a photograph, turned, stretched, mirrored or as a negative."""
    photograph = photographs[int(random.integers(len(photographs)))]
    side = int(np.exp(random.uniform(np.log(40), np.log(min(photograph.shape)))))
    top, left = (int(random.integers(0, length - side + 1)) for length in photograph.shape)
    cut = cv2.resize(photograph[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_AREA)
    cut = np.rot90(cut, int(random.integers(4)))
    return np.ascontiguousarray(255 - cut if random.random() < 0.2 else cut)


def drawn(size: int, random: Generator) -> Grey:
    """Return drawn clutter: rectangles, ellipses (eyes and heads have that shape), lines and arcs."""
    canvas = np.full((size, size), random.uniform(0, 255), dtype=np.float32)
    for _ in range(int(random.integers(4, 40))):
        grey = float(random.uniform(0, 255))
        x, y = (int(v) for v in random.integers(-10, size + 10, 2))
        a, b = (int(v) for v in random.integers(2, max(4, size // 2), 2))
        kind = int(random.integers(4))
        if kind == 0:
            cv2.rectangle(canvas, (x, y), (x + a, y + b), grey, -1)
        elif kind == 1:
            thick = -1 if random.random() < 0.6 else int(random.integers(1, 4))
            cv2.ellipse(canvas, (x, y), (a // 2 + 1, b // 2 + 1), float(random.uniform(0, 180)), 0, 360, grey, thick)
        elif kind == 2:
            cv2.line(canvas, (x, y), (x + 2 * a - size // 2, y + 2 * b - size // 2), grey, int(random.integers(1, 5)))
        else:
            cv2.ellipse(canvas, (x, y), (a, b), 0, 0, float(random.uniform(60, 360)), grey, int(random.integers(1, 4)))
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), float(random.uniform(0.3, 1.5))), dtype=np.float32)


def scrambled(face: NDArray[np.uint8], random: Generator) -> NDArray[np.uint8]:
    """Return a face cut into squares that are shuffled: the texture of skin and hair, and no face."""
    parts = int(random.choice([2, 3, 4, 6]))
    side = face.shape[0] // parts
    squares = [face[y * side : (y + 1) * side, x * side : (x + 1) * side] for y in range(parts) for x in range(parts)]
    while True:
        order = random.permutation(len(squares))
        if (order != np.arange(len(squares))).mean() > 0.6:
            break
    rows = [np.hstack([squares[k] for k in order[y * parts : (y + 1) * parts]]) for y in range(parts)]
    return np.vstack(rows)


def part(face: NDArray[np.uint8], random: Generator) -> NDArray[np.uint8]:
    """Return a piece of a face, from a fifth to half of its side: an eye, a mouth, a cheek."""
    side = int(random.integers(face.shape[0] // 5, face.shape[0] // 2))
    top, left = (int(v) for v in random.integers(0, face.shape[0] - side + 1, 2))
    return face[top : top + side, left : left + side]


def paste(ground: Grey, what: NDArray[np.uint8], centre: tuple[float, float], side: float, random: Generator) -> None:
    """Lay a square picture onto a ground, turned a little, its light changed, its edge hard or soft."""
    size = what.shape[0]
    angle = float(np.clip(random.normal(0, 9), -25, 25))
    move = cv2.getRotationMatrix2D((size / 2 - 0.5, size / 2 - 0.5), angle, side / size)
    move[:, 2] += np.array(centre) - (size / 2 - 0.5)
    shape = ground.shape[::-1]
    grey = what.astype(np.float32) if side > size * 0.6 else smaller(what, side)
    if grey.shape[0] != size:
        move = cv2.getRotationMatrix2D((grey.shape[0] / 2 - 0.5,) * 2, angle, side / grey.shape[0])
        move[:, 2] += np.array(centre) - (grey.shape[0] / 2 - 0.5)
    grey = np.clip((grey - 127) * random.uniform(0.5, 1.3) + 127 + random.uniform(-50, 50), 0, 255).astype(np.float32)
    mask = np.ones_like(grey)
    if random.random() < 0.5:  # an oval: hair and background of the ground at the corners
        mask = np.zeros_like(grey)
        middle, half = (grey.shape[0] // 2,) * 2, (int(grey.shape[0] * 0.46), int(grey.shape[0] * 0.56))
        cv2.ellipse(mask, middle, half, 0, 0, 360, 1.0, -1)
    laid = cv2.warpAffine(grey, move, shape, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(mask, move, shape, flags=cv2.INTER_LINEAR)
    if random.random() < 0.5:
        share = cv2.GaussianBlur(share, (0, 0), side * 0.04)
    ground += (laid - ground) * share


def smaller(what: NDArray[np.uint8], side: float) -> Grey:
    """Return a picture made smaller without jagged edges."""
    pixels = max(4, round(side))
    return np.asarray(cv2.resize(what, (pixels, pixels), interpolation=cv2.INTER_AREA), dtype=np.float32)


def scene(faces: NDArray[np.uint8], size: int, window: float, photographs: list[Grey], random: Generator) -> Scene:
    """Render a scene with none, one or two faces that fit the window, others that do not, and what looks alike.

    Args:
        faces: n x 48 x 48 pictures of faces.
        size: side of the scene in pixels.
        window: side of the faces that should be found at this scale.
        photographs: see `textures`.
        random: what decides.
    """
    ground = background(size, photographs, random)
    for _ in range(int(random.integers(0, 4))):  # what looks alike
        face = faces[int(random.integers(len(faces)))]
        fake = scrambled(face, random) if random.random() < 0.5 else part(face, random)
        paste(ground, fake, tuple(random.uniform(0, size, 2)), float(random.uniform(10, 60)), random)
    found = []
    if random.random() < 0.35:  # a face too large or too small for this scale
        side = (
            float(random.uniform(window * 1.7, size)) if random.random() < 0.75 else window * random.uniform(0.3, 0.55)
        )
        centre = tuple(random.uniform(size * 0.2, size * 0.8, 2))
        paste(ground, faces[int(random.integers(len(faces)))], centre, side, random)
        found.append((*centre, side))
    for _ in range(int(random.choice([0, 1, 2], p=[0.25, 0.5, 0.25]))):
        side = window * float(np.exp(random.uniform(-0.15, 0.15)))
        centre = tuple(random.uniform(side / 2, size - side / 2, 2))
        if all(max(abs(centre[0] - x), abs(centre[1] - y)) > (side + other) / 2 for x, y, other in found):
            paste(ground, faces[int(random.integers(len(faces)))], centre, side, random)
            found.append((*centre, side))
    if random.random() < 0.5:
        ground = cv2.GaussianBlur(ground, (0, 0), float(random.uniform(0.3, 0.9)))
    grain = random.normal(0, random.uniform(0, 6), ground.shape)
    return Scene(np.clip(ground + grain, 0, 255).astype(np.float32), tuple(found))
