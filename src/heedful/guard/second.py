"""The second layer of the crisis guard: a small network, for danger in words that no rule has ever met.

It reads the same plain words as the rules do, disguises undone, so that what hides a word from a reader hides it from
neither layer. It was trained on texts written for it (training/crisis), on what the rules know, and on
ordinary messages.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from heedful.errors import NetworkError
from heedful.guard.evasion import BREAK
from heedful.guard.words import to_words
from heedful.models.encoder import TextEncoder

NETWORK = "crisis"
"""The network's name among the shipped ones."""
LEVELS = ("concern", "high", "imminent")
"""What its head `level` says: the probability of at least this level, each."""
FEWEST = 2
"""Words from which there is something to read."""
_WINDOW, _STRIDE = 44, 32
"""Words that are read at once, and how far apart two readings of a longer text begin."""
_FIRST, _LAST = 3, 5
"""Of a text of more windows than that only so many at its beginning and its end are read; the rules read all of it."""
_KNOWN = 0.6
"""So much of a text must be in letters that the network knows, so that it says nothing of other scripts."""

log = logging.getLogger("heedful")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the network says of a message."""

    high: float
    """The probability that it is a crisis."""
    imminent: float
    """The probability that it is about to happen or happening."""
    kind: str
    """What it would be about, one of `heedful.guard.crisis.KINDS`."""
    words: str
    """The words that it read, where there were more than it reads at once: those that alarmed it most."""


def spoken(text: str) -> str:
    """Return a text as the network reads it: in plain words, disguises undone, a stop between sentences.

    Examples:
        >>> spoken("I don't want to l!ve. Not anymore!")
        'i do not want to live . not anymore'
    """
    return joined(to_words(text).words)


def joined(words: Sequence[str]) -> str:
    """Return plain words as the network reads them."""
    return " ".join(words).strip(f" {BREAK}")


def look(words: Sequence[str]) -> Opinion | None:
    """Return what the network says of plain words, or None where it can say nothing.

    It says nothing of less than two words, of scripts that it does not know, and where it cannot be loaded: then the
    rules stand alone, and the log says so once.

    Args:
        words: as `heedful.guard.words.to_words` gives them.
    """
    windows = _windows(words)
    return _look(tuple(windows)) if windows else None


def threshold(level: str) -> float:
    """Return the probability from which the network's word counts for a level."""
    found = _network()
    return dict(zip(LEVELS, found.card.heads["level"].thresholds, strict=True))[level] if found else 1.0


def _windows(words: Sequence[str]) -> list[str]:
    """Return what is read of a text, in pieces: all of it, or its beginning and its end."""
    begin = next((at for at, word in enumerate(words) if word != BREAK), len(words))
    starts: Sequence[int] = range(begin, max(len(words) - _WINDOW + _STRIDE, begin + 1), _STRIDE)
    if len(starts) > _FIRST + _LAST:
        starts = [*starts[:_FIRST], *starts[-_LAST:]]
    pieces = (words[start : start + _WINDOW] for start in starts)
    return [joined(piece) for piece in pieces if sum(word != BREAK for word in piece) >= FEWEST]


@functools.lru_cache(maxsize=64)
def _look(windows: tuple[str, ...]) -> Opinion | None:
    network = _network()
    if network is None:
        return None
    unknown = int(network.tokenizer.token_to_id("[UNK]") or 0)
    tokens = [ids[: network.card.max_tokens] for ids in network.tokenize(windows)]
    readable = [row for row, ids in enumerate(tokens) if ids.count(unknown) <= (1.0 - _KNOWN) * len(ids)]
    if not readable:
        return None
    said = network.run([tokens[row] for row in readable], heads=("level", "kind"))
    levels = said["level"]
    most = max(range(len(readable)), key=lambda row: float(levels[row][LEVELS.index("high")]))
    kinds = network.card.heads["kind"].labels
    kind = kinds[int(said["kind"][most].argmax())]
    high, imminent = (float(levels[:, LEVELS.index(level)].max()) for level in ("high", "imminent"))
    return Opinion(high, imminent, kind, windows[readable[most]])


@functools.cache
def _network() -> TextEncoder | None:
    try:
        network = TextEncoder.open(NETWORK)
        network.run([[0]], heads=("level", "kind"))  # loads it: a damaged file is noticed here and not in a crisis
    except NetworkError as error:
        log.warning("the second layer of the crisis guard is missing, the rules stand alone: %s", error)
        return None
    return network
