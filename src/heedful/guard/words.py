"""Turn any text into plain words, with everything that hides a word undone."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from dataclasses import dataclass, field

from heedful.guard.evasion import BREAK, DOUBLED, tables
from heedful.models.normalise import normalise

_JAPANESE = "々〆ー぀-ヿ㐀-䶿一-鿿"
# A Japanese character is a word of its own; anything else goes up to the next blank. The limit keeps the work per
# piece small however long a text runs without a blank.
_CHUNK = re.compile(rf"[{_JAPANESE}]|[^\s{_JAPANESE}]{{1,64}}")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Signs that may stand for the first letter of a word are not taken away before it.
_BEFORE = "\"'.,;:?)[]{}<>/\\~^&%+=_`-¿¡。、「」『』・…"
_BEHIND = "\"'.,;:?)[]{}<>/\\~^&%+=_`-¿¡。、「」『』・…!|(#@$"
_AROUND = _BEFORE + _BEHIND
_PIECE = re.compile(r"[^\W_]+|[.!?;。]")
_DIGIT_OR_SIGN = re.compile(r"[^\W\d_].*[\d!|$@+(€£]|[\d!|$@+(€£].*[^\W\d_]")
_LETTERS = re.compile(r"[\W_]+")
_TRIPLED = re.compile(r"(\w)\1{2,}")
_BOXED = re.compile("[\U0001f130-\U0001f189\U0001f1e6-\U0001f1ff]")
_BOXES = {
    start + index: chr(ord("a") + index)
    for start in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
    for index in range(26)
    if start + index <= 0x1F189 or start == 0x1F1E6
}
# A sign that stands for a letter, alone between two letters that stand alone: "k ! l l".
_LONE_SIGN = re.compile(r"(?<=(?<!\w)\w )[!|@$](?= \w(?!\w))")
_LONE_SIGNS = {"!": "1", "|": "1", "@": "a", "$": "s"}
_JAPANESE_GAP = re.compile(rf"(?<=[{_JAPANESE}]) (?=[{_JAPANESE}])")
_SINGLES = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_ENDING = frozenset("!?;。")
_ENDS = _ENDING | {"."}
_YEAR = "19xx"
_JOINED_FROM = 8
_LONGEST_HIDDEN = 14
_PATIENCE = 40_000
"""So many different stretches of a text are searched for what they hide: a novel has fewer, gibberish more."""


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
        each = map(itertools.repeat, range(len(self.counts)), self.counts)
        before = [0, *itertools.chain.from_iterable(each), len(self.chunks)]
        spans: list[tuple[int, int]] = []
        at = 0
        for first, end, became in self.edits:
            spans.extend(zip(before[at:first], before[at:first], strict=True))
            spans.extend([(before[first], before[end - 1])] * len(became))
            at = end
        spans.extend(zip(before[at:], before[at:], strict=True))
        return spans


def to_words(text: str | Words) -> Words:
    """Return the plain words of any string, hidden and misspelt ones restored; words stay what they are.

    Undone are look-alike letters, accents, leetspeak, asterisks, letters set apart or doubled, words run together,
    contractions with and without their apostrophe, and common misspellings. Time is linear in the length.

    Examples:
        >>> " ".join(to_words("I dont want 2 l!ve, k 1 l l m3").words)
        '. i do not want 2 live kill me .'
    """
    if isinstance(text, Words):
        return text
    plain = normalise(text.translate(_BOXES) if _BOXED.search(text) else text)
    chunks = _CHUNK.findall(_LONE_SIGN.sub(lambda sign: _LONE_SIGNS[sign[0]], plain))
    parts = _read_all(chunks)
    words = [BREAK, *itertools.chain.from_iterable(parts), BREAK]
    edits = _edits(words)
    joined: list[str] = []
    at = 0
    for first, end, became in edits:
        joined += words[at:first]
        joined += became
        at = end
    return Words(tuple(joined + words[at:]), tuple(chunks), tuple(map(len, parts)), tuple(edits))


@functools.lru_cache(maxsize=8192)
def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a short phrase of a pack, without BREAK: the form in which `to_words` gives them."""
    return tuple(word for word in to_words(text).words if word != BREAK)


