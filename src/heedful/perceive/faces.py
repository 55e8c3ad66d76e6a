"""Find the faces of a picture: the finder network first, then OpenCV's cascades, and the eyes."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from heedful.config import Config
from heedful.perceive.cascades import Cascades
from heedful.perceive.find import Finder, Found, distinct, overlap
from heedful.perceive.scan import Scanner
from heedful.perceive.yunet import YuNet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST: Final = 64
"""At most so many faces of one picture are looked at."""
OWN: Final = "own"
"""The setting `face_finder` for the finder network together with the cascades."""
CASCADES: Final = "cascades"
"""The setting `face_finder` for OpenCV's cascades alone."""


class FaceFinder:
    """Finds faces as the configuration says. Thread-safe; loads what it needs at its first use."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._cascades = Cascades()

    @functools.cached_property
    def _first(self) -> Finder:
        name = self._config.face_finder
        if name == OWN:
            return Scanner(commercial_only=self._config.commercial_only)
        return self._cascades if name == CASCADES else YuNet(name, self._config.face_finder_sha256)

    def find(self, grey: NDArray[np.uint8], smallest: float) -> list[Found]:
        """Return the faces in a grey picture, largest first; what a network should look at again is among them.

        Args:
            grey: height x width.
            smallest: side in pixels of the smallest face that is looked for.
        """
        return sorted(self._first.find(grey, smallest)[:MOST], key=lambda face: -face.side)

    def find_again(self, grey: NDArray[np.uint8], smallest: float, first: list[Found]) -> list[Found]:
        """Return what OpenCV's cascades find where the first finder found nothing that is a face, with what it found.

        Args:
            grey: height x width.
            smallest: side in pixels of the smallest face that is looked for.
            first: the candidates of the first finder.
        """
        if self._config.face_finder != OWN:
            return []
        found = self._agreed(first, self._cascades.find(grey, smallest))
        return sorted(found[:MOST], key=lambda face: -face.side)

    def _agreed(self, scanned: list[Found], others: list[Found]) -> list[Found]:
        """Return the candidates of both; one that both have found is surer than either says."""
        both = []
        for face in scanned:
            same = [other for other in others if overlap(face, other) > 0.35]
            both.append(replace(face, score=max(face.score, 0.95)) if same else face)
        return distinct([*both, *others])

    def with_eyes(self, grey: NDArray[np.uint8], face: Found) -> Found:
        """Return a face with its eyes, where they can be found."""
        return face if face.eyes is not None else self._cascades.with_eyes(grey, face)
