"""Read the packs of patterns: regular expressions that people can edit, checked when they are loaded.

A pattern is matched on whole words of the plain form (see `wording`). Besides a plain regular expression it may hold
`<name>`, which stands for the words listed under `[groups]` in `words.toml`; `<one>`, somebody of the person's own, and
`<pet>`, their animal (see `people`); and `<0-3>`, up to three words of any kind, each with the blank after it; not
past "my", "that", "and" and the like, where another thing begins.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from heedful.errors import ConfigError

MARK = "\ue000"
"""Stands before what replaces a name; it is in no plain text, for private-use characters are taken out of it."""
_NAMES = {"one": f"{MARK}p[0-9]{{1,3}}", "pet": f"{MARK}a[0-9]{{1,3}}"}
_FOLDER = Path(__file__).parent
_GAP = re.compile(r"<0-([1-9])>")
_GROUP = re.compile(r"(?<!\?P)<([a-z_]+)>")
_ANY_WORD = r"(?:(?!(?:my|our|your|his|her|their|whose|i|that|and|but|because|if)\b)[\w'-]+ )"
_UNBOUNDED = re.compile(r"[*+]|\{\d*,\}")
_QUANTIFIER = re.compile(r"[*+?]|\{\d*,?\d*\}")
_KEY = 3
_WORD = re.compile(rf"[\w'{MARK}]+")
_COMMON = frozenset(
    "i my the to a an and was for it of in me so tha is we he she the hav had not got jus on wit be bee has at get "
    "\ue000p \ue000a are i'm it's don did all thi you our out up wer but his her can one i've or by no".split()
)
"""First letters of the commonest words: a pattern is looked for by another of its words where it has one."""


@functools.cache
def read_pack(name: str) -> dict[str, Any]:
    """Return a pack of this folder as plain values; raise ConfigError if it is missing or not TOML."""
    try:
        return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"understand/{name} cannot be read as TOML: {error}. Restore it from the package.") from error


class Patterns:
    """Many patterns, searched at once: an index on the first letters of words leaves few of them to try."""

    def __init__(self, sources: Sequence[tuple[str, str]], groups: Mapping[str, str] | None = None) -> None:
        """Check and index patterns.

        Args:
            sources: (where it stands, the pattern); where = file, kind and key, for errors.
            groups: what `<name>` stands for, as regular expressions; by default the `[groups]` of `words.toml`.

        Raises:
            ConfigError: a pattern is empty, no regular expression, could take very long, or names an unknown group.
        """
        groups = shared_groups() if groups is None else groups
        self._places = [place for place, _ in sources]
        self._expanded = [expand(pattern, groups, place) for place, pattern in sources]
        self._compiled: dict[int, re.Pattern[str]] = {}
        self._index: dict[str, list[int]] = {}
        for number, (_, pattern) in enumerate(sources):
            for key in keys_of(pattern, groups) or ("",):
                self._index.setdefault(key, []).append(number)

    def find(self, marked: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Yield (number of the pattern, its first match) for every pattern found, by number.

        Args:
            marked: a plain text, names in it marked by `people.mark` if patterns with <one> or <pet> are to be found.
        """
        keys = {word[:_KEY] if word[0] != MARK else word[:2] for word in _WORD.findall(marked)}
        keys.add("")
        wanted = {number for key in keys if key in self._index for number in self._index[key]}
        for number in sorted(wanted):
            if match := self.compiled(number).search(marked):
                yield number, match

    def compiled(self, number: int) -> re.Pattern[str]:
        """Return a pattern, compiled at its first use: most are never met by one person."""
        if number not in self._compiled:
            self._compiled[number] = compile_pattern(self._expanded[number], self._places[number])
        return self._compiled[number]

    def __len__(self) -> int:
        """Return how many patterns there are."""
        return len(self._expanded)


def compile_pattern(expanded: str, place: str) -> re.Pattern[str]:
    """Compile an expanded pattern on whole words; raise ConfigError naming its place."""
    try:
        return re.compile(rf"(?<![\w'{MARK}])(?:{expanded})(?!\w)")
    except re.error as error:
        raise ConfigError(f"{place}: {expanded[:80]!r} is not a regular expression: {error}. Correct it.") from error


def expand(pattern: str, groups: Mapping[str, str], place: str) -> str:
    """Return a pattern with its groups and gaps written out; raise ConfigError if it is unknown or slow."""
    if not isinstance(pattern, str):
        raise ConfigError(f"{place}: {pattern!r} is not a text. Patterns are regular expressions in quotes.")
    if not pattern.strip():
        raise ConfigError(f"{place}: a pattern is empty. Write one, or take it out.")
    if reason := _slow(pattern):
        raise ConfigError(f"{place}: {pattern!r} could take very long: {reason}. Write it without.")
    if unknown := [name for name in _GROUP.findall(pattern) if name not in groups and name not in _NAMES]:
        raise ConfigError(
            f"{place}: {pattern!r} names the group <{unknown[0]}>. Known are: {', '.join(sorted(groups))}."
        )
    return _fill(_GAP.sub(lambda match: f"{_ANY_WORD}{{0,{match[1]}}}?", pattern), groups)


