"""Play the person of a scenario: moved by what is said, in character, never the same words twice."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from heedful.errors import InputError
from heedful.practise.beats import beats
from heedful.practise.hear import Heard, Judging, hear
from heedful.practise.scenario import SHARED, Fact, Scenario
from heedful.practise.session import Ending, Exchange, Session
from heedful.practise.state import ENDS, LEAVES, Effect, Moved, State, move
from heedful.practise.stem import stems

LONGEST: Final = 2000
"""Characters of a reply; nobody listens to more at once."""
STAYS: Final = 2
"""They hear out so many replies before they go."""
_ORDER: Final[dict[Effect, tuple[str, ...]]] = {
    "hurt": ("hurt", "closed"),
    "advised": ("advice",),
    "formula": ("formula",),
    "echoed": ("parroted",),
    "flattered": ("flattered",),
    "questioned": ("questions",),
    "silence": ("silence",),
    "lost": ("lost",),
    "repaired": ("repaired",),
    "slight": (),
    "cold": ("cold",),
}
"""Effect -> the moments whose lines answer it."""
_BACK: Final[dict[str, tuple[str, ...]]] = {
    "closed": ("closed", "wary"),
    "wary": ("wary", "closed"),
    "open": ("open", "wary"),
    "deep": ("deep", "open"),
}
"""Stage -> the moments whose lines fit it, best first."""
_QUIET: Final = 0.3
"""Below this openness somebody on the level "silent" says a word or two."""
_HOT: Final = 0.62
"""Above this distress somebody on the level "angry" stays angry, until something reaches them."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that the person says."""

    source: str
    """Where it comes from: a moment, or "fact:NAME"."""
    text: str
    """The words."""


def answer(judge: Judging, scenario: Scenario, session: Session, said: str) -> Session:
    """Return the session with the learner's words and what the person answers.

    Args:
        judge: judges replies.
        scenario: whom the learner speaks to.
        session: the conversation so far.
        said: what the learner says; nothing at all is silence.

    Raises:
        InputError: the conversation is over, or too much was said at once.
    """
    if session.ending is not None:
        raise InputError("this conversation is over. Begin another one, or look at it from the other side.")
    if len(said) > LONGEST:
        raise InputError(f"that was {len(said):,} characters at once; {LONGEST:,} are the most that anybody takes in.")
    heard = hear(judge, scenario, session.person_said, (*session.learner_said, said), session.told)
    moved = move(session.state, heard, session.level, [each.heard for each in session.exchanges])
    lines, ending = _say(scenario, session, heard, moved)
    if ending == "left":
        moved = replace(moved, state=replace(moved.state, openness=0.0))  # the door is shut
    exchange = Exchange(
        said=said,
        heard=heard,
        effects=moved.effects,
        before=session.state,
        state=moved.state,
        answer=" ".join(line.text for line in lines),
        lines=tuple(line.source for line in lines),
    )
    return session.with_exchange(exchange, ending)


def _say(scenario: Scenario, session: Session, heard: Heard, moved: Moved) -> tuple[list[Line], Ending | None]:
    mouth = _Mouth(scenario, session)
    state, effect = moved.state, moved.effects[0]
    if state.trust < LEAVES and len(session.exchanges) >= STAYS:
        return mouth.say("leaves"), "left"
    if _is_done(scenario, session, state, effect) and _reached(session, moved):
        return mouth.say("ends"), "well"
    if effect in _ORDER and effect not in ("silence", "repaired"):
        return _react(mouth, session, heard, state, effect)
    if session.level == "silent" and state.openness < _QUIET and not heard.facts:
        return mouth.say(*(("silence",) if heard.silence else _quiet(heard))), None
    if session.level == "angry" and state.distress > _HOT and not _calmer(session, heard, moved):
        return mouth.say("angry", *_BACK[state.stage]), None
    return _go_on(mouth, scenario, session, heard, moved)


def _calmer(session: Session, heard: Heard, moved: Moved) -> bool:
    """Tell whether somebody angry lets go of it for a moment: reached, apologized to, or asked after an outburst."""
    late = session.exchanges[-1:]
    burst = any("angry" in each.lines for each in late) and heard.open_question
    repaired = any("repaired" in effects for effects in (moved.effects, *(each.effects for each in late)))
    return _reached(session, moved) or repaired or burst


def _reached(session: Session, moved: Moved) -> bool:
    """Tell whether anything that was said has reached them so far."""
    return any("understood" in effects for effects in (moved.effects, *(each.effects for each in session.exchanges)))


def _quiet(heard: Heard) -> tuple[str, ...]:
    return ("quiet_asked", "quiet") if heard.questions else ("quiet",)


