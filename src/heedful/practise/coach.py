"""Coach the learner in private: what landed, what was missed, what got in the way, and better words of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from heedful.media import Record
from heedful.practise.cues import cue, meant_well, reflects, spelled
from heedful.practise.hear import Heard, formulas_in, knows_exactly
from heedful.practise.reword import reword
from heedful.practise.scenario import Scenario
from heedful.practise.state import WELCOME_SILENCES, is_idle, is_small_talk
from heedful.practise.wordings import Edit, Fault, wordings
from heedful.types import Span

_FLAGS: Final[Mapping[str, str]] = {
    "hostility": "hostility",
    "celebrating harm": "hostility",
    "validating harm": "hostility",
    "indifference": "indifference",
    "dismissing": "dismissing",
    "blame": "blame",
    "minimising": "minimising",
    "touches a sore point": "minimising",
    "toxic positivity": "cheer",
    "one-upping": "own story",
}
"""What the judge calls it -> what the coach calls it."""
ORDER: Final = (
    "hostility", "changing the subject", "indifference", "own story", "blame", "cheer", "dismissing", "minimising",
    "flattery", "formula", "interrogating", "parroting", "advice", "facts only", "silence",
)  # fmt: skip
"""What gets in the way, what is named first coming first."""


@dataclass(frozen=True, slots=True)
class Landed(Record):
    """Something that reached the person."""

    what: str
    """What it was."""
    words: tuple[Span, ...]
    """The words that did it, in the learner's reply; none where it is the whole of it."""


@dataclass(frozen=True, slots=True)
class Coaching(Record):
    """What the coach says about one reply; there is no score in it."""

    landed: tuple[Landed, ...]
    """What reached the person."""
    fault: Fault | None
    """What got in the way most, or None."""
    missed: tuple[str, ...]
    """What was there to be heard, and was not."""
    better: str
    """The learner's reply in better words, or "" where it is good as it is."""
    edits: tuple[Edit, ...]
    """How one becomes the other."""
    next: str
    """One thing to try."""


def coach(
    scenario: Scenario, said: str, heard: Heard, openness: float, told: Sequence[str], before: Sequence[Heard] = ()
) -> Coaching:
    """Return private feedback on one reply.

    Args:
        scenario: whom the learner speaks to.
        said: the reply.
        heard: what it does.
        openness: how open the person was when they heard it, in [0, 1].
        told: names of the facts they had told by then.
        before: what they had heard from the learner earlier, oldest first.
    """
    if heard.lost:
        return Coaching((), None, (), "", (), wordings().next["lost"].format(name=scenario.person.name))
    small = heard.danger or is_small_talk(heard, before)
    found = [each for each in faults(scenario, said, heard) if each.kind != "facts only" or not small]
    if heard.silence and sum(each.silence for each in before) < WELCOME_SILENCES:
        return Coaching((Landed(wordings().landed["silence"], ()),), None, (), "", (), wordings().next["after silence"])
    fault = found[0] if found else None
    better, edits = reword(scenario, said, heard, found, openness, told, before)
    landed = tuple(_landed(scenario, said, heard)) if fault is None or fault.kind in ("advice", "interrogating") else ()
    missed = () if heard.silence else tuple(_missed(scenario, heard, before))[:1]
    if small and not heard.danger and fault is None and is_idle(heard):
        landed, missed = (), ()
    return Coaching(landed, fault, missed, better, edits, _next(scenario, said, heard, fault))


def faults(scenario: Scenario, said: str, heard: Heard) -> list[Fault]:
    """Return what gets in the way in a reply, the weightiest first."""
    found = dict[str, str]()
    for kind, words in _found(said, heard):
        found.setdefault(kind, words)
    return [_fault(kind, found[kind], scenario) for kind in ORDER if kind in found]


