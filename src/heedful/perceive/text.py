"""Read how a person feels from what they write."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from heedful.config import Config
from heedful.errors import InputError
from heedful.labels import BASIC, CIRCUMPLEX, FINE, FINE_TO_BASIC, FINE_TO_SENTIMENT, SENTIMENT, share_out
from heedful.models.encoder import TextEncoder
from heedful.models.manifest import Head, require
from heedful.models.normalise import normalise
from heedful.models.sentences import sentences
from heedful.perceive.language import foreign_language
from heedful.perceive.own import own_of
from heedful.perceive.window import Window
from heedful.types import Evidence, Message, Modality, Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SHORT = 160
"""Texts up to this many characters are one window unless they have many tokens: no need to look for sentences."""


class TextPerceiver:
    """Reads text with the `reader` network."""

    modality: Modality = "text"

    def __init__(self, config: Config) -> None:
        self._encoder = TextEncoder.open(config.reader, config.commercial_only)
        require(self._encoder.card, "fine", "multilabel", FINE)
        self._config = config

    @property
    def encoder(self) -> TextEncoder:
        """The network it reads with."""
        return self._encoder

    def perceive(self, messages: Sequence[Message]) -> list[Reading]:
        """Return one reading per message; raise InputError for a text over `text_limit` characters."""
        plain = [self.plain(message.text) for message in messages]
        reasons = [self.why_not(text) for text in plain]
        split = [
            () if reason else self.windows(message.text or "", text or "")
            for message, text, reason in zip(messages, plain, reasons, strict=True)
        ]
        flat = [list(window.tokens) for windows in split for window in windows]
        own = [name for name, head in self._encoder.card.heads.items() if head.own and head.kind != "tokens"]
        values = self._encoder.run(flat, heads=["fine", *own]) if flat else None
        readings, first = [], 0
        for windows, reason in zip(split, reasons, strict=True):
            if reason or values is None:
                readings.append(self._abstain(reason or "there is nothing to read"))
            else:
                said = {name: rows[first : first + len(windows)] for name, rows in values.items()}
                readings.append(self._read(windows, said.pop("fine"), said))
            first += len(windows)
        return readings

    def plain(self, text: str | None) -> str | None:
        """Return the text as the network reads it; raise InputError for one over `text_limit` characters."""
        if text is None:
            return None
        if not isinstance(text, str):
            raise InputError(f"the text of a message must be a string, not {type(text).__name__}.")
        if len(text) > self._config.text_limit:
            raise InputError(
                f"the text has {len(text):,} characters, more than the {self._config.text_limit:,} that one message "
                "may have. Split it into messages, or raise text_limit in the configuration."
            )
        return normalise(text)

    def why_not(self, plain: str | None) -> str | None:
        """Return why a plain text cannot be read, or None if it can."""
        if plain is None:
            return "the message has no text"
        if not plain:
            return "the text is empty"
        if not any(character.isalpha() for character in plain):
            return "the text has no words"
        if language := foreign_language(plain, self._config.languages):
            return f"the text seems to be in a language ({language}) that the reader was not trained on"
        return None

    def windows(self, text: str, plain: str) -> tuple[Window, ...]:
        """Return the stretches of a text, given with its plain form, that are read at once."""
        limit = self._encoder.card.max_tokens
        if len(plain) <= _SHORT:
            (tokens,) = self._encoder.tokenize([plain])
            if len(tokens) <= limit:
                return (Window(0, len(text), tuple(tokens)),)
        spans = sentences(text)
        read = self._encoder.tokenize([normalise(text[start:end]) for start, end in spans])
        return pack(spans, read, limit)

    def _abstain(self, reason: str) -> Reading:
        return Reading("text", self._encoder.card.version_id, abstained=reason)

    def _read(
        self, windows: Sequence[Window], values: NDArray[np.float32], own: Mapping[str, NDArray[np.float32]]
    ) -> Reading:
        head = self._encoder.card.heads["fine"]
        fine = pool(windows, values)
        basic = basic_of(fine, head)
        confidence = chance_right(max(basic.values()), head)
        if confidence < self._config.confidence_floor:
            return self._abstain(f"not sure enough: {confidence:.2f}, the floor is {self._config.confidence_floor:.2f}")
        over = [
            label
            for label, least in zip(FINE, head.thresholds or (0.5,) * len(FINE), strict=True)
            if fine[label] >= least
        ]
        valence, arousal = circumplex_of(fine, head.sharpness)
        return Reading(
            modality="text",
            model=self._encoder.card.version_id,
            probabilities=fine,
            expressed=tuple(sorted(over, key=lambda label: -fine[label])),
            basic=basic,
            sentiment=share_out(sharpen(fine, head.sharpness), FINE_TO_SENTIMENT, SENTIMENT),
            valence=valence,
            arousal=arousal,
            confidence=confidence,
            evidence=evidence_of(windows, values, fine) if len(windows) > 1 else (),
            own=own_of(windows, own, self._encoder.card.heads),
        )


def pack(spans: Sequence[tuple[int, int]], tokens: Sequence[Sequence[int]], limit: int) -> tuple[Window, ...]:
    """Pack tokenised sentences into windows of at most `limit` tokens; a longer sentence is cut, nothing is dropped.

    Args:
        spans: (start, end) of each sentence in the text.
        tokens: its token ids, with the marks at both ends.
        limit: tokens per window, the two marks included.
    """
    windows: list[Window] = []
    for (start, end), line in zip(spans, tokens, strict=True):
        first, inner, last = line[0], list(line[1:-1]), line[-1]
        room = limit - len(windows[-1].tokens) if windows else 0
        if windows and len(inner) <= room:
            before = windows.pop()
            windows.append(Window(before.start, end, (*before.tokens[:-1], *inner, last)))
            continue
        windows.extend(
            Window(start, end, (first, *inner[at : at + limit - 2], last))
            for at in range(0, max(1, len(inner)), limit - 2)
        )
    return tuple(windows)


def pool(windows: Sequence[Window], values: NDArray[np.float32]) -> dict[str, float]:
    """Pool windows x FINE into one probability per label: a root mean square weighted by length.

    A plain mean would let a long calm letter hide its one cry for help; a maximum would let one word colour a page.
    """
    if len(windows) == 1:
        return dict(zip(FINE, map(float, values[0]), strict=True))
    lengths = [len(window.tokens) for window in windows]
    total = sum(lengths)
    squares = sum(length / total * row.astype("float64") ** 2 for length, row in zip(lengths, values, strict=True))
    return {label: math.sqrt(float(square)) for label, square in zip(FINE, squares, strict=True)}


def sharpen(fine: Mapping[str, float], sharpness: float) -> dict[str, float]:
    """Raise probabilities to a power, so that many faint labels do not add up to a strong one."""
    return {label: probability**sharpness for label, probability in fine.items()}


def basic_of(fine: Mapping[str, float], head: Head) -> dict[str, float]:
    """Share FINE probabilities out over BASIC with the head's tuned sharpness."""
    return share_out(sharpen(fine, head.sharpness), FINE_TO_BASIC, BASIC)


