"""Find what identifies a person in a text, and put a marker such as [name] in its place."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from heedful.guard.names import is_foreign, is_ordinary, names
from heedful.guard.numbers import numbers
from heedful.guard.places import places
from heedful.types import Finding, Record

KINDS: Final = {
    "email": "An e-mail address leads to one person.",
    "handle": "An account name leads to one person.",
    "account": "An account number belongs to one person.",
    "card": "A card number can be used to pay in somebody's name.",
    "health id": "A health number leads to a person's medical record.",
    "id": "A document or reference number belongs to one person.",
    "date of birth": "With a date of birth a person can be told from others.",
    "address": "An address says where somebody lives.",
    "net address": "A network address leads to one connection.",
    "phone": "A phone number reaches one person.",
    "number": "A number this long nearly always belongs to somebody.",
    "name": "A name says who somebody is.",
}
"""What is looked for, weightiest first, and why it is taken out."""

_LONG: Final = 100_000
"""A text of more characters is searched word by word, which takes out more and keeps the time within a second."""
_WORD: Final = re.compile(r"\S+")
_PART: Final = re.compile(r"[^\W\d_]{3,}")
_MOST_PARTS: Final = 50
_RANK: Final = {kind: rank for rank, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Detail(Record):
    """A stretch of text that identifies a person."""

    kind: str
    """One of `KINDS`."""
    start: int
    """First character, counted from 0."""
    end: int
    """One past the last character."""
    text: str
    """The words themselves."""

    @property
    def marker(self) -> str:
        """What stands in its place once it is taken out."""
        return f"[{self.kind}]"

    @property
    def finding(self) -> Finding:
        """The same as a finding of the guard."""
        return Finding(f"privacy.{self.kind.replace(' ', '_')}", self.text, KINDS[self.kind])


def find(text: str) -> tuple[Detail, ...]:
    """Return what identifies a person in a text, in order, without overlaps.

    Looked for are names, postal addresses, e-mail and network addresses, account names, phone, card, account, health
    and document numbers in the forms of many countries, other long numbers, and dates of birth. Rules can miss a name
    that they do not know, and a town or an employer can give a person away as well; what is left is not anonymous.

    Args:
        text: any string. The time taken grows in proportion to its length.

    Examples:
        >>> [detail.marker for detail in find("I'm Sarah Connor, call me on 020 7946 0958.")]
        ['[name]', '[phone]']
    """
    if len(text) > _LONG:
        return tuple(Detail(kind, start, end, text[start:end]) for start, end, kind in _word_by_word(text))
    named = names(text)
    found = [
        *((start, end, "address") for start, end in places(text)),
        *numbers(text),
        *((start, end, "name") for start, end in (*named, *_again(text, named))),
    ]
    return tuple(Detail(kind, start, end, text[start:end]) for start, end, kind in _apart(text, found))


def findings(text: str) -> tuple[Finding, ...]:
    """Return what `find` does, as findings of the guard with the rule and the reason."""
    return tuple(detail.finding for detail in find(text))


def redact(text: str) -> str:
    """Return a text with a marker in place of everything that identifies a person.

    Examples:
        >>> redact("My wife Anna moved to 12 Elm Street. Mail anna.k@example.org")
        'My wife [name] moved to [address]. Mail [email]'
    """
    return replace_details(text, find(text))


def replace_details(text: str, details: Iterable[Detail]) -> str:
    """Return a text with the markers of some details, which must lie in it in order and without overlaps."""
    parts: list[str] = []
    last = 0
    for detail in details:
        parts += (text[last : detail.start], detail.marker)
        last = detail.end
    parts.append(text[last:])
    return "".join(parts)


def _again(text: str, named: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where parts of the names stand again, in whatever letters."""
    whole = {text[start:end] for start, end in named}
    parts = {part.casefold() for name in whole for part in _PART.findall(name) if not is_ordinary(part)}
    if parts:
        again = "|".join(map(re.escape, sorted(parts, key=len, reverse=True)[:_MOST_PARTS]))
        for match in re.finditer(rf"(?<!\w)(?:{again})(?!\w)", text, re.IGNORECASE):
            yield match.span()


def _word_by_word(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield runs of words with digits, with an at sign, or written like names."""
    kind_of = functools.lru_cache(maxsize=4096)(_kind_of_word)
    run: tuple[int, int, str] | None = None
    for match in _WORD.finditer(text):
        kind = kind_of(match[0])
        if run is not None and kind is not None:
            run = (run[0], match.end(), min(kind, run[2], key=_RANK.__getitem__))
            continue
        if run is not None:
            yield run
        run = (match.start(), match.end(), kind) if kind else None
    if run is not None:
        yield run


def _kind_of_word(word: str) -> str | None:
    if "@" in word:
        return "email"
    if any(map(str.isdigit, word)):
        return "number"
    return "name" if is_foreign(word) else None


def _apart(text: str, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Join what overlaps, under the weightiest kind of its parts, and the parts of one address."""
    apart: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(found):
        if apart and (start < apart[-1][1] or _goes_on(text, apart[-1], start, kind)):
            first, last, other = apart[-1]
            apart[-1] = (first, max(last, end), min(kind, other, key=_RANK.__getitem__))
        else:
            apart.append((start, end, kind))
    return apart


def _goes_on(text: str, before: tuple[int, int, str], start: int, kind: str) -> bool:
    return kind == before[2] == "address" and start - before[1] <= 3 and not text[before[1] : start].strip(" ,;")
