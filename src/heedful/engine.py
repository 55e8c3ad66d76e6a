"""Go from a message to a reply: perceive, understand, guard, respond, guard. Pure: nothing is stored."""

from __future__ import annotations

import functools
import time
import uuid
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heedful.answer import SAFE, Answering, Task, Writing
from heedful.config import Config
from heedful.errors import InputError
from heedful.guard.base import review
from heedful.guard.crisis import assess, resources
from heedful.guard.honesty import asks_identity, disclosure_due
from heedful.guard.lawful import Law
from heedful.judge.base import Judge
from heedful.judge.better import with_information
from heedful.models.normalise import normalise
from heedful.perceive.language import foreign_language
from heedful.perceive.prior import adapt
from heedful.plugins import WRITERS, load
from heedful.respond.base import Writer
from heedful.respond.learned import NOTHING, Learned
from heedful.respond.plan import make_plan
from heedful.respond.rank import Judges
from heedful.senses import Senses
from heedful.types import (
    Delta,
    Insight,
    Judgement,
    Message,
    Percept,
    Plan,
    Reply,
    Risk,
    Turn,
    Understanding,
    Verdict,
)
from heedful.understand.context import understand
from heedful.understand.hear import Listener
from heedful.understand.packs import norm_for

if TYPE_CHECKING:
    pass

Event = Percept | Understanding | Plan | Delta | Turn
"""What a turn yields, in this order; of deltas any number, the turn last."""

_UNREAD = "the reply seems to be in a language that is not read; nothing of it was found"
_TELLING, _TELLING_PART = 25, 1000
"""Characters from which the language of a reply can be told, and as many as are looked at."""


