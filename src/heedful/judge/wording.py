"""Turn a reply into plain words that phrases are looked for in, each still knowing where it stands in the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from heedful.models.normalise import normalise
from heedful.types import Span

MARKS = ".?"
"""What ends a sentence in the plain form: "?" a question, "." any other."""
_INSIDE = "'’ʼ‛`´"  # what may stand within a word
_UNSEEN = "\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufeff"
_TOKEN = re.compile(rf"(?:[^\W_]|[{_UNSEEN}])++(?:[{_INSIDE}](?:[^\W_]|[{_UNSEEN}])++)*+|[.!?…。！？]++|\n++")
_QUOTE = re.compile(r'["“][^"“”\n]{1,300}["”]')
_QUOTED_LINE = re.compile(r"^[ \t]{0,8}>[^\n]*+", re.MULTILINE)
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_LETTER = re.compile(r"[^\W_]")
_DENIED = "do does did is was were are could should would have has had must"
_WHOLE = {
    "im": "i am", "ive": "i have", "id": "i would", "youre": "you are", "youve": "you have", "youll": "you will",
    "youd": "you would", "u": "you", "ya": "you", "ur": "your", "thats": "that is", "its": "it is", "whats": "what is",
    "theres": "there is", "hes": "he is", "shes": "she is", "theyre": "they are", "theyve": "they have",
    "weve": "we have", "cannot": "can not", "can't": "can not", "cant": "can not", "won't": "will not",
    "wont": "will not", "shan't": "shall not", "ain't": "is not", "aint": "is not", "let's": "let us",
    "lets": "let us", "gonna": "going to", "wanna": "want to", "gotta": "got to", "kinda": "kind of", "y'all": "you",
    "yall": "you", "ok": "okay", "alright": "all right", "cuz": "because", "dunno": "do not know", "pls": "please",
    "plz": "please", "thx": "thanks", "coulda": "could have", "shoulda": "should have", "woulda": "would have",
    "musta": "must have", "gotten": "got", "realise": "realize", "apologise": "apologize", "favourite": "favorite",
} | {f"{word}nt": f"{word} not" for word in _DENIED.split()}  # fmt: skip
_ENDS = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
_IS = frozenset("it that what there he she who how where this here everything nothing".split())


@dataclass(frozen=True)
class Wording:
    """A text in plain words."""

    text: str
    """The text as it was given."""
    words: tuple[str, ...]
    """Its words in lower case, contractions written out, and the marks that end sentences; begins and ends with one."""
    spans: tuple[tuple[int, int], ...]
    """Where each word stands in `text`: (first character, one past the last)."""

    @cached_property
    def plain(self) -> str:
        """The words, each with a blank after it."""
        return "".join(f"{word} " for word in self.words)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each word begins in `plain`."""
        starts, at = [], 0
        for word in self.words:
            starts.append(at)
            at += len(word) + 1
        return tuple(starts)

    def place(self, at: int) -> int:
        """Return the number of the word that holds a character of `plain`."""
        return bisect_right(self.starts, at) - 1

    def span(self, first: int, last: int) -> Span:
        """Return the stretch of the text from one word to another, both included."""
        start, end = self.spans[first][0], self.spans[last][1]
        return Span(start, end, self.text[start:end])

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The (number of the first word, number of its end mark) of each sentence, in order."""
        ends = [number for number, word in enumerate(self.words) if word in MARKS]
        return tuple((a + 1, b) for a, b in pairwise(ends) if b > a + 1)

    def sentence(self, word: int) -> tuple[int, int]:
        """Return the sentence that a word belongs to."""
        at = bisect_right(self.sentences, (word, len(self.words))) - 1
        return self.sentences[max(at, 0)]


def wording(text: str) -> Wording:
    """Return a text in plain words; what it quotes from others is left out, unless that is all there is.

    Any string is accepted; it takes time in proportion to its length.

    Examples:
        >>> wording("I’m so sorry!").plain
        '. i am so sorry . '
    """
    words, spans = ["."], [(0, 0)]
    for start, end in _stretches(text):
        for token in _TOKEN.finditer(text, start, end):
            for word in _plain(token[0]):
                if word in MARKS and words[-1] in MARKS:
                    continue
                words.append(word)
                spans.append(token.span())
    if words[-1] not in MARKS:
        words.append(".")
        spans.append((len(text), len(text)))
    return Wording(text, tuple(words), tuple(spans))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield what is left of a text without what it quotes."""
    quotes = sorted(match.span() for pattern in (_QUOTE, _QUOTED_LINE) for match in pattern.finditer(text))
    left, at = [], 0
    for start, end in quotes:
        if start >= at:
            left.append((at, start))
        at = max(at, end)
    left.append((at, len(text)))
    if any(_LETTER.search(text, start, end) for start, end in left):
        yield from left
    else:
        yield 0, len(text)


def _plain(token: str) -> list[str]:
    """Return the plain words of a token, or the mark that it stands for."""
    if not _LETTER.search(token):
        return ["?" if "?" in token or "？" in token else "."]
    word = (token if token.isascii() else normalise(token)).lower()
    word = _LONG_RUN.sub(r"\1", word.replace("`", "'"))
    if whole := _WHOLE.get(word):
        return whole.split()
    if word.endswith("n't"):
        return [word[:-3], "not"]
    head, mark, tail = word.rpartition("'")
    if mark:
        if end := _ENDS.get(mark + tail):
            return [*_plain(head), end] if head else [end]
        if tail == "s" and head in _IS:
            return [head, "is"]
    return word.split() or ["."]
