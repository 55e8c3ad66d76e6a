"""Say which words carried a reading: leave each out, read each alone, and see what becomes of the label.

Needs no gradients, so it works on any network of the contract. What a word adds depends on its company ("so sad, so
sad" stays sad without either word), so it is asked twice: what the label loses when the word is left out, and what it
gains when nothing but the word is there. The weight is the mean of both, in log-odds.

Source: the two ends of the Shapley value (Shapley, 1953); leaving words out, Li, Monroe and Jurafsky (2016).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from heedful.errors import InputError
from heedful.labels import FINE
from heedful.models.manifest import Head
from heedful.models.normalise import normalise, places
from heedful.models.sentences import sentences
from heedful.perceive.own import decide, pool_rows
from heedful.perceive.text import TextPerceiver
from heedful.perceive.window import Window
from heedful.types import Evidence, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 128
"""Words of a text that are looked at; of a longer one those in the stretches that carry the label most."""
_INNER = re.compile(r"\w(?:.*\w)?", re.DOTALL)
_WORD = re.compile(r"\w+(?:['-]\w+)*|[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Word(Record):
    """A word of a text, and what it does for a label."""

    start: int
    """First character, counted from 0."""
    end: int
    """One past the last character."""
    text: str
    """The word itself, as it was written."""
    change: float
    """What the label's probability loses when the word is left out, in [-1, 1]; below 0, the word speaks against it."""
    weight: float
    """How much the word speaks for the label, in log-odds; below 0, against it. Words are ranked by it."""


@dataclass(frozen=True, slots=True)
class Explanation(Record):
    """Which words of a text carried a label."""

    label: str
    """What is explained; "" when abstained."""
    head: str
    """The head of the network that says it; "fine" for the 28 emotions."""
    probability: float
    """The label's probability, in [0, 1]."""
    words: tuple[Word, ...]
    """The words that were looked at, in the order of the text."""
    looked_at: float
    """Share of the text's words that were looked at, in [0, 1]; below 1 for long texts."""
    abstained: str | None = None
    """Why nothing is said, or None."""

    @property
    def strongest(self) -> tuple[Word, ...]:
        """The words that speak for the label, strongest first."""
        return tuple(sorted((word for word in self.words if word.weight > 0.0), key=lambda word: -word.weight))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The same as evidence: each word's share of everything that speaks for the label."""
        total = sum(word.weight for word in self.strongest)
        return tuple(
            Evidence("characters", word.start, word.end, self.label, word.weight / total) for word in self.strongest
        )


@dataclass(frozen=True, slots=True)
class Unit:
    """Tokens that are left out together."""

    window: int
    """The window they are in."""
    tokens: tuple[int, ...]
    """Where they are in it."""
    start: int
    """First character of what they stand for in the text."""
    end: int
    """One past the last character."""


def explain(perceiver: TextPerceiver, text: str, label: str | None = None, most: int = MOST) -> Explanation:
    """Say which words of a text carried a label.

    Args:
        perceiver: what read it.
        text: as it was given.
        label: one of FINE, or of a head of one's own ("HEAD:LABEL" where two heads have it); by default the strongest
            feeling that is expressed.
        most: words that are looked at, at least 1.

    Raises:
        InputError: there is no such label, or the text is too long.
    """
    if not isinstance(text, str):
        raise InputError(f"the text to explain must be a string, not {type(text).__name__}.")
    if most < 1:
        raise InputError(f"at least one word must be looked at, not {most}.")
    name, wanted = ("fine", None) if label is None else find_label(perceiver, label)
    plain = perceiver.plain(text) or ""
    if reason := perceiver.why_not(plain):
        return Explanation("", name, 0.0, (), 0.0, reason)
    head = perceiver.encoder.card.heads[name]
    (windows,) = perceiver.windows([text], [plain])
    rows = perceiver.encoder.run([window.tokens for window in windows], heads=[name])[name]
    lengths = [len(window.tokens) for window in windows]
    shares = dict(zip(head.labels, map(float, pool_rows(rows, lengths, head.kind)), strict=True))
    column = head.labels.index(wanted or _strongest(shares, head))
    units = units_of(perceiver, text, windows)
    chosen = _chosen(units, rows[:, column], lengths, most)
    changes, weights = _weigh(perceiver, name, windows, chosen, rows, column)
    words = tuple(
        Word(*_trimmed(text, unit.start, unit.end), float(change), float(weight))
        for unit, change, weight in zip(chosen, changes, weights, strict=True)
    )
    told = head.labels[column]
    return Explanation(told, name, shares[told], words, len(chosen) / len(units) if units else 1.0)


def find_label(perceiver: TextPerceiver, label: str) -> tuple[str, str]:
    """Return the head that says a label, and the label; raise InputError if none does, or several do."""
    heads = {
        name: head
        for name, head in perceiver.encoder.card.heads.items()
        if head.kind in ("multilabel", "single") and (name == "fine" or head.own)
    }
    if label in FINE:
        return "fine", label
    inside, colon, rest = label.partition(":")
    if colon and inside in heads and rest in heads[inside].labels:
        return inside, rest
    found = [name for name, head in heads.items() if label in head.labels]
    if len(found) == 1:
        return found[0], label
    if found:
        raise InputError(f"{label!r} is a label of {', '.join(found)}; say which: {found[0]}:{label}.")
    known = ", ".join(each for head in heads.values() for each in head.labels)
    raise InputError(f"there is no label {label!r} to explain. Known are: {known}.")


