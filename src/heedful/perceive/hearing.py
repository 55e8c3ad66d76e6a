"""Listen live: chunks of sound in, readings out while somebody speaks and when they have finished.

Nothing is kept but the utterance that is going on (at most LONGEST seconds of it) and the baseline, which is no sound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from heedful.errors import InputError
from heedful.labels import BASIC
from heedful.sound import RATE
from heedful.types import Audio, Reading, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.perceive.prosody import Baseline
    from heedful.perceive.voice import VoicePerceiver

EVERY: Final = 0.15
"""Seconds from one reading to the next while somebody speaks, rounded up to chunks: 0.16, so that of something short
too there are five a second."""
WINDOW: Final = 3.0
"""Seconds that such a reading looks back."""
LONGEST: Final = 30.0
"""Seconds after which an utterance counts as finished, though they go on speaking."""
_EARLIEST: Final = 0.41
"""Seconds of an utterance after which the first reading is given."""
_CARRIED: Final = 0.5
"""Share of a reading that is taken over from the one before it."""
_LOUDEST: Final = 32.0
_LEAD: Final = 6
"""Chunks of sound before and after an utterance that are heard with it."""


@dataclass(frozen=True, slots=True)
class Heard(Record):
    """Something that was heard."""

    kind: Literal["reading", "utterance"]
    """A reading while somebody speaks, or an utterance that is finished."""
    start: float
    """When what it is about begins, in seconds since listening began."""
    end: float
    """When it ends, in seconds since listening began."""
    reading: Reading
    """How it sounded; evidence in seconds since listening began."""
    audio: Audio | None = None
    """The sound of a finished utterance, 16 kHz; None with a reading."""


class Hearing:
    """Listens to one person. Keeps its state; one per stream, used by one thread at a time.

    Args:
        perceiver: what reads; None where the law forbids it, so that utterances are cut out and nothing else.
        refusal: the reading that is given in that case.
    """

    def __init__(self, perceiver: VoicePerceiver | None, refusal: Reading | None = None) -> None:
        from heedful.perceive.prosody import Baseline
        from heedful.perceive.speech import SpeechDetector, Turns

        self._perceiver = perceiver
        self._refusal = refusal
        self._detector = SpeechDetector()
        self._turns = Turns()
        self.baseline: Baseline = Baseline()
        """How the person has spoken so far. Holds no sound."""
        self._waiting: list[NDArray[np.float32]] = []
        self._pending = 0
        self._kept: list[NDArray[np.float32]] = []
        self._first = 0
        self._at = 0
        self._read_at = 0.0
        self._before: Reading | None = None

    @property
    def speaking(self) -> bool:
        """Whether somebody is speaking."""
        return self._turns.speaking

    def push(self, samples: NDArray[Any]) -> list[Heard]:
        """Hear the next stretch of sound, of any length.

        Args:
            samples: mono floats in [-1, 1] at 16 kHz.

        Returns:
            what was heard: six times a second a "reading" while somebody speaks, and an "utterance" 0.6 s after they
            have finished.

        Raises:
            InputError: these are no such samples.
        """
        import numpy as np

        from heedful.perceive.speech import CHUNK

        given = np.asarray(samples)
        if given.ndim != 1 or given.dtype.kind != "f" or not np.isfinite(given).all():
            raise InputError(
                "a stream of sound takes one-dimensional arrays of finite floats in [-1, 1] at 16,000 samples per "
                f"second; got shape {given.shape}, type {given.dtype}."
            )
        if given.size and float(np.abs(given).max()) > _LOUDEST:
            raise InputError("the samples lie far outside [-1, 1]. Divide 16-bit samples by 32768 first.")
        self._waiting.append(given.astype(np.float32))
        self._pending += given.size
        if self._pending < CHUNK:
            return []
        joined = np.concatenate(self._waiting)
        whole = joined.size - joined.size % CHUNK
        self._waiting, self._pending = [joined[whole:].copy()], joined.size - whole
        found: list[Heard] = []
        for start in range(0, whole, CHUNK):
            found.extend(self._chunk(joined[start : start + CHUNK].copy()))
        return found

    def close(self) -> list[Heard]:
        """Finish: return the utterance that was still going on, if any. Listening may begin again afterwards."""
        ended = self._turns.close()
        self._waiting, self._pending = [], 0
        return self._finished(ended) if ended else []

    def _chunk(self, chunk: NDArray[np.float32]) -> list[Heard]:
        from heedful.perceive.speech import CHUNK, CHUNK_SECONDS

        was = self._turns.speaking
        self._kept.append(chunk)
        ended = self._turns.step(self._detector.probability(chunk))
        self._at += 1
        if self._turns.speaking and not was:
            self._before, self._read_at = None, self._turns.start * CHUNK_SECONDS + _EARLIEST - EVERY
        if ended is None and self._turns.speaking and (self._at - self._turns.start) * CHUNK_SECONDS >= LONGEST:
            ended = self._turns.close()
        if ended is not None:
            return self._finished(ended)
        if not self._turns.speaking:
            self._forget(self._at - _LEAD)
            return []
        now = self._at * CHUNK / RATE
        if now - self._read_at < EVERY:
            return []
        self._read_at = now
        return self._reading(now)

    def _reading(self, now: float) -> list[Heard]:
        from heedful.perceive.speech import CHUNK_SECONDS

        begun = max(self._turns.start * CHUNK_SECONDS, now - WINDOW)
        if self._perceiver is None or now - begun < _EARLIEST - 1e-6:
            return []
        samples = self._between(begun, now)
        reading, _ = self._perceiver.read(samples, self.baseline, begun, figures=False)
        if not reading.abstained:
            reading = carried(self._before, reading)
            self._before = reading
        return [Heard("reading", begun, now, reading)]

    def _finished(self, ended: tuple[int, int]) -> list[Heard]:
        from heedful.perceive.speech import CHUNK_SECONDS
        from heedful.perceive.voice import SHORTEST

        start = max(ended[0] - _LEAD, self._first) * CHUNK_SECONDS
        end = min(ended[1] + _LEAD, self._at) * CHUNK_SECONDS
        samples = self._between(start, end)
        self._forget(self._at - _LEAD)
        self._before = None
        if end - start < SHORTEST:
            return []
        audio = Audio.from_array(samples, RATE)
        if self._perceiver is None:
            return [Heard("utterance", start, end, self._refusal or Reading("voice", "none"), audio)]
        reading, self.baseline = self._perceiver.read(samples, self.baseline, start)
        return [Heard("utterance", start, end, reading, audio)]

    def _between(self, start: float, end: float) -> NDArray[np.float32]:
        import numpy as np

        from heedful.perceive.speech import CHUNK_SECONDS

        first, last = round(start / CHUNK_SECONDS), round(end / CHUNK_SECONDS)
        return np.concatenate(self._kept[max(0, first - self._first) : last - self._first])

    def _forget(self, before: int) -> None:
        """Let go of the sound before a chunk."""
        gone = max(0, before - self._first)
        if gone:
            del self._kept[:gone]
            self._first += gone


def carried(before: Reading | None, now: Reading) -> Reading:
    """Return a reading with a share of the one before it, so that it moves and does not jump."""
    if before is None:
        return now

    def mixed(old: dict[str, float], new: dict[str, float]) -> dict[str, float]:
        return {name: _CARRIED * old.get(name, 0.0) + (1.0 - _CARRIED) * value for name, value in new.items()}

    said = mixed(dict(before.probabilities), dict(now.probabilities))
    basic = mixed(dict(before.basic), dict(now.basic))
    return replace(
        now,
        probabilities=said,
        expressed=(max(said, key=lambda name: said[name]),),
        basic={label: basic[label] for label in BASIC},
        sentiment=mixed(dict(before.sentiment), dict(now.sentiment)),
        valence=_CARRIED * before.valence + (1.0 - _CARRIED) * now.valence,
        arousal=_CARRIED * before.arousal + (1.0 - _CARRIED) * now.arousal,
        confidence=_CARRIED * before.confidence + (1.0 - _CARRIED) * now.confidence,
    )
