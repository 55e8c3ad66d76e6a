"""Follow faces from picture to picture: found anew now and then, and moved along by optical flow in between."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from heedful.errors import InputError
from heedful.media import Image
from heedful.perceive.find import Found, grey_of, overlap
from heedful.perceive.motion import Pose

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]
    Find = Callable[[Grey, float], list[Found]]

WIDE: Final = 480
"""Longest side in pixels of the pictures that faces are followed in."""
EVERY: Final = 0.25
"""Seconds after which faces are looked for anew; in between they are moved along."""
LOST: Final = 1.0
"""Seconds without being found after which a face is given up."""
_POINTS = 40


@dataclass(slots=True)
class Track:
    """One face, followed."""

    number: int
    """Its number, from 0, never given twice."""
    found: Found
    """Where it is now, in pixels of the picture as it was given."""
    at: float
    """When it was seen last."""
    poses: list[Pose] = field(default_factory=list)
    """Where it was, in time order; the oldest are dropped after a while."""
    confirmed: float = 0.0
    """When it was found last, rather than moved along."""
    _x: float = 0.0
    _y: float = 0.0
    _size: float = 0.0
    _open: list[float] = field(default_factory=list)


class Tracker:
    """Follows faces over the pictures that are pushed into it. Not thread-safe: one per run of pictures.

    Args:
        find: what finds the faces of a grey picture: (grey, side of the smallest) -> faces.
        with_eyes: what adds the eyes of a face.
        memory: seconds of poses that are kept of each face.
    """

    def __init__(self, find: Find, with_eyes: Callable[[Grey, Found], Found], memory: float = 60.0) -> None:
        self._find, self._with_eyes, self._memory = find, with_eyes, memory
        self._tracks: list[Track] = []
        self._before: Grey | None = None
        self._at = -math.inf
        self._looked = -math.inf
        self._next = 0

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The faces that are followed, largest first."""
        return tuple(sorted(self._tracks, key=lambda track: -track.found.side))

    def push(self, image: Image, at: float) -> tuple[Track, ...]:
        """Take the next picture; return the faces that are followed, largest first.

        Args:
            image: the picture; one of another size than the last begins anew.
            at: its time in seconds; later than the last one.

        Raises:
            InputError: the time does not go on.
        """
        import cv2

        if not (math.isfinite(at) and at > self._at):
            raise InputError(f"pictures must come in time order: {at} s does not come after {self._at} s.")
        grey = grey_of(image.pixels)
        scale = min(1.0, WIDE / max(grey.shape))
        size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
        grey = grey if scale == 1.0 else cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        if self._before is not None and self._before.shape == grey.shape and at - self._at <= LOST:
            for track in self._tracks:
                self._move(track, self._before, grey, scale)
        elif self._before is not None:
            self._tracks = []
        if at - self._looked >= EVERY - 1e-6 or not self._tracks:
            self._look(grey, scale, at)
            self._looked = at
        self._tracks = [track for track in self._tracks if at - track.confirmed <= LOST and _inside(track, image)]
        for track in self._tracks:
            self._note(track, grey, scale, at)
        self._before, self._at = grey, at
        return self.tracks

    def _move(self, track: Track, before: Grey, grey: Grey, scale: float) -> None:
        """Move a face along with the points inside it."""
        import cv2
        import numpy as np

        face = track.found
        side, left, top = face.side * scale, face.left * scale, face.top * scale
        mask = np.zeros_like(before)
        inset = 0.12 * side
        corners = [round(v) for v in (left + inset, top + inset, left + side - inset, top + side - inset)]
        cv2.rectangle(mask, (corners[0], corners[1]), (corners[2], corners[3]), 255, -1)
        points = cv2.goodFeaturesToTrack(before, _POINTS, 0.01, max(2.0, side / 16), mask=mask)
        if points is None or len(points) < 6:
            return
        moved, seen, _ = cv2.calcOpticalFlowPyrLK(before, grey, points, None, winSize=(15, 15), maxLevel=3)
        kept = seen.ravel() == 1
        if kept.sum() < 6:
            return
        start, end = points[kept].reshape(-1, 2), moved[kept].reshape(-1, 2)
        affine, inliers = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=max(1.0, side / 40))
        if affine is None or inliers.sum() < 5:
            return
        grown = float(np.hypot(affine[0, 0], affine[1, 0]))
        if not 0.8 < grown < 1.25:
            return
        middle = np.array([left + side / 2, top + side / 2])
        to = affine[:, :2] @ middle + affine[:, 2]
        by = (to - middle) / max(side, 1e-6)
        if float(np.abs(by).max()) > 0.8:
            return
        track._x, track._y = track._x + float(by[0]), track._y + float(by[1])
        track._size += math.log(grown)
        eyes = None
        if face.eyes is not None:
            one, other = ((affine[:, :2] @ np.array(eye) * 1.0 + affine[:, 2] / scale).tolist() for eye in face.eyes)
            eyes = ((one[0], one[1]), (other[0], other[1]))
        new = face.side * grown
        x, y = to / scale
        track.found = Found(float(x) - new / 2, float(y) - new / 2, new, face.score, eyes)

    def _look(self, grey: Grey, scale: float, at: float) -> None:
        """Find the faces anew: those that are followed are set right, new ones are followed from now on."""
        found = [self._with_eyes(grey, face) for face in self._find(grey, min(grey.shape) / 8)]
        free = [_scaled(face, 1.0 / scale) for face in found]
        for track in self.tracks:
            same = max(free, key=lambda face: overlap(face, track.found), default=None)
            if same is None or overlap(same, track.found) < 0.25:
                continue
            free.remove(same)
            track.confirmed = at
            track.found = _blend(track.found, same)
        for face in free:
            self._tracks.append(Track(self._next, face, at, confirmed=at))
            self._next += 1

    def _note(self, track: Track, grey: Grey, scale: float, at: float) -> None:
        track.at = at
        track.poses.append(
            Pose(
                at,
                track._x,
                track._y,
                track._size,
                track.found.roll,
                track.found.turn if at - track.confirmed < 2 * EVERY else None,
                eyes=_openness(track, grey, scale),
            )
        )
        while track.poses and at - track.poses[0].at > self._memory:
            track.poses.pop(0)


