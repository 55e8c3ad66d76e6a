"""Read what a person's face shows: find it, look at it with the `face` network, say what people would call it."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from heedful.config import Config
from heedful.errors import NetworkError
from heedful.labels import (
    BASIC,
    FACE,
    FACE_CIRCUMPLEX,
    FACE_TO_BASIC,
    FACE_TO_SENTIMENT,
    SENTIMENT,
    share_out,
)
from heedful.media import Image, Record
from heedful.models.manifest import Head, card, require
from heedful.models.sight import Sight
from heedful.perceive.faces import OWN, FaceFinder
from heedful.perceive.find import Found, crop_of, grey_of, overlap
from heedful.perceive.prior import log_odds
from heedful.types import Evidence, Message, Modality, Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VOTES: Final = (*FACE, "unknown", "nf")
"""What the network's head `votes` says: what a tagger of FER+ could choose; nf = not a face."""
LOOKS: Final = 12
"""Pictures of a video in which the face is read; they are spread over it evenly."""
ACCEPTED: Final = 3.0
"""Log-odds of the finder and of the network's head `face` together, from which something is a face; from dev scenes."""
SUREST: Final = 0.001
"""Neither is taken to be wrong more seldom than this."""
LEAST: Final = 20.0
"""Side in pixels of the smallest face that is read; the network learned from faces of 48."""


@dataclass(frozen=True, slots=True)
class Face(Record):
    """One face of a picture, and what it shows."""

    found: Found
    """Where it is."""
    reading: Reading
    """What it shows."""


class FacePerceiver:
    """Reads faces with the `face` network. Thread-safe; loads what it needs at its first use."""

    modality: Modality = "face"

    def __init__(self, config: Config) -> None:
        self._config = config
        self._finder = FaceFinder(config)

    @property
    def finder(self) -> FaceFinder:
        """What finds the faces."""
        return self._finder

    def perceive(self, messages: Sequence[Message]) -> list[Reading]:
        """Return one reading per message, of its largest face: of its picture, or of its run of pictures."""
        return [self._perceive(message) for message in messages]

    def _perceive(self, message: Message) -> Reading:
        if reason := self.refusal:
            return Reading("face", "none", abstained=reason)
        if message.frames:
            return self._over_time(message.frames)
        if message.image is None:
            return self._abstain("the message has no picture")
        faces = self.faces(message.image, most=1)
        return faces[0].reading if faces else self._abstain("no face was found in the picture")

    @functools.cached_property
    def refusal(self) -> str | None:
        """Why nothing can be read under this configuration, or None: the network is of the class `research`."""
        needed = [self._config.face, *(["finder"] if self._config.face_finder == OWN else [])]
        research = [name for name in needed if self._config.commercial_only and card(name).data_class != "open"]
        if research:
            return f"the network {research[0]} was trained on research data, and commercial_only is set"
        return None

    @functools.cached_property
    def sight(self) -> Sight:
        """The network; raises NetworkError if it is missing, not allowed, or says something else."""
        sight = Sight.open(self._config.face, self._config.commercial_only)
        require(sight.card, "votes", "single", VOTES)
        require(sight.card, "face", "multilabel", ("face",))
        return sight

    def faces(self, image: Image, most: int | None = None) -> list[Face]:
        """Return the faces of a picture with what each shows, largest first.

        Args:
            image: the picture.
            most: at most so many, the largest; None = all.

        Raises:
            NetworkError: the network may not load under this configuration.
        """
        if reason := self.refusal:
            raise NetworkError(f"{reason}; faces cannot be read.")
        grey = grey_of(image.pixels)
        shorter = min(grey.shape)
        for smallest in (shorter / 8, shorter / 20) if most else (shorter / 20,):
            if found := self._found(grey, max(LEAST, smallest)):
                return found[:most]
        return []

    def find(self, grey: NDArray[np.uint8], smallest: float) -> list[Found]:
        """Return the faces in a grey picture that the network takes for faces too, largest first, with their eyes.

        Args:
            grey: height x width.
            smallest: side in pixels of the smallest face that is looked for.
        """
        return [face.found for face in self._found(grey, smallest)]

    def _found(self, grey: NDArray[np.uint8], smallest: float) -> list[Face]:
        """Return the faces that are found first, or else those that the cascades find."""
        first = self._finder.find(grey, smallest)
        return self.look(grey, first) or self.look(grey, self._finder.find_again(grey, smallest, first))

    def look(self, grey: NDArray[np.uint8], found: Sequence[Found]) -> list[Face]:
        """Return what faces show that were found in a grey picture, largest first, without those that are none."""
        import numpy as np

        if not found:
            return []
        eyed = [self._finder.with_eyes(grey, each) for each in found]
        crops = np.stack([crop_of(grey, each) for each in eyed])
        values = self.sight.read(crops, ("votes", "face"))
        faces = []
        for each, votes, sure in zip(eyed, values["votes"], values["face"][:, 0], strict=True):
            odds = log_odds(each.score, SUREST) + log_odds(float(sure), SUREST)
            if odds >= ACCEPTED:
                kept = replace(each, score=1.0 / (1.0 + math.exp(-odds)))
                faces.append(Face(kept, self.reading(votes)))
        return sorted(faces, key=lambda face: -face.found.side)

    def reading(self, votes: NDArray[np.floating]) -> Reading:
        """Return the reading that shares of votes make, in the order of VOTES."""
        shares = shown(votes)
        head = self.sight.card.heads["votes"]
        chosen, confidence = chosen_of(shares, head)
        if confidence < self._config.confidence_floor:
            floor = self._config.confidence_floor
            return self._abstain(f"not sure enough: {confidence:.2f}, the floor is {floor:.2f}")
        places = [(shares[label], FACE_CIRCUMPLEX[label]) for label in FACE]
        return Reading(
            modality="face",
            model=self.sight.card.version_id,
            probabilities=shares,
            expressed=(chosen,),
            basic=share_out(shares, FACE_TO_BASIC, BASIC),
            sentiment=share_out(shares, FACE_TO_SENTIMENT, SENTIMENT),
            valence=sum(share * place[0] for share, place in places),
            arousal=sum(share * place[1] for share, place in places),
            confidence=confidence,
        )

    def _over_time(self, frames: Sequence[Image]) -> Reading:
        """Return the reading of the largest face of a run of pictures, followed from one to the next."""
        import numpy as np

        step = max(1.0, len(frames) / LOOKS)
        rows = [int(number * step) for number in range(min(len(frames), LOOKS))]
        looks: list[tuple[int, Face]] = []
        for row in rows:
            faces = self.faces(frames[row], most=None if looks else 1)
            if face := nearest(faces, looks[-1][1].found if looks else None):
                looks.append((row, face))
        if not looks:
            return self._abstain("no face was found in the pictures")
        read = [(row, face.reading) for row, face in looks if not face.reading.abstained]
        if not read:
            return looks[-1][1].reading
        logs = np.array([[np.log(max(each.probabilities[label], 1e-4)) for label in FACE] for _, each in read])
        mean = np.exp(logs.mean(axis=0))
        votes = np.concatenate([mean / mean.sum(), [0.0, 0.0]])
        return replace(self.reading(votes), evidence=tuple(moments(frames, read, step)))

    def _abstain(self, reason: str) -> Reading:
        return Reading("face", card(self._config.face).version_id, abstained=reason)


