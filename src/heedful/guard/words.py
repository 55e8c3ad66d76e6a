"""Turn any text into plain words, with everything that hides a word undone."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from heedful.errors import ConfigError
from heedful.guard.pack import read
from heedful.models.normalise import normalise

BREAK = "."
"""Stands between two sentences in a list of words."""

_PACK = "evasion.toml"
_JAPANESE = "々〆ー぀-ヿ㐀-䶿一-鿿"
# A Japanese character is a word of its own; anything else goes up to the next blank. The limit keeps the work per
# piece small however long a text runs without a blank.
_CHUNK = re.compile(rf"[{_JAPANESE}]|[^\s{_JAPANESE}]{{1,64}}")
_ACCENTS = re.compile("[\u0300-\u036f]")
_EDGES = re.compile(r"^[^\w#@$!|(*]*(.*?)[^\w*]*$", re.DOTALL)
_ENDING = re.compile(r"(?<!\.)(?:\.(?!\.)|[!?;。]+\.?)[\"')\]*]*$")
_PIECE = re.compile(r"[^\W_]+|[.!?;。]")
_LETTERS = re.compile(r"[\W_]+")
_DOUBLED = re.compile(r"(\w)\1+")
_BOXED = re.compile("[\U0001f130-\U0001f189\U0001f1e6-\U0001f1ff]")
_BOXES = {
    start + index: chr(ord("a") + index)
    for start in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
    for index in range(26)
    if start + index <= 0x1F189 or start == 0x1F1E6
}
_JOINED_FROM = 8
_READINGS = 16
"""At most so many readings of one leetspeak word are tried."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text as plain words, and where in the text each one stood."""

    text: str
    """The normalised text."""
    words: tuple[str, ...]
    """Lower-case words without accents; BREAK before, between and after sentences."""
    spans: tuple[tuple[int, int], ...]
    """For each word, its first character in `text` and one past its last."""

    def quote(self, first: int, last: int) -> str:
        """Return the part of the text from word `first` to word `last`, at most 200 characters."""
        return self.text[self.spans[first][0] : self.spans[last][1]][:200].strip(" .!?;,")


@dataclass(frozen=True, slots=True)
class _Tables:
    look_alikes: Mapping[int, str]
    leet: Mapping[str, str]
    hidden: frozenset[str]
    known: frozenset[str]
    spelling: Mapping[str, tuple[str, ...]]
    pairs: Mapping[tuple[str, str], tuple[str, ...]]
    slips: Mapping[str, str]
    squeezed: Mapping[str, str]


def to_words(text: str) -> Words:
    """Return the plain words of any string, hidden and misspelt ones restored.

    Undone are look-alike letters, accents, leetspeak, asterisks, letters set apart or doubled, words run together,
    contractions with and without their apostrophe, and common misspellings. Time is linear in the length.

    Examples:
        >>> " ".join(to_words("I dont want 2 l!ve, k 1 l l m3").words)
        '. i do not want 2 live kill me .'
    """
    plain = normalise(text.translate(_BOXES) if _BOXED.search(text) else text)
    words: list[str] = [BREAK]
    spans: list[tuple[int, int]] = [(0, 0)]
    for match in _CHUNK.finditer(plain):
        span = match.span()
        for word in _read(match[0]):
            words.append(word)
            spans.append(span)
    words.append(BREAK)
    spans.append((len(plain), len(plain)))
    kept = _joined(words)
    return Words(plain, tuple(word for word, _, _ in kept), tuple((spans[i][0], spans[j][1]) for _, i, j in kept))


def also() -> Mapping[str, tuple[str, ...]]:
    """Return the words that may also be read as others, with those readings; "#" is any number."""
    return {word: tuple(readings) for word, readings in _section("also").items()}


