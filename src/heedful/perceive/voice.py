"""Hear how a person feels from how they sound; what they say is none of its business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, log
from typing import TYPE_CHECKING, Final

from heedful.config import Config
from heedful.errors import InputError, NetworkError
from heedful.labels import (
    BASIC,
    BASIC_TO_SENTIMENT,
    BURST,
    BURST_TO_BASIC,
    SENTIMENT,
    VOICE,
    VOICE_TO_BASIC,
    share_out,
)
from heedful.models.manifest import Head, card, require
from heedful.models.session import open_session
from heedful.sound import RATE, resampled
from heedful.types import Audio, Evidence, Message, Modality, Reading, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.perceive.prosody import Baseline

    Samples = NDArray[np.float32]

SHORTEST: Final = 0.4
"""Seconds of voice below which nothing is said."""
PIECE: Final = 3.0
"""Seconds that the network hears at once; longer utterances are heard in equal pieces."""
WORDLESS: Final = ", without words"
"""What evidence of a burst ends with: a laugh, a sob, a sigh."""
_TOGETHER: Final = 16
_SILENT: Final = 0.001
_CLIPPED: Final = 0.08
_BURST: Final = 0.5
_OUTPUTS: Final = ("emotion", "affect", "burst")


@dataclass(frozen=True, slots=True)
class Utterance(Record):
    """A stretch of speech, and how it sounded."""

    start: float
    """When it begins, in seconds."""
    end: float
    """When it ends, in seconds."""
    reading: Reading
    """What was heard, with evidence in seconds of the whole sound."""


class VoicePerceiver:
    """Hears tone with the `voice` network, and says in physical units what changed.

    Stateless: what is known of how a person usually speaks (a Baseline, which holds no sound) is an argument.
    """

    modality: Modality = "voice"

    def __init__(self, config: Config) -> None:
        self._config = config
        self.card = card(config.voice)
        self._heads: dict[str, Head] = {
            "emotion": require(self.card, "emotion", "single", VOICE),
            "affect": require(self.card, "affect", "regression", ("valence", "arousal")),
            "burst": require(self.card, "burst", "single", BURST),
        }
        self._refused: str | None = None
        try:
            self._session = open_session(config.voice, config.commercial_only)
        except NetworkError as error:
            if not config.commercial_only:
                raise
            self._refused = str(error)

    def perceive(self, messages: Sequence[Message]) -> list[Reading]:
        """Return one reading per message; raise InputError for sound that is malformed or over `audio_limit`."""
        return [
            self.abstain("the message has no sound") if message.audio is None else self.hear(message.audio)
            for message in messages
        ]

    def hear(self, audio: Audio) -> Reading:
        """Return how a sound sounds as a whole; abstains with a reason where there is no voice to go by."""
        samples = self.samples_of(audio)
        if reason := why_not(samples):
            return self.abstain(reason)
        utterances, _ = self.utterances(samples)
        return pooled(utterances) if utterances else self.abstain(_no_voice(samples))

    def samples_of(self, audio: Audio) -> Samples:
        """Return the samples of a sound at 16 kHz; raise InputError if it is malformed or over `audio_limit`."""
        if audio.rate > 0 and (seconds := len(audio.pcm) / 4 / audio.rate) > self._config.audio_limit:
            raise InputError(
                f"the sound is {seconds:,.0f} s long, more than the {self._config.audio_limit:,.0f} s that one message "
                "may have. Cut it, raise audio_limit in the configuration, or listen to it as a stream (Heedful.hear)."
            )
        samples = resampled(audio)
        return samples - samples.mean() if samples.size else samples  # cheap recorders add a constant

    def utterances(self, samples: Samples, baseline: Baseline | None = None) -> tuple[tuple[Utterance, ...], Baseline]:
        """Cut a sound into utterances and read each beside how the person spoke before.

        Args:
            samples: mono sound at 16 kHz.
            baseline: how the person has spoken so far.

        Returns:
            the utterances, and the baseline after them.
        """
        from heedful.perceive.prosody import Baseline
        from heedful.perceive.speech import speech_in

        known = baseline or Baseline()
        found: list[Utterance] = []
        for stretch in speech_in(samples):
            if stretch.end - stretch.start >= SHORTEST * RATE:
                reading, known = self.read(samples[stretch.start : stretch.end], known, stretch.start / RATE)
                found.append(Utterance(stretch.start / RATE, stretch.end / RATE, reading))
        return tuple(found), known

    def read(
        self, samples: Samples, baseline: Baseline, offset: float = 0.0, figures: bool = True
    ) -> tuple[Reading, Baseline]:
        """Read one utterance beside how the person spoke before.

        Args:
            samples: mono sound at 16 kHz, of one utterance.
            baseline: how the person has spoken so far.
            offset: when it begins in the whole sound, in seconds.
            figures: whether to take its prosody, too, and to let the baseline learn from it.

        Returns:
            the reading, and the baseline after the utterance.
        """
        from heedful.perceive.logmel import mel_decibels, relative, voiced_part
        from heedful.perceive.prosody import prosody_of

        decibels = mel_decibels(samples)
        first, last = voiced_part(decibels)
        prosody = prosody_of(samples, decibels) if figures else {}
        changed = tuple(
            Evidence("seconds", round(offset, 3), round(offset + len(samples) / RATE, 3), what, round(strength, 3))
            for what, strength in baseline.changes(prosody).items()
        )
        after = baseline.after(prosody) if figures else baseline
        if self._refused:
            return replace(self.abstain(self._refused), prosody=prosody, evidence=changed), after
        reading = self._pieces(relative(decibels[first:last]), offset, first)
        floor = self._config.confidence_floor
        if reading.confidence < floor:
            told = f"not sure enough: {reading.confidence:.2f}, the floor is {floor:.2f}"
            return replace(self.abstain(told), prosody=prosody, evidence=changed), after
        return replace(reading, prosody=prosody, evidence=(*reading.evidence, *changed)), after

    def abstain(self, reason: str) -> Reading:
        """Return a reading that says nothing, and why."""
        return Reading("voice", self.card.version_id, abstained=reason)

    def _pieces(self, mel: Samples, offset: float, first: int) -> Reading:
        """Return the reading of one utterance, heard in pieces of about equal length."""
        import numpy as np

        from heedful.perceive.logmel import FRAMES_PER_SECOND

        count = max(1, round(len(mel) / FRAMES_PER_SECOND / PIECE + 0.2))
        edges = np.linspace(0, len(mel), count + 1).astype(int)
        spans = [(int(a), int(b)) for a, b in pairwise(edges)]
        values = self.run([mel[a:b] for a, b in spans])
        readings = [
            self._reading(
                {name: rows[place] for name, rows in values.items()},
                offset + (first + a) / FRAMES_PER_SECOND,
                offset + (first + b) / FRAMES_PER_SECOND,
            )
            for place, (a, b) in enumerate(spans)
        ]
        return joined(readings, [float(b - a) for a, b in spans])

    def run(self, pictures: Sequence[Samples]) -> dict[str, NDArray[np.float64]]:
        """Return output -> n x values of log-mel pictures: probabilities, or valence and arousal."""
        import numpy as np

        parts: dict[str, list[NDArray[np.float64]]] = {name: [] for name in _OUTPUTS}
        for start in range(0, len(pictures), _TOGETHER):
            mel, mask = padded(pictures[start : start + _TOGETHER])
            for name, rows in self._session.run({"mel": mel, "mask": mask}, _OUTPUTS).items():
                logits = rows.astype(np.float64)
                parts[name].append(
                    np.tanh(logits) if name == "affect" else _softmax(logits / self._heads[name].temperature)
                )
        return {name: np.concatenate(rows) for name, rows in parts.items()}

    def _reading(self, values: Mapping[str, NDArray[np.float64]], start: float, end: float) -> Reading:
        said = dict(zip(VOICE, values["emotion"].tolist(), strict=True))
        burst = dict(zip(BURST, values["burst"].tolist(), strict=True))
        wordless = 1.0 - burst["speech"]
        basic = share_out(said, VOICE_TO_BASIC, BASIC)
        label = most_of(said)
        strength = said[label]
        if wordless >= _BURST:
            sounds = {name: value for name, value in burst.items() if name != "speech"}
            other = share_out(sounds, BURST_TO_BASIC, BASIC)
            basic = {each: (1.0 - wordless) * basic[each] + wordless * other[each] for each in BASIC}
            name = most_of(sounds)
            label, strength = f"{name}{WORDLESS}", sounds[name]
        slope, shift = self._heads["emotion"].confidence
        most = min(max(*basic.values(), 1e-6), 1.0 - 1e-6)
        return Reading(
            modality="voice",
            model=self.card.version_id,
            probabilities=said,
            expressed=(max(basic, key=lambda each: basic[each]) if wordless >= _BURST else most_of(said),),
            basic=basic,
            sentiment=share_out(basic, BASIC_TO_SENTIMENT, SENTIMENT),
            valence=float(values["affect"][0]),
            arousal=float(values["affect"][1]),
            confidence=1.0 / (1.0 + exp(-(slope * log(most / (1.0 - most)) + shift))),
            evidence=(Evidence("seconds", round(start, 3), round(end, 3), label, round(strength, 4)),),
        )


def most_of(shares: Mapping[str, float]) -> str:
    """Return the label with the largest share."""
    return max(shares, key=lambda label: shares[label])


def padded(pictures: Sequence[Samples]) -> tuple[Samples, Samples]:
    """Return pictures of several lengths as one batch, and a mask that is 1 where there is sound."""
    import numpy as np

    most = max(8, *(len(each) for each in pictures))
    most += -most % 8
    mel = np.full((len(pictures), most, pictures[0].shape[1]), -1.0, dtype=np.float32)
    mask = np.zeros((len(pictures), most), dtype=np.float32)
    for place, each in enumerate(pictures):
        mel[place, : len(each)] = each
        mask[place, : len(each)] = 1.0
    return mel, mask


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def joined(readings: Sequence[Reading], weights: Sequence[float]) -> Reading:
    """Return one reading from those of several stretches, each weighted by its length; evidence is kept in order."""
    if len(readings) == 1:
        return readings[0]
    total = sum(weights)
    shares = [weight / total for weight in weights]

    def mixed(maps: Iterable[Mapping[str, float]]) -> dict[str, float]:
        each = list(maps)
        return {
            name: sum(share * one.get(name, 0.0) for share, one in zip(shares, each, strict=True)) for name in each[0]
        }

    said = mixed(each.probabilities for each in readings)
    burst = all(each.evidence and each.evidence[0].label.endswith(WORDLESS) for each in readings)
    return replace(
        readings[0],
        probabilities=said,
        expressed=(most_of(mixed(each.basic for each in readings) if burst else said),),
        basic=mixed(each.basic for each in readings),
        sentiment=mixed(each.sentiment for each in readings),
        valence=sum(share * each.valence for share, each in zip(shares, readings, strict=True)),
        arousal=sum(share * each.arousal for share, each in zip(shares, readings, strict=True)),
        confidence=sum(share * each.confidence for share, each in zip(shares, readings, strict=True)),
        evidence=tuple(each for reading in readings for each in reading.evidence),
        prosody=_mean_figures([each.prosody for each in readings], shares),
    )


def _mean_figures(figures: Sequence[Mapping[str, float]], shares: Sequence[float]) -> dict[str, float]:
    names = dict.fromkeys(name for each in figures for name in each)
    found = {}
    for name in names:
        held = [(share, each[name]) for share, each in zip(shares, figures, strict=True) if name in each]
        found[name] = round(sum(share * value for share, value in held) / sum(share for share, _ in held), 3)
    return found


def pooled(utterances: Sequence[Utterance]) -> Reading:
    """Return one reading of all utterances; abstains only if each of them did."""
    speaking = [each for each in utterances if not each.reading.abstained]
    chosen = speaking or list(utterances)
    return joined([each.reading for each in chosen], [each.end - each.start for each in chosen])


def sounding(reading: Reading) -> str:
    """Return in a word or two how a reading sounds: a burst without words, or the strongest label."""
    heard = [each for each in reading.evidence if "than before" not in each.label]
    if heard and all(each.label.endswith(WORDLESS) for each in heard):
        return max(heard, key=lambda each: each.strength).label
    label, basic = most_of(reading.probabilities), most_of(reading.basic)
    return label if VOICE_TO_BASIC[label].get(basic, 0.0) > 0.0 else basic


def why_not(samples: Samples) -> str | None:
    """Return why a sound cannot be read, before looking for a voice in it, or None if it can."""
    import numpy as np

    if samples.size == 0:
        return "the sound is empty"
    if samples.size < SHORTEST * RATE:
        return f"the sound is too short: {samples.size / RATE:.2f} s, at least {SHORTEST} s are needed"
    most = float(np.abs(samples).max())
    if most < _SILENT:
        return "the sound is silent"
    if clipped_share(samples, most) > _CLIPPED:
        return "the sound is clipped so badly that the voice cannot be judged; record it less loudly"
    return None


def clipped_share(samples: Samples, most: float) -> float:
    """Return which share of the samples lies flat at the limits of the recording, three or more in a row."""
    import numpy as np

    if most < 0.5:
        return 0.0
    total = 0
    for side in (samples, -samples):
        flat = side >= 0.995 * most
        run = flat[:-2] & flat[1:-1] & flat[2:]
        total += int(np.count_nonzero(run))
    return total / len(samples)


def _no_voice(samples: Samples) -> str:
    return f"no voice is heard in {samples.size / RATE:.1f} s of sound"