def _react(
    mouth: _Mouth, session: Session, heard: Heard, state: State, effect: Effect
) -> tuple[list[Line], Ending | None]:
    """Answer something that did no good."""
    moments = (*_ORDER[effect], *_BACK[state.stage])
    if effect == "questioned" and heard.questions < 2:
        moments = ("asked_again", *_BACK[state.stage])
    elif effect == "lost":
        moments = ("lost", "pause")
    elif heard.greets:
        moments = ("greeted", *_BACK[state.stage])
    elif effect in ("slight", "cold") and heard.grounded < 2:
        # What has nothing of theirs in it can't be answered as if it had; a question in passing is passed over.
        open_up = state.stage in ("open", "deep")
        asked = ("held" if open_up else "quiet_asked",) if heard.questions else ()
        # What somebody says who has opened up would praise a listening that there has not been.
        moments = (*asked, *(("pause", "wary") if open_up else _BACK[state.stage]))
    if session.level == "silent" and state.openness < _QUIET and effect not in ("hurt", "lost"):
        moments = (*_quiet(heard), *moments)
    elif session.level == "angry" and effect in ("advised", "cold"):
        moments = ("angry", *moments)
    elif session.level == "angry" and effect == "hurt":
        moments = (*_ORDER["hurt"], "angry", *_BACK[state.stage])
    lines = mouth.say(*moments)
    return (lines, "left") if lines[0].source == "leaves" else (lines, None)


def _go_on(
    mouth: _Mouth, scenario: Scenario, session: Session, heard: Heard, moved: Moved
) -> tuple[list[Line], Ending | None]:
    """Answer something that did good, or left room: a word on that, then something of what there is to tell."""
    state, lines = moved.state, list[Line]()
    if "repaired" in moved.effects:
        lines += mouth.one("repaired")
    elif "understood" in moved.effects and heard.feelings:
        lines += mouth.one("heard")
    fact = _next_fact(scenario, session, heard, state)
    too_early = fact is None and heard.open_question and any(name not in session.told for name in heard.facts[:1])
    welcome = bool({"understood", "asked", "repaired", "reflected"} & set(moved.effects)) or (
        moved.effects == ("silence",) and state.openness >= 0.45
    )
    if fact and welcome:
        if not lines and fact.name not in heard.facts and (heard.facts or _is_elsewhere(heard)):
            lines += mouth.one("again" if heard.danger else "bridge")
        lines.append(Line(f"fact:{fact.name}", fact.says))
    elif too_early and not (session.exchanges and "held" in session.exchanges[-1].lines):
        lines += mouth.say("held", *_BACK[state.stage])
    elif fact is None and heard.facts and not lines and not too_early:
        lines += [*mouth.one("again"), *mouth.say(*_BACK[state.stage])]
    elif not lines or not heard.feelings:
        if _is_elsewhere(heard) and not lines:
            lines += mouth.one("bridge" if state.stage in ("open", "deep") else "held")
        lines += (
            []
            if "held" in {line.source for line in lines}
            else mouth.say("silence", *_BACK[state.stage])
            if heard.silence
            else mouth.say(*_BACK[state.stage])
        )
    return (lines, "left") if lines[-1].source == "leaves" else (lines, None)


def _is_elsewhere(heard: Heard) -> bool:
    """Tell whether a question asks for something in particular that they have nothing to tell about."""
    return (
        heard.open_question and not heard.facts and not heard.understanding and bool(set(heard.said) - _asks_anything())
    )


@functools.cache
def _asks_anything() -> frozenset[str]:
    """Return the stems of questions that anything answers."""
    return frozenset(stems(" ".join(beats().anything)))


def _next_fact(scenario: Scenario, session: Session, heard: Heard, state: State) -> Fact | None:
    """Return what they tell now: what they were asked about, else what comes next, if they are open enough."""
    ready = [fact for fact in scenario.facts if fact.name not in session.told and fact.at <= state.openness]
    if heard.facts and heard.facts[0] not in session.told:
        # The closest is what was asked about; where they are not ready to tell it, they tell nothing else.
        return next((fact for fact in ready if fact.name == heard.facts[0]), None)
    return ready[0] if ready else None


def _is_done(scenario: Scenario, session: Session, state: State, effect: Effect) -> bool:
    told = set(session.told)
    return effect in ("understood", "asked", "warmth", "reflected", "repaired") and (
        state.openness >= ENDS and all(fact.name in told for fact in scenario.facts)
    )


class _Mouth:
    """Finds words that were not said yet in this conversation."""

    def __init__(self, scenario: Scenario, session: Session) -> None:
        self._scenario = scenario
        self._said = "\n".join(session.person_said)
        self._turn = len(session.exchanges)

    def one(self, moment: str) -> list[Line]:
        """Return a line for a moment, if there is one left."""
        return [Line(moment, text) for text in self._left(moment)][:1]

    def say(self, *moments: str) -> list[Line]:
        """Return a line for the first of the moments that has one left; where none has, they go."""
        for moment in (*moments, "pause"):
            if found := self.one(moment):
                return found
        return [Line("leaves", self._scenario.lines["leaves"][0])]

    def _left(self, moment: str) -> Iterator[str]:
        own: Sequence[str] = self._scenario.lines.get(moment, ())
        # A scenario's own words take the place of the shared ones; for silence there are never enough.
        shared = () if own and moment in SHARED else beats().of(self._scenario.person.voice).get(moment, ())
        for text in (*own, *shared):
            if text not in self._said.split("\n") and not any(
                text in said for said in self._said.split("\n") if len(text) > 12
            ):
                yield text
