"""Hear what a learner's words do to the person in front of them: what lands, what hurts, what is asked and missed."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from heedful.judge.wording import MARKS, Wording, wording
from heedful.media import Record
from heedful.norm import word_in
from heedful.practise.beats import beats
from heedful.practise.cues import cue, hurtful, marked, meant_well, own_story, reflects, spelled, taken_in
from heedful.practise.scenario import Fact, Feeling, Scenario
from heedful.practise.stem import is_foreign, stems, stems_of
from heedful.types import Finding, Judgement

HARMS: Final = frozenset(
    ("dismissing", "minimising", "indifference", "blame", "hostility", "toxic positivity", "one-upping",
     "validating harm", "celebrating harm")
)  # fmt: skip
"""Flags of the judge that hurt."""
_PARROT = 0.6
"""Share of a reply that is the person's own words, from which it is an echo."""
_RUN = 3
"""So many words in a row that were said before are an echo."""
_ALIKE = 0.6
"""Share of the words of an author's sentence from which a reply says the same."""
_BESIDE = 3
"""So few words of meaning beside its formulas leave a reply a formula."""
_SMALL, _SMALL_ASKED = 5, 10
"""A reply of so many words is a small one, and with a question in it one of so many."""
_MANY_QUESTIONS, _MANY_FORMULAS, _MANY_FEELINGS = 3, 4, 4
_TURNED: Final = {"you": "i", "your": "my", "yours": "mine", "are": "am", "were": "was", "yourself": "myself"}
_ANSWERLESS = re.compile(
    r"[^\w]*(?:(?:h?m+h?m?|uh|um|oh|ok|okay|yes|yeah|right|sure|i see|ah|aha|well|so|huh|fine|good|go on|and)\W*)*\Z"
)
_WHY_HURTS: Final = "It makes less of what was told, or of who told it."


class Judging(Protocol):
    """What judges replies: `heedful.judge.base.Judge`, or a double."""

    def judge(self, pairs: Sequence[tuple[str, str]], replier: str = "anyone") -> list[Judgement]:
        """Return one judgement per (message, reply), in order."""
        ...


@dataclass(frozen=True, slots=True)
class Heard(Record):
    """What a learner's words do."""

    judgement: Judgement
    """How empathic they are, beside what was said last."""
    feelings: tuple[str, ...] = ()
    """Feelings of the scenario that they name."""
    facts: tuple[str, ...] = ()
    """Facts that they ask about, the closest first."""
    opened: tuple[str, ...] = ()
    """Words in them that open this person."""
    grounded: int = 0
    """How many words in them belong to what this person told, felt or meant, without being an echo."""
    questions: int = 0
    """How many questions they ask."""
    open_question: bool = False
    """Whether one of them can be answered at length."""
    advice: str = ""
    """The words that advise, if they do, unasked."""
    harms: tuple[Finding, ...] = ()
    """What hurts."""
    echo: bool = False
    """Whether they are mostly the person's own words."""
    formula: bool = False
    """Whether they could be said to anybody."""
    flattery: str = ""
    """Praise beside the point."""
    silence: bool = False
    """Whether they say nothing, or no more than "mm"."""
    repair: bool = False
    """Whether they take something back."""
    interrogates: bool = False
    """Whether they ask and ask, and take nothing in."""
    light: bool = False
    """Whether they are small: a greeting, a few words, a question in passing."""
    greets: bool = False
    """Whether they are a greeting and nothing else."""
    kind: bool = False
    """Whether they take the person's side in a few words: "that sucks"."""
    turns_over: bool = False
    """Whether they say back, about this person, what was told."""
    story: str = ""
    """The listener's own story, told instead of listening."""
    danger: bool = False
    """Whether they ask directly about danger: suicide, harm to oneself."""
    lost: bool = False
    """Whether they are in no language that this person speaks."""
    said: tuple[str, ...] = field(default=())
    """The stems of what they say, so that saying it again is known."""

    @property
    def warm(self) -> bool:
        """Whether warmth is put into words."""
        return self.judgement.reaction.level > 0 or self.kind

    @property
    def understanding(self) -> bool:
        """Whether they show that something of this person was understood."""
        if self.harms or self.echo or self.formula or self.silence or self.lost:
            return False
        return (
            bool(self.feelings)
            or (bool(self.opened) and self.grounded >= 1)
            or (self.judgement.interpretation.level > 0 and self.grounded >= 2)
        )


