"""Offer practice as a whole: scenarios, conversations, the coach, the other side, drills and what is kept of them."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from heedful.config import Config
from heedful.errors import HeedfulError, InputError
from heedful.judge.base import Judge
from heedful.media import Record
from heedful.practise import pack
from heedful.practise.coach import Coaching, coach
from heedful.practise.drill import Answered, Card, Drill, answer_drill, due, own_drills, text_drills
from heedful.practise.partner import answer
from heedful.practise.perspective import Replay, clumsy_reply, replay
from heedful.practise.progress import Progress, progress
from heedful.practise.questionnaire import SelfReport, score
from heedful.practise.scenario import LEVELS, Level, Scenario
from heedful.practise.session import Session
from heedful.practise.voice import in_own_words
from heedful.practise.wordings import feeling_for, question_for
from heedful.types import Message, Resource, Risk, Turn

if TYPE_CHECKING:
    from heedful.engine import Engine
    from heedful.llm.base import ChatModel
    from heedful.store.store import Store

ME: Final = "me"
"""Whose practice it is where nobody else is named: the owner of this machine."""
_FIRST_PERSON: Final = re.compile(r"\b(?:i|i'm|i've|i'd|my|me|myself)\b", re.IGNORECASE)
_ASKS_THEM: Final = re.compile(r"\byou(?:r|'re|'ve)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hint(Record):
    """Help just in time: something to notice, then something to say if one likes."""

    notice: str
    """What is there to be heard."""
    ask: str
    """A question that could be asked."""
    mind: str
    """What to keep in mind, from what happened last."""


class Practise:
    """A room to practise in. What is kept belongs to one person, and no method tells of anybody else's.

    Args:
        config: the settings.
        store: opens the store where it is needed.
        engine: opens the engine, for swapped roles.
        scenarios: a folder with scenarios of one's own; "" = none.
        model: what puts the person's answers into words, instead of the one that the settings name.
    """

    def __init__(
        self,
        config: Config,
        store: Callable[[], Store],
        engine: Callable[[], Engine],
        scenarios: str | Path = "",
        model: ChatModel | None = None,
    ) -> None:
        self._config = config
        self._store = store
        self._engine = engine
        self._folder = scenarios
        self._given = model
        self._judge = Judge(config, rules_only=True)

    def scenarios(self) -> list[Scenario]:
        """Return every scenario, by area and title."""
        return pack.scenarios(self._folder)

    def scenario(self, name: str) -> Scenario:
        """Return a scenario by its name; raise InputError if there is none."""
        return pack.scenario(name, self._folder)

    def start(self, scenario: str, level: Level = "cooperative", person: str = ME) -> Session:
        """Begin a conversation and keep it; the person has said their first words.

        Raises:
            InputError: there is no such scenario or level.
        """
        if level not in LEVELS:
            raise InputError(f"there is no level {level!r}. Known are: {', '.join(LEVELS)}.")
        session = Session.begin(self.scenario(scenario), level, _number())
        self._keep(session, person)
        return session

    def say(self, session: Session | str, said: str, person: str = ME) -> Session:
        """Say something to the person and return the conversation with their answer; nothing at all is silence.

        Raises:
            InputError: there is no such conversation of this person, it is over, or too much was said at once.
        """
        before = self._opened(session, person)
        scenario = self.scenario(before.scenario)
        after = answer(self._judge, scenario, before, self._without_details(said))
        if self._model is not None:
            after = in_own_words(self._model, scenario, after)
        self._keep(after, person)
        return after

    def care(self, said: str) -> tuple[Resource, ...]:
        """Return whom the learner can turn to, if what they say speaks of danger to themselves, out of the part."""
        from heedful.guard.crisis import assess, resources

        for sentence in re.findall(r"[^.!?\n]+[.!?]*", said):
            if not _FIRST_PERSON.search(sentence) or _ASKS_THEM.search(sentence):
                continue
            risk = assess(sentence, Risk())
            if risk.level in ("high", "imminent"):
                return resources(risk.kind, self._config.country, level=risk.level)
        return ()

    def coach(self, session: Session | str, person: str = ME, number: int = -1) -> Coaching:
        """Return private feedback on a reply, the latest one by default.

        Raises:
            InputError: there is no such conversation, or nothing was said in it yet.
        """
        opened = self._opened(session, person)
        try:
            exchange = opened.exchanges[number]
        except IndexError:
            raise InputError("there is no such reply yet. Say something first.") from None
        place = opened.exchanges.index(exchange)
        told = replace(opened, exchanges=opened.exchanges[:place]).told
        scenario = self.scenario(opened.scenario)
        before = [each.heard for each in opened.exchanges[:place]]
        return coach(scenario, exchange.said, exchange.heard, exchange.before.openness, told, before)

    def hint(self, session: Session | str, person: str = ME) -> Hint:
        """Return help for the next reply, and keep that it was asked for."""
        opened = self._opened(session, person)
        scenario = self.scenario(opened.scenario)
        heard = [each.heard for each in opened.exchanges]
        mind = self.coach(opened, person).next if opened.exchanges else "There is no hurry. One sentence is enough."
        feeling = feeling_for(scenario, heard, opened.state.openness)
        notice = f"Listen for {feeling.name.replace('_', ' ')}. You might say: “{feeling.reflect}”"
        self._keep(replace(opened, hints=opened.hints + 1), person)
        return Hint(notice, question_for(scenario, opened.state.openness, opened.told), mind)

    def stop(self, session: Session | str, person: str = ME) -> Session:
        """End a conversation where it is."""
        opened = self._opened(session, person)
        ended = opened if opened.ending else replace(opened, ending="stopped")
        self._keep(ended, person)
        return ended

    def replay(self, session: Session | str, person: str = ME) -> Replay:
        """Return a conversation as the other side lived it."""
        opened = self._opened(session, person)
        return replay(self.scenario(opened.scenario), opened)

    def swapped(self, kind: str, said: str, history: Sequence[Turn | None] = ()) -> tuple[str, Turn | None]:
        """Return what a listener of a kind says when the roles are swapped; "attentive" is Heedful itself.

        Args:
            kind: one of `heedful.practise.perspective.listener_kinds()`.
            said: what the learner says as the person.
            history: the turns before, of the attentive listener; for the others only their number counts.
        """
        if kind != "attentive":
            return clumsy_reply(kind, len(history)), None
        turns = [each for each in history if each is not None]
        turn = self._engine().turn(Message(said), turns, f"swap-{len(turns)}")
        return turn.reply.text, turn

    def sessions(self, person: str = ME) -> list[Session]:
        """Return every conversation of a person, oldest first."""
        return [Session.from_dict(each) for each in self._store().practice.all(person, "session")]

    def session(self, number: str, person: str = ME) -> Session:
        """Return a conversation of a person; raise InputError if they have none of that id."""
        found = self._store().practice.get(person, "session", number)
        if found is None:
            raise InputError(
                f"there is no conversation {number!r} in this practice. `heedful practise past` lists them."
            )
        return Session.from_dict(found)

    def drills(self, person: str = ME, folder: Path | None = None, limit: int = 10) -> list[Drill]:
        """Return the drills that are due now: those that are about to be forgotten first, then new ones.

        Args:
            person: whose practice it is.
            folder: a folder with recordings or pictures of one's own, instead of the sentences.
            limit: at most so many.
        """
        return due(own_drills(folder) if folder else text_drills(), self._cards(person), datetime.now(UTC), limit)

    def answer_drill(self, drill: Drill, given: str, person: str = ME) -> Answered:
        """Return whether an answer was right, and keep when to ask again."""
        answered = answer_drill(drill, given, self._cards(person).get(drill.id), datetime.now(UTC))
        self._store().practice.keep(person, "card", drill.id, answered.card.to_dict())
        return answered

    def report(self, answers: Sequence[int], person: str = ME) -> SelfReport:
        """Keep what somebody says of themselves; raise InputError if an answer is missing or out of range."""
        report = SelfReport(_number(), tuple(answers), score(answers))
        self._store().practice.keep(person, "report", report.id, report.to_dict())
        return report

    def reports(self, person: str = ME) -> list[SelfReport]:
        """Return what somebody said of themselves, oldest first."""
        return [SelfReport.from_dict(each) for each in self._store().practice.all(person, "report")]

    def progress(self, person: str = ME) -> Progress:
        """Return how somebody's skills move over their conversations."""
        return progress(self.sessions(person))

    def export(self, person: str = ME) -> dict[str, Any]:
        """Return everything that is kept of somebody's practice, as JSON types."""
        practice = self._store().practice
        return {
            "person": person,
            "sessions": practice.all(person, "session"),
            "cards": practice.all(person, "card"),
            "reports": practice.all(person, "report"),
        }

    def delete(self, person: str = ME, session: str | None = None) -> int:
        """Delete one conversation, or everything that is kept of somebody's practice; return how many records it was.

        The database is written anew afterwards, so that nothing of it is left in the file.

        Raises:
            InputError: they have no conversation of that id.
        """
        if session is not None:
            self.session(session, person)
            return self._store().practice.delete(person, "session", session)
        return self._store().practice.delete(person)

    def _opened(self, session: Session | str, person: str) -> Session:
        return session if isinstance(session, Session) else self.session(session, person)

    def _keep(self, session: Session, person: str) -> None:
        self._store().practice.keep(person, "session", session.id, session.to_dict())

    def _without_details(self, said: str) -> str:
        """Return words without numbers and addresses; names stay, since those here are invented."""
        if not self._config.redact:
            return said
        from heedful.guard.privacy import find, replace_details  # its expressions take 0.06 s to compile

        details = tuple(each for each in find(said) if each.kind != "name")
        return replace_details(said, details) if details else said

    def _cards(self, person: str) -> Mapping[str, Card]:
        cards = [Card.from_dict(each) for each in self._store().practice.all(person, "card")]
        return {each.drill: each for each in cards}

    @cached_property
    def _model(self) -> ChatModel | None:
        """What puts answers into words: only where the settings name a language model as the writer."""
        if self._given is not None or self._config.writer != "llm":
            return self._given
        from heedful.respond.write import open_model

        try:
            return open_model(self._config)
        except HeedfulError:
            return None  # the scenario's own words are always there


def _number() -> str:
    return f"{time.time_ns():016x}-{uuid.uuid4().hex[:12]}"
