"""Find what the rules of a pack are about, and what excuses a find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, Literal, TypeVar, get_args

from heedful.guard.evasion import BREAK
from heedful.guard.patterns import END, Alphabet, Expression, Phrase, crosses
from heedful.guard.words import Words
from heedful.types import Finding, Level

Scope = Literal["words", "sentence"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
"""What an exclusion may look at."""
LEVELS: tuple[Level, ...] = get_args(Level)
"""From nothing to the most pressing."""

_WINDOW, _STRIDE = 90, 60
"""A sentence longer than the window is read in windows that overlap by more than any phrase is long."""
_CLOSE = 24
"""So many words at most lie between a find and what excuses it in the same sentence."""
_PATIENCE = 24_000
"""So much may be spent on one text (each expression tried costs 1, one with many ways more); after that only the rules
that are always read go on, and nothing is excused any more."""
_PATIENT_WORDS = 5_000
"""A longer text is read no further once it has shown the highest level."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What to find."""

    name: str
    """Kind and a word, "suicide.wish": what exclusions and findings refer to."""
    kind: str
    """The group that it belongs to."""
    level: Level
    """How pressing a find is; "none" where it does not matter."""
    why: str
    """Why it matters, in a sentence."""
    always: bool = False
    """It is looked for to the last word of even the longest text."""
    phrases: tuple[Phrase, ...] = field(default=(), repr=False)
    """How it is said."""
    foreign: bool = False
    """Its phrases are in other languages than English."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What excuses a find."""

    name: str
    """A word or two."""
    why: str
    """Why the find then means something else, in a sentence."""
    cancels: frozenset[str]
    """Names of the rules that it excuses."""
    scope: Scope
    """words: it shares words with the find; sentence: it stands in the same sentence, close by."""
    leaves: Level
    """What is left of the find's level."""
    phrases: tuple[Phrase, ...] = field(default=(), repr=False)
    """How it is said."""
    unless: tuple[Phrase, ...] = field(default=(), repr=False)
    """It excuses nothing in a sentence that says one of these."""


@dataclass(frozen=True, slots=True)
class Match:
    """A find."""

    rule: Rule
    """What was found."""
    level: Level
    """How pressing it is, exclusions considered."""
    finding: Finding
    """The words, with the rule's name and why."""
    excuse: Exclusion | None = None
    """What excused it, or None."""
    start: int = 0
    """Its first word."""
    end: int = 0
    """One past its last word."""


@dataclass(frozen=True, slots=True)
class _Find:
    rule: Rule
    start: int
    end: int
    excuse: Exclusion | None = None


class Scanner:
    """Applies the rules and exclusions of a pack. Thread-safe; the time is bounded by the length of the text."""

    def __init__(self, rules: Sequence[Rule], exclusions: Sequence[Exclusion]) -> None:
        self.rules = tuple(rules)
        self.exclusions = tuple(exclusions)
        both: tuple[Rule | Exclusion, ...] = (*rules, *exclusions)
        unless = (phrase for each in exclusions for phrase in each.unless)
        self._alphabet = Alphabet([*unless, *(phrase for owner in both for phrase in owner.phrases)])
        self._for_rules = _Index(self._alphabet, self.rules)
        self._for_always = _Index(self._alphabet, [rule for rule in rules if rule.always])
        self._across = _Index(self._alphabet, [_across(rule) for rule in rules])
        self._for_excuses = _Index(self._alphabet, self.exclusions)
        self._against = _Index(self._alphabet, [replace(each, phrases=each.unless) for each in exclusions])

    def scan(self, words: Words) -> list[Match]:
        """Return what was found, at most one match per rule and excuse, the first of each."""
        matches: list[Match] = []
        for find in self._finds(self._alphabet.spell(words.words)):
            finding = Finding(find.rule.name, words.quote(find.start, find.end - 1), find.rule.why)
            level = find.excuse.leaves if find.excuse else find.rule.level
            matches.append(Match(find.rule, level, finding, find.excuse, find.start, find.end))
        return matches

    def excuse(self, words: Sequence[str], name: str) -> Exclusion | None:
        """Return what in plain words excuses finds of this name, wherever in them they are, or None."""
        for _, sentence in _sentences(self._alphabet.spell([BREAK, *words, BREAK])):
            for exclusion, _, _ in self._excuses(sentence)[0]:
                if name in exclusion.cancels:
                    return exclusion
        return None

    def _finds(self, line: str) -> list[_Find]:
        """Return the finds in the line, the first of each rule and excuse."""
        found: dict[tuple[str, str], _Find] = {}
        seen: set[str] = set()
        patience = _PATIENCE
        for offset, piece, index in self._pieces(line):
            if piece in seen:
                continue
            seen.add(piece)
            hits, spent = (index if patience > 0 else self._for_always).search(piece)
            patience -= spent
            if not hits:
                continue
            excuses, spent = self._excuses(piece) if patience > 0 else ([], 0)
            patience -= spent
            for rule, start, end in hits:
                fitting = [each for each, first, last in excuses if _fits(each, first, last, rule, start, end)]
                excuse = min(fitting, key=lambda each: LEVELS.index(each.leaves), default=None)
                key = (rule.name, excuse.name if excuse else "")
                found.setdefault(key, _Find(rule, offset + start, offset + end, excuse))
            if len(line) > _PATIENT_WORDS and any(_final(find) for find in found.values()):
                break
        return list(found.values())

    def _pieces(self, line: str) -> Iterator[tuple[int, str, _Index[Rule]]]:
        """Yield (offset, piece, what to look for in it): each sentence, then windows across sentences."""
        for offset, sentence in _sentences(line):
            yield offset, sentence, self._for_rules
        for offset, window in _windows(line, 0, len(line)):
            yield offset, window, self._across

    def _excuses(self, sentence: str) -> tuple[list[tuple[Exclusion, int, int]], int]:
        """Return what may excuse a find in this sentence, and what it cost to look."""
        excuses, spent = self._for_excuses.search(sentence)
        if not excuses:
            return excuses, spent
        against, more = self._against.search(sentence)
        void = {each.name for each, _, _ in against}
        return [excuse for excuse in excuses if excuse[0].name not in void], spent + more


