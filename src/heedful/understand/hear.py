"""Read what is going on in a conversation with the `listener` network: two quick passes per message."""

from __future__ import annotations

from collections.abc import Container, Sequence

from heedful.config import Config
from heedful.errors import NetworkError
from heedful.models.encoder import Output, TextEncoder, TokenSpan
from heedful.models.tokens import so_far
from heedful.types import Insight, Message, Span

_ALONE = ("situation", "writer_emotion", "appraisal")
_AFTER = ("strategy", "cause")
_NOTHING = Output({}, {}, {})
_LATEST = 4
"""So many of the person's messages are read together for the situation; the network takes in no more."""
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

    def hear(self, messages: Sequence[Message]) -> Insight | None:
        """Return what the network reads from a conversation, or None without a network or a word.

        Args:
            messages: the conversation so far, all speakers, oldest first; the last is the person's.
        """
        latest = messages[-1].text or ""
        if self._encoder is None or not any(map(str.isalpha, latest)):
            return None
        heads = self._encoder.card.heads
        own = [message.text or "" for message in messages if message.speaker == "person"][-_LATEST:]
        whole = list(dict.fromkeys((" ".join(own), latest)))
        past = so_far([message.text or "" for message in messages[:-1]])
        wanted, later = _known(_ALONE, heads), _known(_AFTER, heads)
        alone = self._encoder.read(whole, heads=wanted) if wanted else _NOTHING
        after = self._encoder.read([past], [latest], heads=later) if later else _NOTHING
        ratings = self._table(alone, "appraisal", -1)
        return Insight(
            situation=self._table(alone, "situation", 0),
            writer_emotion=self._table(alone, "writer_emotion", -1),
            appraisals=ratings and {name: 3.0 + 2.0 * value for name, value in ratings.items()},
            support=self._table(after, "strategy", 0),
            cause=self._cause(after, latest),
        )

    def _table(self, output: Output, name: str, row: int) -> dict[str, float] | None:
        """Return label -> value of one head for one input, or None if the network has no such head."""
        if self._encoder is None or name not in output.values:
            return None
        return dict(zip(self._encoder.card.heads[name].labels, output.values[name][row].tolist(), strict=True))

    def _cause(self, output: Output, text: str) -> Span | None:
        if self._encoder is None or "cause" not in output.spans:
            return None
        (least,) = self._encoder.card.heads["cause"].thresholds or (0.5,)
        return longest([token for token in output.spans["cause"][0] if token[2] >= least], text)


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


def _known(names: Sequence[str], heads: Container[str]) -> list[str]:
    return [name for name in names if name in heads]