def hear(
    judge: Judging, scenario: Scenario, person_said: Sequence[str], learner_said: Sequence[str], told: Sequence[str]
) -> Heard:
    """Return what the learner's latest words do.

    Args:
        judge: judges replies.
        scenario: who they speak to.
        person_said: everything the person said so far, oldest first.
        learner_said: everything the learner said, oldest first; the last of them is heard.
        told: names of the facts already told.
    """
    message = person_said[-1] if person_said else ""
    judgement = judge.judge([(message, marked(learner_said[-1]))])[0]
    reply = spelled(marked(learner_said[-1]))
    words, low = wording(reply), f" {_plain(reply)}"
    silence = bool(_ANSWERLESS.match(low))
    questions = sum(words.words[end] == "?" for _, end in words.sentences)
    quotes = _echo(words, person_said) >= _PARROT  # then what hurts in it are the person's own words
    harms = () if quotes else _harms(judgement, reply, scenario)
    grounded = _grounded(words, scenario, person_said)
    of_them = grounded > 0 or cue("of_them").search(low)
    named = tuple(each.name for each in scenario.feelings if (of_them and _names(reply, each)) or _means(words, each))
    asks_back = bool(cue("asks").search(low.strip())) and "?" not in message
    echo = not silence and not asks_back and _is_echo(judgement, words, person_said)
    own = wording(without_formulas(reply))
    facts = _asked(own, scenario, told)
    opened = tuple(each for each in scenario.opens if word_in(reply, (each,))) if not harms else ()
    greets = bool(cue("greeting").match(low))
    return Heard(
        judgement=judgement,
        feelings=() if harms else named,
        facts=facts,
        opened=opened,
        grounded=grounded,
        questions=questions,
        open_question=_is_open(own, low, facts),
        advice=_advice(reply, judgement),
        harms=harms,
        echo=echo,
        formula=_is_formula(words, low, grounded, [*learner_said[:-1]], facts),
        flattery=word_in(reply, beats().flattery) or _praise(reply),
        silence=silence,
        repair=word_in(reply, beats().repairs) is not None and len(learner_said) > 1,
        interrogates=not cue("asks_danger").search(reply)
        and _interrogates(judgement, questions, grounded, learner_said),
        light=not silence and (greets or len(reply.split()) <= (_SMALL_ASKED if questions else _SMALL)),
        kind=bool(cue("takes_side").search(low.strip())),
        turns_over=not questions and reflects(reply),
        danger=cue("asks_danger").search(reply) is not None,
        story=own_story(reply),
        greets=greets,
        lost=not silence and not grounded and is_foreign(reply),
        said=tuple(sorted(stems_of(words))),
    )


def _is_open(own: Wording, low: str, facts: Sequence[str]) -> bool:
    """Tell whether a question can be answered at length; "are you okay?" can, where it is meant."""
    if (
        ("?" not in own.words and not cue("tell_me").search(low))
        or cue("closed_how").search(own.plain)
        or cue("why").search(own.plain)
    ):
        return False
    return bool(facts or cue("open").search(own.plain) or cue("checks_in").search(low))


def advice_in(reply: str) -> str:
    """Return the words of a reply that advise, or ""; offering to think of ideas together is no advice.

    Examples:
        >>> advice_in("You should call your brother. I mean it.")
        'You should call your brother.'
    """
    if cue("asks_leave").search(_plain(reply)):
        return ""
    for sentence in re.findall(r"[^.!?]+[.!?]*", reply):
        low = f" {_plain(sentence)}".strip()
        advises = cue("advice_asked" if sentence.rstrip().endswith("?") else "advice")
        duty = not sentence.rstrip().endswith("?") and cue("duty").search(low)
        if (advises.search(low) or duty or cue("order").match(low)) and not re.search(
            r"\b(?:you (?:do not|don't) (?:have|need) to|no need to|and now you (?:have|need) to)\b", low
        ):
            return str(sentence).strip()
    return ""