def circumplex_of(fine: Mapping[str, float], sharpness: float) -> tuple[float, float]:
    """Return (valence, arousal) in [-1, 1]: the labels' places on the circumplex, weighted by their probability."""
    weights = sharpen(fine, sharpness)
    total = sum(weights.values()) or 1.0
    valence = sum(weight * CIRCUMPLEX[label][0] for label, weight in weights.items()) / total
    arousal = sum(weight * CIRCUMPLEX[label][1] for label, weight in weights.items()) / total
    return valence, arousal


def chance_right(strongest: float, head: Head) -> float:
    """Return how likely the strongest BASIC label is right, from the curve fitted on dev (Platt, 1999)."""
    slope, offset = head.confidence
    bounded = min(max(strongest, 1e-6), 1.0 - 1e-6)
    return 1.0 / (1.0 + math.exp(-(slope * math.log(bounded / (1.0 - bounded)) + offset)))


def evidence_of(
    windows: Sequence[Window], values: NDArray[np.float32], fine: Mapping[str, float]
) -> tuple[Evidence, ...]:
    """Return, for each stretch of a long text, the label it speaks for most beyond neutral."""
    feelings = [column for column, label in enumerate(FINE) if label != "neutral"]
    found = []
    for window, row in zip(windows, values, strict=True):
        best = max(feelings, key=lambda column: float(row[column]))
        found.append(Evidence("characters", window.start, window.end, FINE[best], float(row[best])))
    return tuple(found)
