"""Find faces and eyes with the cascades that OpenCV ships (Viola and Jones, 2001)."""

from __future__ import annotations

import threading
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError
from heedful.perceive.find import Found, Point, distinct
from heedful.picture import INSTALL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FRONTAL: Final = ("haarcascade_frontalface_alt2.xml", "haarcascade_frontalface_default.xml")
"""What finds faces that look at the camera."""
PROFILE: Final = "haarcascade_profileface.xml"
"""What finds faces that look to their right; a mirrored picture shows it those that look to their left."""
EYES: Final = "haarcascade_eye_tree_eyeglasses.xml"
"""What finds open eyes, also behind glasses."""
_WIDE: Final = 360
"""Longest side in pixels of the picture that is searched."""
_UPPER: Final = 96
"""Side in pixels that a face is brought to before its eyes are looked for."""


class Cascades:
    """Finds faces, and the eyes of a face. Thread-safe: each thread has cascades of its own."""

    def __init__(self) -> None:
        self._own = threading.local()

    def find(self, grey: NDArray[np.uint8], smallest: float) -> list[Found]:
        """Return faces from the front, and if there are none from the side; surest first.

        Args:
            grey: height x width.
            smallest: side in pixels of the smallest face that is looked for.
        """
        import cv2
        import numpy as np

        share = min(1.0, _WIDE / max(grey.shape))
        if smallest * share < 24.0:
            share = min(1.0, 24.0 / max(smallest, 1.0))
        size = (max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share)))
        small = cv2.equalizeHist(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
        least = max(20, round(smallest * share))
        found = [face for name in FRONTAL for face in self._search(name, small, least)]
        if not found:
            mirrored = np.ascontiguousarray(small[:, ::-1])
            found = self._search(PROFILE, small, least)
            for face in self._search(PROFILE, mirrored, least):
                found.append(replace(face, left=small.shape[1] - face.left - face.side))
        scale = grey.shape[1] / size[0]
        return distinct([replace(f, left=f.left * scale, top=f.top * scale, side=f.side * scale) for f in found])

    def _search(self, name: str, grey: NDArray[np.uint8], least: int) -> list[Found]:
        if min(grey.shape) < least:
            return []
        boxes, _, weights = self._cascade(name).detectMultiScale3(
            grey, scaleFactor=1.15, minNeighbors=3, minSize=(least, least), outputRejectLevels=True
        )
        return [
            Found(float(x), float(y), float(side), min(0.9, 0.8 + max(0.0, float(weight)) / 100.0))
            for (x, y, side, _), weight in zip(boxes, weights, strict=True)
        ]

    def with_eyes(self, grey: NDArray[np.uint8], face: Found) -> Found:
        """Return a face with its eyes, if both are found where eyes can be."""
        import cv2

        left, top = max(0, int(face.left)), max(0, int(face.top))
        low, right = int(face.top + 0.62 * face.side), int(face.left + face.side)
        upper = grey[top:low, left:right]
        if min(upper.shape, default=0) < 10:
            return face
        share = _UPPER / face.side
        size = (max(1, round(upper.shape[1] * share)), max(1, round(upper.shape[0] * share)))
        sized = cv2.equalizeHist(
            cv2.resize(upper, size, interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR)
        )
        boxes = self._cascade(EYES).detectMultiScale(sized, scaleFactor=1.12, minNeighbors=2, minSize=(14, 14))
        eyes = [((x + w / 2) / share + left, (y + h / 2) / share + top) for x, y, w, h in boxes]
        return replace(face, eyes=pair_of(face, eyes))

    def _cascade(self, name: str) -> Any:
        known: dict[str, Any] = self._own.__dict__
        if name not in known:
            try:
                import cv2
            except ImportError as error:
                raise InputError(INSTALL) from error
            known[name] = cv2.CascadeClassifier(str(Path(cv2.__file__).with_name("data") / name))
        return known[name]


def pair_of(face: Found, eyes: list[Point]) -> tuple[Point, Point] | None:
    """Return the two eyes that lie as those of an upright face do, the left one in the picture first, or None."""
    best, least = None, 1.0
    for one, other in combinations(sorted(eyes), 2):
        apart, slope = other[0] - one[0], other[1] - one[1]
        high = ((one[1] + other[1]) / 2 - face.top) / face.side
        if not (0.28 <= apart / face.side <= 0.66 and abs(slope) <= 0.5 * apart and 0.18 <= high <= 0.55):
            continue
        odd = abs(apart / face.side - 0.43) + abs(high - 0.37) + 0.3 * abs(slope) / apart
        if odd < least:
            best, least = (one, other), odd
    return best
