"""Bring a message into the plain form that the packs' patterns are written for, and back to the person's own words."""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from heedful.models.normalise import normalise
from heedful.types import Span
from heedful.understand.clause import split
from heedful.understand.pattern import read_pack
from heedful.understand.people import Whom, mark

_LONGEST = 400
"""A passage has at most about so many characters, so that matching takes time in proportion to the text."""
_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[\w']+")
_GLUED = re.compile(r"(?<=[a-z'])[,;!?]+(?=[a-z])")
_BEFORE_NOT = frozenset("do does did is are was were has have had would could should can must need".split())


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, or a part of a long one, in plain form."""

    text: str
    """The whole message, unaltered."""
    plain: str
    """Lower case, straight apostrophes, usual spelling, single blanks; "did not" is "didn't", "I am" is "i'm"."""
    marked: str
    """The plain form with a mark for each name in it, as `people.mark` gives it."""
    names: tuple[Whom, ...]
    """These names, in order."""
    clauses: tuple[Span, ...]
    """Its clauses, in the original text."""
    starts: tuple[int, ...]
    """Where each stretch of the plain form begins."""
    places: tuple[tuple[int, int], ...]
    """Where each of these stretches lies in the original text."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the plain form, not empty, lies in the original text; whole words only."""
        first = bisect.bisect_right(self.starts, start) - 1
        last = bisect.bisect_right(self.starts, end - 1) - 1
        return self.places[max(first, 0)][0], self.places[max(last, 0)][1]

    def clause(self, start: int, end: int) -> Span | None:
        """Return the clause, or the run of clauses, that a stretch of the plain form lies in."""
        a, b = self.original(start, end)
        held = [clause for clause in self.clauses if clause.start < b and a < clause.end]
        if len(held) < 2:
            return held[0] if held else None
        first, last = held[0].start, held[-1].end
        return Span(first, last, self.text[first:last])

    def own_words(self, start: int, end: int) -> str:
        """Return a stretch of the plain form as the person wrote it, without what clings to its end ("'s", a comma)."""
        a, b = self.original(start, end)
        own = self.text[a:b].strip("\"'“”‘’.,;:!?()[]*_~ -")
        return own if self.plain[start:end].endswith("'s") else re.sub(r"['’]s$", "", own, flags=re.IGNORECASE)


def passages(text: str) -> Iterator[Passage]:
    """Yield the passages of a text, in order. Any string is accepted; time is linear in its length."""
    for start, end, clauses in split(text):
        held: list[Span] = []
        at = start
        for clause in clauses:
            if held and clause.end - at > _LONGEST:
                yield _passage(text, at, clause.start, held)
                held, at = [], clause.start
            held.append(clause)
        if held:
            yield _passage(text, at, end, held)


def plain(text: str) -> str:
    """Return a text in the plain form of the packs.

    Examples:
        >>> plain("Im  SO tired, I did not sleep…")
        "i'm so tired, i didn't sleep..."
    """
    return _plain(text, 0, len(text))[0]


def _passage(text: str, start: int, end: int, clauses: list[Span]) -> Passage:
    form, starts, places = _plain(text, start, end)
    return Passage(text, form, *mark(form), tuple(clauses), starts, places)


def _plain(text: str, start: int, end: int) -> tuple[str, tuple[int, ...], tuple[tuple[int, int], ...]]:
    forms: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int]] = []
    length = 0
    for match in _CHUNK.finditer(text, start, end):
        form = _form(match[0])
        if not form:
            continue
        joined = _contract(forms[-1], form) if forms else None
        if joined is not None:
            length += len(joined) - len(forms[-1])
            forms[-1] = joined
            places[-1] = (places[-1][0], match.end())
            continue
        starts.append(length)
        places.append(match.span())
        forms.append(form)
        length += len(form) + 1
    return " ".join(forms), tuple(starts), tuple(places)


@functools.lru_cache(maxsize=8192)
def _form(chunk: str) -> str:
    known = _spelling()
    form = _WORD.sub(lambda match: known.get(match[0], match[0]), normalise(chunk).lower())
    return _GLUED.sub(lambda match: match[0] + " ", form)


def _contract(before: str, form: str) -> str | None:
    """Return "didn't" for "did" and "not", "i'm" for "i" and "am"; None for anything else."""
    word = form.rstrip(".,!?;:")
    if word == "not" and before in _BEFORE_NOT:
        return ("can't" if before == "can" else before + "n't") + form[3:]
    if word == "am" and before == "i":
        return "i'm" + form[2:]
    return None


@functools.cache
def _spelling() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for usual, others in read_pack("words.toml")["spelling"].items():
        table.update(dict.fromkeys(others.split(), usual))
    return table
