"""Put a reply into better words: keep what is the learner's, turn or leave out what gets in the way, add what lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from heedful.models.sentences import sentences
from heedful.practise.cues import cue, marked, spelled
from heedful.practise.hear import Heard, advice_in, formulas_in
from heedful.practise.scenario import Scenario
from heedful.practise.wordings import Edit, Fault, feeling_for, question_for, wordings

_GIVES_WAY: Final = frozenset(
    ("hostility", "indifference", "dismissing", "blame", "cheer", "minimising", "flattery", "parroting")
)
"""Faults whose sentences are left out."""


def reword(
    scenario: Scenario,
    said: str,
    heard: Heard,
    found: Sequence[Fault],
    openness: float,
    told: Sequence[str],
    before: Sequence[Heard] = (),
) -> tuple[str, tuple[Edit, ...]]:
    """Return a reply in better words and the changes, or "" and none where it is good as it is.

    Args:
        scenario: whom it is said to.
        said: the learner's words.
        heard: what they do.
        found: what gets in the way in them, the weightiest first.
        openness: how open the person was, in [0, 1].
        told: names of the facts they had told.
        before: what they had heard from the learner earlier, oldest first.
    """
    late = any(each.understanding for each in before[-1:])
    if not found and (heard.understanding or (late and heard.open_question)):
        return "", ()
    kinds = {fault.kind for fault in found}
    edits: list[Edit] = []
    kept: list[str] = []
    asked = ""
    for sentence in [said[start:end].strip() for start, end in sentences(said)]:
        after = _changed(sentence, found, kinds, heard, asked)
        if after.endswith("?"):
            asked = after
        if after != sentence:
            edits.append(Edit(sentence, after))
        if after and _neat(after) not in kept:
            kept.append(_neat(after))
    lead = _lead(scenario, [*before, *([] if found else [heard])], openness, kept, again=not found)
    edits = [*(Edit("", each) for each in lead), *edits]
    questions = [each for each in kept if each.endswith("?")]
    rest = [each for each in kept if not each.endswith("?")]
    if not questions and "own story" not in kinds:
        questions = [question_for(scenario, openness, told)]
        edits.append(Edit("", questions[0]))
    hello = [each for each in rest if cue("greeting").match(each)]
    return " ".join([*hello, *lead, *(each for each in rest if each not in hello), *questions]), tuple(edits)


def _lead(
    scenario: Scenario, heard: Sequence[Heard], openness: float, kept: Sequence[str], *, again: bool
) -> list[str]:
    """Return what comes first: a warm word where there is none, and what was understood."""
    words = wordings()
    feeling = feeling_for(scenario, heard, openness)
    bright = feeling.label in ("joy", "pride", "excitement", "relief", "love", "gratitude")
    kind = words.warm_bright if bright else words.warm_low
    warm = kind[len(heard) // 2 % len(kind)].format(name=scenario.person.name)
    text = " ".join(kept).lower()
    # A warm word every time is a formula of its own.
    if (
        again
        and len(heard) > 1
        and len(heard) % 2 == 0
        and len({each.name for each in scenario.feelings if each.shown}) == 1
        and openness < 0.5
    ):
        return [words.presence[len(heard) // 2 % len(words.presence)]]  # the one reflection there is was just offered
    spare = len(heard) % 2 == 1 or any(each in text for each in ("sorry", "glad", "happy for"))
    lead = [] if spare else [warm]
    return [*lead, _sounds(feeling.reflect)]


def _sounds(reflect: str) -> str:
    """Return what was understood as something that may be wrong."""
    tentative = (
        "sound",
        "must",
        "seem",
        "perhaps",
        "maybe",
        "i think",
        "i imagine",
        "i hear",
        "imagine",
        "it's",
        "you",
        "i can",
        "i guess",
        "feel",
    )
    return (
        reflect
        if any(each in reflect.lower() for each in tentative)
        else f"It sounds like this: {reflect[0].lower()}{reflect[1:]}"
    )


def _changed(sentence: str, found: Sequence[Fault], kinds: set[str], heard: Heard, asked: str) -> str:
    """Return a sentence as it may stay, or "" where it gives way."""
    plain = spelled(marked(sentence))
    if match := cue("at_least").match(plain):
        return wordings().turned.format(what=_capital(match["what"].strip()))
    if "own story" in kinds and re.search(
        r"\b(?:i|my|me|our|mine|us)\b|you think (?:that's|you)", plain, re.IGNORECASE
    ):
        return wordings().own_story
    if "changing the subject" in kinds:
        return wordings().later if not asked else ""
    if "formula" in kinds and formulas_in(sentence):
        return ""
    if any(_holds(sentence, fault, kinds) for fault in found):
        return ""
    if advice_in(plain) or (heard.advice and heard.advice in sentence):
        return _offered(plain)
    if "interrogating" in kinds and sentence.endswith("?"):
        return ""
    return sentence


def _neat(sentence: str) -> str:
    """Return a sentence with a capital and the mark at its end, where it was typed in a hurry."""
    text = re.sub(r"\bi\b(?!\.)", "I", marked(sentence))
    return _capital(text) if text[-1:] in ".!?…:\"'”’)" else f"{_capital(text)}."


def _holds(sentence: str, fault: Fault, kinds: set[str]) -> bool:
    if fault.kind not in _GIVES_WAY:
        return False
    if fault.kind == "parroting" or (not fault.words and len(kinds) == 1):
        return True
    if fault.kind in ("flattery", "cheer", "dismissing", "indifference", "blame", "minimising", "hostility"):
        # What stands beside such a sentence is mostly more of it.
        return fault.words.lower()[:24] in sentence.lower() or len(kinds & _GIVES_WAY) > 0
    return False


def _offered(sentence: str) -> str:
    """Return advice as an offer that can be declined."""
    words = wordings()
    if match := cue("do").match(sentence):
        return words.offer.format(what=_tidy(match["what"]))
    if match := cue("thing").match(sentence):
        return words.offer_thing.format(what=_tidy(match["what"]))
    if (
        (match := cue("order_given").match(sentence))
        and not sentence.endswith("?")
        and match["what"].split()[0].lower() not in ("you", "it", "the", "i", "that", "this")
    ):
        return words.offer.format(what=_tidy(match["what"]))
    return words.offer_open


def _tidy(what: str) -> str:
    what = re.sub(r"^(?:try to|try and|just) ", "", what.strip())
    what = re.sub(r"[,;]? (?:then|first|really|honestly|ok|okay|right|yes)$", "", what.strip(" ,;"))
    return what[0].lower() + what[1:] if what[:2] not in ("I ", "I'") else what


def _capital(what: str) -> str:
    return what[0].upper() + what[1:]
