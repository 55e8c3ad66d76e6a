"""See shoulders and hands with MediaPipe Tasks, where its pose file is given by local path.

MediaPipe is no dependency of Heedful: `pip install mediapipe`, fetch `pose_landmarker_lite.task`, and name it in the
setting `pose_model`. Without it gestures come from the face alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from heedful.errors import ConfigError, NetworkError
from heedful.media import Image, Record
from heedful.models.manifest import verified
from heedful.perceive.motion import Gesture, Kind

NOSE, SHOULDERS, ELBOWS, WRISTS = 0, (11, 12), (13, 14), (15, 16)
"""Places of the landmarks (BlazePose; Bazarevsky et al., 2020)."""
_SEEN: Final = 0.5
_SHORTEST: Final = 0.3


@dataclass(frozen=True, slots=True)
class Body(Record):
    """Where the body's points are at one moment."""

    at: float
    """Seconds."""
    points: tuple[tuple[float, float, float], ...]
    """Of the 33 landmarks: across and down as shares of the picture, and how surely each is seen, in [0, 1]."""


class PoseBackend:
    """MediaPipe's pose landmarker.

    Args:
        path: of the `.task` file.
        sha256: of that file; anything else is refused.

    Raises:
        ConfigError: no sha256 is given.
        NetworkError: the file is missing, or another, or MediaPipe is not installed.
    """

    def __init__(self, path: str, sha256: str) -> None:
        file = Path(path).expanduser()
        if not sha256:
            told = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "of the file"
            raise ConfigError(f"pose_model = {path!r} needs pose_model_sha256, so that no other file is run: {told}.")
        self._content = verified(file, sha256)

    def session(self) -> BodySession:
        """Return what follows one person through one run of pictures."""
        try:
            import mediapipe
            from mediapipe.tasks.python import BaseOptions, vision
        except ImportError as error:
            raise NetworkError("the setting pose_model needs MediaPipe: pip install mediapipe") from error
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=self._content), running_mode=vision.RunningMode.VIDEO
        )
        return BodySession(mediapipe, vision.PoseLandmarker.create_from_options(options))


class BodySession:
    """Follows one person through one run of pictures."""

    def __init__(self, mediapipe: Any, landmarker: Any) -> None:
        self._mediapipe, self._landmarker = mediapipe, landmarker
        self._bodies: list[Body] = []

    def push(self, image: Image, at: float) -> None:
        """Take the next picture."""
        picture = self._mediapipe.Image(self._mediapipe.ImageFormat.SRGB, image.pixels)
        people = self._landmarker.detect_for_video(picture, round(at * 1000)).pose_landmarks
        if people:
            points = tuple((float(each.x), float(each.y), float(each.visibility)) for each in people[0])
            self._bodies.append(Body(at, points))

    def gestures(self) -> list[Gesture]:
        """Return what the body did so far."""
        return body_gestures(self._bodies)


def body_gestures(bodies: Sequence[Body]) -> list[Gesture]:
    """Return raised hands, a covered face and crossed arms, each held for 0.3 seconds or more.

    Args:
        bodies: one person's, in time order.
    """
    found: list[Gesture] = []
    kinds: tuple[tuple[Kind, Any], ...] = (
        ("raised hand", hand_raised),
        ("face covered", face_covered),
        ("crossed arms", arms_crossed),
    )
    for kind, holds in kinds:
        start: float | None = None
        last = 0.0
        for body in [*bodies, None]:
            if body is not None and holds(body):
                start = body.at if start is None else start
                last = body.at
            elif start is not None:
                if last - start >= _SHORTEST:
                    found.append(Gesture(kind, start, last, min(1.0, (last - start) / 3.0), 0.7))
                start = None
    return sorted(found, key=lambda gesture: gesture.start)


def _width(body: Body) -> float:
    left, right = (body.points[place] for place in SHOULDERS)
    return max(1e-3, abs(left[0] - right[0]))


def _seen(body: Body, *places: int) -> bool:
    return all(body.points[place][2] >= _SEEN for place in places)


def hand_raised(body: Body) -> bool:
    """Say whether a wrist is above its shoulder by half a shoulder's width, away from the face."""
    for wrist, shoulder in zip(WRISTS, SHOULDERS, strict=True):
        high = body.points[shoulder][1] - body.points[wrist][1] > 0.5 * _width(body)
        if high and _seen(body, wrist, shoulder) and not _at_face(body, wrist):
            return True
    return False


def face_covered(body: Body) -> bool:
    """Say whether a wrist is before the face."""
    return any(_seen(body, wrist, NOSE, *SHOULDERS) and _at_face(body, wrist) for wrist in WRISTS)


def _at_face(body: Body, wrist: int) -> bool:
    nose, hand = body.points[NOSE], body.points[wrist]
    return max(abs(nose[0] - hand[0]), abs(nose[1] - hand[1])) < 0.4 * _width(body)


def arms_crossed(body: Body) -> bool:
    """Say whether each wrist lies at the other arm's side, below the shoulders and about as high as the elbows."""
    if not _seen(body, *SHOULDERS, *ELBOWS, *WRISTS):
        return False
    one, other = (body.points[place] for place in WRISTS)
    first, second = (body.points[place] for place in SHOULDERS)
    middle = (first[0] + second[0]) / 2
    swapped = (one[0] - middle) * (first[0] - middle) < 0 and (other[0] - middle) * (second[0] - middle) < 0
    high = all(
        abs(body.points[w][1] - body.points[e][1]) < 0.5 * _width(body) for w, e in zip(WRISTS, ELBOWS, strict=True)
    )
    return swapped and high and min(one[1], other[1]) > max(first[1], second[1])