def units_of(perceiver: TextPerceiver, text: str, windows: Sequence[Window]) -> list[Unit]:
    """Return the words of a text, in order, as the tokens of its windows."""
    tokens = [token for window in windows for token in window.tokens[1:-1]]
    for pieces in ([(0, len(text))], sentences(text)):
        laid = [line for start, end in pieces for line in _laid(perceiver, text[start:end], start)]
        if [line[0] for line in laid] == tokens:
            break
    places_of_tokens = (
        (number, place) for number, window in enumerate(windows) for place in range(1, len(window.tokens) - 1)
    )
    units: list[Unit] = []
    before: tuple[int, int] | None = None
    for (_, key, start, end), (window, place) in zip(laid, places_of_tokens, strict=False):
        last = units[-1] if units else None
        if last and last.window == window and ((window, key) == before or start < last.end):
            units[-1] = Unit(window, (*last.tokens, place), min(last.start, start), max(last.end, end))
        else:
            units.append(Unit(window, (place,), start, end))
        before = (window, key)
    return units


def _laid(perceiver: TextPerceiver, piece: str, offset: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (token, a number that its word alone has, first character, one past the last) in the whole text."""
    plain, place = normalise(piece), places(piece)
    word = [0] * len(plain)
    for number, match in enumerate(_WORD.finditer(plain)):
        word[match.start() : match.end()] = [offset + number] * (match.end() - match.start())
    encoding = perceiver.encoder.tokenizer.encode(plain, add_special_tokens=False)
    for token, (first, last) in zip(perceiver.even(encoding.ids), encoding.offsets, strict=True):
        at = min(first, len(plain) - 1)
        until = max(at, last - 1)
        yield token, word[at], offset + place[at][0], offset + place[until][1]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int, str]:
    """Return start, end and the word there, without the marks around it, unless there is nothing else."""
    inner = _INNER.search(text, start, end)
    first, last = inner.span() if inner else (start, end)
    return first, last, text[first:last]


def _strongest(shares: dict[str, float], head: Head) -> str:
    feelings = [label for label in decide(shares, head) if label != "neutral"]
    return feelings[0] if feelings else max(shares, key=lambda label: shares[label])


def _chosen(units: Sequence[Unit], values: NDArray[np.float32], lengths: Sequence[int], most: int) -> list[Unit]:
    """Return the units to look at: all, or those of the windows that carry the label most, in the order of the text."""
    if len(units) <= most:
        return list(units)
    carrying = sorted(range(len(lengths)), key=lambda window: -(float(values[window]) ** 2) * lengths[window])
    inside = {window: [unit for unit in units if unit.window == window] for window in carrying}
    counts = list(accumulate(len(inside[window]) for window in carrying))
    kept = [window for window, count in zip(carrying, counts, strict=True) if count <= most] or carrying[:1]
    return [unit for window in sorted(kept) for unit in inside[window]][:most]


def _weigh(
    perceiver: TextPerceiver,
    name: str,
    windows: Sequence[Window],
    units: Sequence[Unit],
    rows: NDArray[np.float32],
    column: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the label's probability loses without each unit, and its weight in log-odds."""
    import numpy as np

    if not units:
        return np.zeros(0), np.zeros(0)
    without, alone = [], []
    for unit in units:
        tokens, gone = windows[unit.window].tokens, set(unit.tokens)
        without.append([token for place, token in enumerate(tokens) if place not in gone])
        alone.append([tokens[0], *(tokens[place] for place in unit.tokens), tokens[-1]])
    nothing = [windows[0].tokens[0], windows[0].tokens[-1]]
    read = perceiver.encoder.run([*without, *alone, nothing], heads=[name])[name][:, column]
    lengths = [len(window.tokens) for window in windows]
    kind = perceiver.encoder.card.heads[name].kind
    inside = np.array([unit.window for unit in units])

    def pooled(values: NDArray[np.float32]) -> NDArray[np.float64]:
        """The label's probability in the whole text if each unit's window had read so."""
        shares = np.asarray(lengths, dtype=np.float64) / sum(lengths)
        power = 2 if kind == "multilabel" else 1
        others = float((shares * rows[:, column].astype(np.float64) ** power).sum())
        now = rows[inside, column].astype(np.float64) ** power
        total = others + shares[inside] * (values.astype(np.float64) ** power - now)
        return np.asarray(np.clip(total, 0.0, 1.0) ** (1.0 / power))

    n = len(units)
    whole = pooled(rows[inside, column])
    lost = _log_odds(whole) - _log_odds(pooled(read[:n]))
    gained = _log_odds(pooled(read[n : 2 * n])) - _log_odds(pooled(np.repeat(read[-1:], n)))
    return whole - pooled(read[:n]), (lost + gained) / 2.0


def _log_odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    bounded = np.clip(probability, 1e-6, 1.0 - 1e-6)
    return np.asarray(np.log(bounded / (1.0 - bounded)))
