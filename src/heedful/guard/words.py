"""Turn any text into plain words, with everything that hides a word undone."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
# Signs that may stand for the first letter of a word are not taken away before it.
_BEFORE = "\"'.,;:?)[]{}<>/\\~^&%+=_`-¿¡。、「」『』・…"
_BEHIND = "\"'.,;:?)[]{}<>/\\~^&%+=_`-¿¡。、「」『』・…!|(#@$"
_PIECE = re.compile(r"[^\W_]+|[.!?;。]")
_DIGIT_OR_SIGN = re.compile(r"[^\W\d_].*[\d!|$@+(€£]|[\d!|$@+(€£].*[^\W\d_]")
_LETTERS = re.compile(r"[\W_]+")
_DOUBLED = re.compile(r"(\w)\1+")
_BOXED = re.compile("[\U0001f130-\U0001f189\U0001f1e6-\U0001f1ff]")
_BOXES = {first + n: chr(ord("a") + n) for first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6) for n in range(26)}
_JAPANESE_GAP = re.compile(rf"(?<=[{_JAPANESE}]) (?=[{_JAPANESE}])")
_YEAR = "19xx"
_JOINED_FROM = 8
_LONGEST_HIDDEN = 14


@dataclass(frozen=True)
class Words:
    """A text as plain words that still know where they came from."""

    words: tuple[str, ...]
    """Lower-case words without accents; BREAK before, between and after sentences."""
    chunks: tuple[str, ...] = field(repr=False)
    """The normalised text in pieces: up to the next blank, or single Japanese characters."""
    counts: tuple[int, ...] = field(repr=False)
    """How many words each piece gave."""
    edits: tuple[tuple[int, int, tuple[str, ...]], ...] = field(repr=False)
    """What was put together: (first, one past the last of the words as they stood, the words they became)."""

    def quote(self, first: int, last: int) -> str:
        """Return the text from word `first` to word `last`, both included, at most 200 characters."""
        begin, end = self._chunks_of[first][0], self._chunks_of[last][1]
        return _JAPANESE_GAP.sub("", " ".join(self.chunks[begin : end + 1]))[:200].strip(" .!?;,")

    @functools.cached_property
    def _chunks_of(self) -> list[tuple[int, int]]:
        """The first and the last chunk of each word."""
        before = [0, *(index for index, count in enumerate(self.counts) for _ in range(count)), len(self.chunks)]
        spans: list[tuple[int, int]] = []
        at = 0
        for first, end, became in self.edits:
            spans.extend((index, index) for index in before[at:first])
            spans.extend([(before[first], before[end - 1])] * len(became))
            at = end
        spans.extend((index, index) for index in before[at:])
        return spans


@dataclass(frozen=True, slots=True)
class _Tables:
    look_alikes: Mapping[int, str]
    leet: Mapping[str, str]
    leet_key: Mapping[int, str | None]
    digits: Mapping[int, str]
    hidden: frozenset[str]
    known: frozenset[str]
    fillers: frozenset[str]
    spelling: Mapping[str, tuple[str, ...]]
    pairs: Mapping[tuple[str, str], tuple[str, ...]]
    singles: frozenset[str]
    prefixes: frozenset[str]
    starts: frozenset[str]
    shapes: Mapping[tuple[str, int], tuple[str, ...]]
    sizes: Mapping[str, tuple[int, ...]]
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
    chunks = _CHUNK.findall(normalise(text.translate(_BOXES) if _BOXED.search(text) else text))
    parts = list(map(_read, chunks))
    words = [BREAK, *itertools.chain.from_iterable(parts), BREAK]
    edits = _edits(words)
    joined: list[str] = []
    at = 0
    for first, end, became in edits:
        joined += words[at:first]
        joined += became
        at = end
    return Words(tuple(joined + words[at:]), tuple(chunks), tuple(map(len, parts)), tuple(edits))


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
        if (
            "I" in chunk[1:]
            and not chunk.isupper()
            and (word := _tables().leet.get(chunk.lower().translate(_tables().leet_key)))
        ):
            return _word(word)  # "kilI", with a capital i
        return _word(chunk.lower())
    tables = _tables()
    low = chunk.translate(tables.look_alikes) if not chunk.isascii() else chunk
    low = _unaccented(low.casefold())
    head = low.lstrip(_BEFORE)
    core = head.rstrip(_BEHIND)
    behind = head[len(core) :]
    # Three dots are a pause, not the end of a sentence.
    ends = ("." in behind and ".." not in behind) or any(sign in behind for sign in "!?;。")
    found = _core(core) if core.strip("!|(#@$*") else ()
    return (*found, BREAK) if ends else found


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
        return (core if len(core) == 1 else _YEAR if len(core) == 4 and core[:2] in ("19", "20") else "#",)
    if core.isalpha():
        return _word(core)
    if len(core) <= _LONGEST_HIDDEN and (
        (_DIGIT_OR_SIGN.search(core) and (word := tables.leet.get(core.translate(tables.leet_key))))
        or ("*" in core and (word := _starred(core)))
    ):
        return _word(word)
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
    if all(len(piece) == 1 for piece in pieces):  # "k.i.l.l": no sentence ends here
        pieces = [piece for piece in pieces if piece != BREAK]
    return tuple(pieces)


def _word(word: str) -> tuple[str, ...]:
    """Read a run of letters."""
    tables = _tables()
    if word in tables.spelling:
        return tables.spelling[word]
    if word in tables.known:
        return (word,)
    if word in tables.fillers:
        return ()
    if len(word) == 1 and "\u30a1" <= word <= "\u30f6":
        return (chr(ord(word) - 0x60),)  # katakana as hiragana
    if found := tables.slips.get(word):
        return (found,)
    if len(word) < 4:
        return (word,)
    squeezed = _DOUBLED.sub(r"\1", word) if len(word) < 24 else word
    if squeezed != word and (found := tables.squeezed.get(squeezed)):
        return (found,)
    if len(word) - len(squeezed) > 1 and squeezed in tables.spelling:
        return tables.spelling[squeezed]
    if len(word) >= _JOINED_FROM and (parts := _parted(word)):
        return parts
    return (word,)


def _starred(core: str) -> str | None:
    """Return the hidden word that fits letters and asterisks, at least half of them letters."""
    if core.count("*") * 2 > len(core):
        return None
    for word in _tables().shapes.get((core[0], len(core)), ()):
        if all(sign in ("*", letter) for sign, letter in zip(core, word, strict=True)):
            return word
    return None


def _split(letters: str, *, whole: bool) -> list[str] | None:
    """Cut run-together letters into known words, longest first; None if `whole` and some letters fit nowhere."""
    tables = _tables()
    parts: list[str] = []
    at = 0
    while at < len(letters):
        for size in tables.sizes.get(letters[at], ()):
            part = letters[at : at + size]
            if part in tables.known:
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


def _edits(words: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return what belongs together but stands apart: "k i l l", "ki ll", "don t", "I. Want. To."."""
    starts = _tables().starts
    edits: list[tuple[int, int, tuple[str, ...]]] = []
    done = 0
    for at in [index for index, word in enumerate(words) if word in starts]:
        if at < done:
            continue
        word = words[at]
        end = at + 1
        became: tuple[str, ...] | None = None
        if word == BREAK:
            became = () if _needless_break(words, at) else None
        elif len(word) == 1 and (run := _run(words, at))[0] - at >= 3:
            end, became = run[0], _spelled_out(run[1])
            done = end
        elif pieces := _pair(words, at):
            end, became = pieces
        if became is not None:
            edits.append((at, end, became))
            done = end
    return edits