class Engine:
    """The stages in order. Thread-safe; loads each part at its first use.

    Args:
        config: the settings.
        judge: says how empathic replies are, where there are several to choose from; by default the one in `judge/`.
    """

    def __init__(self, config: Config, judge: Judges | None = None) -> None:
        self.config = config
        self._judge = Judge(config)
        self._writer = functools.cache(lambda name: load(WRITERS, name)(config))
        self._quick = Judge(config, rules_only=True)
        self._answering = Answering(config, self._writer, judge or self._quick, judge or self._judge)
        self._listener = Listener(config)
        self.norm = norm_for(config.setting, config.culture, config.norms_folder)
        self._law = Law.of(config)
        self.senses = Senses(config, self._law)

    def perceive(self, messages: Sequence[Message]) -> list[Percept]:
        """Return one percept per message, in order; see `heedful.senses.Senses.perceive`."""
        return self.senses.perceive(messages)

    def perceive_many(self, messages: Iterable[Message], batch_size: int = 64) -> Iterator[Percept]:
        """Yield one percept per message, in order; see `heedful.senses.Senses.perceive_many`."""
        return self.senses.perceive_many(messages, batch_size)

    def understand(
        self,
        messages: Sequence[Message],
        percepts: Sequence[Percept] | None = None,
        earlier: Risk | None = None,
        insight: Insight | None = None,
        situation: Mapping[str, float] | None = None,
    ) -> Understanding:
        """Understand a conversation up to its last message, which must be the person's.

        Args:
            messages: the conversation so far, oldest first, all speakers.
            percepts: of the person's messages, in order; perceived here if not given.
            earlier: the risk in force before the last message; assessed from all messages if not given.
            insight: what the listener network reads from the conversation; heard here if not given.
            situation: what was known of the situation before the last message; heard in all messages if not given.
        """
        person = [message for message in messages if message.speaker == "person"]
        if not person or messages[-1].speaker != "person":
            raise InputError("the last message of a conversation to understand must come from the speaker 'person'.")
        latest = person[-1].text or ""
        if earlier is None:
            earlier = functools.reduce(lambda risk, each: assess(each.text or "", risk), person[:-1], Risk())
        risk = assess(latest, earlier)
        seen = self.perceive(person) if percepts is None else percepts
        heard = insight or self._listener.hear(messages, situation)
        return understand(
            [self._law.admit(each) for each in messages], seen, risk, asks_identity(latest), heard, self.norm
        )

    def turn(
        self,
        message: Message,
        history: Sequence[Turn] = (),
        conversation: str = "",
        earlier: Risk | None = None,
        learned: Learned = NOTHING,
    ) -> Turn:
        """Answer a message.

        Args:
            message: what the person said now.
            history: the conversation's turns before it, oldest first.
            conversation: its name; the wording varies with it.
            earlier: the risk in force before the first turn, from another conversation of the same person; see
                `heedful.guard.crisis.carry_over`.
            learned: what feedback and watching have taught; none of it is used at danger.

        Returns:
            The whole turn, with milliseconds per stage.
        """
        events = self.stream(message, history, conversation, earlier, learned)
        return next(event for event in events if isinstance(event, Turn))

    def stream(
        self,
        message: Message,
        history: Sequence[Turn] = (),
        conversation: str = "",
        earlier: Risk | None = None,
        learned: Learned = NOTHING,
    ) -> Generator[Event, None, None]:
        """Answer a message, telling every stage as soon as it is done, and the reply as it is written.

        What is yielded of a reply was guarded before. A `Delta` that begins afresh takes back those before it: what
        follows it is the reply. Joined and stripped, that is the text of the turn's reply.

        Args:
            message: as for `turn`.
            history: as for `turn`.
            conversation: as for `turn`.
            earlier: as for `turn`.
            learned: as for `turn`.

        Yields:
            The percept, the understanding, the plan, the pieces of the reply, and last the whole turn. Time that the
            caller spends between them is in none of the turn's timings.
        """
        clock = _Clock()
        with closing(self._stages(message, history, conversation, earlier, clock, learned)) as events:
            for event in events:
                clock.stop()
                yield event
                clock.go_on()

    def _stages(
        self,
        message: Message,
        history: Sequence[Turn],
        conversation: str,
        earlier: Risk | None,
        clock: _Clock,
        learned: Learned,
    ) -> Generator[Event, None, None]:
        (percept,) = self.perceive([message])
        percept = adapt(percept, learned.prior)
        message = self._law.admit(message)
        clock.lap("perceive")
        yield percept
        past = history[-self.config.history_turns :]
        said = [part for turn in past for part in (turn.message, Message(turn.reply.text, speaker="assistant"))]
        percepts = [*(turn.percept for turn in past), percept]
        earlier = past[-1].understanding.risk if past else earlier or Risk()
        known = past[-1].understanding.situation if past else None
        heard = self._listener.hear([*said, message], known)
        understanding = self.understand([*said, message], percepts, earlier, heard, known)
        clock.lap("understand")
        yield understanding
        risk = understanding.risk
        help_near = () if risk.level == "none" else resources(risk.kind, self.config.country, level=risk.level)
        disclose = self.config.disclose and disclosure_due(
            past, risk, remind_every=self.config.remind_every, window=self.config.history_turns
        )
        plan = make_plan(understanding, past, disclose=disclose, resources=help_near, norm=self.norm)
        yield plan
        learned = learned if risk.level == "none" and not risk.carried else learned.quiet()
        meaning = self._listener.meaning(message.text or "") if learned.watched is not None else None
        task = Task(message, percept, understanding, plan, past, conversation, learned, meaning)
        writing = self._answering.answer(task)
        reply, verdict = yield from _timed(writing, clock)
        clock.lap("respond")
        now = datetime.now(UTC)
        yield Turn(
            id=f"{time.time_ns():016x}-{uuid.uuid4().hex[:12]}",
            conversation=conversation,
            message=message if message.at else replace(message, at=now),
            percept=percept,
            understanding=understanding,
            plan=plan,
            reply=reply,
            verdict=verdict,
            timings=clock.timings(),
            at=now,
        )

    def judge(
        self, pairs: Sequence[tuple[str, str]], replier: str = "anyone", *, rewrite: bool = False
    ) -> list[Judgement]:
        """Judge replies; see `heedful.judge.base.Judge`.

        Args:
            pairs: (message, reply); the message of a statement that stands alone is "".
            replier: "software" if a program replies.
            rewrite: whether to offer a reply in better words where one is needed.
        """
        judged = self._judge.judge(pairs, replier)
        for row, (message, reply) in enumerate(pairs):
            if self._unread(reply, judged[row]):
                judged[row] = replace(judged[row], degraded=_UNREAD)
            elif rewrite and message.strip() and (judged[row].better or not judged[row].empathetic):
                judged[row] = replace(judged[row], rewrite=self._rewrite(message, reply, judged[row]))
        return judged

    def _unread(self, reply: str, judged: Judgement) -> bool:
        """Tell whether nothing was found in a reply because it is in a language that is not read."""
        if judged.flags or judged.empathetic or len(reply) < _TELLING:
            return False
        return foreign_language(normalise(reply[:_TELLING_PART]), self.config.languages) is not None

    def _rewrite(self, message: str, reply: str, judged: Judgement) -> str | None:
        """Return a reply in better words that keeps the information of the given one, or None if it is no better."""
        said = Message(message)
        understanding = self.understand([said])
        risk = understanding.risk
        help_near = () if risk.level == "none" else resources(risk.kind, self.config.country, level=risk.level)
        plan = make_plan(understanding, (), disclose=False, resources=help_near, norm=self.norm)
        writer: Writer = self._writer(SAFE)
        composed = writer.write(said, understanding, plan, (), "rewrite").text
        better = with_information(composed, reply, [finding.text for finding in judged.flags])
        if review(Reply(better, SAFE), plan, understanding, message).action != "allow":
            better = composed
        # One network pass more would double the time; the rules see what sets a reply of our own apart.
        before, after = self._quick.judge([(message, reply), (message, better)], "software")
        return better if after.probability > before.probability or judged.flags else None


class _Clock:
    """Milliseconds per stage, less the time that it was stopped."""

    def __init__(self) -> None:
        self._start = self._last = self._stopped = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage] = round((now - self._last) * 1000, 3)
        self._last = now

    def mark(self, moment: str) -> None:
        """Note how long it took from the start to here, the first time."""
        self._laps.setdefault(moment, round((time.perf_counter() - self._start) * 1000, 3))

    def stop(self) -> None:
        self._stopped = time.perf_counter()

    def go_on(self) -> None:
        gap = time.perf_counter() - self._stopped
        self._start += gap
        self._last += gap

    def timings(self) -> dict[str, float]:
        return {**self._laps, "total": round((time.perf_counter() - self._start) * 1000, 3)}


def _timed(writing: Writing, clock: _Clock) -> Writing:
    """Note when the first word of a reply comes."""
    with closing(writing):
        while True:
            try:
                delta = next(writing)
            except StopIteration as done:
                answered: tuple[Reply, Verdict] = done.value
                return answered
            clock.mark("first_word")
            yield delta