def _read_all(chunks: list[str]) -> list[tuple[str, ...]]:
    """Return the words of each stretch; of the many different ones in a text of gibberish the last in plain sight."""
    if len(chunks) <= _PATIENCE:
        return list(map(_read, chunks))
    different = dict.fromkeys(chunks)
    words = {chunk: _read(chunk) if at < _PATIENCE else _glance(chunk) for at, chunk in enumerate(different)}
    return [words[chunk] for chunk in chunks]


def _glance(chunk: str) -> tuple[str, ...]:
    """Return the words of one stretch as it stands, without looking for what may be hidden in it."""
    low = chunk.lower()
    core = low.strip(_AROUND)
    found = tables().spelling.get(core) or ((core,) if core else ())
    return (*found, BREAK) if low[-1] in _ENDS else found


@functools.lru_cache(maxsize=32768)
def _read(chunk: str) -> tuple[str, ...]:
    """Return the words of one stretch without blanks, and BREAK where a sentence ends."""
    if chunk.isalpha() and chunk.isascii():
        if (
            "I" in chunk[1:]
            and not chunk.isupper()
            and (word := tables().leet.get(chunk.lower().translate(tables().leet_key)))
        ):
            return _word(word)  # "kilI", with a capital i
        return _word(chunk.lower())
    table = tables()
    if len(chunk) == 1 and "\u3041" <= chunk <= "\u9fff" and chunk.isalpha():
        return _word(chunk)
    low = chunk.translate(table.look_alikes) if not chunk.isascii() else chunk
    low = _unaccented(low.casefold())
    head = low.lstrip(_BEFORE)
    core = head.rstrip(_BEHIND)
    behind = head[len(core) :]
    # Three dots are a pause, not the end of a sentence.
    ends = bool(behind) and (("." in behind and ".." not in behind) or not _ENDING.isdisjoint(behind))
    if "!" in behind and len(core) > 1 and core not in table.known:
        word = table.leet.get((core + behind).translate(table.leet_key))
        if word in table.hidden:
            return (word,)  # "ki!!"
    found = _core(core) if core.strip("!|(#@$*") else ()
    return (*found, BREAK) if ends else found


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def _core(core: str) -> tuple[str, ...]:
    """Read a stretch whose outer punctuation is gone."""
    table = tables()
    if core in table.spelling:
        return table.spelling[core]
    if core.isdigit():
        return (core if len(core) == 1 else _YEAR if len(core) == 4 and core[:2] in ("19", "20") else "#",)
    if core.isalpha():
        return _word(core)
    if len(core) <= _LONGEST_HIDDEN and (word := _undisguised(core)):
        return _word(word)
    letters = _LETTERS.sub("", core)
    if letters in table.hidden:
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
    table = tables()
    if word in table.spelling:
        return table.spelling[word]
    if word in table.known:
        return (word,)
    if word in table.fillers:
        return ()
    if len(word) == 1 and "\u30a1" <= word <= "\u30f6":
        return (chr(ord(word) - 0x60),)  # katakana as hiragana
    if found := table.slips.get(word):
        return (found,)
    if len(word) < 4:
        return (word,)
    if DOUBLED.search(word):
        if _TRIPLED.search(word) and (shorter := _shortened(word)) != word:
            return _word(shorter)
        squeezed = DOUBLED.sub(r"\1", word) if len(word) < 24 else word
        if squeezed != word and (found := table.squeezed.get(squeezed)):
            return (found,)
        if len(word) - len(squeezed) > 1 and squeezed in table.spelling:
            return table.spelling[squeezed]
    if len(word) >= _JOINED_FROM and (parts := _parted(word)):
        return parts
    return (word,)


def _shortened(word: str) -> str:
    """Return a word with a drawn-out letter ("waaant", "nooo") as it is meant: the letter once if that is known."""
    table = tables()
    once = _TRIPLED.sub(r"\1", word)
    if once in table.known or once in table.spelling or once in table.fillers:
        return once
    return word if DOUBLED.sub(r"\1", word) in table.squeezed else _TRIPLED.sub(r"\1\1", word)


