"""Find faces by scanning a picture at several sizes with the `finder` network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from heedful.models.session import Session, open_session
from heedful.perceive.find import Found, distinct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOW: Final = 24.0
"""Side in pixels of the faces that the network finds."""
STEP: Final = 4
"""Pixels between two places that it looks at."""
_OCTAVE: Final = 1.26
"""Each size at which the picture is scanned is so much smaller than the one before."""
_EDGE: Final = 12
"""Pixels by which a picture is widened, so that faces at its edge are found."""
_PLACES: Final = 400
"""At most so many places are looked at more closely."""


class Scanner:
    """Scans pictures with the network. Thread-safe; loads at first use.

    Args:
        name: the network.
        least: probability from which a place is a candidate.
        commercial_only: load only networks trained on openly licensed data.
    """

    def __init__(self, name: str = "finder", least: float = 0.5, commercial_only: bool = False) -> None:
        self._session: Session = open_session(name, commercial_only)
        self._least = least

    def find(self, grey: NDArray[np.uint8], smallest: float) -> list[Found]:
        """Return the candidates in a grey picture, surest first.

        Args:
            grey: height x width.
            smallest: side in pixels of the smallest face that is looked for.
        """
        import cv2
        import numpy as np

        found: list[Found] = []
        share = WINDOW / max(smallest, 8.0)
        least = np.log(self._least / (1.0 - self._least))
        while min(grey.shape) * share >= WINDOW * 0.8:
            size = (max(1, round(grey.shape[1] * share)), max(1, round(grey.shape[0] * share)))
            level = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if share < 1.0 else cv2.INTER_LINEAR)
            extra = [(-(length + 2 * _EDGE)) % STEP for length in level.shape]
            level = cv2.copyMakeBorder(level, _EDGE, _EDGE + extra[0], _EDGE, _EDGE + extra[1], cv2.BORDER_REPLICATE)
            said = self._session.run({"pictures": level[None, None].astype(np.float32)}, ["places"])["places"][0]
            found += self._read(said, level.shape[1] // STEP, grey.shape[1] / size[0], least)
            share /= _OCTAVE
        return distinct(sorted(found, key=lambda face: -face.score)[:_PLACES])

    def _read(self, said: NDArray[np.float32], wide: int, scale: float, least: float) -> list[Found]:
        """Return the faces that one size shows; each row (logit, shift across, shift down, logarithm of size)."""
        import numpy as np

        rows = np.flatnonzero(said[:, 0] >= least)
        faces = []
        for row in rows.tolist():
            logit, across, down, size = said[row].tolist()
            side = WINDOW * float(np.exp(np.clip(size, -0.7, 0.7)))
            x = (row % wide) * STEP + STEP / 2 - 0.5 + across * WINDOW - _EDGE
            y = (row // wide) * STEP + STEP / 2 - 0.5 + down * WINDOW - _EDGE
            score = 1.0 / (1.0 + float(np.exp(-np.clip(logit, -30, 30))))
            faces.append(Found((x - side / 2 + 0.5) * scale, (y - side / 2 + 0.5) * scale, side * scale, score))
        return faces
