"""Know the hurtful turns of phrase that a judge of any reply leaves alone: here somebody has just told a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_PEOPLE: Final = r"(?:people|kids|children|others|women|men|patients|families|folks|students|of us|of them)"
_KINDS: Final = {
    "hostility": (
        r"\byou(?:'re| are) (?:such )?(?:an? )?(?:\w+ )?(?:liar|loser|idiot|coward|failure|disgrace|pathetic|ridiculous|stupid|hopeless|useless|crybaby)\b"
        r"|\bshut up\b|\bwhat(?:'s| is) wrong with you\b|\bare you (?:stupid|blind|deaf|crazy)\b|\bserves you right\b"
    ),
    "indifference": (
        r"(?:^|[.!?,] *)(?:fine,? |oh,? |well,? )?whatever\s*(?:[.!,]|$)|\b(?:that's|that is) (?:your|not our|not my) (?:problem|business|department|job)\b"
        r"|\bi (?:couldn't|could not) care less\b|\bnot my concern\b"
    ),
    "dismissing": (
        r"\bdon't be (?:so |such a |too )?(?:dramatic|sensitive|silly|ridiculous|baby|childish|sad|upset|angry|afraid|scared)\b|\b(?:too|so) (?:dramatic|sensitive|emotional)\b"
        r"|\bpull yourself together\b|\bget a grip\b|\btoughen up\b|\bget on with (?:it|your life|things)\b|\bsnap out of\b|\bstop (?:being so|feeling sorry|brooding|moping|whining|crying)\b"
        r"|\bno (?:reason|need) to (?:be|get|make|feel|cry)\b(?! sorry)|\bmountain out of\b"
    ),
    "minimising": (
        rf"(?:^|[.!?] *)(?:well,? |oh,? |but |come on,? )*(?:it's|it is|that's|it was|that was) (?:only|just) (?:an?|one|some|the)\b|\bat least[.!,]|, at least\b"
        rf"|(?:^|[.!?] *)only (?:a|an|one|two|three|four|five|ten) \w+[.!]|\b(?:lots|plenty|loads|millions|thousands|most|many)(?: of)?(?: other)? {_PEOPLE}\b"
        r"|(?:^|[.!?] *)others (?:have|had|are|were|become|lost|get|got|would)\b|\beverybody(?:'s| is| has| gets| goes)\b(?! (?:so )?(?:kind|patient))|\beveryone(?:'s| has| gets| goes) (?:a |been |that |it |through )"
        r"|\b(?:won't|hardly|barely) (?:even )?notice\b|\bhappens to (?:everybody|everyone|all of us|the best)\b|\bnot (?:such|that) (?:a )?(?:big|bad)\b|\bcould be (?:a lot |much )?worse\b"
    ),
    "toxic positivity": (
        r"\benjoy every\b|\bbest (?:time|years|days) of your life\b|\beverything(?:'ll| will| is going to) (?:work out|be (?:fine|okay|all right|great|wonderful|well))\b|\bchin up\b"
        r"|\bcheer up\b|\bblessing in disguise\b|\b(?:just|keep) smil(?:e|ing)\b|\b(?:better|great|wonderful|good) (?:things|days|times) (?:are|is) (?:coming|waiting|ahead)\b|\bit's all for the best\b"
    ),
    "blame": (
        r"\byour own (?:mistake|fault|doing|choice|responsibility)\b|\byou (?:must|may|probably) have (?:clicked|pressed|forgotten|misread|done|typed|left|overlooked|provoked)\b"
        r"|\byou should(?:'ve| have| be more careful)\b|\byou shouldn't have\b|\bwhy (?:didn't|did|haven't) you (?!think|want me)\b|\bif (?:only )?you had(?:n't)?\b"
        r"|(?<!how )\byou could have (?!been|lost|died|missed)\w+ (?:to )?(?:him|her|them|us|me|it|one|earlier|sooner|more|better)\b|\bwhat did you expect\b|\bthat's what (?:you get|happens when)\b"
    ),
}  # fmt: skip
HURTFUL: Final = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _KINDS.items()}
"""What the judge would call it -> what shows it."""
_MEANT_WELL: Final = re.compile(
    r"\byou wanted to\b(?! (?:this|it|that|be a|have a))|\bso what(?:'s|'d|'ll)?\s+(?:\w+\s+)*\w+|\bit could have been\b|\b(?:that's|it's) not (?:that )?your fault\b"
    r"|\bcould have been (?:anyone|anybody|any of us)\b",
    re.IGNORECASE,
)
_TAKEN_IN: Final = re.compile(
    r"\bi (?:think|imagine|guess|can (?:see|hear|imagine))\b|\bsounds?\b|\bmust (?:be|have|feel)\b|\byou (?:were|are|felt|feel|seem|look)\b|\bas if\b|\bno wonder\b"
    r"|\bof course\b|\bmakes sense\b",
    re.IGNORECASE,
)
PRAISE: Final = re.compile(
    r"\byou(?:'re| are) (?:really |truly |such |just )*(?:an? )?(?:\w+ )?(?:angel|saint|hero|heroine|legend|inspiration|genius|superstar|champion|treasure|wonder)\b"
    r"|\byou(?:'re| are) (?:really |truly |just )*an? (?:amazing|incredible|special|wonderful|fantastic|great|brilliant|exceptional|extraordinary) \w+"
    r"|\byou(?:'re| are) so (?:amazing|incredible|wonderful|fantastic|brilliant|gifted|talented|strong|brave|wise|special|clever)\b",
    re.IGNORECASE,
)
"""Praise of the person, beside the point."""
_WHEN: Final = re.compile(
    r"(?:^|[.!?] *)(?:oh,? |well,? |yeah,? |you know,? )*(?:when|after) (?:i|my|we|our|they \w+ (?:me|us))\b(?! (?:hear|heard|listen|look|see|saw|think|ask|call|read))[^.!?]*",
    re.IGNORECASE,
)
_OWN: Final = re.compile(r"\b(?:i|my|me|mine|we|our|us)\b", re.IGNORECASE)
_REFLECTS: Final = re.compile(
    r"^(?:so|and|then|'|\").*\b(?:you|your|there's|nobody|no one)\b|\bit sounds\b|\bi (?:like|love) that\b|\bi believe you\b|\byou don't (?:need|have) (?:one|to)\b",
    re.IGNORECASE,
)


def hurtful(reply: str) -> Iterator[tuple[str, str]]:
    """Yield (what the judge would call it, the words) for everything hurtful in a reply.

    Examples:
        >>> list(hurtful("It's only a pair of glasses."))
        [('minimising', "It's only a")]
    """
    plain = reply.replace("’", "'")
    for kind, pattern in HURTFUL.items():
        if match := pattern.search(plain):
            yield kind, match[0].strip(" .,!?") or match[0]


def meant_well(sentence: str) -> bool:
    """Tell whether a sentence only looks like blame or indifference: "You wanted to spare her".

    Examples:
        >>> meant_well("You wanted to spare her."), meant_well("You wanted this.")
        (True, False)
    """
    return _MEANT_WELL.search(sentence.replace("’", "'")) is not None


def taken_in(sentence: str) -> bool:
    """Tell whether a sentence says what was heard, so that a sore word in it may well be the right one."""
    return _TAKEN_IN.search(sentence.replace("’", "'")) is not None


def own_story(reply: str) -> str:
    """Return the words with which a reply turns to what its speaker has lived through, or "".

    Examples:
        >>> own_story("When they let me go, I was out in four minutes, and I had a mortgage.")
        'When they let me go, I was out in four minutes, and I had a mortgage'
        >>> own_story("You should have called when we wrote to you.")
        ''
    """
    match = _WHEN.search(reply.replace("’", "'"))
    return match[0].strip(" .!?") if match and len(_OWN.findall(match[0])) >= 2 else ""


def reflects(reply: str) -> bool:
    """Tell whether a reply turns what was told over, even where it uses other words."""
    return _REFLECTS.search(reply.replace("’", "'")) is not None
