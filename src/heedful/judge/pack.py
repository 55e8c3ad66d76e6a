"""Read the packs: rules that people can edit, in TOML, and look for what they name."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec

from heedful.errors import ConfigError
from heedful.judge.phrase import Phrase, read, read_lists
from heedful.judge.wording import Wording

_FOLDER = Path(__file__).parent / "packs"
_MOST = 16
"""Finds of one rule in one text; more of the same say nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a rule looks for and what follows from it."""

    name: str
    """What it is called in findings."""
    why: str = ""
    """Why it matters, in a sentence."""
    better: str = ""
    """What would be better, in a sentence."""
    level: int = 0
    """For mechanisms: how strongly the words show it, 1 or 2."""
    weight: float = 0.0
    """For flags: how much it speaks against a reply, in log odds."""
    replier: str = "anyone"
    """Whose words it is about: anyone, or software."""
    phrases: tuple[str, ...]
    """Any of these is a find."""
    unless: tuple[str, ...] = ()
    """A find that shares words with any of these is none."""
    message: tuple[str, ...] = ()
    """If given, the message that is replied to has to hold one of these."""
    unless_message: tuple[str, ...] = ()
    """If the message holds one of these, there is no find."""


@dataclass(frozen=True, slots=True)
class Find:
    """A rule's words in a text."""

    first: int
    """Number of the first word."""
    last: int
    """Number of the last word."""


class Index:
    """Phrases, found by the words that they can begin with."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        by_word: dict[str, list[str]] = {}
        for phrase in phrases:
            for word in phrase.first:
                by_word.setdefault(word, []).append(phrase.pattern)
        self._by_word = by_word
        self._compiled: dict[str, re.Pattern[str]] = {}
        self.first = frozenset(by_word)

    def find(self, text: Wording, most: int = _MOST) -> list[Find]:
        """Return where any of the phrases stands, in order, no two sharing a word, at most `most`."""
        finds: list[Find] = []
        free = 0
        for number, word in enumerate(text.words):
            if number >= free and word in self.first:
                match = self._pattern(word).match(text.plain, text.starts[number])
                if match:
                    last = text.place(match.end() - 1)
                    finds.append(Find(number, last))
                    free = last + 1
                    if len(finds) == most:
                        break
        return finds

    def _pattern(self, word: str) -> re.Pattern[str]:
        if word not in self._compiled:
            self._compiled[word] = re.compile("|".join(self._by_word[word]))
        return self._compiled[word]


class Matcher:
    """A rule, ready to be looked for."""

    def __init__(self, rule: Rule, lists: Mapping[str, Phrase], where: str) -> None:
        self.rule = rule
        at = f"{where}, {rule.name}"
        self._phrases = Index([read(phrase, lists, at) for phrase in rule.phrases])
        self._unless = Index([read(phrase, lists, at).reach for phrase in rule.unless])
        self._message = Index([read(phrase, lists, at) for phrase in rule.message])
        self._unless_message = Index([read(phrase, lists, at) for phrase in rule.unless_message])

    def find(self, reply: Wording, message: Wording) -> list[Find]:
        """Return what the rule finds in a reply to a message, in order."""
        finds = self._phrases.find(reply)
        if finds and self.rule.message and not self._message.find(message, 1):
            return []
        if finds and self.rule.unless_message and self._unless_message.find(message, 1):
            return []
        if finds and self.rule.unless:
            excuses = self._unless.find(reply, len(reply.words))
            finds = [find for find in finds if not any(_meet(find, excuse) for excuse in excuses)]
        return finds


@functools.cache
def read_pack(name: str) -> Mapping[str, tuple[Matcher, ...]]:
    """Return the rules of a pack by kind, in the order of the file.

    Raises:
        ConfigError: the pack is missing, is not TOML, or holds something that cannot be read; the message says where.
    """
    where = f"judge/packs/{name}.toml"
    try:
        pack = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{where} cannot be read as TOML: {error}. Restore it from the package.") from error
    return matchers(pack, where)


def matchers(pack: Mapping[str, Any], where: str) -> dict[str, tuple[Matcher, ...]]:
    """Return the rules of a pack that was read; raise ConfigError if one cannot be read."""
    lists = read_lists(pack.get("lists", {}), where)
    kinds = {kind: rules for kind, rules in pack.items() if kind != "lists"}
    known = {field.name for field in fields(Rule)}
    for kind, rules in kinds.items():
        for rule in rules if isinstance(rules, list) else []:
            if isinstance(rule, dict) and (unknown := sorted(rule.keys() - known)):
                raise ConfigError(
                    f"{where}, {kind}: unknown field {unknown[0]!r}. Known are: {', '.join(sorted(known))}."
                )
    try:
        read_rules = {kind: msgspec.convert(rules, tuple[Rule, ...], strict=True) for kind, rules in kinds.items()}
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {error}. The fields are those of heedful.judge.pack.Rule.") from error
    return {kind: tuple(Matcher(rule, lists, where) for rule in rules) for kind, rules in read_rules.items()}


def _meet(one: Find, other: Find) -> bool:
    return one.first <= other.last and other.first <= one.last
