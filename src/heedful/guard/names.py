"""Find the names of people in a text: by lists of names, by what announces them, and by how they are written."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from heedful.guard.pack import read, text, texts

_PACK, _ORDINARY = "names.toml", "ordinary.toml"
_MARKS = "\u0300-\u036f\u0900-\u0903\u093a-\u094f"
_TOKEN = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}]|['’\-‐‑](?=[^\W\d_]))*")
_UNSPACED = re.compile(r"[\u4e00-\u9fff]{2,4}")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_PREFIXED = re.compile(r"(?:al|el|as|ash|an|ad|ar|bin|ibn|abu|ben|van|von|de|d|l)['’\-‐‑][A-ZÀ-Þ]")
_CONTRACTED = re.compile(r"(?:['’](?:ve|re|ll|d|m)|n['’]t)$", re.IGNORECASE)
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "’": ""})
_PART = re.compile(r"\([^()]*\)\??|[^\s()]+")
_LONGEST_TOKEN = 40
_MOST_TOKENS = 5
_ABOUT_PEOPLE_BEFORE = frozenset(
    "i'm im am hi hey hello dear told met asked texted dated dating married marry hugged kissed phoned emailed".split()
)
_ABOUT_PEOPLE_AFTER = frozenset(
    """said says told died called texted asked cried hugged cheated dumped hates lied yelled screamed smiled laughed
    is was has had keeps never wants left thinks doesn't didn't and""".split()
)
_MONTHS = frozenset("may april june august march sun summer autumn".split())
_PLACE_BEFORE = frozenset("san santa st saint lake mount mt fort ft port new los las north south east west".split())
_PLACE_AFTER = frozenset(
    """street avenue road airport beach bridge university college hospital school station county island park stadium
    church cathedral museum bank street's hotel clinic square awards award inc company foundation""".split()
)
_FORMAL = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof"))


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    plain: str
    """Folded: small letters, without accents and apostrophes."""
    large: bool
    """Written with a large first letter."""
    loud: bool
    """Written in large letters throughout."""


@dataclass(frozen=True, slots=True)
class _Lists:
    strong: frozenset[str]
    small: frozenset[str]
    doubtful: frozenset[str]
    family: frozenset[str]
    others: frozenset[str]
    ordinary: frozenset[str]
    particles: frozenset[str]
    titles: frozenset[str]
    relatives: frozenset[str]
    announced: re.Pattern[str]

    def unknown(self, token: _Token) -> bool:
        """Say whether a word is written large though people never write it small, and is not known to be no name."""
        return token.large and len(token.plain) > 1 and not self.common(token.plain) and token.plain not in self.others

    def common(self, plain: str) -> bool:
        """Say whether a word, or what it is the plural of, is often written in small letters."""
        return plain in self.ordinary or plain.removesuffix("s") in self.ordinary

    def known(self, plain: str) -> bool:
        """Say whether a word is on a list of names."""
        return plain in self.strong or plain in self.doubtful or plain in self.family


def names(said: str) -> list[tuple[int, int]]:
    """Return (start, end) of each name of a person in a text, in order.

    Args:
        said: any string. The time taken grows in proportion to its length.
    """
    lists = _lists()
    tokens = [_token(match) for match in _TOKEN.finditer(said)]
    places = {token.start: number for number, token in enumerate(tokens)}
    found = [*_announced(said, tokens, places, lists)]
    claimed = -1
    for number, token in enumerate(tokens):
        if token.start < claimed:
            continue
        last = _begins(said, tokens, number, lists)
        if last is not None:
            found.append((token.start, tokens[last].end))
            claimed = tokens[last].end
    return found


def fold(word: str) -> str:
    """Return a word in small letters, without accents and apostrophes."""
    folded = word.lower()
    if not folded.isascii():
        folded = "".join(each for each in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(each))
    return folded.translate(_PLAIN)


def relatives() -> frozenset[str]:
    """Return the words for people whom a name follows: "sister", "boss"."""
    return _lists().relatives


def is_ordinary(word: str) -> bool:
    """Say whether people often write this word in small letters."""
    return word.lower() in _lists().ordinary


def is_foreign(word: str) -> bool:
    """Say whether a word, with the signs around it, is a name or is written large and is no ordinary word."""
    if len(word) > _LONGEST_TOKEN:
        return False
    found = _TOKEN.search(word)
    if found is None:
        return False
    token, lists = _token(found), _lists()
    return token.plain in lists.small or lists.unknown(token) or (token.large and token.plain in lists.strong)


