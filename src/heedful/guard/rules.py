"""Read the rules and exclusions of a pack."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from heedful.errors import ConfigError
from heedful.guard.pack import choice, entries, flag, known_keys, read, text, texts
from heedful.guard.patterns import Phrase, parse, parse_lists
from heedful.guard.scan import LEVELS, SCOPES, Exclusion, Rule, Scanner
from heedful.types import Level

_LEFT: tuple[Level, ...] = ("none", "concern")


def read_scanner(source: str, kinds: tuple[str, ...], wanted: tuple[str, ...]) -> Scanner:
    """Return the scanner of a pack whose rules have no levels.

    Args:
        source: the file's name.
        kinds: the kinds that its rules may have.
        wanted: the kinds that are looked for.

    Raises:
        ConfigError: naming file, entry and key.
    """
    rules, exclusions = _pack(source, kinds)
    chosen = [rule for rule in rules if rule.kind in wanted]
    names = {rule.name for rule in chosen}
    return Scanner(chosen, [exclusion for exclusion in exclusions if exclusion.cancels & names])


@functools.cache
def _pack(source: str, kinds: tuple[str, ...]) -> tuple[list[Rule], list[Exclusion]]:
    data = read(source)
    rules = read_rules(data, source, kinds, ("none",))
    return rules, read_exclusions(data, source, rules)


def read_rules(data: Mapping[str, Any], source: str, kinds: tuple[str, ...], levels: tuple[Level, ...]) -> list[Rule]:
    """Return the [[rule]] entries of a pack.

    Args:
        data: the pack as plain data.
        source: the file's name, for error messages.
        kinds: the kinds that a rule may have.
        levels: the levels that a rule may have; where there is only one, a pack need not write it.

    Raises:
        ConfigError: naming file, entry and key.
    """
    lists = _lists(data, source)
    rules: dict[str, Rule] = {}
    for entry in entries(data, "rule", source):
        where = f"{source}, rule {entry.get('name', '(without a name)')!r}"
        known_keys(entry, where, ("name", "kind", "level", "why", "always", "patterns"))
        name = text(entry, "name", where)
        if name in rules:
            raise ConfigError(f"{where}: the name is used twice. Join the two entries.")
        rules[name] = Rule(
            name=name,
            kind=choice(entry, "kind", where, kinds),
            level=choice(entry, "level", where, levels, levels[0] if len(levels) == 1 else None),
            why=text(entry, "why", where),
            always=flag(entry, "always", where),
            phrases=_phrases(entry, "patterns", lists, where),
        )
    return list(rules.values())


def read_more(data: Mapping[str, Any], source: str, rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules with the [[more]] patterns of another file added to them; raise ConfigError as above."""
    lists = _lists(data, source)
    grown = {rule.name: rule for rule in rules}
    for entry in entries(data, "more", source):
        where = f"{source}, more patterns for rule {entry.get('rule', '(without a name)')!r}"
        known_keys(entry, where, ("rule", "language", "patterns"))
        text(entry, "language", where)
        rule = grown[choice(entry, "rule", where, tuple(grown))]
        grown[rule.name] = replace(rule, phrases=rule.phrases + _phrases(entry, "patterns", lists, where))
    return list(grown.values())


def read_exclusions(data: Mapping[str, Any], source: str, rules: Sequence[Rule]) -> list[Exclusion]:
    """Return the [[exclusion]] entries of a pack; raise ConfigError naming file, entry and key."""
    lists = _lists(data, source)
    exclusions: list[Exclusion] = []
    for entry in entries(data, "exclusion", source):
        where = f"{source}, exclusion {entry.get('name', '(without a name)')!r}"
        known_keys(entry, where, ("name", "why", "cancels", "scope", "leaves", "patterns", "unless"))
        exclusions.append(
            Exclusion(
                name=text(entry, "name", where),
                why=text(entry, "why", where),
                cancels=_cancelled(texts(entry, "cancels", where), rules, where),
                scope=choice(entry, "scope", where, SCOPES),
                leaves=choice(entry, "leaves", where, _LEFT, "none"),
                phrases=_phrases(entry, "patterns", lists, where),
                unless=_phrases(entry, "unless", lists, where) if "unless" in entry else (),
            )
        )
    return exclusions


def level_rank(level: Level) -> int:
    """Return how pressing a level is: 0 for none."""
    return LEVELS.index(level)


def _lists(data: Mapping[str, Any], source: str) -> dict[str, Phrase]:
    lists = data.get("lists", {})
    if not isinstance(lists, dict):
        raise ConfigError(f"{source}: [lists] must be a table of lists of phrases.")
    return parse_lists({name: texts(lists, name, f"{source}, lists") for name in lists}, source)


def _phrases(entry: dict[str, Any], key: str, lists: Mapping[str, Phrase], where: str) -> tuple[Phrase, ...]:
    return tuple(parse(pattern, lists, where) for pattern in texts(entry, key, where))


def _cancelled(names: Sequence[str], rules: Sequence[Rule], where: str) -> frozenset[str]:
    """Return the rules that the names stand for; "suicide.*" is every rule whose name begins so."""
    cancelled: set[str] = set()
    for name in names:
        fits = {
            each.name for each in rules if each.name == name or (name[-1] == "*" and each.name.startswith(name[:-1]))
        }
        if not fits:
            raise ConfigError(f"{where}: cancels names {name!r}, but no rule is called so.")
        cancelled |= fits
    return frozenset(cancelled)
