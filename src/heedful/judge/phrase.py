"""Read the phrases of the packs: a small language over words, made into regular expressions that cannot be slow.

    at least                   these words, one after the other
    (you|they) are             one of several; an alternative may be several words, and groups may nest
    really?                    may be left out; also after a group or a list
    <3>                        up to three words of any kind, within a sentence
    @feeling                   one of the phrases of the list `feeling` of the pack
    feel*                      a word that begins like this
    ^                          where a sentence begins or ends
    ?  (standing alone)        where a question ends

A phrase is tried only where one of its first words stands, and every repetition is bounded: time grows with the length
of the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heedful.errors import ConfigError

_TOKEN = re.compile(r"\(|\)\??|\||\^|<\d>|@\w+\??|[\w'*-]+\??|\?|\S")
_ANY = "(?:[^ .?]+ )"
_LAZY = re.compile(rf"({re.escape(_ANY)}\{{0,\d\}})\?")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase that was read."""

    pattern: str
    """As a regular expression over `Wording.plain`, to be matched where a word begins."""
    first: frozenset[str]
    """The words that it can begin with."""

    @property
    def reach(self) -> Phrase:
        """The same phrase, with gaps that hold as many words as they may: what an excuse covers."""
        return Phrase(_LAZY.sub(r"\1", self.pattern), self.first)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a phrase."""

    pattern: str
    first: frozenset[str]
    optional: bool = False


def read_lists(lists: Mapping[str, Sequence[str]], where: str) -> dict[str, Phrase]:
    """Read the lists of a pack; a list may use those before it. Raises ConfigError as `read` does."""
    known: dict[str, Phrase] = {}
    for name, phrases in lists.items():
        ways = [read(phrase, known, f"{where}, list {name!r}") for phrase in phrases]
        if not ways:
            raise ConfigError(f"{where}: the list {name!r} is empty. Fill it or take it out.")
        known[name] = Phrase(
            f"(?:{'|'.join(way.pattern for way in ways)})", frozenset().union(*(w.first for w in ways))
        )
    return known


def read(phrase: str, lists: Mapping[str, Phrase], where: str) -> Phrase:
    """Read a phrase.

    Args:
        phrase: in the language of this module.
        lists: what each @name stands for.
        where: file and entry, for the error message.

    Raises:
        ConfigError: the phrase is malformed, names an unknown list, or could begin with any word or with none.
    """
    if not isinstance(phrase, str):
        raise ConfigError(f"{where}: {phrase!r} is not a text. Phrases are words in quotes.")
    reader = _Reader(phrase, lists, where)
    part = reader.ways()
    if reader.peek() is not None:
        raise reader.error(f"{reader.peek()!r} is out of place")
    if part.optional or not part.first:
        raise reader.error("it could begin with any word, or with none")
    try:
        re.compile(part.pattern)
    except re.error as error:
        raise reader.error(str(error)) from error
    return Phrase(part.pattern, part.first)


class _Reader:
    """Recursive descent over one phrase."""

    def __init__(self, phrase: str, lists: Mapping[str, Phrase], where: str) -> None:
        self._phrase, self._lists, self._where = phrase, lists, where
        self._tokens = _TOKEN.findall(phrase)
        self._at = 0

    def error(self, problem: str) -> ConfigError:
        return ConfigError(f"{self._where}: the phrase {self._phrase!r} cannot be read: {problem}.")

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def ways(self) -> _Part:
        """Read alternatives."""
        ways = [self._sequence()]
        while self.peek() == "|":
            self._at += 1
            ways.append(self._sequence())
        if len(ways) == 1:
            return ways[0]
        first = frozenset().union(*(way.first for way in ways))
        open_start = any(not way.first for way in ways)  # one that begins with any word makes the whole begin so
        pattern = f"(?:{'|'.join(way.pattern for way in ways)})"
        return _Part(pattern, frozenset() if open_start else first, any(way.optional for way in ways))

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while (token := self.peek()) is not None and token not in ("|", ")", ")?"):
            self._at += 1
            parts.append(self._part(token, begins=not parts))
        if not parts:
            raise self.error("an alternative is empty")
        first: set[str] = set()
        for part in parts:
            if part.pattern.startswith("(?<="):
                continue
            if not part.first:
                first.clear()
                break
            first |= part.first
            if not part.optional:
                break
        optional = all(part.optional for part in parts)
        return _Part("".join(part.pattern for part in parts), frozenset(first), optional)

    def _part(self, token: str, *, begins: bool) -> _Part:
        if token == "(":
            inside = self.ways()
            closing = self.peek()
            if closing not in (")", ")?"):
                raise self.error("a bracket is never closed")
            self._at += 1
            return self._maybe(inside, optional=closing == ")?")
        if token[0] == "<" and len(token) == 3:
            return _Part(f"{_ANY}{{0,{token[1]}}}?", frozenset(), optional=True)
        if token == "^":
            return self._edge(begins)
        if token == "?":
            return _Part(r"\? ", frozenset("?"))
        optional = token.endswith("?")
        name = token.rstrip("?")
        if token[0] == "@":
            if name[1:] not in self._lists:
                raise self.error(f"there is no list {name}")
            known = self._lists[name[1:]]
            return self._maybe(_Part(known.pattern, known.first), optional=optional)
        if not re.fullmatch(r"[\w'-]+\*?", name):
            raise self.error(f"{token!r} is out of place")
        if name.endswith("*"):
            return self._maybe(_Part(f"{re.escape(name[:-1])}[^ .?]* ", frozenset()), optional=optional)
        return self._maybe(_Part(f"{re.escape(name)} ", frozenset([name])), optional=optional)

    def _edge(self, begins: bool) -> _Part:
        if begins:
            return _Part(r"(?<=[.?] )", frozenset())
        following = self.peek()
        return _Part("(?=[.?] )" if following in (None, "|", ")", ")?") else "[.?] ", frozenset(".?"))

    def _maybe(self, part: _Part, *, optional: bool) -> _Part:
        if not optional:
            return part
        return _Part(f"(?:{part.pattern})?", part.first, optional=True)
