"""Find many phrases at once in a list of words, in time linear in its length whatever the phrases are.

The phrases of the packs are written in a small language over words:

    kill myself              these words, one after the other
    (kill|hang|end) myself   one of several; an alternative may be several words, and groups may nest
    really?                  may be left out; also after a group
    <3>                      up to three words of any kind
    @soon                    one of the phrases of the list `soon` in the same pack
    ^                        where a sentence begins or ends
    #                        any number

A phrase begins and ends with something that must be there. Nothing in it matches across the end of a sentence but ^.

All phrases run together as one automaton whose states are the bits of one integer (the extended Shift-And method of
Navarro and Raffinot, Flexible Pattern Matching in Strings, 2002, chapter 4); states that were met before are looked up.
There is no backtracking, so no phrase and no text can make it slow.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heedful.errors import ConfigError
from heedful.guard.words import BREAK, also, plain_words

_TOKEN = re.compile(r"\(|\)|\||\?|\^|<\d+>|@\w+|[^\s()|?^<>@]+|.", re.DOTALL)
_MOST_WAYS = 400
"""A phrase that spells out to more sequences than this is refused: it should be written as several."""
_MOST_STATES = 4096
"""So many states of the automaton are remembered before it starts afresh."""


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a sequence."""

    words: frozenset[str] | None
    """Any of these, or None for any word at all."""
    optional: bool = False
    """It may be left out."""


Way = tuple[Step, ...]
"""One way to spell a phrase out: step after step, no alternatives but those within a step."""


def parse(phrase: str, lists: Mapping[str, Sequence[str]], where: str) -> tuple[Way, ...]:
    """Spell a phrase out into its ways.

    Args:
        phrase: in the language of this module.
        lists: what @name stands for.
        where: file and entry, for the error message.

    Raises:
        ConfigError: the phrase is malformed, refers to an unknown list, or has too many ways.
    """
    reader = _Reader(phrase, lists, where)
    ways = reader.alternatives(depth=0)
    if not ways:
        raise reader.error("it is empty")
    for way in ways:
        if not way or any(step.optional or step.words is None for step in (way[0], way[-1])):
            raise reader.error("it must begin and end with a word that has to be there")
    return tuple(ways)


class _Reader:
    """Recursive descent over one phrase."""

    def __init__(self, phrase: str, lists: Mapping[str, Sequence[str]], where: str) -> None:
        self._phrase, self._lists, self._where = phrase, lists, where
        self._tokens = [token for token in _TOKEN.findall(phrase) if not token.isspace()]
        self._at = 0

    def error(self, problem: str) -> ConfigError:
        return ConfigError(f"{self._where}: the pattern {self._phrase!r} cannot be read: {problem}.")

    def alternatives(self, depth: int) -> list[Way]:
        ways = self._sequence(depth)
        while self._peek() == "|":
            self._at += 1
            ways = ways + self._sequence(depth)
        if depth == 0 and self._peek() is not None:
            raise self.error(f"{self._peek()} is out of place")
        return _merged(ways)

    def _sequence(self, depth: int) -> list[Way]:
        ways: list[Way] = [()]
        while (token := self._peek()) is not None and token not in "|)":
            part = self._item(token, depth)
            ways = [way + more for way in ways for more in part]
            if len(ways) > _MOST_WAYS:
                raise self.error(f"it has more than {_MOST_WAYS} ways to be said; write it as several")
        return [] if ways == [()] else ways

    def _item(self, token: str, depth: int) -> list[Way]:
        self._at += 1
        if token == "(":
            ways = self.alternatives(depth + 1)
            if self._peek() != ")":
                raise self.error("a bracket is not closed")
            self._at += 1
        elif token.startswith("@"):
            ways = self._listed(token[1:])
        elif token == "^":
            ways = [(Step(frozenset({BREAK})),)]
        elif token.startswith("<"):
            return [tuple(Step(None, optional=True) for _ in range(int(token[1:-1])))]
        elif token == "#":
            ways = [(Step(frozenset({"#"})),)]
        else:
            words = plain_words(token)
            if token == "?" or not words:
                raise self.error(f"{token} is out of place")
            ways = [tuple(Step(frozenset({word})) for word in words)]
        return self._maybe(ways)

    def _maybe(self, ways: list[Way]) -> list[Way]:
        if self._peek() != "?":
            return ways
        self._at += 1
        if len(ways) == 1 and len(ways[0]) == 1:
            return [(Step(ways[0][0].words, optional=True),)]
        return [*ways, ()]

    def _listed(self, name: str) -> list[Way]:
        if name not in self._lists:
            raise self.error(f"there is no list {name!r}")
        others = {key: value for key, value in self._lists.items() if key != name}
        found = [way for each in self._lists[name] for way in _Reader(each, others, self._where).alternatives(depth=0)]
        return _merged(found)

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None