def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a short phrase of a pack, without BREAK: the form in which `to_words` gives them."""
    return tuple(word for word in to_words(text).words if word != BREAK)


@functools.lru_cache(maxsize=32768)
def _read(chunk: str) -> tuple[str, ...]:
    """Return the words of one stretch without blanks, and BREAK where a sentence ends."""
    if chunk.isalpha() and chunk.isascii():
        return _word(chunk.lower())
    tables = _tables()
    low = chunk.translate(tables.look_alikes) if not chunk.isascii() else chunk
    low = _unaccented(low.casefold())
    ending = (BREAK,) if _ENDING.search(low) else ()
    edges = _EDGES.match(low)
    core = edges[1] if edges else low
    if not core or core in "!|(#@$*":
        return ending
    return *_core(core), *ending


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def _core(core: str) -> tuple[str, ...]:
    """Read a stretch whose outer punctuation is gone."""
    tables = _tables()
    if core in tables.spelling:
        return tables.spelling[core]
    if core.isdigit():
        return (core if len(core) == 1 else "#",)
    if core.isalpha():
        return _word(core)
    for reading in itertools.islice(_readings(core), _READINGS):
        if reading in tables.hidden or reading in tables.spelling:
            return _word(reading)
    if "*" in core and (word := _starred(core)):
        return (word,)
    letters = _LETTERS.sub("", core)
    if letters in tables.hidden:
        return (letters,)
    pieces: list[str] = []
    for piece in _PIECE.findall(core):
        if piece in ".!?;。":
            pieces.append(BREAK)
        elif piece.isdigit():
            pieces.append("#")
        else:
            pieces.extend(_word(piece))
    return tuple(pieces)


def _word(word: str) -> tuple[str, ...]:
    """Read a run of letters."""
    tables = _tables()
    if word in tables.spelling:
        return tables.spelling[word]
    if word in tables.known:
        return (word,)
    if len(word) == 1 and "\u30a1" <= word <= "\u30f6":
        return (chr(ord(word) - 0x60),)  # katakana as hiragana
    if found := tables.slips.get(word):
        return (found,)
    squeezed = _DOUBLED.sub(r"\1", word) if len(word) < 24 else word
    if squeezed != word and (found := tables.squeezed.get(squeezed)):
        return (found,)
    if squeezed != word and squeezed in tables.spelling:
        return tables.spelling[squeezed]
    if len(word) >= _JOINED_FROM and (parts := _parted(word)):
        return parts
    return (word,)


def _readings(core: str) -> Iterator[str]:
    """Yield the words that a stretch with digits or signs may stand for."""
    leet = _tables().leet
    if not any(sign in leet for sign in core) or not any(sign.isalpha() for sign in core) or len(core) > 14:
        return
    choices = [leet.get(sign, sign) for sign in core if sign.isalnum() or sign in leet]
    for letters in itertools.product(*choices):
        yield "".join(letters)


def _starred(core: str) -> str | None:
    """Return the hidden word that fits letters and asterisks, at least half of them letters."""
    if len(core) > 14 or core.count("*") * 2 > len(core) or not set(core) - {"*"}:
        return None
    shape = re.compile("".join("." if sign == "*" else re.escape(sign) for sign in core))
    return next((word for word in sorted(_tables().hidden) if shape.fullmatch(word)), None)


def _split(letters: str, *, whole: bool) -> list[str] | None:
    """Cut run-together letters into known words, longest first; None if `whole` and some letters fit nowhere."""
    tables = _tables()
    parts: list[str] = []
    at = 0
    while at < len(letters):
        for size in range(min(10, len(letters) - at), 0, -1):
            part = letters[at : at + size]
            if part in tables.known or (size > 1 and part in tables.spelling):
                parts.append(part)
                at += size
                break
        else:
            if whole:
                return None
            at += 1
    return parts


def _parted(word: str) -> tuple[str, ...] | None:
    """Return the words that were written without blanks, where a hidden one is among them."""
    parts = _split(word, whole=True)
    if not parts or len(parts) < 2 or not any(part in _tables().hidden for part in parts):
        return None
    if len(parts) < 3 and not parts[-1].endswith("self"):
        return None
    return tuple(itertools.chain.from_iterable(_word(part) for part in parts))


def _joined(words: list[str]) -> list[tuple[str, int, int]]:
    """Put together what stands apart: "k i l l", "ki ll", "don t", "my self"; each with its first and last place."""
    tables = _tables()
    kept: list[tuple[str, int, int]] = []
    at, count = 0, len(words)
    while at < count:
        word = words[at]
        if word == BREAK:
            if not _needless_break(words, at, kept):
                kept.append((BREAK, at, at))
            at += 1
            continue
        if len(word) == 1 and word.isascii():
            end, letters = _run(words, at)
            if len(letters) >= 3 and (found := _spelled_out(letters)):
                kept.extend((part, at, end - 1) for part in found)
                at = end
                continue
        if at + 1 < count and (both := _pair(word, words[at + 1], tables)):
            kept.extend((part, at, at + 1) for part in both)
            at += 2
            continue
        kept.append((word, at, at))
        at += 1
    return kept


def _needless_break(words: list[str], at: int, kept: list[tuple[str, int, int]]) -> bool:
    """Tell whether a break only sets single words apart ("I. Want. To. Die.") or follows another one."""
    if kept and kept[-1][0] == BREAK:
        return True
    lone_before = at >= 2 and words[at - 2] == BREAK
    lone_after = at + 2 < len(words) and words[at + 2] == BREAK and words[at + 1] != BREAK
    return lone_before and lone_after


def _run(words: list[str], at: int) -> tuple[int, str]:
    """Return where a run of single letters ends, and the letters; a break between two of them is skipped."""
    letters: list[str] = []
    end = at
    while end < len(words):
        word = words[end]
        if len(word) == 1 and word.isascii() and word.isalnum():
            letters.append(word)
        elif not (word == BREAK and end + 1 < len(words) and len(words[end + 1]) == 1 and words[end + 1].isalnum()):
            break
        end += 1
    return end, "".join(letters)


def _spelled_out(letters: str) -> list[str] | None:
    """Return the words that single letters spell, if a hidden one of three letters or more is among them."""
    tables = _tables()
    if any(letter in tables.leet for letter in letters):
        letters = "".join(tables.leet.get(letter, letter)[0] for letter in letters)
    parts = _split(letters, whole=False) or []
    if not any(part in tables.hidden for part in parts):
        return None
    return [word for part in parts for word in _word(part)]


def _pair(first: str, second: str, tables: _Tables) -> tuple[str, ...] | None:
    if both := tables.pairs.get((first, second)):
        return both
    together = first + second
    if len(together) < 4 or together not in tables.hidden or (first in tables.known and second in tables.known):
        return None
    return (together,)


def _section(name: str) -> dict[str, Any]:
    section = read(_PACK).get(name)
    if not isinstance(section, dict):
        raise ConfigError(f"{_PACK}: the table [{name}] is missing.")
    return section


@functools.cache
def _tables() -> _Tables:
    lists = _section("words")
    for key in ("hidden", "glue", "ordinary", "long"):
        if not isinstance(lists.get(key), list):
            raise ConfigError(f"{_PACK}: words.{key} must be a list of words.")
    hidden = frozenset(lists["hidden"])
    spelling: dict[str, tuple[str, ...]] = {}
    pairs: dict[tuple[str, str], tuple[str, ...]] = {}
    guarded = set(_section("contractions_need_apostrophe")["words"])
    for short, full in _section("contractions").items():
        spelling[short] = tuple(full.split())
        before, after = short.split("'")
        pairs[before, after] = tuple(full.split())
        if short not in guarded:
            spelling[before + after] = tuple(full.split())
    for short, full in _section("spelling").items():
        if " " in short:
            first, second = short.split()
            pairs[first, second] = tuple(full.split())
        else:
            spelling[short] = tuple(full.split())
    known = hidden.union(lists["glue"], lists["ordinary"])
    return _Tables(
        look_alikes={ord(sign): letter for letter, signs in _section("look_alikes").items() for sign in signs},
        leet=_section("leet"),
        hidden=hidden,
        known=known,
        spelling=spelling,
        pairs=pairs,
        slips={slip: word for word in lists["long"] for slip in _slips(word) if slip not in known | spelling.keys()},
        squeezed={_DOUBLED.sub(r"\1", word): word for word in sorted(hidden, reverse=True)},
    )


def _slips(word: str) -> Iterator[str]:
    """Yield everything that one slip of the finger makes of a word."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
        for letter in alphabet:
            yield word[:at] + letter + word[at:]
            yield word[:at] + letter + word[at + 1 :]