def _undisguised(core: str) -> str | None:
    """Return the word behind leetspeak or asterisks; of a word with asterisks at least half must be letters."""
    table = tables()
    if _DIGIT_OR_SIGN.search(core) and (word := table.leet.get(core.translate(table.leet_key))):
        return word
    if "*" not in core or core.count("*") * 2 > len(core):
        return None
    for word in table.shapes.get((core[0], len(core)), ()):
        if all(sign in ("*", letter) for sign, letter in zip(core, word, strict=True)):
            return word
    return None


def _split(letters: str, *, whole: bool) -> list[str] | None:
    """Cut run-together letters into known words, longest first; None if `whole` and some letters fit nowhere."""
    table = tables()
    parts: list[str] = []
    at = 0
    while at < len(letters):
        for size in table.sizes.get(letters[at], ()):
            part = letters[at : at + size]
            if part in table.known:
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
    if not parts or len(parts) < 2 or not any(part in tables().hidden for part in parts):
        return None
    if len(parts) < 3 and not parts[-1].endswith("self"):
        return None
    return tuple(itertools.chain.from_iterable(_word(part) for part in parts))


def _edits(words: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return what stands apart but belongs together ("k i l l", "ki ll", "don t", "I. Want. To.")."""
    starts = tables().starts
    edits: list[tuple[int, int, tuple[str, ...]]] = []
    done = 0
    following = itertools.chain(words[1:], (BREAK,))
    pairs = zip(words, following, strict=True)
    for at in [index for index, (word, after) in enumerate(pairs) if word in starts or word == after]:
        if at < done:
            continue
        word = words[at]
        end = at + 1
        became: tuple[str, ...] | None = None
        if len(word) > 1 and word.isascii() and words[at + 1] == word:
            end, became = _same(words, at), (word,)
        elif word == BREAK:
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


def _same(words: list[str], at: int) -> int:
    """Return where a run of one and the same word ends."""
    end = at
    while words[end] == words[at]:
        end += 1
    return end


def _needless_break(words: list[str], at: int) -> bool:
    """Tell whether a break only sets single words apart ("I. Want. To. Die.") or follows another one."""
    if at == 0:
        return False
    lone_before = at >= 2 and words[at - 2] == BREAK
    lone_after = at + 2 < len(words) and words[at + 2] == BREAK and words[at + 1] != BREAK
    return words[at - 1] == BREAK or (lone_before and lone_after)


def _run(words: list[str], at: int) -> tuple[int, str]:
    """Return where a run of single letters ends, and the letters; a break between two of them is skipped."""
    letters: list[str] = []
    end = at
    while end < len(words):
        word = words[end]
        if word in _SINGLES:
            letters.append(word)
        elif not (word == BREAK and end + 1 < len(words) and words[end + 1] in _SINGLES):
            break
        end += 1
    return end, "".join(letters)


def _spelled_out(letters: str) -> tuple[str, ...] | None:
    """Return the words that single letters spell, if a hidden one is among them."""
    table = tables()
    if not letters.isalpha():
        letters = letters.translate(table.digits)
    if letters in table.spelling:
        return table.spelling[letters]
    if not any(word in letters for word in table.hidden):
        return None
    parts = _split(letters, whole=False) or []
    if not any(part in table.hidden for part in parts):
        return None
    return tuple(word for part in parts for word in _word(part))


def _pair(words: list[str], at: int) -> tuple[int, tuple[str, ...]] | None:
    """Return where the pieces of one word that begin at `at` end, and what they are together; None if nothing."""
    table = tables()
    if at + 1 < len(words) and (both := table.pairs.get((words[at], words[at + 1]))):
        return at + 2, both
    together, strange = words[at], words[at] not in table.known
    for end in range(at + 1, min(at + 4, len(words))):
        together += words[end]
        strange = strange or words[end] not in table.known
        if together in table.hidden and strange and len(together) > 3:
            return end + 1, (together,)
        if together not in table.prefixes:
            return None
    return None
