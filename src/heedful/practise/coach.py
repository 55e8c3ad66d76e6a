"""Coach the learner in private: what landed, what was missed, what got in the way, and better words made of their own."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from heedful.errors import ConfigError
from heedful.media import Record
from heedful.practise.hear import Heard, formulas_in, knows_exactly
from heedful.practise.scenario import Feeling, Scenario
from heedful.practise.state import WELCOME_SILENCES
from heedful.types import Span

_PATH: Final = Path(__file__).with_name("coach.toml")
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
    "hostility", "changing the subject", "indifference", "own story", "blame", "cheer", "dismissing", "minimising", "flattery",
    "formula", "interrogating", "parroting", "advice", "facts only", "silence",
)  # fmt: skip
"""What gets in the way, what is named first coming first."""
_SUBJECT = re.compile(
    r"^(?:oh,? |so,? |well,? |anyway,? )*(?:by the way|anyway,|speaking of|let's (?:talk about|change|not talk)|that reminds me|on another note|"
    r"changing the subject|did you (?:hear|see) (?:that|about|they)|have you (?:seen|heard) the|how about that)", re.IGNORECASE
)  # fmt: skip
_CARELESS = re.compile(
    r"\b(?:not my (?:problem|department|job|business)|i (?:don't|do not) (?:really )?(?:care|have time)|what that has to do with me|so what|^whatever\b|whatever[.!]|"
    r"(?:can't|cannot) do anything about (?:that|it)|next,? please)\b", re.IGNORECASE
)  # fmt: skip
_OWN_STORY = re.compile(
    r"\bwhen (?:i|my|we)\b(?! (?:hear|listen|look|see|think|ask|call|was listening))|\b(?:with|for) (?:me|us|our|mine)\b.*\bi (?:didn't|did|had|was)\b|\bmy own \w+ (?:took|was|had|did)\b|"
    r"\byou think (?:that's|you've|you)\b.*\b(?:bad|hard|tough)\b", re.IGNORECASE
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Landed(Record):
    """Something that reached the person."""

    what: str
    """What it was."""
    words: tuple[Span, ...]
    """The words that did it, in the learner's reply; none where it is the whole of it."""


@dataclass(frozen=True, slots=True)
class Fault(Record):
    """Something that got in the way."""

    kind: str
    """One of `ORDER`."""
    words: str
    """The words that did it, or ""."""
    says: str
    """What it was, in a sentence."""
    why: str
    """What it does to the person."""


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


@dataclass(frozen=True, slots=True)
class Edit(Record):
    """One change to the learner's words."""

    before: str
    """What stood there; "" where something is put in."""
    after: str
    """What stands there instead; "" where something is left out."""


@dataclass(frozen=True, slots=True)
class _FaultWords:
    says: str
    why: str
    next: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """The file `coach.toml`."""

    generic_question: str
    """A question that fits everywhere."""
    warm_low: tuple[str, ...]
    """A warm word for somebody who is not well."""
    warm_bright: tuple[str, ...]
    """A warm word for somebody who is glad."""
    offer: str
    """How advice becomes an offer, for something to do."""
    offer_thing: str
    """The same, for a thing."""
    offer_open: str
    """The same, where neither can be told."""
    turned: str
    """How a comparison is turned round."""
    own_story: str
    """What is left of one's own story."""
    later: str
    """What is left of another subject."""
    landed: Mapping[str, str]
    """What landed, in words."""
    missed: Mapping[str, str]
    """What was missed, in words."""
    faults: Mapping[str, _FaultWords]
    """What gets in the way, in words."""
    next: Mapping[str, str]
    """What to try where nothing got in the way."""


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
    from heedful.practise.reword import reword  # it builds on the records above

    found = faults(scenario, said, heard)
    if heard.silence and sum(each.silence for each in before) < WELCOME_SILENCES:
        return Coaching((Landed(wordings().landed["silence"], ()),), None, (), "", (), wordings().next["after silence"])
    fault = found[0] if found else None
    better, edits = reword(scenario, said, heard, found, openness, told, before)
    landed = tuple(_landed(scenario, said, heard)) if fault is None or fault.kind in ("advice", "interrogating") else ()
    missed = () if heard.silence else tuple(_missed(scenario, heard, before))[:1]
    return Coaching(landed, fault, missed, better, edits, _next(heard, fault))


def faults(scenario: Scenario, said: str, heard: Heard) -> list[Fault]:
    """Return what gets in the way in a reply, the weightiest first."""
    found = dict[str, str]()
    for kind, words in _found(said, heard):
        found.setdefault(kind, words)
    return [_fault(kind, found[kind], scenario) for kind in ORDER if kind in found]


def question_for(scenario: Scenario, openness: float, told: Sequence[str]) -> str:
    """Return a question that the person could answer now."""
    ahead = [fact for fact in scenario.facts if fact.name not in told and fact.at <= openness + 0.12]
    return ahead[0].question if ahead else wordings().generic_question


def feeling_for(scenario: Scenario, heard: Sequence[Heard], openness: float) -> Feeling:
    """Return the feeling that is there to be heard now and was not named in what they heard: those that show first."""
    named = {name for each in heard for name in each.feelings}
    there = [each for each in scenario.feelings if each.shown or openness >= 0.5]
    return next((each for each in there if each.name not in named), there[0])


@functools.cache
def wordings() -> Wordings:
    """Return what the coach says; raise ConfigError if the file was damaged."""
    try:
        return msgspec.convert(tomllib.loads(_PATH.read_text(encoding="utf-8")), Wordings)
    except (OSError, ValueError) as error:
        raise ConfigError(f"practise/coach.toml cannot be read: {error}. Restore it from the package.") from error


def _found(said: str, heard: Heard) -> Iterator[tuple[str, str]]:
    if heard.silence:
        yield "silence", ""
        return
    for each in heard.harms:
        if each.rule in _FLAGS and not (each.rule == "touches a sore point" and heard.flattery):
            yield _FLAGS[each.rule], each.text
    if match := _CARELESS.search(said.replace("’", "'")):
        yield "indifference", match[0]
    if knows_exactly(said):
        yield "own story", ""
    if (match := _OWN_STORY.search(said.replace("’", "'"))) and not heard.feelings:
        yield "own story", match[0]
    if (match := _SUBJECT.search(said.replace("’", "'"))) and heard.grounded <= 2 and not heard.feelings:
        yield "changing the subject", match[0]
    if heard.flattery and not heard.understanding:
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
    reflects = heard.grounded >= 2 and re.search(r"\byou\b|\byour\b|\bno wonder\b", said, re.IGNORECASE)
    if not shows and not reflects and not heard.repair:
        yield "facts only", ""


def _fault(kind: str, words: str, scenario: Scenario) -> Fault:
    told = wordings().faults[kind]
    name = scenario.person.name
    return Fault(kind, words, told.says.format(name=name), told.why.format(name=name))


def _landed(scenario: Scenario, said: str, heard: Heard) -> Iterator[Landed]:
    told, name = wordings().landed, scenario.person.name
    if heard.silence:
        return
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


def _next(heard: Heard, fault: Fault | None) -> str:
    told = wordings()
    if fault:
        return told.faults[fault.kind].next
    if not heard.understanding:
        return told.next["understanding"]
    if not heard.open_question:
        return told.next["wait"] if heard.warm else told.next["exploration"]
    return told.next["deeper"] if heard.warm else told.next["warmth"]
