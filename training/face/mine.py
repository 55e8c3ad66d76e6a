"""Let the finder search rendered scenes: what it cuts out, rightly or wrongly, teaches what a face is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from heedful.perceive.find import Found, crop_of, overlap
from heedful.perceive.scan import Scanner
from training.face.scenes import background, part, paste, scrambled, textures

Pictures = NDArray[np.uint8]
SIDE = 320
"""Of a scene, in pixels."""
SMALLEST = 24.0
"""Side in pixels of the smallest face that is looked for."""
LEAST = 0.3
"""Probability from which a place is cut out: lower than at run time, for near misses teach most."""
SAME, OTHER = 0.5, 0.2
"""Overlap with the face from which a crop shows it, and below which it does not; between, it teaches nothing."""
LOOKALIKES = 5


def mined(finder: str, faces: Pictures, scenes: int, random: Generator) -> tuple[Pictures, Pictures]:
    """Return the crops that show a face and those that show none, each n x 48 x 48.

    Args:
        finder: name or folder of the network that searches.
        faces: n x 48 x 48 pictures of faces that are pasted.
        scenes: how many are rendered.
        random: what decides.
    """
    scanner, photographs = Scanner(finder, LEAST), textures()
    yes: list[Pictures] = []
    no: list[Pictures] = []
    for _ in range(scenes):
        scene, shown = searched(faces, photographs, random)
        for found in scanner.find(scene, SMALLEST):
            over = overlap(found, shown)
            if over >= SAME:
                yes.append(crop_of(scene, found))
            elif over < OTHER:
                no.append(crop_of(scene, found))
    return np.stack(yes), np.stack(no)


def searched(faces: Pictures, photographs: list[NDArray[np.float32]], random: Generator) -> tuple[Pictures, Found]:
    """Return a scene with one face among what looks alike, and where the face is."""
    ground = cv2.resize(background(SIDE // 2, photographs, random), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    for _ in range(int(random.integers(0, LOOKALIKES))):
        face = faces[int(random.integers(len(faces)))]
        fake = scrambled(face, random) if random.random() < 0.5 else part(face, random)
        paste(ground, fake, tuple(random.uniform(0, SIDE, 2)), float(random.uniform(20, SIDE / 2)), random)
    side = float(np.exp(random.uniform(np.log(SMALLEST * 1.2), np.log(SIDE * 0.8))))
    x, y = random.uniform(side / 2, SIDE - side / 2, 2).tolist()
    paste(ground, faces[int(random.integers(len(faces)))], (x, y), side, random)
    grain = random.normal(0, random.uniform(0, 8), ground.shape)
    pixels = np.clip(ground + grain, 0, 255).astype(np.uint8)
    return pixels, Found(x - side / 2, y - side / 2, side, 1.0)
