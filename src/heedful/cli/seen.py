"""Hold what was seen in one picture or video."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heedful.video import is_video

if TYPE_CHECKING:
    from heedful.perceive.face import Face
    from heedful.types import Reading


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in one picture or video."""

    path: Path
    """Where it came from."""
    faces: tuple[Face, ...] = ()
    """Of a picture: its faces, largest first."""
    moments: tuple[tuple[float, Reading], ...] = ()
    """Of a video: (seconds, what changed)."""
    seconds: float = 0.0
    """Of a video: how long it is."""

    def to_dict(self) -> dict[str, Any]:
        """Return what is written as one line of JSON."""
        if is_video(self.path):
            told = [{"at": round(at, 2), **_plain(reading)} for at, reading in self.moments]
            return {"video": str(self.path), "seconds": round(self.seconds, 2), "readings": told}
        faces = [
            {
                "box": [round(each.found.left), round(each.found.top), round(each.found.side), round(each.found.side)],
                "score": round(each.found.score, 3),
                **_plain(each.reading),
            }
            for each in self.faces
        ]
        return {"image": str(self.path), "faces": faces}


def _plain(reading: Reading) -> dict[str, Any]:
    if reading.abstained:
        return {"modality": reading.modality, "abstained": reading.abstained}
    return {
        "modality": reading.modality,
        "shows": list(reading.expressed),
        "probabilities": {label: round(share, 4) for label, share in reading.probabilities.items()},
        "valence": round(reading.valence, 3),
        "arousal": round(reading.arousal, 3),
        "confidence": round(reading.confidence, 3),
    }