def _found(said: str, heard: Heard) -> Iterator[tuple[str, str]]:
    if heard.silence:
        yield "silence", ""
        return
    sure = [each for each in heard.harms if each.rule in _FLAGS and each.rule != "touches a sore point"]
    # A word that is sore to them may stand in a reply that hurts in a plainer way.
    for each in sure or ([] if heard.flattery else heard.harms):
        if each.rule in _FLAGS:
            yield _FLAGS[each.rule], each.text
    plain = said.replace("’", "'")
    if (match := cue("careless").search(plain)) and not meant_well(plain):
        yield "indifference", match[0]
    if heard.story:
        yield "own story", heard.story
    if knows_exactly(said):
        yield "own story", ""
    if (match := cue("story").search(plain)) and not heard.feelings and not sure:
        yield "own story", match[0]
    if (match := cue("subject").search(plain)) and heard.grounded <= 2 and not heard.feelings:
        yield "changing the subject", match[0]
    if heard.flattery and not (heard.understanding and heard.grounded):
        yield "flattery", heard.flattery
    if heard.formula:
        yield "formula", ", ".join(formulas_in(said)[:3])
    if heard.interrogates:
        yield "interrogating", ""
    if heard.echo:
        yield "parroting", ""
    if heard.advice:
        yield "advice", heard.advice
    shows = heard.warm or heard.judgement.interpretation.level or heard.feelings or heard.open_question
    turns = heard.grounded >= 2 and re.search(r"\byou\b|\byour\b|\bno wonder\b", said, re.IGNORECASE)
    if not shows and not turns and not (heard.grounded and reflects(said)) and not heard.repair:
        yield "facts only", ""


def _fault(kind: str, words: str, scenario: Scenario) -> Fault:
    told = wordings().faults[kind]
    name = scenario.person.name
    return Fault(kind, words, told.says.format(name=name), told.why.format(name=name))


def _landed(scenario: Scenario, said: str, heard: Heard) -> Iterator[Landed]:
    told, name = wordings().landed, scenario.person.name
    if heard.silence:
        return
    if match := cue("asks_danger").search(said):
        yield Landed(told["danger"], (Span(match.start(), match.end(), match[0]),))
    if heard.repair:
        yield Landed(told["repair"], ())
    for feeling in heard.feelings[:1]:
        yield Landed(told["feeling"].format(what=scenario.feeling(feeling).name.replace("_", " ")), ())
    for mechanism in ("interpretation", "reaction", "exploration"):
        found = getattr(heard.judgement, mechanism)
        if found.level and not (mechanism == "interpretation" and not heard.understanding):
            yield Landed(told[mechanism].format(name=name), tuple(_trimmed(said, each) for each in found.rationale))
    if heard.grounded >= 2 and not heard.feelings and not heard.judgement.interpretation.level:
        yield Landed(told["particular"].format(name=name), ())


def _trimmed(said: str, span: Span) -> Span:
    text = said[span.start : span.end]
    return Span(span.start, span.start + len(text.rstrip()), text.rstrip())


def _missed(scenario: Scenario, heard: Heard, before: Sequence[Heard]) -> Iterator[str]:
    told, name = wordings().missed, scenario.person.name
    late = any(each.feelings or each.understanding for each in before[-1:])
    if not heard.feelings and not heard.understanding and not (late and heard.open_question):
        shown = next(each for each in scenario.feelings if each.shown)
        yield told["feeling"].format(what=shown.name.replace("_", " "))
    elif heard.grounded == 0 and not heard.facts and not heard.opened:
        yield told["event"].format(name=name)
    elif not heard.questions and not heard.understanding:
        yield told["room"].format(name=name)


def _next(scenario: Scenario, said: str, heard: Heard, fault: Fault | None) -> str:
    told = wordings()
    if fault:
        return told.faults[fault.kind].next.format(name=scenario.person.name)
    if heard.danger:
        return told.next["danger"].format(name=scenario.person.name)
    if heard.greets:
        return told.next["greeting"]
    if heard.questions and cue("why").search(spelled(said).lower()):
        return told.next["why"]
    if heard.light and heard.questions and not heard.open_question:
        return told.next["closed question"]
    if not heard.understanding:
        return told.next["understanding"]
    if not heard.open_question:
        return told.next["wait"] if heard.warm else told.next["exploration"]
    return told.next["deeper"] if heard.warm else told.next["warmth"]
