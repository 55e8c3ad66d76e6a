"""Find what the rules of a pack are about, and what excuses a find."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from heedful.errors import ConfigError
from heedful.guard.pack import choice, entries, known_keys, text, texts
from heedful.guard.patterns import Automaton, Way, parse
from heedful.guard.words import BREAK, Words
from heedful.types import Finding, Level

Scope = Literal["words", "sentence", "message"]

LEVELS: tuple[Level, ...] = get_args(Level)
"""From nothing to the most pressing."""
_REACH = 60
"""A sentence is taken to reach at most so many words to either side of a find."""
_PATIENCE = 20_000
"""After so many comparisons of finds with excuses, what is left of a text is not excused any more."""


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
    ways: tuple[Way, ...] = field(repr=False)
    """The phrases, spelt out."""


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
    """words: it shares words with the find; sentence: it stands in the same sentence; message: anywhere."""
    leaves: Level
    """What is left of the find's level."""
    ways: tuple[Way, ...] = field(repr=False)
    """The phrases, spelt out."""


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


class Scanner:
    """Applies the rules and exclusions of a pack. Thread-safe; time is linear in the length of the text."""

    def __init__(self, rules: Sequence[Rule], exclusions: Sequence[Exclusion]) -> None:
        self.rules = tuple(rules)
        self.exclusions = tuple(exclusions)
        owners: list[Rule | Exclusion] = []
        ways: list[Way] = []
        for owner in (*self.rules, *self.exclusions):
            ways.extend(owner.ways)
            owners.extend([owner] * len(owner.ways))
        self._owners = tuple(owners)
        self._automaton = Automaton(ways)

    def scan(self, words: Words) -> list[Match]:
        """Return what was found, at most one match per rule and excuse, in the order of the text."""
        finds, excuses = self._sorted(words)
        if not finds:
            return []
        jury = _Jury(words, self._automaton, excuses)
        matches: dict[tuple[str, str], Match] = {}
        settled: set[str] = set()
        for end, number, rule in finds:
            if rule.name in settled:
                continue
            begin = self._automaton.begin(number, words.words, end)
            excuse = jury.excuse(rule, begin, end)
            if excuse is None:
                settled.add(rule.name)
            key = (rule.name, excuse.name if excuse else "")
            level = excuse.leaves if excuse else rule.level
            matches.setdefault(key, Match(rule, level, Finding(rule.name, words.quote(begin, end), rule.why), excuse))
        return list(matches.values())

    def _sorted(self, words: Words) -> tuple[list[tuple[int, int, Rule]], list[tuple[int, int, Exclusion]]]:
        finds: list[tuple[int, int, Rule]] = []
        excuses: list[tuple[int, int, Exclusion]] = []
        for end, numbers in self._automaton.find(words.words):
            for number in numbers:
                owner = self._owners[number]
                if isinstance(owner, Rule):
                    finds.append((end, number, owner))
                else:
                    excuses.append((end, number, owner))
        return finds, excuses


class _Jury:
    """Decides which finds of one text are excused."""

    def __init__(self, words: Words, automaton: Automaton, excuses: list[tuple[int, int, Exclusion]]) -> None:
        self._words, self._automaton, self._excuses = words, automaton, excuses
        self._ends = [end for end, _, _ in excuses]
        self._breaks = [index for index, word in enumerate(words.words) if word == BREAK] if excuses else []
        self._anywhere = {owner.name: owner for _, _, owner in excuses if owner.scope == "message"}
        self._patience = _PATIENCE

    def excuse(self, rule: Rule, begin: int, end: int) -> Exclusion | None:
        """Return the exclusion that leaves least of a find, or None if nothing excuses it."""
        if not self._excuses:
            return None
        found = [owner for owner in self._anywhere.values() if rule.name in owner.cancels]
        first, last = self._sentence(begin, end)
        for index in range(bisect_left(self._ends, first), bisect_right(self._ends, last)):
            self._patience -= 1
            if self._patience < 0:
                return None
            stop, number, owner = self._excuses[index]
            if rule.name not in owner.cancels or owner.scope == "message" or owner in found:
                continue
            if owner.scope == "sentence" or self._overlaps(number, stop, begin, end):
                found.append(owner)
        return min(found, key=lambda owner: LEVELS.index(owner.leaves), default=None)

    def _overlaps(self, number: int, stop: int, begin: int, end: int) -> bool:
        return stop >= begin and self._automaton.begin(number, self._words.words, stop) <= end

    def _sentence(self, begin: int, end: int) -> tuple[int, int]:
        before = bisect_right(self._breaks, begin) - 1
        after = bisect_left(self._breaks, end)
        first = self._breaks[before] if before >= 0 else 0
        last = self._breaks[after] if after < len(self._breaks) else len(self._words.words)
        return max(first, begin - _REACH), min(last, end + _REACH)