def formulas_in(reply: str) -> list[str]:
    """Return the phrases in a reply that anybody could say to anybody."""
    low = _plain(reply)
    return [each for each in beats().formulas if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", low)]


def _praise(reply: str) -> str:
    found = cue("praise").search(reply.replace("’", "'"))
    return found[0] if found else ""


def without_formulas(reply: str) -> str:
    """Return a reply without the phrases that anybody could say to anybody."""
    low = reply.replace("’", "'")
    for each in sorted(beats().formulas, key=len, reverse=True):
        low = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", "", low, flags=re.IGNORECASE)
    return low


def knows_exactly(reply: str) -> bool:
    """Tell whether a reply claims to know how it is for them."""
    return bool(cue("knows").search(_plain(reply)))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'")).strip()


def _harms(judgement: Judgement, reply: str, scenario: Scenario) -> tuple[Finding, ...]:
    reply = re.sub(r"\boh dear\b", "oh", reply, flags=re.IGNORECASE)  # meant for nobody
    found = [
        each
        for each in judgement.flags
        if each.rule in HARMS
        and not cue("excused").search(sentence := _sentence_of(reply, each.text))
        and not (each.rule in ("blame", "indifference") and meant_well(sentence))
    ]
    known = {each.rule for each in found}
    found += [Finding(rule, text, _WHY_HURTS) for rule, text in hurtful(reply) if rule not in known]
    own = word_in(reply, scenario.hurts)
    if own and not any(own.lower() in each.text.lower() for each in found):
        # A single word that hurts elsewhere may stand in a sentence that names what they feel.
        sentence = _sentence_of(reply, own)
        named = any(word_in(sentence, each.words) for each in scenario.feelings)
        if " " in own or not (named or taken_in(sentence)):
            why = f"To {scenario.person.name} this says that it does not count."
            found.append(Finding("touches a sore point", own, why))
    if knows_exactly(reply):
        found.append(
            Finding("one-upping", "I know exactly how you feel", "Nobody knows exactly; it closes the subject.")
        )
    return tuple(found)


def _sentence_of(reply: str, words: str) -> str:
    """Return the sentence that holds some words, in plain lower case; the whole reply where they span several."""
    low, wanted = _plain(reply), _plain(words)
    return next((each for each in re.findall(r"[^.!?]+[.!?]*", low) if wanted in each), low)


def _advice(reply: str, judgement: Judgement) -> str:
    flagged = next((e.text for e in judgement.flags if e.rule == "unsolicited advice" and _orders(reply, e.text)), "")
    return advice_in(reply) or flagged


def _orders(reply: str, words: str) -> bool:
    """Tell whether words that look like advice are not part of an open question, or of a sentence about the person."""
    sentence = _sentence_of(reply, words)
    asks = sentence.endswith("?") and bool(cue("open").search(sentence))
    return not asks and not re.search(r"\byou(?:'ve| have| had|'d)\b|\bcall,? and\b", sentence)


def _is_echo(judgement: Judgement, reply: Wording, person_said: Sequence[str]) -> bool:
    if any(each.rule == "parroting" for each in judgement.flags) or _echo(reply, person_said) >= _PARROT:
        return True
    said = _turned(reply)
    return 0 < len(said) <= _RUN and bool(person_said) and said == _turned(wording(person_said[-1]))[-len(said) :]


def _turned(words: Wording) -> list[str]:
    return [_TURNED.get(word, word) for word in words.words if word not in MARKS]


def _echo(reply: Wording, person_said: Sequence[str]) -> float:
    """Return which share of a reply's words stands in runs that the person said."""
    said = _turned(reply)
    if len(said) < _RUN + 1:
        return 0.0
    runs: set[tuple[str, ...]] = set()
    for text in person_said[-3:]:
        heard = _turned(wording(text))
        runs |= {tuple(heard[at : at + _RUN]) for at in range(len(heard) - _RUN + 1)}
    covered: set[int] = set()
    for at in range(len(said) - _RUN + 1):
        if tuple(said[at : at + _RUN]) in runs:
            covered |= set(range(at, at + _RUN))
    return len(covered) / len(said)


def _grounded(reply: Wording, scenario: Scenario, person_said: Sequence[str]) -> int:
    """Return how many words of a reply belong to this person, and to hardly anybody else."""
    own = _ownstems_of(scenario)
    for text in person_said:
        own = own | stems(text)
    return len((stems_of(reply) & own) - _generic())


def _ownstems_of(scenario: Scenario) -> frozenset[str]:
    told = [scenario.brief, scenario.person.name, *(each.reflect for each in scenario.feelings if each.shown)]
    named = [word.rstrip("*") for each in scenario.feelings for word in each.words]
    return frozenset().union(*(stems(text) for text in (*told, *named)))


@functools.cache
def _generic() -> frozenset[str]:
    """Return the stems that show nothing: those of formulas, and names of feelings."""
    bank = beats()
    return frozenset().union(*(stems(each) for each in (*bank.formulas, *bank.feelings)))


def _asked(reply: Wording, scenario: Scenario, told: Sequence[str]) -> tuple[str, ...]:
    """Return the facts that a reply's questions are about, the closest first."""
    asked = " ".join(
        reply.text[reply.spans[first][0] : reply.spans[end - 1][1]]
        for first, end in reply.sentences
        if reply.words[end] == "?" or reply.words[first] == "tell"
    )
    if not asked:
        return ()
    weights = {fact.name: _hits(asked, fact) for fact in scenario.facts}
    found = [fact for fact in scenario.facts if weights[fact.name]]
    found.sort(key=lambda fact: (-weights[fact.name], fact.name in told))
    return tuple(fact.name for fact in found)


def _hits(asked: str, fact: Fact) -> int:
    """Return how closely a question is about a fact: by its words, and by the question that its author would ask."""
    likeness = _likeness(stems(asked), stems(fact.question))
    words = sum(word_in(asked, (word,)) is not None for word in fact.asked)
    return words + (6 if fact.question.rstrip("?").lower() in asked.lower() else 3 if likeness >= _ALIKE else 0)


def _means(words: Wording, feeling: Feeling) -> bool:
    """Tell whether a reply says about what the author of a scenario would say."""
    return _likeness(stems_of(words), stems(feeling.reflect)) >= _ALIKE


def _names(reply: str, feeling: Feeling) -> bool:
    """Tell whether a reply names a feeling of theirs: not one of one's own, and not in passing, to ask."""
    for sentence in re.findall(r"[^.!?\n]+[.!?]*", reply):
        of_others = cue("of_oneself").search(sentence) or cue("asks_for").match(sentence.strip())
        if not of_others and word_in(sentence, feeling.words) is not None:
            return True
    return False


def _likeness(said: set[str], wanted: set[str]) -> float:
    """Return how much of what was to be said is said, in [0, 1]; a single word in common is chance."""
    common = said & wanted
    return len(common) / len(wanted) if len(common) >= 2 or (common and common == wanted) else 0.0


def _is_formula(words: Wording, low: str, grounded: int, before: Sequence[str], facts: Sequence[str]) -> bool:
    """Tell whether a reply is sympathy by the yard: many formulas, a list of feelings, or the same formulas again."""
    used = formulas_in(low)
    named = {word for word in words.words if word in beats().feelings}
    if len(used) >= _MANY_FORMULAS or len(named) >= _MANY_FEELINGS:
        return True
    if grounded >= 2 or facts:
        return False
    if len(used) >= 2 and len(stems(without_formulas(low))) <= _BESIDE:
        return True
    return bool(used) and bool(before) and any(formulas_in(each) for each in before)


def _interrogates(judgement: Judgement, questions: int, grounded: int, learner_said: Sequence[str]) -> bool:
    """Tell whether the learner asks several things at once, or one after the other without taking anything in."""
    bare = judgement.reaction.level == 0 and judgement.interpretation.level == 0
    at_length = len(learner_said[-1].split()) > _SMALL_ASKED
    if questions >= _MANY_QUESTIONS or (questions >= 2 and bare and not grounded and at_length):
        return True
    if not questions or not bare:
        return False
    row = 4 if grounded else 3
    return len(learner_said) >= row and all(_only_asks(each) for each in learner_said[-row:])


def _only_asks(reply: str) -> bool:
    words = wording(marked(reply))
    return bool(words.sentences) and all(words.words[end] == "?" for _, end in words.sentences)