def read_groups(pack: Mapping[str, Sequence[str]], place: str) -> dict[str, str]:
    """Return name -> regular expression for a table of word lists; a list may use the groups above it."""
    groups: dict[str, str] = {}
    for name, words in pack.items():
        groups[name] = f"(?:{'|'.join(expand(word, groups, f'{place}, {name}') for word in words)})"
    return groups


def keys_of(pattern: str, groups: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return first letters of words, one of which every match must contain, or None if that cannot be told."""
    found: set[str] = set()
    for branch in _parts(_fill(_GAP.sub(" ", pattern), groups), "|"):
        slots = [keys for slot in _parts(branch, " ") if (keys := _first_letters(slot, ended=True))]
        if not slots:
            return None
        found |= min(slots, key=lambda keys: (len(keys & _COMMON), len(keys)))
    return tuple(sorted(found))


@functools.cache
def shared_groups() -> Mapping[str, str]:
    """Return the `[groups]` of `words.toml` as regular expressions."""
    return read_groups(read_pack("words.toml")["groups"], "words.toml, [groups]")


def _fill(pattern: str, groups: Mapping[str, str]) -> str:
    return _GROUP.sub(lambda match: _NAMES.get(match[1]) or groups[match[1]], pattern)


def _slow(pattern: str) -> str | None:
    """Say why a pattern could take time beyond proportion, or None."""
    if re.search(r"\.[*+]|\.\{\d*,\}|\\[WwSsDd][*+]\\?[WwSsDd.]", pattern):
        return "it repeats 'any character' without an end"
    if re.search(r"\\[1-9]|\(\?P=", pattern):
        return "it refers back to a group"
    open_groups: list[bool] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 2
            continue
        if character == "[":
            at = pattern.find("]", at + 2)
            if at < 0:
                return "a '[' is never closed"
        elif character == "(":
            open_groups.append(False)
        elif character == ")" and open_groups:
            repeats_inside = open_groups.pop()
            outer = _QUANTIFIER.match(pattern, at + 1)
            if repeats_inside and outer and outer[0] != "?":
                return "a repetition stands within a repetition"
            if open_groups:
                open_groups[-1] |= repeats_inside or bool(outer and outer[0] != "?")
        elif _UNBOUNDED.match(pattern, at) and open_groups:
            open_groups[-1] = True
        at += 1
    return None


def _parts(pattern: str, mark: str) -> list[str]:
    """Split at a mark outside of all brackets."""
    parts, depth, start, at = [], 0, 0, 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == mark and depth == 0:
            parts.append(pattern[start:at])
            start = at + 1
        at += 1
    parts.append(pattern[start:])
    return [part for part in parts if part or mark == "|"]


def _first_letters(slot: str, *, ended: bool) -> set[str] | None:
    """Return the first letters a slot can begin with; None if it may be empty or begin with anything."""
    while slot.startswith(("(?=", "(?!", "(?<=", "(?<!")):
        slot = slot[_closing(slot) + 1 :]
    if not slot.startswith("("):
        return _literal(slot, ended=ended)
    close = _closing(slot)
    inner = slot[slot.index("(") + 1 : close]
    inner = inner[2:] if inner.startswith("?:") else inner.partition(">")[2] if inner.startswith("?P<") else inner
    rest = slot[close + 1 :]
    branches = _parts(inner, "|")
    if rest.startswith(("?", "*", "{0")):
        after = rest.lstrip("?*") if rest[0] != "{" else rest.partition("}")[2].lstrip("?")
        words = all(branch.endswith(" ") for branch in branches)
        return _first_letters(after, ended=ended) if words and after else None
    found: set[str] = set()
    for branch in branches:
        first = _parts(branch, " ")
        keys = _first_letters(first[0], ended=(ended and not rest) or " " in branch) if first else None
        if not keys:
            return None
        found |= keys
    return found


def _literal(slot: str, *, ended: bool) -> set[str] | None:
    if slot.startswith(MARK):
        return {slot[:2]}
    word = re.match(r"[a-z0-9']*", slot)
    letters = word[0] if word else ""
    rest = slot[len(letters) :]
    if rest.startswith(("?", "*", "{")):
        letters, rest = letters[:-1], "?"
    if len(letters) >= _KEY:
        return {letters[:_KEY]}
    whole = ended and (not rest or rest.startswith(("(?=", "(?!", ",")))
    return {letters} if letters and whole else None


def _closing(pattern: str) -> int:
    """Return where the bracket that opens a pattern is closed."""
    depth = 0
    for at, character in enumerate(pattern):
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return at
    return len(pattern) - 1