def shown(votes: NDArray[np.floating]) -> dict[str, float]:
    """Return the shares of the eight expressions; what would be called unknown or no face is left out."""
    import numpy as np

    eight = np.asarray(votes[: len(FACE)], dtype=np.float64)
    return dict(zip(FACE, (eight / max(float(eight.sum()), 1e-9)).tolist(), strict=True))


def chosen_of(shares: Mapping[str, float], head: Head) -> tuple[str, float]:
    """Return the expression that most people would name, and how likely that is right.

    Rare expressions are chosen from a lower share on: what each share is divided by was tuned on dev.
    """
    least = dict(zip(head.labels, head.thresholds or (1.0,) * len(head.labels), strict=True))
    scaled = {label: shares[label] / least[label] for label in shares}
    chosen = max(scaled, key=lambda label: scaled[label])
    share = min(max(scaled[chosen] / sum(scaled.values()), 1e-6), 1.0 - 1e-6)
    slope, offset = head.confidence
    return chosen, 1.0 / (1.0 + math.exp(-(slope * math.log(share / (1.0 - share)) + offset)))


def nearest(faces: Sequence[Face], before: Found | None) -> Face | None:
    """Return the face that lies over the one of the picture before, or else the largest; None if there is none."""
    if before is not None:
        over = [face for face in faces if overlap(face.found, before) > 0.2]
        if over:
            return max(over, key=lambda face: overlap(face.found, before))
    return faces[0] if faces else None


def moments(frames: Sequence[Image], read: Sequence[tuple[int, Reading]], step: float) -> list[Evidence]:
    """Return what the face showed from when to when: in seconds where the pictures have times, else in pictures."""
    found: list[Evidence] = []
    timed = all(frames[row].at is not None for row, _ in read)
    for row, reading in read:
        last = min(len(frames) - 1, int(row + step))
        start, end = (float(frames[at].at or 0.0) if timed else float(at) for at in (row, last))
        label = reading.expressed[0]
        share = reading.probabilities[label]
        if found and found[-1].label == label:
            found[-1] = replace(found[-1], end=end, strength=max(found[-1].strength, share))
        else:
            found.append(Evidence("seconds" if timed else "frames", start, end, label, share))
    return found