def _token(match: re.Match[str]) -> _Token:
    word = match[0]
    end = match.end()
    if len(word) > _LONGEST_TOKEN:
        return _Token(match.start(), end, "", large=False, loud=False)
    if len(word) > 3 and (possessive := _POSSESSIVE.search(word)):
        word, end = word[: possessive.start()], end - 2
    loud = len(word) > 1 and word.isupper()
    if _CONTRACTED.search(word):  # "They've" is as ordinary as "they"
        word = re.split("['’]", word)[0]
    large = (word[0].isupper() and not loud) or _PREFIXED.match(word) is not None
    return _Token(match.start(), end, fold(word), large=large, loud=loud)


def _begins(said: str, tokens: list[_Token], number: int, lists: _Lists) -> int | None:
    """Return the number of the last token of the name that begins with a token, or None if none begins there."""
    token = tokens[number]
    before = tokens[number - 1] if number and _adjacent(said, tokens[number - 1], token) else None
    after = tokens[number + 1] if number + 1 < len(tokens) and _adjacent(said, token, tokens[number + 1]) else None
    if not (token.large or token.loud):
        begins = token.plain in lists.small and not _is_place(before, after)
        begins = begins or (_titled(before, lists, formal=True) and _nameable(token, lists))
        return _extend(said, tokens, number, lists) if begins else None
    if _titled(before, lists, formal=True) and token.plain not in lists.titles:
        return _extend(said, tokens, number, lists)
    if _is_place(before, after) or (token.plain in lists.others and not _full(token, after, lists)):
        return None
    if token.loud:
        loud_name = token.plain in lists.small and len(token.plain) > 3
        return _extend(said, tokens, number, lists) if loud_name else None
    return _extend(said, tokens, number, lists) if _is_name(said, token, before, after, lists) else None


def _is_name(said: str, token: _Token, before: _Token | None, after: _Token | None, lists: _Lists) -> bool:
    """Say whether a word that is written large is a name, or begins one."""
    if any(part in lists.strong for part in (token.plain, token.plain.partition("-")[0])):
        return True
    if _titled(before, lists, formal=False) and (lists.unknown(token) or lists.known(token.plain)):
        return True
    inside = not _opens(said, token.start)
    if token.plain in lists.doubtful or token.plain in lists.family:
        if _full(token, after, lists):
            return True
        if token.plain in lists.ordinary or token.plain in _MONTHS:
            speaks = after is not None and after.plain in _ABOUT_PEOPLE_AFTER
            return (inside or speaks) and token.plain not in _MONTHS and (token.plain != "i")
        return True
    if len(token.plain) == 1:
        return token.plain not in ("i", "a") and _full(token, after, lists)
    if not lists.unknown(token):
        return False
    if _full(token, after, lists):
        return True
    told_of = before is not None and before.plain in _ABOUT_PEOPLE_BEFORE
    return inside or told_of or (after is not None and after.plain in _ABOUT_PEOPLE_AFTER and not after.large)


def _full(token: _Token, after: _Token | None, lists: _Lists) -> bool:
    """Say whether two words that are written large look like a given and a family name."""
    if after is None or not (after.large or after.plain in lists.particles) or after.plain in lists.others:
        return False
    if len(token.plain) < 2 and not lists.known(after.plain):
        return False
    if after.plain in lists.family or after.plain in lists.strong:
        return token.plain not in lists.others and (token.plain not in lists.ordinary or lists.known(token.plain))
    return lists.unknown(after) and (lists.known(token.plain) or lists.unknown(token)) and len(after.plain) > 1


def _extend(said: str, tokens: list[_Token], number: int, lists: _Lists) -> int:
    """Return the last token that belongs to the name that begins with a token."""
    last = number
    first = tokens[number]
    for following in range(number + 1, min(number + 1 + _MOST_TOKENS, len(tokens))):
        token = tokens[following]
        if not _adjacent(said, tokens[following - 1], token):
            break
        if token.plain in lists.particles and not token.loud:
            continue  # belongs to the name only if another part of it follows
        if token.large or (first.loud and token.loud):
            # After a given name a large word is the family name, be it ordinary or not: "Melanie Day".
            given = first.plain in lists.strong and first.large and last == number
            fits = given or lists.known(token.plain) or len(token.plain) == 1 or lists.unknown(token)
            fits = fits and (given or token.plain not in lists.titles) and token.plain != "i"
            fits = (
                fits
                and (given or token.plain not in lists.others)
                and not (first.loud and not lists.known(token.plain))
            )
        else:
            fits = not first.large and not first.loud and token.plain in lists.family
            fits = fits and token.plain not in lists.ordinary
        if not fits:
            break
        last = following
    return last


