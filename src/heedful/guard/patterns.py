"""Read the phrases of the packs and turn them into expressions that match lists of words.

The phrases are written in a small language over words:

    kill myself              these words, one after the other
    (kill|hang|end) myself   one of several; an alternative may be several words, and groups may nest
    really?                  may be left out; also after a group or a list (after a Japanese character: only that one)
    <3>                      up to three words of any kind
    @soon                    one of the phrases of the list `soon` in the same pack
    ^                        where a sentence begins or ends
    #                        any number

Nothing in a phrase matches across the end of a sentence but ^. Every repetition is bounded, so a phrase can only ever
look at a bounded number of words.

To match fast, every word that a pack knows is given one character, all other words share one, and a list of words
becomes a string of as many characters; a phrase becomes a regular expression over such strings.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from heedful.errors import ConfigError
from heedful.guard.evasion import BREAK, tables
from heedful.guard.words import plain_words

_TOKEN = re.compile(r"\(|\)|\||\?|\^|<\d+>|@\w+|[^\s()|?^<>@]+|\S")
_GLUED = re.compile(r"[a-z]\(|\)[a-z]")
END = "\n"
"""The character of BREAK."""
_OTHER, _FIRST = "x", 0x4E00
# Words that stand in most messages: a phrase is looked for only where its least common word stands, so these are the
# last to be chosen for that.
_COMMON = frozenset(
    """
    a about after again all always am an and any are as at back be because been before being but by can could day
    did do does doing done down even ever every feel for from get getting give go going good got had has have he
    her here him his how i if in into is it just keep know last left let life like made make makes me more much my
    need never no not nothing now of off on one only or our out over people put really right said say says see she
    so some someone something still stop take than that the their them then there they thing things think this
    time to told too took try up us want wants was way we well were what when where which who why will with
    without would you your #
    """.split()
)


@dataclass(frozen=True, slots=True)
class Step:
    """One word."""

    words: frozenset[str] | None
    """Any of these, or None for any word at all."""
    optional: bool = False
    """It may be left out."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences."""

    ways: tuple[Phrase, ...]
    """The alternatives; none is empty."""
    optional: bool = False
    """All of them may be left out."""


Phrase: TypeAlias = tuple[Step | Choice, ...]
"""A sequence of steps and choices."""


def parse(phrase: str, lists: Mapping[str, Phrase], where: str) -> Phrase:
    """Read a phrase.

    Args:
        phrase: in the language of this module.
        lists: what each @name stands for, already read.
        where: file and entry, for the error message.

    Raises:
        ConfigError: the phrase is malformed, refers to an unknown list, or could match no words at all.
    """
    reader = _Reader(phrase, lists, where)
    found = reader.choice()
    if reader.peek() is not None:
        raise reader.error(f"{reader.peek()} is out of place")
    return found


def parse_lists(lists: Mapping[str, Sequence[str]], where: str) -> dict[str, Phrase]:
    """Read the lists of a pack; a list may use those before it. Raises ConfigError as `parse` does."""
    known: dict[str, Phrase] = {}
    for name, phrases in lists.items():
        known[name] = _chosen([parse(phrase, known, f"{where}, list {name!r}") for phrase in phrases])
    return known


def crosses(phrase: Phrase) -> bool:
    """Say whether a phrase has a ^ in its middle, so that it goes on in another sentence."""
    return any(isinstance(node, Step) and BREAK in (node.words or ()) for node in phrase[1:-1])


class _Reader:
    """Recursive descent over one phrase."""

    def __init__(self, phrase: str, lists: Mapping[str, Phrase], where: str) -> None:
        self._phrase, self._lists, self._where = phrase, lists, where
        self._tokens = _TOKEN.findall(phrase)
        self._at = 0
        if glued := _GLUED.search(phrase):
            raise self.error(f"a bracket may not touch a word, as in {glued[0]!r}")

    def error(self, problem: str) -> ConfigError:
        return ConfigError(f"{self._where}: the pattern {self._phrase!r} cannot be read: {problem}.")

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def choice(self) -> Phrase:
        ways = [self._sequence()]
        while self.peek() == "|":
            self._at += 1
            ways.append(self._sequence())
        return _chosen(ways)

    def _sequence(self) -> Phrase:
        nodes: list[Step | Choice] = []
        while (token := self.peek()) is not None and token not in "|)":
            nodes.extend(self._item(token))
        if not nodes:
            raise self.error("an alternative is empty")
        if all(node.optional for node in nodes):
            raise self.error("an alternative could match no words at all; put ? behind its bracket instead")
        return tuple(nodes)

    def _item(self, token: str) -> Phrase:
        self._at += 1
        if token.startswith("<") and len(token) > 1:
            return tuple(Step(None, optional=True) for _ in range(int(token[1:-1])))
        nodes: Phrase
        if token == "(":
            nodes = self.choice()
            if self.peek() != ")":
                raise self.error("a bracket is not closed")
            self._at += 1
        elif token.startswith("@"):
            if token[1:] not in self._lists:
                raise self.error(f"there is no list {token}")
            nodes = self._lists[token[1:]]
        elif token in "^#":
            nodes = (Step(frozenset({BREAK if token == "^" else "#"})),)
        else:
            nodes = tuple(Step(frozenset({word})) for word in plain_words(token))
        if not nodes or token in "?<>":
            raise self.error(f"{token} is out of place, or a word that is left out of every text")
        if len(nodes) > 1 and not token.isascii() and self.peek() == "?":
            return *nodes[:-1], *self._maybe(nodes[-1:])  # in Japanese, ? is for the character before it
        return self._maybe(nodes)

    def _maybe(self, nodes: Phrase) -> Phrase:
        if self.peek() != "?":
            return nodes
        self._at += 1
        if len(nodes) == 1 and isinstance(nodes[0], Step):
            return (Step(nodes[0].words, optional=True),)
        return (Choice((nodes,), optional=True),)


