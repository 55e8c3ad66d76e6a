"""Find the pronoun for the one that a person speaks of: a daughter is "she", a boss of unknown sex "they"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from heedful.respond.english import words

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_LOOKED_AT = 2000
_MANY = frozenset(
    """they them their theirs people person someone somebody everyone everybody stranger strangers guys folks others
    men women staff management""".split()
)
_SAID = {"she": frozenset({"she", "her", "hers", "herself"}), "he": frozenset({"he", "him", "his", "himself"})}
_FORMS: Mapping[str, tuple[str, ...]] = {
    "she": ("she", "her", "her", "does", "has", "was", "is she", "she's", "she's"),
    "he": ("he", "him", "his", "does", "has", "was", "is he", "he's", "he's"),
    "they": ("they", "them", "their", "do", "have", "were", "are they", "they're", "they've"),
}
_NAMES = ("they", "them", "their", "do", "have", "were", "are_they", "theyre", "theyve")
SLOTS = frozenset(_NAMES) | frozenset(name.capitalize() for name in _NAMES)
"""What a phrase may leave open for the one that is spoken of, written as for "they"."""


def pronoun_of(text: str) -> str:
    """Return "she" or "he" where all that are spoken of are such, else "they".

    Args:
        text: what the person wrote; any string.

    Examples:
        >>> pronoun_of("My daughter got up in front of the whole school")
        'she'
        >>> pronoun_of("My boss took credit for my work")
        'they'
        >>> pronoun_of("My boss took credit for my work, and he smiled")
        'he'
    """
    said = set(_WORD.findall(text[:_LOOKED_AT].lower().replace("’", "'")))
    she, he, they = words("she"), words("he"), words("they")
    if said & _MANY or said & (they - she - he):
        return "they"
    open_to_both = said & she & he
    named = {name for name, one, other in (("she", she, he), ("he", he, she)) if said & (one - other)}
    heard = {name for name, forms in _SAID.items() if said & forms}
    if open_to_both and not heard:
        return "they"
    found = named | heard
    return found.pop() if len(found) == 1 else "they"


def pronoun_slots(text: str) -> dict[str, str]:
    """Return what the slots of a phrase are filled with that stand for the one that is spoken of.

    Examples:
        >>> pronoun_slots("my son moved out")["are_they"]
        'is he'
    """
    forms = dict(zip(_NAMES, _FORMS[pronoun_of(text)], strict=True))
    return forms | {name.capitalize(): form[:1].upper() + form[1:] for name, form in forms.items()}
