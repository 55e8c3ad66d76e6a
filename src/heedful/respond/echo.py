"""Say back an answer of a few words as it stands: "nine years", "my dad. six weeks ago", "over a typo"."""

from __future__ import annotations

import re

from heedful.respond import english
from heedful.respond.english import core, words
from heedful.respond.person import second_person
from heedful.respond.tidy import tidy

_SENTENCES = re.compile(r"[.,;!?…]+(?:\s+|$)|\s+-+\s+")
_MOST, _ALTOGETHER = 5, 7
"""Words of one fragment, and of all of them together."""
_FRAGMENTS = 2
_STRANGE = re.compile(r"[^\w\s'’&%$€£/-]|https?|\d{5}")
_SAYS_NOTHING = frozenset(
    """
    yes yeah yep yup no nope nah ok okay k sure fine maybe idk hm hmm mhm lol haha hahaha lmao wow omg ugh wtf really
    right exactly true hi hello hey bye thanks thx thank please well still but so and or because whatever seriously
    nothing something anything everything nobody i i'm you it it's that this he she they we who what when where why how
    unbelievable great wonderful perfect lovely fantastic good bad sorry not never too also then just if to
    """.split()
)
"""A fragment that begins with one of these is no answer that could be said back."""
_FUNCTION = frozenset("a an the on in at over for since about with my our of by from to".split())
_LEADS = frozenset("yes yeah yep yup no nope nah well so um uh like honestly tbh idk maybe oh ugh".split())
_TRAILS = frozenset("lol haha hahaha lmao tbh idk tho though anyway".split())


def echo_of(text: str) -> str | None:
    """Return an answer of a few words said back in second person, or None where it is no such answer.

    Args:
        text: the message; any string.

    Examples:
        >>> echo_of("yeah 9 years")
        '9 years'
        >>> echo_of("my dad. six weeks ago")
        'Your dad, six weeks ago'
        >>> echo_of("i lost it") is None
        True
    """
    if len(text) > 80:
        return None
    found: list[str] = []
    for piece in _SENTENCES.split(text.strip()):
        fragment = _fragment(piece)
        if fragment is None:
            return None
        if fragment and not any(fragment.lower() in each.lower() for each in found):
            found.append(fragment)
    if not 0 < len(found) <= _FRAGMENTS or sum(len(each.split()) for each in found) > _ALTOGETHER:
        return None
    said = ", ".join([found[0], *(each[:1].lower() + each[1:] if _is_function(each) else each for each in found[1:])])
    return said[:1].upper() + said[1:]


def _is_function(fragment: str) -> bool:
    return core(fragment.split(maxsplit=1)[0]) in _FUNCTION


def _fragment(piece: str) -> str | None:
    """Return one fragment in second person, "" where it says nothing, None where it is no fragment."""
    raw = piece.split()
    while raw and core(raw[0]) in _LEADS:
        raw = raw[1:]
    while raw and core(raw[-1]) in _TRAILS:
        raw = raw[:-1]
    if not raw:
        return ""
    if _STRANGE.search(" ".join(raw)) or core(raw[0]) in _SAYS_NOTHING:
        return None
    said = tidy(" ".join(raw))
    if not 0 < len(said) <= _MOST or core(said[-1]) in _FUNCTION | words("dangling"):
        return None
    cores = [core(word) for word in said]
    if set(cores) & {"i", "he", "she", "they", "we", "it", "me", "you"} or any("'" in each for each in cores[:1]):
        return None
    if any(english.is_auxiliary(each) or english.is_third(each) for each in cores) or english.is_feeling(cores[0]):
        return None
    if english.is_past(cores[0]) or (len(cores) > 1 and english.is_base(cores[0])) or cores[0].endswith("ing"):
        return None
    if len(said) > 1 and not _is_function(said[0]) and english.verb_place(said) is not None:
        return None
    if all(each.isdigit() for each in cores) or (len(cores) == 1 and cores[0].endswith("ly")):
        return None
    return second_person(" ".join(said)).rstrip(" ,;:.")