def _needless_break(words: list[str], at: int) -> bool:
    """Tell whether a break only sets single words apart ("I. Want. To. Die.") or follows another one."""
    if at == 0:
        return False
    lone_before = at >= 2 and words[at - 2] == BREAK
    lone_after = at + 2 < len(words) and words[at + 2] == BREAK and words[at + 1] != BREAK
    return words[at - 1] == BREAK or (lone_before and lone_after)


def _run(words: list[str], at: int) -> tuple[int, str]:
    """Return where a run of single letters ends, and the letters; a break between two of them is skipped."""
    singles = _tables().singles
    letters: list[str] = []
    end = at
    while end < len(words):
        word = words[end]
        if word in singles:
            letters.append(word)
        elif not (word == BREAK and end + 1 < len(words) and words[end + 1] in singles):
            break
        end += 1
    return end, "".join(letters)


def _spelled_out(letters: str) -> tuple[str, ...] | None:
    """Return the words that single letters spell, if a hidden one is among them."""
    tables = _tables()
    if not letters.isalpha():
        letters = letters.translate(tables.digits)
    if not any(word in letters for word in tables.hidden):
        return None
    parts = _split(letters, whole=False) or []
    if not any(part in tables.hidden for part in parts):
        return None
    return tuple(word for part in parts for word in _word(part))


def _pair(words: list[str], at: int) -> tuple[int, tuple[str, ...]] | None:
    """Return where the pieces of one word that begin at `at` end, and what they are together; None if nothing."""
    tables = _tables()
    if at + 1 < len(words) and (both := tables.pairs.get((words[at], words[at + 1]))):
        return at + 2, both
    together, strange = words[at], words[at] not in tables.known
    for end in range(at + 1, min(at + 4, len(words))):
        together += words[end]
        strange = strange or words[end] not in tables.known
        if together in tables.hidden and strange and len(together) > 3:
            return end + 1, (together,)
        if together not in tables.prefixes:
            return None
    return None


def _section(name: str) -> dict[str, Any]:
    section = read(_PACK).get(name)
    if not isinstance(section, dict):
        raise ConfigError(f"{_PACK}: the table [{name}] is missing.")
    return section


@functools.cache
def _tables() -> _Tables:
    lists = _section("words")
    for key in ("hidden", "glue", "ordinary", "long", "fillers"):
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
    # "l" and "i" look alike ("1", "!", "|"), so both are read as "i" here; signs that stand for nothing are left out.
    leet = _section("leet")
    leet_key: dict[int, str | None] = {ord(sign): None for sign in "-_.,'\"*/\\~^&%#:;?<>[]{}()"}
    leet_key |= {ord(sign): letters[0] for sign, letters in leet.items()} | {ord("l"): "i"}
    singles = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
    prefixes = {word[:size] for word in hidden for size in range(1, len(word))}
    shapes: dict[tuple[str, int], tuple[str, ...]] = {}
    for word in sorted(hidden):
        shapes[word[0], len(word)] = (*shapes.get((word[0], len(word)), ()), word)
    return _Tables(
        look_alikes={ord(sign): letter for letter, signs in _section("look_alikes").items() for sign in signs},
        leet={
            word.translate(leet_key): word
            for word in sorted((*spelling, *known), key=hidden.__contains__)
            if len(word) > 1
        },
        leet_key=leet_key,
        digits={ord(digit): letters[0] for digit, letters in leet.items() if digit.isdigit()},
        hidden=hidden,
        known=known,
        fillers=frozenset(lists["fillers"]),
        spelling=spelling,
        pairs=pairs,
        singles=singles,
        prefixes=frozenset(prefixes),
        starts=singles.union({BREAK}, prefixes, (first for first, _ in pairs)),
        shapes=shapes,
        sizes={
            letter: tuple(sorted({len(word) for word in known if word[0] == letter}, reverse=True))
            for letter in singles
        },
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
