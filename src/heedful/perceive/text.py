"""Read how a person feels from what they write."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from heedful.config import Config
from heedful.errors import InputError
from heedful.labels import BASIC, FINE, SENTIMENT
from heedful.models.encoder import TextEncoder
from heedful.models.manifest import Head, require
from heedful.models.normalise import normalise
from heedful.models.sentences import sentences
from heedful.perceive.even import even_tokens
from heedful.perceive.language import foreign_language
from heedful.perceive.own import own_of
from heedful.perceive.rollup import roll_up
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
        heads = self._encoder.card.heads
        self._sentiment = [name for name in ("sentiment",) if name in heads and says_sentiment(heads[name])]
        self._alike = even_tokens(self._encoder.tokenizer)
        self._own = [name for name, head in heads.items() if head.own and head.kind != "tokens"]

    @property
    def encoder(self) -> TextEncoder:
        """The network it reads with."""
        return self._encoder

    def even(self, tokens: Sequence[int]) -> list[int]:
        """Return tokens as they are read: a pronoun or a nationality is the same one whoever is meant."""
        return [self._alike.get(token, token) for token in tokens]

    def perceive(self, messages: Sequence[Message]) -> list[Reading]:
        """Return one reading per message; raise InputError for a text over `text_limit` characters."""
        plain = [self.plain(message.text) for message in messages]
        reasons = [self.why_not(text) for text in plain]
        split = self.windows(
            [message.text or "" for message in messages],
            [None if why else text for why, text in zip(reasons, plain, strict=True)],
        )
        flat = [list(window.tokens) for windows in split for window in windows]
        readings = [self._abstain(reason or "there is nothing to read") for reason in reasons]
        if flat:
            rows = [row for row, windows in enumerate(split) if windows]
            values = self._encoder.run(flat, heads=["fine", *self._sentiment, *self._own])
            for row, reading in zip(rows, self._read([split[row] for row in rows], values), strict=True):
                readings[row] = reading
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

    def windows(self, texts: Sequence[str], plain: Sequence[str | None]) -> list[tuple[Window, ...]]:
        """Return the stretches of each text that are read at once.

        Args:
            texts: as they were given.
            plain: the plain form of each; None for one that is not to be read, which has no windows.
        """
        limit = self._encoder.card.max_tokens
        found: list[tuple[Window, ...]] = [()] * len(plain)
        short = [row for row, text in enumerate(plain) if text is not None and len(text) <= _SHORT]
        for row, tokens in zip(short, self._encoder.tokenize([plain[row] or "" for row in short]), strict=True):
            if len(tokens) <= limit:
                found[row] = (Window(0, len(texts[row]), tuple(self.even(tokens))),)
        for row, text in enumerate(plain):
            if text is not None and not found[row]:
                found[row] = self._sentences(texts[row])
        return found

    def _sentences(self, text: str) -> tuple[Window, ...]:
        spans = sentences(text)
        read = self._encoder.tokenize([normalise(text[start:end]) for start, end in spans])
        return pack(spans, [self.even(tokens) for tokens in read], self._encoder.card.max_tokens)

    def _abstain(self, reason: str) -> Reading:
        return Reading("text", self._encoder.card.version_id, abstained=reason)

    def _read(self, split: Sequence[Sequence[Window]], values: Mapping[str, NDArray[np.float32]]) -> list[Reading]:
        """Return a reading per text, from its windows and what the network says of each, all in one array."""
        head = self._encoder.card.heads["fine"]
        fine = pooled(split, values["fine"], power=2.0)
        rolled = roll_up(fine, head)
        sentiment = pooled(split, values["sentiment"]) if self._sentiment else rolled.sentiment
        over = fine >= least_of(head)
        first, found = 0, []
        for row, windows in enumerate(split):
            confidence = float(rolled.confidence[row])
            floor = self._config.confidence_floor
            if confidence < floor:
                found.append(self._abstain(f"not sure enough: {confidence:.2f}, the floor is {floor:.2f}"))
            else:
                parts = {name: rows[first : first + len(windows)] for name, rows in values.items()}
                said = over[row].nonzero()[0].tolist()
                valence, arousal = rolled.affect[row].tolist()
                found.append(
                    Reading(
                        modality="text",
                        model=self._encoder.card.version_id,
                        probabilities=dict(zip(FINE, fine[row].tolist(), strict=True)),
                        expressed=tuple(FINE[at] for at in sorted(said, key=lambda at: -fine[row, at])),
                        basic=dict(zip(BASIC, rolled.basic[row].tolist(), strict=True)),
                        sentiment=dict(zip(SENTIMENT, sentiment[row].tolist(), strict=True)),
                        valence=valence,
                        arousal=arousal,
                        confidence=confidence,
                        evidence=evidence_of(windows, parts["fine"]) if len(windows) > 1 else (),
                        own=own_of(windows, {name: parts[name] for name in self._own}, self._encoder.card.heads),
                    )
                )
            first += len(windows)
        return found


def says_sentiment(head: Head) -> bool:
    """Say whether a head names one of SENTIMENT, and was not trained by users for something else of that name."""
    return not head.own and head.kind == "single" and head.labels == SENTIMENT


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


def pooled(split: Sequence[Sequence[Window]], values: NDArray[np.float32], power: float = 1.0) -> NDArray[np.float64]:
    """Pool the values of each text's windows, in one array for all texts, into one row per text.

    The mean is weighted by length. With `power` 2 it is a root mean square: a plain mean would let a long calm letter
    hide its one cry for help; a maximum would let one word colour a page.
    """
    import numpy as np

    table = values.astype(np.float64)
    if all(len(windows) == 1 for windows in split):
        return table
    rows, first = [], 0
    for windows in split:
        weights = np.array([len(window.tokens) for window in windows], dtype=np.float64)
        part = table[first : first + len(windows)]
        rows.append((weights @ part**power / weights.sum()) ** (1.0 / power))
        first += len(windows)
    return np.array(rows)


@functools.cache
def _least(thresholds: tuple[float, ...]) -> NDArray[np.float64]:
    import numpy as np

    return np.array(thresholds)


def least_of(head: Head) -> NDArray[np.float64]:
    """Return, per label, the probability from which a head says that it is expressed."""
    return _least(tuple(head.thresholds) or (0.5,) * len(head.labels))


def evidence_of(windows: Sequence[Window], values: NDArray[np.float32]) -> tuple[Evidence, ...]:
    """Return, for each stretch of a long text, the label it speaks for most beyond neutral."""
    feelings = [column for column, label in enumerate(FINE) if label != "neutral"]
    found = []
    for window, row in zip(windows, values, strict=True):
        best = max(feelings, key=lambda column: float(row[column]))
        found.append(Evidence("characters", window.start, window.end, FINE[best], float(row[best])))
    return tuple(found)
