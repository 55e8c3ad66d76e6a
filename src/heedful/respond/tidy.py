"""Bring a clause into the usual spelling, without fillers at either end."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from heedful.models.normalise import normalise
from heedful.respond import english
from heedful.respond.english import core, grammar, words
from heedful.respond.person import put

_BE = frozenset("am is are was were be been being feel felt feels".split())
_CONTRACTED = frozenset("do does did is are was were has have had could would should".split())


def tidy(clause: str) -> list[str]:
    """Return the clause's words without fillers at either end, contractions and common misspellings mended."""
    import emoji  # only for what is said back: named emoji must not turn into words

    text = normalise(emoji.replace_emoji(clause, "") if not clause.isascii() else clause)
    text = re.sub(r"\s*[(\[][^()\[\]]{0,80}[)\]]\s*", " ", text)
    if text.isupper() and " " in text:
        text = text.lower()
    text = with_apostrophes(text)
    text = re.sub(r"\b(i|we|he|she|they|it|you) '(?=(?:m|ve|re|s|d|ll)\b)", r"\1'", text, flags=re.IGNORECASE)
    text = text.strip(" .,;:!?-\"'()*~")
    mended: dict[str, str] = {**grammar()["spelling"], **grammar()["contractions"]}
    said: list[str] = []
    for word in text.split():
        bare = core(word)
        if bare == "i":
            said.append(put(word, bare, "I"))
        elif bare == "not" and said and core(said[-1]) in _CONTRACTED:
            said[-1] = said[-1].lower() + "n't"
        elif bare in mended and (bare != word or bare != mended[bare]):
            said += put(word, bare, mended[bare]).split()
        elif bare in words("small") or (word == "A" and not said) or (word.isupper() and _is_common(bare)):
            said.append(word.lower())
        elif bare.startswith("i'"):
            said.append("I'" + word[2:])
        else:
            said.append(word)
    while said and core(said[0]) in words("openings") and said[1:2] not in (["one"], ["body"]):
        said = said[1:]
    if len(said) > 3 and core(said[0]) in {"now", "again"} and core(said[1]) not in {"that", "and"}:
        said = said[1:]
    while said and core(said[-1]) in words("endings") and not _is_needed(said):
        said = said[:-1]
    if len(said) > 3 and core(said[-2]) == "i" and core(said[-1]) in {"think", "guess", "suppose", "believe"}:
        said = said[:-2]
    if said:
        said[-1] = said[-1].rstrip(".,;:!?-")
    return said


def with_apostrophes(text: str) -> str:
    """Put in apostrophes and capitals that are left out where only what follows tells: "its been", "hell be ok"."""
    for pattern, put_in in _left_out():
        text = pattern.sub(put_in, text)
    return text


@functools.cache
def _left_out() -> tuple[tuple[re.Pattern[str], str], ...]:
    table: dict[str, str] = grammar()["left_out"]
    return tuple((re.compile(pattern, re.IGNORECASE), put_in) for pattern, put_in in table.items())


def _is_needed(said: Sequence[str]) -> bool:
    """Say whether the last word completes a form of "to be": "if I'm okay", and no mere tag."""
    before = core(said[-2]) if len(said) > 1 else ""
    return core(said[-1]) in {"okay", "ok", "fine", "right", "again"} and (
        before in _BE or before.endswith(("'m", "'s", "'re"))
    )


def _is_common(bare: str) -> bool:
    lists = ("he", "she", "they", "it", "degrees", "subjects", "dangling", "adverbs", "feelings", "shouted")
    return english.is_finite(bare) or english.is_base(bare) or any(bare in words(name) for name in lists)