def _announced(said: str, tokens: list[_Token], places: dict[int, int], lists: _Lists) -> Iterator[tuple[int, int]]:
    """Yield the names that follow words which announce one."""
    for cue in lists.announced.finditer(said):
        begin = cue.end()
        if unspaced := _UNSPACED.match(said, begin):
            yield unspaced.span()
            continue
        number = places.get(begin)
        if number is None or not tokens[number].plain:
            continue
        token = tokens[number]
        written_large = token.large or token.loud
        sure = "name" in cue[0].lower() or "llamo" in cue[0].lower()
        if token.plain in lists.titles or (token.plain in lists.ordinary and not (sure and lists.known(token.plain))):
            known = written_large and lists.known(token.plain)
            if not known or token.plain in lists.titles:
                continue
        if token.plain in lists.others:
            continue
        last = _extend(said, tokens, number, lists)
        while last + 1 < len(tokens) and last < number + 2 and _adjacent(said, tokens[last], tokens[last + 1]):
            following = tokens[last + 1]  # in small letters only what is no word at all
            if following.large or not _nameable(following, lists) or following.plain in lists.particles:
                break
            if written_large and said[token.start].isupper():
                break
            last += 1
        yield token.start, tokens[last].end


def _nameable(token: _Token, lists: _Lists) -> bool:
    return len(token.plain) > 2 and token.plain not in lists.ordinary and token.plain not in lists.others


def _titled(before: _Token | None, lists: _Lists, *, formal: bool) -> bool:
    """Say whether the word before is a title ("Mrs"), or where that is enough a relation ("my sister")."""
    if before is None:
        return False
    if formal:
        return before.plain in _FORMAL
    return before.plain in lists.titles or before.plain in lists.relatives or before.plain.removesuffix("s") == "mr"


def _is_place(before: _Token | None, after: _Token | None) -> bool:
    prefixed = before is not None and before.plain in _PLACE_BEFORE and (before.large or before.loud)
    return prefixed or (after is not None and after.plain in _PLACE_AFTER and (after.large or after.loud))


def _adjacent(said: str, first: _Token, second: _Token) -> bool:
    """Say whether only a blank, an initial's full stop, or a comma after a relation stands between two words."""
    if second.start - first.end > 4:
        return False
    between = said[first.end : second.start]
    if between in (" ", "\u00a0", "  "):
        return True
    dotted = len(first.plain) == 1 or first.plain in _FORMAL or first.plain in ("prof", "st", "rev", "sgt", "jr", "sr")
    return dotted and between.strip() == "." and "\n" not in between


def _opens(said: str, start: int) -> bool:
    """Say whether a sentence, a line or a quotation begins here."""
    before = said[max(0, start - 8) : start].rstrip(" \t\"'“”‘’(*_-–—>")
    return not before or before[-1] in ".!?…:;\n\r)/|•"


@functools.cache
def _lists() -> _Lists:
    data = read(_PACK)
    ordinary = frozenset(text(read(_ORDINARY), "words", _ORDINARY).split())
    given, doubtful, family, others, particles, titles, relatives = (
        frozenset(map(fold, text(data, key, _PACK).split()))
        for key in ("given", "doubtful", "family", "others", "particles", "titles", "relatives")
    )
    strong = given - ordinary - others
    cues = "|".join(map(_cue, texts(data, "announced", _PACK)))
    sign_off = r"(?:love|thanks|thank you|best|warmly|yours|xo+|hugs),?\s*\n\s*"
    pattern = rf"(?<!\w)(?:(?:{cues})[\s:\"'“‘*_]{{0,4}}|{sign_off})"
    return _Lists(
        strong=strong,
        small=frozenset(word for word in strong - doubtful if len(word) > 2),
        doubtful=(doubtful | (given & ordinary)) - strong,
        family=family,
        others=others,
        ordinary=ordinary,
        particles=particles,
        titles=titles,
        relatives=relatives,
        announced=re.compile(pattern, re.IGNORECASE),
    )


def _cue(phrase: str) -> str:
    r"""Return the expression for a phrase that announces a name: (a|b) one of several, word? may be left out.

    Examples:
        >>> print(_cue("my full? name (is|:)"))
        my(?:\sfull)?\sname(?:\sis|:)
    """
    source = ""
    for part in _PART.findall(phrase):
        ways = part.rstrip("?").strip("()").split("|")
        said = [re.escape(way).replace("\\ ", r"\s").replace("'", "['’]") for way in ways]
        each = [way if not source or way[0] in ":,[" else rf"\s{way}" for way in said]
        one = each[0] if len(each) == 1 else f"(?:{'|'.join(each)})"
        source += f"(?:{one})?" if part.endswith("?") else one
    return source
