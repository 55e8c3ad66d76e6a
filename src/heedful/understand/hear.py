"""Read what is going on in a conversation with the `listener` network: one quick pass per message."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from heedful.config import Config
from heedful.errors import NetworkError
from heedful.models.encoder import Output, TextEncoder, TokenSpan
from heedful.models.pooled import POOLED
from heedful.models.tokens import so_far
from heedful.types import Insight, Message, Span

_READ = ("situation", "writer_emotion", "appraisal", "strategy", "cause")
"""Heads that read the latest message in the light of what went before."""
_NOTHING = Output({}, {}, {})
_ROOM = 64
"""Tokens read at once. With 96 it takes half as long again, and the last message after what went before tells the
situation of the dialogues below in 0.487 instead of 0.454."""
_LATEST = 8
"""So many of the person's messages tell the situation."""
_KEPT, _ADDED = 0.8, 0.7
"""Weights of what was known of the situation and of what a message adds, in logarithms: chosen from nine pairs on
EmpatheticDialogues' dev part (n = 2,631: accuracy 0.517; the last message after what went before 0.454, the first
message alone 0.473)."""
_LEAST = 1e-6
_JOINED = 4
"""Marked words that lie at most so many characters apart are one span."""


class Listener:
    """The listener network, asked about conversations. Thread-safe; loads at its first use.

    Args:
        config: names the network, and says whether research networks may load.
    """

    def __init__(self, config: Config) -> None:
        self.silent: str | None = None
        """Why nothing is heard (the network is missing, or not allowed), or None."""
        try:
            self._encoder: TextEncoder | None = TextEncoder.open(config.listener, config.commercial_only)
        except NetworkError as error:
            self._encoder, self.silent = None, str(error)

    def hear(self, messages: Sequence[Message], situation: Mapping[str, float] | None = None) -> Insight | None:
        """Return what the network reads from a conversation, or None without a network or a word.

        Args:
            messages: the conversation so far, all speakers, oldest first; the last is the person's.
            situation: what was known of the situation before the last message; read from all of them if not given.
        """
        latest = messages[-1].text or ""
        if self._encoder is None or not any(map(str.isalpha, latest)):
            return None
        turns = [message.text or "" for message in messages]
        if situation is None:
            own = [place for place, each in enumerate(messages[:-1]) if each.speaker == "person" and each.text]
            for place in own[1 - _LATEST :]:
                situation = follow(situation, self._table(self._read(turns[: place + 1], ("situation",)), "situation"))
        told = self._read(turns, _READ)
        ratings = self._table(told, "appraisal")
        return Insight(
            situation=follow(situation, self._table(told, "situation")),
            writer_emotion=self._table(told, "writer_emotion"),
            appraisals=ratings and {name: 3.0 + 2.0 * value for name, value in ratings.items()},
            support=self._table(told, "strategy"),
            cause=self._cause(told, latest),
        )

    def meaning(self, text: str) -> bytes | None:
        """Return a text as the network sees it, a vector of little-endian 32-bit floats; None if it cannot be had."""
        if self._encoder is None or not self._encoder.sees:
            return None
        vector = self._encoder.read([text], heads=(POOLED,), limit=_ROOM).values[POOLED][0]
        return bytes(vector.astype("<f4").tobytes())

    def _read(self, turns: Sequence[str], names: Sequence[str]) -> Output:
        """Return what those of the named heads that the network has say of the last turn, after those before it."""
        if self._encoder is None or not (heads := [name for name in names if name in self._encoder.card.heads]):
            return _NOTHING
        return self._encoder.read([so_far(turns[:-1])], [turns[-1]], heads, limit=_ROOM)

    def _table(self, output: Output, name: str) -> dict[str, float] | None:
        """Return label -> value of one head for the input, or None if the network has no such head."""
        if self._encoder is None or name not in output.values:
            return None
        return dict(zip(self._encoder.card.heads[name].labels, output.values[name][0].tolist(), strict=True))

    def _cause(self, output: Output, text: str) -> Span | None:
        if self._encoder is None or "cause" not in output.spans:
            return None
        (least,) = self._encoder.card.heads["cause"].thresholds or (0.5,)
        return longest([token for token in output.spans["cause"][0] if token[2] >= least], text)


def follow(known: Mapping[str, float] | None, told: Mapping[str, float] | None) -> dict[str, float] | None:
    """Return what is known of a situation after another message; what was known before fades as more is told.

    Args:
        known: label -> probability before it, or None.
        told: label -> probability by the message alone, or None.

    Examples:
        >>> followed = follow({"sad": 0.9, "proud": 0.1}, {"sad": 0.5, "proud": 0.5}) or {}
        >>> round(followed["sad"], 2)
        0.85
    """
    if known is None or told is None or known.keys() != told.keys():
        return dict(told or known or {}) or None
    sums = {
        label: _KEPT * math.log(max(known[label], _LEAST)) + _ADDED * math.log(max(told[label], _LEAST))
        for label in told
    }
    most = max(sums.values())
    shares = {label: math.exp(each - most) for label, each in sums.items()}
    total = sum(shares.values())
    return {label: share / total for label, share in shares.items()}


def longest(tokens: Sequence[TokenSpan], text: str) -> Span | None:
    """Return the longest stretch of marked tokens, in whole words, or None if none is marked.

    Examples:
        >>> longest([(3, 6, 0.9), (7, 11, 0.8)], "My dog died last night")
        Span(start=3, end=11, text='dog died')
    """
    runs: list[list[int]] = []
    for start, end, _ in tokens:
        if runs and start - runs[-1][1] <= _JOINED:
            runs[-1][1] = end
        else:
            runs.append([start, end])
    if not runs:
        return None
    start, end = max(runs, key=lambda run: run[1] - run[0])
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return Span(start, end, text[start:end])