def _merged(ways: list[Way]) -> list[Way]:
    """Make one step of all alternatives that are a single word; drop doubles."""
    single = [way[0].words for way in ways if len(way) == 1 and way[0].words and not way[0].optional]
    rest = [way for way in ways if not (len(way) == 1 and way[0].words and not way[0].optional)]
    words: frozenset[str] = frozenset().union(*single)
    return list(dict.fromkeys([*([(Step(words),)] if words else []), *rest]))


class _State:
    """A set of partial matches, and where each kind of word leads from it."""

    __slots__ = ("bits", "found", "next")

    def __init__(self, bits: int, found: tuple[int, ...]) -> None:
        self.bits = bits
        self.found = found
        self.next: dict[int, _State] = {}


class Automaton:
    """Finds all given ways at once. Thread-safe."""

    def __init__(self, ways: Sequence[Way]) -> None:
        self._ways = ways
        self._first = self._last = self._optional = self._before = self._after = self._any = 0
        self._ends: dict[int, int] = {}
        masks: dict[str, int] = {}
        bit = 1
        for number, way in enumerate(ways):
            self._first |= bit
            for index, step in enumerate(way):
                if step.optional:
                    self._optional |= bit
                    self._before |= 0 if way[index - 1].optional else bit >> 1
                    self._after |= 0 if way[index + 1].optional else bit
                for word in step.words or ():
                    masks[word] = masks.get(word, 0) | bit
                self._any |= 0 if step.words else bit
                bit <<= 1
            self._ends[bit >> 1] = number
        self._last = sum(self._ends)
        for word, others in also().items():
            masks[word] = functools.reduce(operator.or_, (masks.get(other, 0) for other in others), masks.get(word, 0))
        masks = {word: mask if word == BREAK else mask | self._any for word, mask in masks.items() if mask}
        masks.setdefault(BREAK, 0)
        self._masks = [self._any, *dict.fromkeys(masks.values())]
        place = {mask: index for index, mask in reversed(list(enumerate(self._masks)))}
        self._kinds = {word: place[mask] for word, mask in masks.items()}
        self._start = _State(0, ())
        self._states: dict[int, _State] = {0: self._start}

    def find(self, words: Sequence[str]) -> list[tuple[int, tuple[int, ...]]]:
        """Return (index of the last word, numbers of the ways that end there), in order."""
        kinds, state = self._kinds, self._start
        found: list[tuple[int, tuple[int, ...]]] = []
        for index, word in enumerate(words):
            kind = kinds.get(word, 0)
            state = state.next.get(kind) or self._step(state, kind)
            if state.found:
                found.append((index, state.found))
        return found

    def begin(self, number: int, words: Sequence[str], end: int) -> int:
        """Return the first word of the shortest match of way `number` that ends at word `end`."""
        others = also()
        places = {end + 1}
        for step in reversed(self._ways[number]):
            moved = {
                place - 1
                for place in places
                if place > 0 and _fits(step, words[place - 1], others)
            }
            places = moved | places if step.optional else moved
        return max(places, default=end)

    def _step(self, state: _State, kind: int) -> _State:
        bits = ((state.bits << 1) | self._first) & self._masks[kind]
        # Let every partial match also skip the optional steps that follow it.
        filled = bits | self._after
        bits |= self._optional & (~(filled - self._before) ^ filled)
        known = self._states.get(bits)
        if known is None:
            if len(self._states) >= _MOST_STATES:
                self._states = {0: self._start}
                self._start.next = {}
            known = self._states.setdefault(bits, _State(bits, self._numbers(bits)))
        state.next[kind] = known
        return known

    def _numbers(self, bits: int) -> tuple[int, ...]:
        ends = bits & self._last
        numbers = []
        while ends:
            lowest = ends & -ends
            numbers.append(self._ends[lowest])
            ends ^= lowest
        return tuple(numbers)


def _fits(step: Step, word: str, others: Mapping[str, tuple[str, ...]]) -> bool:
    if step.words is None:
        return word != BREAK
    return word in step.words or any(other in step.words for other in others.get(word, ()))
