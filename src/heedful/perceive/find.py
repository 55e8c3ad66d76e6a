"""Say what a found face is, and what finds faces: our own finder, or YuNet where its file is given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from heedful.media import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CROP: Final = 48
"""Side in pixels of the grey picture of a face that the network reads."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Found(Record):
    """A face in a picture: a square from the brow to the chin, as tight as the pictures of FER2013."""

    left: float
    """In pixels from the picture's left edge; may lie a little outside."""
    top: float
    """In pixels from its upper edge."""
    side: float
    """Width and height in pixels."""
    score: float
    """How sure it is that this is a face, in [0, 1]."""
    eyes: tuple[Point, Point] | None = None
    """Centres of the eyes in pixels, the left one in the picture first; None where they were not found."""

    @property
    def centre(self) -> Point:
        """Its middle, in pixels."""
        return self.left + self.side / 2, self.top + self.side / 2

    @property
    def roll(self) -> float:
        """By how many degrees the head is tilted, clockwise in the picture; 0 where the eyes were not found."""
        if self.eyes is None:
            return 0.0
        (left, high), (right, low) = self.eyes
        return math.degrees(math.atan2(low - high, right - left))

    @property
    def turn(self) -> float | None:
        """How far the head is turned, in [-1, 1]: the eyes' middle beside the face's, 0 = to the camera; or None."""
        if self.eyes is None:
            return None
        middle = (self.eyes[0][0] + self.eyes[1][0]) / 2
        return max(-1.0, min(1.0, 4.0 * (middle - self.centre[0]) / self.side))


class Finder(Protocol):
    """Finds the faces in a picture. Thread-safe."""

    def find(self, grey: NDArray[np.uint8], smallest: float) -> list[Found]:
        """Return the faces in a grey picture, height x width, largest first.

        Args:
            grey: the picture.
            smallest: side in pixels of the smallest face that is looked for.
        """
        ...


def overlap(one: Found, other: Found) -> float:
    """Return the intersection of two faces' squares over their union, in [0, 1]."""
    wide = min(one.left + one.side, other.left + other.side) - max(one.left, other.left)
    high = min(one.top + one.side, other.top + other.side) - max(one.top, other.top)
    both = max(0.0, wide) * max(0.0, high)
    return both / (one.side**2 + other.side**2 - both)


def distinct(faces: Sequence[Found], most: float = 0.25) -> list[Found]:
    """Return the faces without those that lie over a surer one, surest first.

    Args:
        faces: any number.
        most: overlap from which two are the same face; one whose middle lies in a surer one is the same as well.
    """
    kept: list[Found] = []
    for face in sorted(faces, key=lambda each: -each.score):
        if all(overlap(face, other) < most and not _inside(face, other) for other in kept):
            kept.append(face)
    return kept


def _inside(face: Found, other: Found) -> bool:
    (x, y), (a, b) = face.centre, other.centre
    near = max(abs(x - a), abs(y - b))
    return near < 0.4 * max(face.side, other.side)


def crop_of(grey: NDArray[np.uint8], face: Found) -> NDArray[np.uint8]:
    """Return the grey picture of a face that the network reads, CROP x CROP, its eyes level."""
    import cv2

    roll = face.roll if abs(face.roll) > 4.0 else 0.0
    share = CROP / face.side
    if share < 0.6:  # made smaller first, or single pixels would stand for many
        grey, face = _smaller(grey, face, share)
        share = CROP / face.side
    move = cv2.getRotationMatrix2D(face.centre, roll, share)
    move[:, 2] += CROP / 2 - _array(face.centre)
    crop: NDArray[np.uint8] = cv2.warpAffine(
        grey, move, (CROP, CROP), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return crop


def _smaller(grey: NDArray[np.uint8], face: Found, share: float) -> tuple[NDArray[np.uint8], Found]:
    """Cut out what surrounds a face, and make it smaller."""
    import cv2
    import numpy as np

    margin = 0.35 * face.side
    left, top = (max(0, int(value - margin)) for value in (face.left, face.top))
    right = min(grey.shape[1], int(face.left + face.side + margin) + 1)
    low = min(grey.shape[0], int(face.top + face.side + margin) + 1)
    cut = np.ascontiguousarray(grey[top:low, left:right])
    width, height = (max(1, round(length * share)) for length in (cut.shape[1], cut.shape[0]))
    less: NDArray[np.uint8] = cv2.resize(cut, (width, height), interpolation=cv2.INTER_AREA)
    across, down = width / cut.shape[1], height / cut.shape[0]
    eyes = None
    if face.eyes is not None:
        (a, b), (c, d) = face.eyes
        eyes = (((a - left) * across, (b - top) * down), ((c - left) * across, (d - top) * down))
    moved = Found((face.left - left) * across, (face.top - top) * down, face.side * share, face.score, eyes)
    return less, moved


def _array(point: Point) -> NDArray[np.float64]:
    import numpy as np

    return np.array(point, dtype=np.float64)


def grey_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an RGB picture, height x width x 3, in grey."""
    import cv2

    grey: NDArray[np.uint8] = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return grey