def _chosen(ways: list[Phrase]) -> Phrase:
    """Return one phrase for several, with a single step for all alternatives that are one word."""
    single: set[str] = set()
    rest: list[Phrase] = []
    for way in ways:
        only = way[0] if len(way) == 1 else None
        if isinstance(only, Step) and only.words and not only.optional:
            single |= only.words
        elif isinstance(only, Choice) and not only.optional:
            rest.extend(only.ways)
        else:
            rest.append(way)
    merged = [*([(Step(frozenset(single)),)] if single else []), *dict.fromkeys(rest)]
    return merged[0] if len(merged) == 1 else (Choice(tuple(merged)),)


class Expression:
    """A phrase, ready to be matched. Compiled when it is first needed: most of a pack never is."""

    __slots__ = ("_regex", "_write", "cost", "needs")

    def __init__(self, write: Callable[[], str], needs: tuple[frozenset[str], ...], cost: int) -> None:
        self._write = write
        self._regex: re.Pattern[str] | None = None
        self.needs = needs
        """Sets of characters, of each of which at least one is in every match; the least common set first."""
        self.cost = cost
        """What it costs to try it, at least 1."""

    def find(self, line: str) -> Iterator[tuple[int, int]]:
        """Yield (first word, one past the last) of the shortest match from every place where there is one."""
        regex = self._regex
        if regex is None:
            regex = self._regex = re.compile(f"(?=({self._write()}))")
        return (match.span(1) for match in regex.finditer(line))


class Alphabet:
    """Gives every word of some phrases its character."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        known = sorted({word for phrase in phrases for word in _words(phrase)} | {*tables().also, "#"})
        self._characters = {word: chr(_FIRST + index) for index, word in enumerate(known)} | {BREAK: END}
        self._of_words: dict[frozenset[str], str] = {}
        self._readings: dict[str, set[str]] = {}
        for word, others in tables().also.items():
            for other in others:
                self._readings.setdefault(other, set()).add(word)

    def spell(self, words: Sequence[str]) -> str:
        """Return one character per word."""
        get = self._characters.get
        return "".join([get(word, _OTHER) for word in words])

    def compile(self, phrase: Phrase, *, reach: bool = False) -> Expression:
        """Return the expression that matches a phrase in what `spell` returns.

        Args:
            phrase: to be matched.
            reach: a gap at its end takes in as many words as it may, not as few.
        """

        def write() -> str:
            source = self._regex(phrase)
            return source[:-1] if reach and source.endswith("}?") else source

        needs = tuple(characters for _, characters in sorted(self._needs(phrase), key=operator.itemgetter(0)))
        return Expression(write, needs, 1 + _tries(phrase) // 20)

    def _of(self, words: frozenset[str]) -> str:
        """Return the characters that stand for one of the words, sorted."""
        if words in self._of_words:
            return self._of_words[words]
        also_read = {word for each in words for word in self._readings.get(each, ())}
        found = self._of_words[words] = "".join(sorted(self._characters[word] for word in words | also_read))
        return found

    def _regex(self, phrase: Phrase) -> str:
        parts: list[str] = []
        gap = 0
        for node in (*phrase, None):
            if isinstance(node, Step) and node.words is None:
                gap += 1
                continue
            if gap:
                parts.append(f".{{0,{gap}}}?")
                gap = 0
            if isinstance(node, Step):
                characters = self._of(node.words or frozenset())
                parts.append((characters if len(characters) == 1 else f"[{characters}]") + "??" * node.optional)
            elif node is not None:
                parts.append(f"(?:{'|'.join(map(self._regex, node.ways))})" + "??" * node.optional)
        return "".join(parts)

    def _needs(self, phrase: Phrase) -> list[tuple[int, frozenset[str]]]:
        """Return for each step that has to be there how common its words are, and their characters."""
        found: list[tuple[int, frozenset[str]]] = []
        for node in phrase:
            if node.optional:
                continue
            if isinstance(node, Step):
                words = node.words or frozenset()
                common = 1_000_000 if BREAK in words else sum(1000 if word in _COMMON else 1 for word in words)
                found.append((common, frozenset(self._of(words))))
            else:
                each = [min(self._needs(way), key=operator.itemgetter(0)) for way in node.ways]
                found.append((sum(common for common, _ in each), frozenset().union(*(chars for _, chars in each))))
        return found


def _words(phrase: Phrase) -> set[str]:
    found: set[str] = set()
    for node in phrase:
        if isinstance(node, Step):
            found |= node.words or frozenset()
        else:
            found = found.union(*(_words(way) for way in node.ways))
    return found


def _tries(phrase: Phrase) -> int:
    """Return in how many ways a phrase can be laid over words from one place, at most."""
    cost = 1
    gap = 1
    for node in phrase:
        if isinstance(node, Step):
            gap = gap + 1 if node.words is None else gap
            cost *= 1 if node.words is None else gap * (1 + node.optional)
            gap = gap if node.words is None else 1
        else:
            cost *= gap * max(map(_tries, node.ways)) * (1 + node.optional)
            gap = 1
    return cost * gap
