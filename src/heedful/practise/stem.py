"""Reduce words to the stems that carry a meaning, and tell English from what is none."""

from __future__ import annotations

import re
from typing import Final

from heedful.judge.wording import MARKS, Wording, wording
from heedful.practise.beats import beats

_FUNCTION: Final = frozenset(
    "a an the and or but so if of to in on at by for with from as into about over out up down off i me my mine we "
    "us our you your yours he him his she her it its they them their this that these those there here who what when "
    "where why how which be am is are was were been being do does did done have has had will would can could may "
    "might must should shall not no yes just very really too also then than now all any some more most much many "
    "one get got go going know think like feel want say said tell told thing things make made let well okay oh "
    "sorry please thank thanks right sure maybe perhaps even still again because "
    "".split()
)
_FEWEST: Final = 4
"""Fewer words than this may be of any language."""
_KNOWN: Final = 0.2
"""Share of words that English can't do without, below which a text is in no English."""


def stems(text: str) -> set[str]:
    """Return the stems of the words of a text that carry its meaning."""
    return stems_of(wording(text))


def stems_of(words: Wording) -> set[str]:
    """Return the same of a text in plain words."""
    return {_stem(word) for word in words.words if word not in MARKS and word not in _FUNCTION and len(word) > 2}


def _stem(word: str) -> str:
    for ending in ("'s", "ingly", "edly", "ings", "ing", "ied", "ies", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word.rstrip("e") if len(word) > 3 else word


def is_foreign(reply: str) -> bool:
    """Tell whether words are in no English: in another script, or with hardly one of its commonest words.

    Examples:
        >>> is_foreign("Y mi abuela dice que el tiempo lo cura todo"), is_foreign("oh wow, biopsy results")
        (True, False)
    """
    letters = [each for each in reply if each.isalpha()]
    if letters and sum(each.isascii() or "À" <= each <= "ɏ" for each in letters) < 0.5 * len(letters):
        return True
    said = re.findall(r"[^\W\d_]+(?:'[a-z]+)?", reply.lower())
    known = sum(each in _FUNCTION or each.partition("'")[0] in _FUNCTION or each in beats().feelings for each in said)
    return len(said) >= _FEWEST and known < _KNOWN * len(said)
