"""Find whom a sentence is about: somebody of the person's own, or their animal."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from heedful.understand.pattern import MARK, read_pack

_WORD = re.compile(r"\S+")
_OWN = frozenset(("my", "our"))
_ANY = frozenset(("a", "an", "another"))
_MODIFIERS = 4
_EDGE = "\"'().,;:!?*-"


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody named in a plain text."""

    start: int
    """First character, counted from 0."""
    end: int
    """One past the last character."""
    animal: bool
    """Whether it is an animal."""


@dataclass(frozen=True, slots=True)
class _Lists:
    named: frozenset[str]
    not_named_after: frozenset[str]
    kin: frozenset[str]
    close: frozenset[str]
    tail: frozenset[str]
    animals: frozenset[str]
    not_within: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    """Without punctuation and "'s"."""
    start: int
    end: int
    """End of `text` in the sentence."""
    possessive: bool
    closed: bool
    """True when punctuation follows: no name goes on past it."""


def mark(plain: str) -> tuple[str, tuple[Whom, ...]]:
    """Return a plain text with a mark in place of each name, and the names in order.

    Examples:
        >>> mark("my best friend's dog died, mom is in bits")[1]
        (Whom(start=0, end=20, animal=True), Whom(start=27, end=30, animal=False))
    """
    found = tuple(_names(plain))
    if not found:
        return plain, ()
    parts: list[str] = []
    at = 0
    for number, name in enumerate(found):
        parts += [plain[at : name.start], f"{MARK}{'a' if name.animal else 'p'}{number}"]
        at = name.end
    return "".join([*parts, plain[at:]]), found


def unmark(marked: str, names: tuple[Whom, ...], at: int, *, end: bool) -> int:
    """Return where a position of a marked text lies in the plain text it was made from."""
    shift = 0
    for number, name in enumerate(names):
        length = len(f"{MARK}p{number}")
        start = name.start - shift
        if at <= start:
            break
        if at < start + length:
            return name.end if end else name.start
        shift += name.end - name.start - length
    return at + shift


def _names(plain: str) -> Iterator[Whom]:
    words = [_word(match) for match in _WORD.finditer(plain)]
    lists = _lists()
    at = 0
    while at < len(words):
        name, following = _name_at(words, at, lists)
        if name:
            yield name
        at = following


def _name_at(words: list[_Word], at: int, lists: _Lists) -> tuple[Whom | None, int]:
    word = words[at].text
    if word in _OWN:
        last = _head(words, at + 1, lists.kin, lists)
    elif word in _ANY:
        last = _head(words, at + 1, lists.close, lists)
        if last is not None and words[last].text in lists.animals:
            last = None
    elif word in lists.named and (at == 0 or words[at - 1].text not in lists.not_named_after):
        last = at
    else:
        last = None
    if last is None:
        return None, at + 1
    first = at
    if word in _OWN and at >= 2 and words[at - 1].text == "of" and words[at - 2].text == "one":
        first = at - 2
    last = _further(words, last, lists)
    return Whom(words[first].start, words[last].end, words[last].text in lists.animals), last + 1


def _head(words: list[_Word], at: int, heads: frozenset[str], lists: _Lists) -> int | None:
    """Return the word that names somebody, at most a few modifiers on, or None."""
    for place in range(at, min(at + _MODIFIERS, len(words))):
        word = words[place]
        if word.text in heads or word.text in lists.named or word.text in lists.animals:
            return place
        if word.closed or word.text in lists.not_within:
            return None
    return None


def _further(words: list[_Word], last: int, lists: _Lists) -> int:
    """Follow a name on: "girl friend", "mother in law", "my sister's husband", "a friend of mine"."""
    while last + 1 < len(words) and not words[last].closed:
        following = words[last + 1].text
        if words[last].possessive:
            owned = _head(words, last + 1, lists.kin, lists)
            if owned is None:
                return last
            last = owned
        elif following in lists.kin or following in lists.animals:
            last += 1
        elif last + 2 < len(words) and (
            (following == "in" and words[last + 2].text in ("law", "laws"))
            or (following in ("of", "at", "from") and words[last + 2].text in lists.tail)
        ):
            last += 2
        else:
            return last
    return last


def _word(match: re.Match[str]) -> _Word:
    chunk = match[0]
    bare = chunk.strip(_EDGE)
    start = match.start() + chunk.find(bare)
    end = start + len(bare)
    possessive = bare.endswith("'s") or (chunk[end - match.start() :].startswith("'") and bare.endswith("s"))
    text = bare.removesuffix("'s")
    closed = chunk[len(chunk.rstrip(_EDGE)) :] not in ("", "'")
    return _Word(text, start, start + len(text), possessive, closed)


@functools.cache
def _lists() -> _Lists:
    people = read_pack("words.toml")["people"]
    return _Lists(**{name: frozenset(people[name].split()) for name in _Lists.__slots__})