def _scaled(face: Found, by: float) -> Found:
    eyes = None
    if face.eyes is not None:
        (a, b), (c, d) = face.eyes
        eyes = ((a * by, b * by), (c * by, d * by))
    return Found(face.left * by, face.top * by, face.side * by, face.score, eyes)


def _blend(followed: Found, found: Found, share: float = 0.35) -> Found:
    """Return a face between where it was followed to and where it was found: finding trembles, following drifts."""
    x, y = (a + share * (b - a) for a, b in zip(followed.centre, found.centre, strict=True))
    side = followed.side + share * (found.side - followed.side)
    return Found(x - side / 2, y - side / 2, side, found.score, found.eyes or followed.eyes)


def _inside(track: Track, image: Image) -> bool:
    x, y = track.found.centre
    return 0 <= x <= image.width and 0 <= y <= image.height


def _openness(track: Track, grey: Grey, scale: float) -> float | None:
    """Return how open the eyes look: how much dark and bright there is in them, beside what is usual."""
    import numpy as np

    if track.found.eyes is None:
        return None
    half = track.found.side * scale * 0.09
    spreads = []
    for x, y in track.found.eyes:
        left, right = round(x * scale - half * 1.3), round(x * scale + half * 1.3) + 1
        top, low = round(y * scale - half), round(y * scale + half) + 1
        patch = grey[max(0, top) : max(0, low), max(0, left) : max(0, right)]
        if patch.size < 12:
            return None
        rows = patch.astype(np.float32)
        spreads.append(float(np.percentile(rows, 75) - np.percentile(rows, 4)))
    track._open.append(sum(spreads) / 2)
    del track._open[:-90]
    usual = float(np.median(track._open))
    return min(2.0, track._open[-1] / usual) if usual > 4.0 else None


def smiling(track: Track, share: float) -> None:
    """Note on the latest pose of a face how likely it smiles."""
    if track.poses:
        track.poses[-1] = replace(track.poses[-1], smile=share)


def times_of(frames: Sequence[Image], rate: float = 12.0) -> list[float]:
    """Return the time of each picture of a run; those without one are taken as evenly spaced, `rate` per second."""
    if all(frame.at is not None for frame in frames):
        times = [float(frame.at or 0.0) for frame in frames]
        if all(later > earlier for earlier, later in pairwise(times)):
            return times
        raise InputError("the pictures of a run must be in time order, each later than the one before.")
    return [number / rate for number in range(len(frames))]
