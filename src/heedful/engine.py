"""Go from a message to a reply: perceive, understand, guard, respond, guard. Pure: nothing is stored."""

from __future__ import annotations

import functools
import time
import uuid
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from heedful.config import Config
from heedful.errors import InputError, PluginError
from heedful.guard.base import review
from heedful.guard.crisis import assess, resources
from heedful.guard.honesty import asks_identity
from heedful.perceive.base import Perceiver
from heedful.perceive.explain import Explanation, explain
from heedful.perceive.fuse import fuse
from heedful.perceive.text import TextPerceiver
from heedful.plugins import PERCEIVERS, WRITERS, load, names
from heedful.respond.base import Writer
from heedful.respond.plan import make_plan
from heedful.types import Message, Modality, Percept, Plan, Reading, Reply, Risk, Turn, Understanding, Verdict
from heedful.understand.context import understand

_SAFE = "compose"
"""The writer that answers when another one's reply may not be said."""
_BATCHES_TOGETHER = 4
"""So many batches are drawn at once, so that texts of near-equal length can share one."""


class Engine:
    """The stages in order. Thread-safe; loads each part at its first use."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._perceiver = functools.cache(lambda name: load(PERCEIVERS, name)(config))
        self._writer = functools.cache(lambda name: load(WRITERS, name)(config))
        self._installed = names(PERCEIVERS)

    def perceive(self, messages: Sequence[Message]) -> list[Percept]:
        """Return one percept per message, in order.

        Raises:
            InputError: a message is empty of everything, or one of its parts is malformed.
        """
        readings: list[list[Reading]] = [[] for _ in messages]
        wanted: dict[Modality, list[int]] = {}
        for row, message in enumerate(messages):
            for modality in modalities(message):
                wanted.setdefault(modality, []).append(row)
        for modality, rows in wanted.items():
            if modality in self._installed:
                perceiver: Perceiver = self._perceiver(modality)
                found = perceiver.perceive([messages[row] for row in rows])
            else:
                reason = f"no perceiver for {modality} is installed"
                found = [Reading(modality, "none", abstained=reason) for _ in rows]
            for row, reading in zip(rows, found, strict=True):
                readings[row].append(reading)
        return [fuse(each) for each in readings]

    def explain(self, text: str, label: str | None = None) -> Explanation:
        """Say which words of a text carried a label; by default the strongest feeling.

        Raises:
            InputError: there is no such label, or the text is too long.
            PluginError: what reads text here is not our own, and cannot be explained.
        """
        perceiver = self._perceiver("text")
        if not isinstance(perceiver, TextPerceiver):
            raise PluginError(
                f"text is read by {type(perceiver).__name__}, a plug-in; only the reader network can be explained."
            )
        return explain(perceiver, text, label)

    def perceive_many(self, messages: Iterable[Message], batch_size: int = 64) -> Iterator[Percept]:
        """Yield one percept per message, in order, reading only a few batches ahead.

        With `threads` above 1 in the configuration, so many chunks are read side by side. What is read together does
        not depend on it, so neither do the results.
        """
        if batch_size < 1:
            raise InputError(f"batch_size must be at least 1, not {batch_size}.")
        source = iter(messages)
        chunks = iter(lambda: list(islice(source, batch_size * _BATCHES_TOGETHER)), [])
        if self.config.threads == 1:
            for chunk in chunks:
                yield from self.perceive(chunk)
            return
        with ThreadPoolExecutor(self.config.threads) as pool:
            waiting: deque[Future[list[Percept]]] = deque()
            for chunk in chunks:
                waiting.append(pool.submit(self.perceive, chunk))
                if len(waiting) > self.config.threads:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()

    def understand(
        self, messages: Sequence[Message], percepts: Sequence[Percept] | None = None, earlier: Risk | None = None
    ) -> Understanding:
        """Understand a conversation up to its last message, which must be the person's.

        Args:
            messages: the conversation so far, oldest first, all speakers.
            percepts: of the person's messages, in order; perceived here if not given.
            earlier: the risk in force before the last message; assessed from all messages if not given.
        """
        person = [message for message in messages if message.speaker == "person"]
        if not person or messages[-1].speaker != "person":
            raise InputError("the last message of a conversation to understand must come from the speaker 'person'.")
        latest = person[-1].text or ""
        if earlier is None:
            earlier = functools.reduce(lambda risk, each: assess(each.text or "", risk), person[:-1], Risk())
        risk = assess(latest, earlier)
        seen = self.perceive(person) if percepts is None else percepts
        return understand(messages, seen, risk, asks_identity(latest))

    def turn(self, message: Message, history: Sequence[Turn] = (), conversation: str = "") -> Turn:
        """Answer a message.

        Args:
            message: what the person said now.
            history: the conversation's turns before it, oldest first.
            conversation: its name; the wording varies with it.

        Returns:
            The whole turn, with milliseconds per stage.
        """
        clock = _Clock()
        (percept,) = self.perceive([message])
        clock.lap("perceive")
        past = history[-self.config.history_turns :]
        said = [part for turn in past for part in (turn.message, Message(turn.reply.text, speaker="assistant"))]
        percepts = [*(turn.percept for turn in past), percept]
        earlier = past[-1].understanding.risk if past else Risk()
        understanding = self.understand([*said, message], percepts, earlier)
        clock.lap("understand")
        risk = understanding.risk
        help_near = () if risk.level == "none" else resources(risk.kind, self.config.country, level=risk.level)
        plan = make_plan(understanding, past, disclose=self.config.disclose, resources=help_near)
        reply, verdict = self._respond(message, understanding, plan, past, conversation)
        clock.lap("respond")
        now = datetime.now(UTC)
        return Turn(
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

    def _respond(
        self, message: Message, understanding: Understanding, plan: Plan, past: Sequence[Turn], conversation: str
    ) -> tuple[Reply, Verdict]:
        """Write a reply and let the guard see it; what may not be said is written again by the safe writer."""
        writer: Writer = self._writer(self.config.writer)
        reply = writer.write(message, understanding, plan, past, conversation)
        verdict = review(reply, plan)
        if verdict.action == "allow":
            return reply, verdict
        safe: Writer = self._writer(_SAFE)
        broken = ", ".join(finding.rule for finding in verdict.findings)
        for attempt in range(3):
            again = safe.write(message, understanding, plan, past, f"{conversation}/{attempt}")
            if review(again, plan).action == "allow":
                reason = f"the first reply of {reply.writer} was replaced: it broke {broken}"
                return replace(again, degraded=reason), replace(verdict, action="replace")
        return replace(reply, text="", degraded=f"nothing may be said here: {broken}"), replace(verdict, action="stop")


def modalities(message: Message) -> tuple[Modality, ...]:
    """Return what a message can be read by; raise InputError if it holds nothing at all."""
    found: list[Modality] = []
    if message.text is not None:
        found.append("text")
    if message.audio is not None:
        found.append("voice")
    if message.image is not None or message.frames:
        found.append("face")
    if message.frames:
        found.append("gesture")
    if not found:
        raise InputError("the message is empty: give it a text, audio, image or frames.")
    return tuple(found)


class _Clock:
    """Milliseconds per stage."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage] = round((now - self._last) * 1000, 3)
        self._last = now

    def timings(self) -> dict[str, float]:
        return {**self._laps, "total": round((time.perf_counter() - self._start) * 1000, 3)}
