"""Measure how well faces are found: protocol F2, faces of the test split pasted on cluttered backgrounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from heedful.measure.faces import SOURCE, Faces
from heedful.measure.guard import proportion
from heedful.measure.task import Column, Result
from heedful.perceive.face import VOTES, FacePerceiver
from heedful.picture import picture_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

SCENES: Final = 500
"""So many scenes are rendered."""
SMALLEST, LARGEST = 80, 400
"""Side in pixels of the faces in them."""
HIGH, WIDE = 480, 640
"""Size of a scene in pixels."""
SAME: Final = 0.4
"""Overlap from which a box is that of the face."""
_SEED = 20260101


@dataclass(frozen=True, slots=True)
class Scene:
    """A rendered scene with one face."""

    pixels: NDArray[np.uint8]
    """HIGH x WIDE x 3, RGB."""
    left: int
    """The face's left edge, in pixels."""
    top: int
    """Its upper edge."""
    side: int
    """Its width and height."""


def clutter(random: Generator) -> NDArray[np.uint8]:
    """Return a cluttered background: shapes and lines of all colours, blur, patches of light, and grain."""
    import cv2
    import numpy as np

    canvas = np.full((HIGH, WIDE, 3), random.integers(0, 256, 3), dtype=np.uint8)
    for _ in range(int(random.integers(30, 90))):
        colour = tuple(int(value) for value in random.integers(0, 256, 3))
        x, y = (int(value) for value in random.integers(-50, (WIDE, HIGH)))
        a, b = (int(value) for value in random.integers(8, 220, 2))
        kind = int(random.integers(0, 5))
        if kind == 0:
            cv2.rectangle(canvas, (x, y), (x + a, y + b), colour, -1)
        elif kind == 1:
            cv2.ellipse(canvas, (x + a // 2, y + b // 2), (a // 2, b // 2), 0, 0, 360, colour, -1)
        elif kind == 2:
            cv2.line(canvas, (x, y), (x + a * 2 - 150, y + b * 2 - 150), colour, int(random.integers(1, 12)))
        elif kind == 3:
            cv2.fillPoly(canvas, [random.integers(0, (WIDE, HIGH), (3, 2)).astype(np.int32)], colour)
        else:
            end = int(random.integers(90, 360))
            cv2.ellipse(canvas, (x, y), (a, b), 0, 0, end, colour, int(random.integers(1, 9)))
    width = float(random.uniform(0.1, 2.5))
    soft = cv2.GaussianBlur(canvas, (0, 0), width).astype(np.float32)
    coarse = random.normal(0, 1, tuple(random.integers(4, 40, 2))).astype(np.float32)
    light = cv2.resize(coarse, (WIDE, HIGH), interpolation=cv2.INTER_CUBIC)[:, :, None]
    grain = random.normal(0, random.uniform(0, 12), (HIGH, WIDE, 1))
    return np.asarray(np.clip(soft + random.uniform(0, 40) * light + grain, 0, 255), dtype=np.uint8)


def scene(face: NDArray[np.uint8], random: Generator) -> Scene:
    """Return a scene with this face, 48 x 48 grey, at some size and place."""
    import cv2

    pixels = clutter(random)
    side = int(random.integers(SMALLEST, LARGEST + 1))
    left, top = int(random.integers(0, WIDE - side + 1)), int(random.integers(0, HIGH - side + 1))
    pixels[top : top + side, left : left + side] = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC)[
        :, :, None
    ]
    return Scene(pixels, left, top, side)


def upright(faces: Faces) -> NDArray[np.intp]:
    """Return the rows of faces that all ten taggers took for a face, and few called unclear."""
    import numpy as np

    unknown, none = (faces.votes[:, VOTES.index(label)] for label in ("unknown", "nf"))
    return np.flatnonzero((none == 0) & (unknown <= 2))


def measure_finding(
    perceiver: FacePerceiver, faces: Faces, scenes: int = SCENES, step: Callable[[int], object] = lambda _: None
) -> Result:
    """Measure how many faces are found, and how many boxes are false.

    Args:
        perceiver: what finds and looks at faces.
        faces: of the test split.
        scenes: how many are rendered.
        step: called after each.
    """
    import numpy as np

    random = np.random.default_rng(_SEED)
    rows = random.choice(upright(faces), scenes, replace=False)
    hits = false = 0
    for row in rows.tolist():
        shown = scene(faces.pictures[row], random)
        found = perceiver.faces(picture_of(shown.pixels))
        right = [_overlap(shown, face.found.left, face.found.top, face.found.side) >= SAME for face in found]
        hits += any(right)
        false += len(right) - sum(right)
        step(1)
    model = perceiver.sight.card
    figures = (
        proportion("faces found", hits, scenes),
        proportion("false boxes per picture", min(false, scenes), scenes),
    )
    return Result(
        protocol="F2",
        title="Finding faces of 80 to 400 pixels on cluttered backgrounds",
        dataset="faces of FER2013 test, pasted",
        source=SOURCE,
        dataset_sha256=faces.sha256,
        n=scenes,
        whole=SCENES,
        columns=(Column("Heedful", model.version_id, model.sha256, 0, figures),),
        heedful=version("heedful"),
        at=datetime.now(UTC).replace(microsecond=0),
        interval="Wilson",
    )


def _overlap(shown: Scene, left: float, top: float, side: float) -> float:
    wide = max(0.0, min(shown.left + shown.side, left + side) - max(shown.left, left))
    high = max(0.0, min(shown.top + shown.side, top + side) - max(shown.top, top))
    return wide * high / (shown.side**2 + side**2 - wide * high)