_Owner = TypeVar("_Owner", Rule, Exclusion)


class _Index(Generic[_Owner]):
    """Tries on a sentence only those expressions whose words are in it, found by the least common of them."""

    def __init__(self, alphabet: Alphabet, owners: Sequence[_Owner]) -> None:
        self._entries: list[tuple[Expression, _Owner, list[frozenset[str]]]] = []
        by_anchor: dict[str, list[tuple[frozenset[str], frozenset[str], int]]] = {}
        for owner in owners:
            for phrase in owner.phrases:
                # An excuse covers all that its last gap may hold; a find is quoted as short as it can be.
                expression = alphabet.compile(phrase, reach=isinstance(owner, Exclusion))
                anchor, *needs = expression.needs
                second, third, *more = (*needs, anchor, anchor)[: max(2, len(needs))]
                for character in anchor:
                    by_anchor.setdefault(character, []).append((second, third, len(self._entries)))
                self._entries.append((expression, owner, more))  # the first three led here
        self._by_anchor = by_anchor
        self._anchors = frozenset(by_anchor)

    def search(self, sentence: str) -> tuple[list[tuple[_Owner, int, int]], int]:
        """Return (owner, first word, one past the last) of each match, and how much it cost to look for them."""
        present = set(sentence)
        numbers: set[int] = set()
        for character in self._anchors & present:
            numbers.update(
                [
                    number
                    for second, third, number in self._by_anchor[character]
                    if not (second.isdisjoint(present) or third.isdisjoint(present))
                ]
            )
        hits: list[tuple[_Owner, int, int]] = []
        spent = len(numbers) // 3  # looking at an expression costs something too
        for number in sorted(numbers):
            expression, owner, needs = self._entries[number]
            for need in needs:
                if need.isdisjoint(present):
                    break
            else:
                spent += expression.cost
                for start, end in expression.find(sentence):
                    hits.append((owner, start, end))
        return hits, spent


def _sentences(line: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, sentence with the breaks around it), long ones in overlapping windows."""
    begin = 0
    while begin < len(line) - 1:
        end = line.find(END, begin + 1)
        end = len(line) if end < 0 else end + 1
        if end - begin <= _WINDOW:
            yield begin, line[begin:end]
        else:
            yield from _windows(line, begin, end)
        begin = end - 1


def _windows(line: str, begin: int, end: int) -> Iterator[tuple[int, str]]:
    for offset in range(begin, max(end - _WINDOW + _STRIDE, begin + 1), _STRIDE):
        yield offset, line[offset : min(offset + _WINDOW, end)]


def _across(rule: Rule) -> Rule:
    """Return the rule with only those of its phrases that go on in the next sentence."""
    return replace(rule, phrases=tuple(phrase for phrase in rule.phrases if crosses(phrase)))


def _fits(exclusion: Exclusion, first: int, last: int, rule: Rule, start: int, end: int) -> bool:
    """Tell whether an exclusion, found from `first` to `last`, excuses a rule found from `start` to `end`."""
    reach = _CLOSE if exclusion.scope == "sentence" else 0
    return rule.name in exclusion.cancels and first < end + reach and last > start - reach


def _final(find: _Find) -> bool:
    """Tell whether nothing that follows could change the outcome."""
    return find.excuse is None and find.rule.level == LEVELS[-1]