def read_rules(data: Mapping[str, Any], source: str, kinds: tuple[str, ...], levels: tuple[Level, ...]) -> list[Rule]:
    """Return the [[rule]] entries of a pack.

    Args:
        data: the pack as plain data.
        source: the file's name, for error messages.
        kinds: the kinds that a rule may have; its name begins with one of them.
        levels: the levels that a rule may have; where there is only one, packs need not write it.

    Raises:
        ConfigError: naming file, entry and key.
    """
    lists = _lists(data, source)
    rules: dict[str, Rule] = {}
    for entry in entries(dict(data), "rule", source):
        where = f"{source}, rule {entry.get('name', '(without a name)')!r}"
        known_keys(entry, where, ("name", "kind", "level", "why", "patterns"))
        name = text(entry, "name", where)
        if name in rules:
            raise ConfigError(f"{where}: the name is used twice. Join the two entries.")
        level = choice(entry, "level", where, levels, levels[0] if len(levels) == 1 else None)
        ways = _ways(texts(entry, "patterns", where), lists, where)
        rules[name] = Rule(name, choice(entry, "kind", where, kinds), _level(level), text(entry, "why", where), ways)
    return list(rules.values())


def read_more(data: Mapping[str, Any], source: str, rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules with the [[more]] patterns of another file added to them, rule by rule.

    Raises:
        ConfigError: naming file, entry and key.
    """
    lists = _lists(data, source)
    grown = {rule.name: rule for rule in rules}
    for entry in entries(dict(data), "more", source):
        where = f"{source}, more patterns for rule {entry.get('rule', '(without a name)')!r}"
        known_keys(entry, where, ("rule", "language", "patterns"))
        text(entry, "language", where)
        rule = grown.get(text(entry, "rule", where))
        if rule is None:
            raise ConfigError(f"{where}: there is no such rule. Known are: {', '.join(grown)}.")
        ways = rule.ways + _ways(texts(entry, "patterns", where), lists, where)
        grown[rule.name] = Rule(rule.name, rule.kind, rule.level, rule.why, ways)
    return list(grown.values())


def read_exclusions(data: Mapping[str, Any], source: str, rules: Sequence[Rule]) -> list[Exclusion]:
    """Return the [[exclusion]] entries of a pack; raise ConfigError naming file, entry and key."""
    lists = _lists(data, source)
    exclusions: list[Exclusion] = []
    for entry in entries(dict(data), "exclusion", source):
        where = f"{source}, exclusion {entry.get('name', '(without a name)')!r}"
        known_keys(entry, where, ("name", "why", "cancels", "scope", "leaves", "patterns"))
        scope: Scope = "words"
        for each in get_args(Scope):
            if choice(entry, "scope", where, get_args(Scope)) == each:
                scope = each
        exclusions.append(
            Exclusion(
                name=text(entry, "name", where),
                why=text(entry, "why", where),
                cancels=_cancelled(texts(entry, "cancels", where), rules, where),
                scope=scope,
                leaves=_level(choice(entry, "leaves", where, ("none", "concern"), "none")),
                ways=_ways(texts(entry, "patterns", where), lists, where),
            )
        )
    return exclusions


def _level(value: str) -> Level:
    return LEVELS[LEVELS.index(value)]  # type: ignore[arg-type]


def _lists(data: Mapping[str, Any], source: str) -> dict[str, tuple[str, ...]]:
    lists = data.get("lists", {})
    if not isinstance(lists, dict):
        raise ConfigError(f"{source}: [lists] must be a table of lists of phrases.")
    return {name: texts(lists, name, f"{source}, lists") for name in lists}


def _ways(patterns: Sequence[str], lists: Mapping[str, Sequence[str]], where: str) -> tuple[Way, ...]:
    return tuple(way for pattern in patterns for way in parse(pattern, lists, where))


def _cancelled(names: Sequence[str], rules: Sequence[Rule], where: str) -> frozenset[str]:
    """Return the rules that the names stand for; "suicide.*" is every rule whose name begins so."""
    cancelled: set[str] = set()
    for name in names:
        fits = {rule.name for rule in rules if rule.name == name or (name.endswith("*") and rule.name.startswith(name[:-1]))}
        if not fits:
            raise ConfigError(f"{where}: cancels names {name!r}, but no rule is called so.")
        cancelled |= fits
    return frozenset(cancelled)
