"""Watch a person live: picture after picture goes in, readings of face and gesture come out as they change."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from heedful.config import Config
from heedful.labels import FACE
from heedful.media import Image
from heedful.perceive.face import FacePerceiver
from heedful.perceive.find import grey_of
from heedful.perceive.gesture import reading_of
from heedful.perceive.motion import Gesture, gestures
from heedful.perceive.pose import BodySession, PoseBackend
from heedful.perceive.track import Track, Tracker, smiling
from heedful.types import Modality, Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LOOK: Final = 0.2
"""Seconds between two looks at a face's expression."""
SETTLE: Final = 0.6
"""Seconds over which what a face shows is averaged: single pictures tremble."""
CHANGE: Final = 0.12
"""How much the share of an expression has to move for a reading to be given anew."""
HORIZON: Final = 8.0
"""Seconds of movement that a gesture reading speaks of."""
AGAIN: Final = 1.0
"""Seconds between two looks for gestures."""


class Watching:
    """Follows the largest face through the pictures pushed into it; one per person, not thread-safe.

    Pictures are looked at and dropped: none is kept.

    Args:
        config: the settings.
        refusal: says why a modality may not be perceived here, or None if it may.
    """

    def __init__(self, config: Config, refusal: Callable[[Modality], str | None]) -> None:
        self._face = FacePerceiver(config)
        self._refused: list[Reading] = []
        modalities: tuple[Modality, ...] = ("face", "gesture")
        for modality in modalities:
            if reason := refusal(modality) or self._face.refusal:
                self._refused.append(Reading(modality, "none", abstained=reason))
        self._pose_of = functools.partial(PoseBackend, config.pose_model, config.pose_model_sha256)
        self._pose: BodySession | None = self._pose_of().session() if config.pose_model and not self._refused else None
        self._tracker = Tracker(self._face.find, self._face.finder.with_eyes, memory=2 * HORIZON)
        self._followed: int | None = None
        self._mean: Floats | None = None
        self._said: dict[str, float] = {}
        self._looked = self._moved = -math.inf
        self._gestures: tuple[tuple[str, float], ...] = ()
        self._lost = False
        self._told = False

    def push(self, image: Image, at: float) -> list[Reading]:
        """Take the next picture; return the readings that it changes, often none.

        Args:
            image: the picture.
            at: its time in seconds; later than the last one.

        Returns:
            A face reading when what the face shows has changed (or when it was lost: then it abstains), a gesture
            reading when there is a new gesture among those of the last HORIZON seconds. Where the law forbids both,
            one refusal of each at the first picture, and the pictures are not looked at.

        Raises:
            InputError: the time does not go on.
        """
        if self._refused:
            told, self._told = self._told, True
            return [] if told else list(self._refused)
        tracks = self._tracker.push(image, at)
        if self._pose:
            self._pose.push(image, at)
        track = self._chosen(tracks)
        found: list[Reading] = []
        if at - self._looked >= LOOK - 1e-6:
            found += self._expression(track, image, at)
        if at - self._moved >= AGAIN - 1e-6:
            found += self._gesture(track, at)
        return found

    def _chosen(self, tracks: Sequence[Track]) -> Track | None:
        """Return the face that is followed; once chosen it stays, even if a larger one comes."""
        same = next((track for track in tracks if track.number == self._followed), None)
        track = same or (tracks[0] if tracks else None)
        if track is not None and track.number != self._followed:
            self._followed, self._mean = track.number, None
        return track

    def _expression(self, track: Track | None, image: Image, at: float) -> list[Reading]:
        import numpy as np

        since, self._looked = at - self._looked, at
        faces = self._face.look(grey_of(image.pixels), [track.found]) if track else []
        if not faces:
            if self._lost or not self._said:
                return []
            self._lost, self._mean, self._said = True, None, {}
            return [Reading("face", self._face.sight.card.version_id, abstained="the face is out of sight")]
        self._lost = False
        shares = faces[0].reading.probabilities
        if not shares:
            return []
        now = np.array([shares[label] for label in FACE])
        share = 1.0 if self._mean is None or not math.isfinite(since) else 1.0 - math.exp(-since / SETTLE)
        self._mean = now if self._mean is None else self._mean + share * (now - self._mean)
        if track:
            smiling(track, shares["happiness"])
        reading = self._face.reading(np.concatenate([self._mean, [0.0, 0.0]]))
        if reading.abstained or not self._differs(reading):
            return []
        self._said = dict(reading.probabilities)
        return [reading]

    def _differs(self, reading: Reading) -> bool:
        if not self._said:
            return True
        return max(abs(reading.probabilities[label] - self._said[label]) for label in FACE) >= CHANGE

    def _gesture(self, track: Track | None, at: float) -> list[Reading]:
        self._moved = at
        found: list[Gesture] = gestures(track.poses) if track else []
        found += self._pose.gestures() if self._pose else []
        recent = [gesture for gesture in found if gesture.end >= at - HORIZON]
        kinds = tuple((gesture.kind, round(gesture.start, 1)) for gesture in recent)
        new = set(kinds) - set(self._gestures)
        self._gestures = kinds
        return [reading_of(recent, HORIZON)] if new else []
