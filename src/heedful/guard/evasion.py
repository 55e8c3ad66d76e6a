"""Hold what the pack `evasion.toml` says about how words are hidden, shortened and misspelt, ready for looking up."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from heedful.errors import ConfigError
from heedful.guard.pack import known_keys, read, texts

BREAK = "."
"""Stands between two sentences in a list of words."""
DOUBLED = re.compile(r"(\w)\1+")
"""A letter that is written more than once."""

_PACK = "evasion.toml"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_TABLES = ("look_alikes", "leet", "words", "contractions", "contractions_need_apostrophe", "spelling", "also")
_LISTS = ("hidden", "glue", "ordinary", "fillers", "long")


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything that reading a word looks up."""

    hidden: frozenset[str]
    """Words worth hiding, which are looked for behind disguises."""
    known: frozenset[str]
    """Words that are what they are: the hidden ones, those between them, and ordinary ones that look like them."""
    fillers: frozenset[str]
    """Words that are left out."""
    spelling: Mapping[str, tuple[str, ...]]
    """Contraction, short form or misspelling -> the words that it stands for."""
    pairs: Mapping[tuple[str, str], tuple[str, ...]]
    """Two words in a row -> the words that they stand for."""
    also: Mapping[str, tuple[str, ...]]
    """Word -> the others that it may also be read as; "#" is any number."""
    look_alikes: Mapping[int, str]
    """Code point of another script -> the Latin letter that it looks like."""
    leet: Mapping[str, str]
    """Word after translating by `leet_key` -> the word."""
    leet_key: Mapping[int, str | None]
    """Digits and signs -> the letter that they stand for, where "l" and "i" are one; other signs -> nothing."""
    digits: Mapping[int, str]
    """Digits -> the letter that they most often stand for."""
    shapes: Mapping[tuple[str, int], tuple[str, ...]]
    """(First letter, length) -> the hidden words of that shape."""
    sizes: Mapping[str, tuple[int, ...]]
    """First letter -> lengths of the known words that begin with it, longest first."""
    slips: Mapping[str, str]
    """What one slip of the finger makes of a long hidden word -> the word."""
    squeezed: Mapping[str, str]
    """Hidden word with every letter once -> the word."""
    prefixes: frozenset[str]
    """Beginnings of hidden words."""
    starts: frozenset[str]
    """Words with which something may begin that belongs together but stands apart."""


@functools.cache
def tables() -> Tables:
    """Return the tables of the pack; raise ConfigError naming file and key if it is malformed."""
    data = read(_PACK)
    known_keys(data, _PACK, _TABLES)
    sections = {name: _section(data, name) for name in _TABLES}
    lists = {name: frozenset(texts(sections["words"], name, f"{_PACK}, words")) for name in _LISTS}
    hidden = lists["hidden"]
    known = hidden | lists["glue"] | lists["ordinary"]
    spelling, pairs = _spelling(sections)
    leet, leet_key = _leet(sections["leet"], sorted({*spelling, *known}), hidden)
    prefixes = {word[:size] for word in hidden for size in range(1, len(word))}
    shapes: dict[tuple[str, int], tuple[str, ...]] = {}
    for word in sorted(hidden):
        shapes[word[0], len(word)] = (*shapes.get((word[0], len(word)), ()), word)
    return Tables(
        hidden=hidden,
        known=known,
        fillers=lists["fillers"],
        spelling=spelling,
        pairs=pairs,
        also={word: texts(sections["also"], word, f"{_PACK}, also") for word in sections["also"]},
        look_alikes={ord(sign): letter for letter, signs in sections["look_alikes"].items() for sign in signs},
        leet=leet,
        leet_key=leet_key,
        digits={ord(digit): letters[0] for digit, letters in sections["leet"].items() if digit.isdigit()},
        shapes=shapes,
        sizes={
            letter: tuple(sorted({len(word) for word in known if word[0] == letter}, reverse=True))
            for letter in _ALPHABET
        },
        slips={
            slip: word for word in sorted(lists["long"]) for slip in _slips(word) if slip not in {*known, *spelling}
        },
        squeezed={DOUBLED.sub(r"\1", word): word for word in sorted(hidden, reverse=True)},
        prefixes=frozenset(prefixes),
        starts=frozenset({BREAK, *_ALPHABET, *"0123456789", *prefixes, *(first for first, _ in pairs)}),
    )


def _section(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = data.get(name)
    if not isinstance(section, dict):
        raise ConfigError(f"{_PACK}: the table [{name}] is missing.")
    return section


def _spelling(
    sections: Mapping[str, dict[str, Any]],
) -> tuple[dict[str, tuple[str, ...]], dict[tuple[str, str], tuple[str, ...]]]:
    """Return what single words and pairs of words stand for."""
    spelling: dict[str, tuple[str, ...]] = {}
    pairs: dict[tuple[str, str], tuple[str, ...]] = {}
    guarded = set(texts(sections["contractions_need_apostrophe"], "words", f"{_PACK}, contractions_need_apostrophe"))
    for short, full in sections["contractions"].items():
        words = tuple(full.split())
        before, after = short.split("'")
        spelling[short] = pairs[before, after] = words
        if short not in guarded:
            spelling[before + after] = words
    for short, full in sections["spelling"].items():
        if " " in short:
            first, second = short.split()
            pairs[first, second] = tuple(full.split())
        else:
            spelling[short] = tuple(full.split())
    return spelling, pairs


def _leet(
    signs: Mapping[str, str], words: list[str], hidden: frozenset[str]
) -> tuple[dict[str, str], dict[int, str | None]]:
    """Return the words by what they look like in leetspeak, and the translation that gives that look."""
    key: dict[int, str | None] = {ord(sign): None for sign in "-_.,'\"*/\\~^&%#:;?<>[]{}()"}
    key |= {ord(sign): letters[0] for sign, letters in signs.items()}
    key[ord("l")] = "i"  # "1", "!" and "|" stand for either
    # The hidden words come last: of two words with one look, the hidden one is meant.
    by_look = {word.translate(key): word for word in sorted(words, key=hidden.__contains__) if len(word) > 1}
    return by_look, key


def _slips(word: str) -> Iterator[str]:
    """Yield everything that one slip of the finger makes of a word."""
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        for letter in _ALPHABET:
            yield word[:at] + letter + word[at:]
            yield word[:at] + letter + word[at + 1 :]
