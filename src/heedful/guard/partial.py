"""Tell from the beginning of a text which of its last words a rule could still turn out to be about.

The phrases of the rules become one automaton over words. After the words that are there, every phrase that has begun
and not failed is alive; what stands before the earliest beginning of a live or finished phrase can be part of no find,
whatever comes next. A phrase begins with the first word that it names: what a gap at its beginning skips is only the
way there. Exclusions are left aside here: they only ever allow more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from heedful.guard.evasion import BREAK, tables
from heedful.guard.patterns import Phrase, Step

_DONE = -1


class Partial:
    """An automaton over the words of some phrases. Thread-safe once made.

    Args:
        phrases: of the rules to watch for.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._words: list[frozenset[str] | None] = []
        self._after: list[frozenset[int]] = []
        first: set[int] = set()
        for phrase in phrases:
            first |= self._enter(phrase, frozenset({_DONE}))
        self._first_any = tuple(state for state in first if self._words[state] is None)
        self._first: dict[str, list[int]] = {}
        for state in sorted(first):
            for word in self._words[state] or ():
                self._first.setdefault(word, []).append(state)

    def open_from(self, words: Sequence[str], decided: int = 0) -> int:
        """Return the first word that a phrase may be about which is still alive, or which was finished undecided.

        Args:
            words: as `to_words` gives them, without the BREAK that it puts after an unfinished sentence.
            decided: phrases finished before this word were looked at already.

        Returns:
            Its index; `len(words)` if there is none.
        """
        also = tables().also
        alive: dict[int, int] = {}
        earliest = len(words)
        for at, word in enumerate(words):
            keys = {word, *also.get(word, ())}
            reached = self._step(alive, at, keys, word)
            for state in (state for key in keys for state in self._first.get(key, ())):
                for after in self._after[state]:
                    reached.setdefault(after, at + (word == BREAK))
            for state in () if word == BREAK else self._first_any:
                for after in self._after[state]:
                    reached.setdefault(after, at + 1)
            if (finished := reached.pop(_DONE, None)) is not None and at >= decided:
                earliest = min(earliest, finished)
            alive = reached
        return min(earliest, *alive.values()) if alive else earliest

    def _step(self, alive: dict[int, int], at: int, keys: set[str], word: str) -> dict[int, int]:
        """Return the states that a word leads to from those alive, each with where its phrase began.

        A phrase of which nothing but BREAK and gaps have come begins at the next word at the earliest.
        """
        reached: dict[int, int] = {}
        for state, start in alive.items():
            wanted = self._words[state]
            if (word == BREAK) if wanted is None else wanted.isdisjoint(keys):
                continue
            begun = at + 1 if start == at and (wanted is None or word == BREAK) else start
            for after in self._after[state]:
                if reached.get(after, begun) >= begun:
                    reached[after] = begun
        return reached

    def _enter(self, phrase: Phrase, after: frozenset[int]) -> frozenset[int]:
        """Return the states that wait for the beginning of a phrase; its end leads to `after`."""
        for node in reversed(phrase):
            if isinstance(node, Step):
                self._words.append(node.words)
                self._after.append(after)
                entry = frozenset({len(self._words) - 1})
            else:
                entry = frozenset().union(*(self._enter(way, after) for way in node.ways))
            after = entry | after if node.optional else entry
        return after
