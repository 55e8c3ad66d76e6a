"""Turn any string into the plain form that our networks and packs were made for.

Training and run time use this one function, so that a network never meets a form of text it was not trained on.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

_PUNCTUATION = str.maketrans(
    {
        "‘": "'", "’": "'", "ʼ": "'", "‛": "'", "`": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "−": "-", "…": "...",
    }
)  # fmt: skip
_RUN_OF_ONE = re.compile(r"([^\W\d])\1{3,}|([^\w\s])\2{3,}")
_MARKS = re.compile(r"(\w)[\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3,}")
_PERHAPS_EMOJI = re.compile("[©®\u203c-\U0010ffff]")
# Runs of emoji, with what joins and colours them, and keys such as 1️⃣; short enough that naming one costs little.
_PICTURES = re.compile(
    "[\u00a9\u00ae\u200d\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\ufe0f\U0001f004-\U0001faff]{1,64}|[#*0-9]\ufe0f?\u20e3"
)
_LONG = 20_000
_MOST_EMOJI = 10_000
"""So many characters of emoji are named in a text longer than `_LONG`."""
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\S+")
# Characters that no reader sees: controls, format marks (zero-width, bidirectional), surrogates, private use, fillers.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_BLANKS = "\u2800\u3164\uffa0\u115f\u1160\ufe0f\ufe0e\u034f"
_BLANK = re.compile(f"[{_BLANKS}]")


@functools.cache
def _name_emoji() -> Callable[[str], str]:
    import emoji  # 50 ms to import, and most messages have none

    return functools.partial(emoji.demojize, delimiters=(" :", ": "))


def _named(text: str) -> str:
    """Return the text with its emoji named; in a very long one the first `_MOST_EMOJI`, the others become blanks."""
    if len(text) <= _LONG:
        return _name_emoji()(text)
    left = _MOST_EMOJI

    def name(run: re.Match[str]) -> str:
        nonlocal left
        left -= len(run[0])
        return _name_emoji()(run[0]) if left >= 0 else " "

    return _PICTURES.sub(name, text)


@functools.lru_cache(maxsize=4096)
def _seen(character: str) -> str:
    if character in _BLANKS:
        return ""
    if character in "\t\n\r\v\f\u0085\u2028\u2029":
        return " "
    return "" if unicodedata.category(character) in _UNSEEN else character


def normalise(text: str) -> str:
    """Return the text in one plain form: compatibility-composed, emoji named, unseen characters gone.

    Emoji become their English names ("😂" -> "face with tears of joy"), curly quotes become straight ones, stacked
    combining marks and long runs of one character are cut to at most three, white space becomes single blanks.
    In a text of more than 20,000 characters only the first 10,000 characters of emoji are named, the others become
    blanks: whatever its script, a megabyte takes well under a second. Every word is kept.
    Any string is accepted (NUL, lone surrogates, bidirectional marks), and the result is always valid UTF-8.

    Examples:
        >>> normalise("I’m soooooo 𝒔𝒂𝒅 😢")
        "I'm sooo sad crying face"
    """
    if text.isascii():
        plain = "".join(map(_seen, text)) if not text.isprintable() else text
    else:
        named = _named(text) if _PERHAPS_EMOJI.search(text) else text
        if named != text:
            named = re.sub(r" :([^\s:]+): ", lambda m: f" {m[1].replace('_', ' ').replace('-', ' ')} ", named)
        composed = unicodedata.normalize("NFKC", named.translate(_PUNCTUATION)).translate(_PUNCTUATION)
        plain = _MARKS.sub(r"\1", composed)
        if not plain.isprintable() or _BLANK.search(plain):
            plain = "".join(map(_seen, plain))
    plain = _RUN_OF_ONE.sub(lambda m: (m[1] or m[2]) * 3, plain)
    return _SPACES.sub(" ", plain).strip()


def places(text: str) -> list[tuple[int, int]]:
    """Return, for each character of `normalise(text)`, the (start, end) of what it stands for in the text.

    A word that normalising leaves as it is maps character by character, any other as a whole.
    """
    plain = normalise(text)
    if plain == text:
        return [(at, at + 1) for at in range(len(text))]
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        word = normalise(match[0])
        if not word:
            continue
        if found:
            found.append((match.start(), match.start()))
        same = word == match[0]
        found.extend((match.start() + at, match.start() + at + 1) if same else match.span() for at in range(len(word)))
    whole = [(0, len(text))] * (len(plain) - len(found))  # runs that span words: what is left maps to all of it
    return (found + whole)[: len(plain)]
