"""Read what a person's movements say, from a run of pictures: an event each, and what they add up to."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Final

from heedful.config import Config
from heedful.labels import BASIC, SENTIMENT
from heedful.media import Image
from heedful.perceive.face import FacePerceiver
from heedful.perceive.find import grey_of
from heedful.perceive.motion import Gesture, gestures
from heedful.perceive.pose import PoseBackend
from heedful.perceive.track import Track, Tracker, smiling, times_of
from heedful.types import Evidence, Message, Modality, Reading

MODEL: Final = "motion-1"
"""The method, with its version: what a reading names as its model."""
SPEAKS_FOR: Final[Mapping[str, tuple[Mapping[str, float], float, float]]] = {
    "nod": ({"joy": 0.3, "neutral": 0.3}, 0.15, 0.05),
    "shake": ({"anger": 0.3, "disgust": 0.2, "sadness": 0.2}, -0.2, 0.1),
    "tilt": ({"neutral": 0.1, "sadness": 0.1}, 0.0, 0.0),
    "leaning in": ({"surprise": 0.1, "joy": 0.1}, 0.05, 0.15),
    "leaning away": ({"disgust": 0.3, "fear": 0.3}, -0.15, 0.1),
    "looking away": ({"sadness": 0.3, "fear": 0.2}, -0.1, -0.05),
    "still": ({"neutral": 0.2, "sadness": 0.1}, 0.0, -0.2),
    "restless": ({"fear": 0.4, "anger": 0.2, "joy": 0.1}, -0.1, 0.4),
    "smile": ({"joy": 1.6}, 0.5, 0.25),
    "blink": ({}, 0.0, 0.0),
    "raised hand": ({"surprise": 0.1}, 0.0, 0.2),
    "face covered": ({"sadness": 0.7, "fear": 0.4}, -0.4, 0.1),
    "crossed arms": ({"anger": 0.3, "neutral": 0.1}, -0.15, 0.0),
}
"""Gesture -> how much it adds to the log-odds of BASIC labels, to valence and to arousal: little, for a movement means
many things. Our own judgement, in the direction that the literature gives (Kleinsmith and Bianchi-Berthouze, 2013)."""
_QUIET = {"neutral": 1.2}
"""Log-odds before anything was seen: most moments are calm."""
_SUREST = 0.45
"""What a reading of gestures alone is at most as sure of."""


class GesturePerceiver:
    """Reads gestures from tracked faces, and from the body where a pose file is given. Thread-safe."""

    modality: Modality = "gesture"

    def __init__(self, config: Config) -> None:
        self._config = config
        self._face = FacePerceiver(config)

    @functools.cached_property
    def _pose(self) -> PoseBackend | None:
        name = self._config.pose_model
        return PoseBackend(name, self._config.pose_model_sha256) if name else None

    def perceive(self, messages: Sequence[Message]) -> list[Reading]:
        """Return one reading per message; one without a run of pictures abstains."""
        return [self._perceive(message.frames) for message in messages]

    def _perceive(self, frames: Sequence[Image]) -> Reading:
        if reason := self._face.refusal:
            return Reading("gesture", MODEL, abstained=reason)
        if len(frames) < 5:
            told = "a gesture takes time: at least five pictures in a row are needed"
            return Reading("gesture", MODEL, abstained=told if frames else "the message has no run of pictures")
        tracker = Tracker(self._face.find, self._face.finder.with_eyes)
        poses: dict[int, int] = {}
        times = times_of(frames)
        body = self._pose.session() if self._pose else None
        for number, (frame, at) in enumerate(zip(frames, times, strict=True)):
            tracks = tracker.push(frame, at)
            for track in tracks[:1]:
                poses[track.number] = poses.get(track.number, 0) + 1
                if number % 3 == 0:
                    self._smile(track, frame)
            if body:
                body.push(frame, at)
        seen = {track.number: track for track in tracker.tracks}
        best = max((number for number in poses if number in seen), key=lambda number: poses[number], default=None)
        if best is None and not body:
            return Reading("gesture", MODEL, abstained="no face could be followed through the pictures")
        found = gestures(seen[best].poses) if best is not None else []
        found += body.gestures() if body else []
        return reading_of(found, times[-1] - times[0])

    def _smile(self, track: Track, frame: Image) -> None:
        """Note how likely the face smiles now."""
        if faces := self._face.look(grey_of(frame.pixels), [track.found]):
            smiling(track, faces[0].reading.probabilities.get("happiness", 0.0))


def reading_of(found: Sequence[Gesture], seconds: float) -> Reading:
    """Return the reading that gestures make.

    Args:
        found: the gestures.
        seconds: how long was looked.
    """
    odds = dict.fromkeys(BASIC, 0.0) | _QUIET
    valence = arousal = 0.0
    shares: dict[str, float] = {}
    for gesture in sorted(found, key=lambda each: each.start):
        adds, pleasant, stirred = SPEAKS_FOR[gesture.kind]
        weight = gesture.confidence * (0.4 + 0.6 * gesture.strength)
        for label, more in adds.items():
            odds[label] += more * weight
        valence += pleasant * weight
        arousal += stirred * weight
        shares[gesture.kind] = max(shares.get(gesture.kind, 0.0), gesture.confidence)
    total = sum(math.exp(value) for value in odds.values())
    basic = {label: math.exp(value) / total for label, value in odds.items()}
    bright = math.exp(odds["joy"]) / total
    calm = basic["neutral"] + basic["surprise"]
    sentiment = dict(zip(SENTIMENT, (bright, 1.0 - bright - calm, calm), strict=True))
    return Reading(
        modality="gesture",
        model=MODEL,
        probabilities=shares,
        expressed=tuple(sorted(shares, key=lambda kind: -shares[kind])),
        basic=basic,
        sentiment=sentiment,
        valence=max(-1.0, min(1.0, valence)),
        arousal=max(-1.0, min(1.0, arousal)),
        confidence=min(_SUREST, max(basic.values())) * min(1.0, seconds / 2.0),
        evidence=tuple(Evidence("seconds", each.start, each.end, each.kind, each.strength) for each in found),
    )
