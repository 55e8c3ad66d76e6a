"""Go from a plan to a reply that may be said: write, guard, choose, and hand it on while it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace

from heedful.config import Config
from heedful.errors import HeedfulError
from heedful.guard import model
from heedful.guard.base import review
from heedful.guard.growing import Growing
from heedful.respond.base import OffersCandidates, Writer, WritesAloud
from heedful.respond.fit import misfits
from heedful.respond.learned import NOTHING, Learned, Taste
from heedful.respond.rank import Candidate, Judges, rank
from heedful.types import Delta, Finding, Message, Percept, Plan, Reply, Turn, Understanding, Verdict
from heedful.understand.asked import asks_again

SAFE = "compose"
"""The writer that answers when another one may not, cannot, or is late."""
_ATTEMPTS = 3
"""So many wordings are tried in place of one that may not be said."""
_OTHER_WORDINGS = 6
"""So many other wordings are tried where every reply goes against the norms in force."""
_STANDS_ALONE = 8
"""So many words in whole sentences can stand as a reply when what should have followed did not come."""
_MODEL = "the language model"
_SENTENCE = re.compile(r".*?(?:[.!?\u2026]+[\"'\u201d\u2019)]*(?:\s+|$)|\n|$)", re.DOTALL)

Writing = Generator[Delta, None, tuple[Reply, Verdict]]
"""Yields the pieces of a reply; returns it whole, with its verdict."""


@dataclass(frozen=True, slots=True)
class Task:
    """What has to be answered."""

    message: Message
    """The person's latest message."""
    percept: Percept
    """Of that message."""
    understanding: Understanding
    """Of the conversation."""
    plan: Plan
    """What the reply should do."""
    past: Sequence[Turn]
    """The turns before, oldest first."""
    conversation: str
    """Its name; the wording varies with it."""
    learned: Learned = NOTHING
    """What feedback and watching have taught."""
    meaning: bytes | None = None
    """What the listener network makes of the message, as a vector of 32-bit floats, or None without one."""

    @property
    def taste(self) -> Taste | None:
        """What people prefer here; drawn at random within what is possible where something may be tried out."""
        taste = self.learned.taste
        if taste is None or not self.learned.explore or self.plan.setting == "health_support":
            return taste
        return taste.drawn(f"{self.conversation}/{len(self.past)}/{self.heard}")

    @property
    def heard(self) -> str:
        """What the person wrote."""
        return self.message.text or ""

    def look(self, reply: Reply, plan: Plan) -> Verdict:
        """Say whether a reply may be said in this conversation, under a plan."""
        return review(reply, plan, self.understanding, self.heard)


class Answering:
    """Has replies written, and lets only those out that may be said. Thread-safe.

    Args:
        config: names the writer and the weights by which replies are ranked.
        writer: name -> the writer of that name.
        quick: says how empathic our own replies are, for the ranking, in well under a millisecond.
        thorough: says it of a language model's replies, which take their time anyhow.
    """

    def __init__(
        self,
        config: Config,
        writer: Callable[[str], Writer],
        quick: Judges | None = None,
        thorough: Judges | None = None,
    ) -> None:
        self._config = config
        self._writer = writer
        self._quick, self._thorough = quick, thorough or quick

    def answer(self, task: Task) -> Writing:
        """Yield the reply to a task as it is written, and return it with its verdict."""
        writer = self._writer(self._config.writer)
        if not isinstance(writer, WritesAloud):
            answered = self._written(writer, task)
        elif not writer.takes(task.plan):
            answered = self._written(self._writer(SAFE), task)
        elif self._config.llm_candidates == 1:
            return (yield from self._aloud(writer, task))
        else:
            answered = self._best_of(writer, task)
        yield from _pieces(answered[0].text)
        return answered

    def _aloud(self, writer: WritesAloud, task: Task) -> Writing:
        """Hand a reply on while it is written; if it breaks off or breaks a rule, mend it or answer safely."""
        strict = _strict(task)
        growing = Growing(strict.plan, task.heard, strict.look)
        written: Reply | None = None
        why = ""
        with closing(_stream(writer, strict)) as pieces:
            while written is None and not why and not growing.findings:
                try:
                    if fresh := growing.add(next(pieces)):
                        yield Delta(fresh)
                except StopIteration as done:
                    written = done.value
                except HeedfulError as error:
                    why = str(error)
        if written is not None:
            rest = growing.end()
            verdict = strict.look(written, strict.plan)
            if verdict.action == "allow" and not growing.findings:
                if rest:
                    yield Delta(rest)
                return written, verdict
            growing.findings = growing.findings or verdict.findings
        return (yield from self._mended(growing, why, task))

    def _mended(self, growing: Growing, why: str, task: Task) -> Writing:
        """Keep the whole sentences that were said if they can stand alone, else answer safely."""
        kept, findings = growing.whole(), growing.findings
        why = why or f"what {_MODEL} wrote was cut where it broke {_names(findings)}"
        alone = Reply(kept, self._config.writer, ("the beginning of what a language model wrote",), degraded=why)
        if len(kept.split()) >= _STANDS_ALONE and task.look(alone, _strict(task).plan).action == "allow":
            if len(growing.text[: growing.said].strip()) > len(kept):
                yield Delta(kept, afresh=True)
            return alone, Verdict("amend" if findings else "allow", findings)
        reply, verdict = self._instead(task, findings, _MODEL, why)
        pieces = list(_pieces(reply.text))
        if growing.said and pieces:
            pieces[0] = replace(pieces[0], afresh=True)
        yield from pieces
        return reply, verdict

    def _best_of(self, writer: WritesAloud, task: Task) -> tuple[Reply, Verdict]:
        """Have several replies written side by side, and return the best of those that may be said."""
        with ThreadPoolExecutor(self._config.llm_candidates) as pool:
            tries = [pool.submit(_drain, writer, _strict(task)) for _ in range(self._config.llm_candidates)]
        replies: list[Reply] = []
        why = ""
        for each in tries:
            try:
                replies.append(each.result())
            except HeedfulError as error:
                why = str(error)
        replies = list({reply.text: reply for reply in replies}.values())
        return self._chosen(replies, task, why, strange=True) if replies else self._instead(task, (), _MODEL, why)

    def _written(self, writer: Writer, task: Task) -> tuple[Reply, Verdict]:
        """Return the best of what a writer that needs no waiting offers."""
        asked = (task.message, task.understanding, task.plan, task.past, task.conversation)
        offered: list[Reply] = []
        if isinstance(writer, OffersCandidates):
            others = variants(task.plan, task.understanding) if task.learned.taste is not None else ()
            offered = writer.candidates(*asked, max(1, self._config.candidates - len(others)))
            for plan in others[: self._config.candidates - 1]:
                offered += writer.candidates(task.message, task.understanding, plan, *asked[3:], 1)
        offered = offered or [writer.write(*asked)]
        if task.learned.watched is not None and task.meaning is not None:
            told = (task.message, task.meaning, task.understanding, task.plan, tuple(task.past))
            # Nobody else's wording takes the place of a reply; what it breaks, it breaks alone.
            offered += [
                reply
                for reply in task.learned.watched.replies(*told, offered[0])
                if task.look(reply, task.plan).action == "allow"
            ]
        return self._chosen(list({reply.text: reply for reply in offered}.values()), task)

    def _chosen(
        self, replies: Sequence[Reply], task: Task, why: str = "", *, strange: bool = False
    ) -> tuple[Reply, Verdict]:
        """Return the best reply that may be said, or one instead of them; `strange`: a language model wrote them."""
        allowed: list[Candidate] = []
        broken: list[Finding] = []
        plan = _strict(task).plan if strange else task.plan
        for reply in replies:
            found = (*task.look(reply, plan).findings, *(model.findings(reply.text, task.heard) if strange else ()))
            if found:
                broken += found
            else:
                allowed.append(Candidate(reply))
        if not allowed:
            return self._instead(task, tuple(broken), replies[0].writer, why)
        allowed = self._fitting(allowed, task)
        judge = self._thorough if strange else self._quick
        ranked = rank(allowed, task.heard, task.understanding, task.plan, task.past, self._config, judge, task.taste)
        return ranked[0], Verdict("allow")

    def _fitting(self, allowed: list[Candidate], task: Task) -> list[Candidate]:
        """Return the replies that go least against the norms in force; other wordings join in if all of them do."""
        counted = [(_breaks(each.reply, task), each) for each in allowed]
        if min(count for count, _ in counted):
            safe, asked = self._writer(SAFE), (task.message, task.understanding, task.plan, task.past)
            others = (safe.write(*asked, f"{task.conversation}/other {number}") for number in range(_OTHER_WORDINGS))
            said = [each for each in others if task.look(each, task.plan).action == "allow"]
            counted += [(_breaks(each, task), Candidate(each)) for each in said]
        fewest = min(count for count, _ in counted)
        return [each for count, each in counted if count == fewest]

    def _instead(self, task: Task, broken: tuple[Finding, ...], writer: str, why: str = "") -> tuple[Reply, Verdict]:
        """Return a reply of the built-in writer that says why it stands in: what was broken, or what went wrong."""
        safe = self._writer(SAFE)
        if not broken:
            reply, verdict = self._written(safe, task)
            return replace(reply, degraded=why), verdict
        names = _names(broken)
        allowed: list[Reply] = []
        for attempt in range(2 * _ATTEMPTS):
            # It may be the person's own words that break a rule when they are said back: then none of them is.
            asked = task if attempt < _ATTEMPTS else _unsaid(task)
            seed = f"{task.conversation}/{attempt}"
            again = safe.write(asked.message, asked.understanding, asked.plan, asked.past, seed)
            if task.look(again, task.plan).action == "allow":
                allowed.append(again)
                if not misfits(again.text, task.plan):
                    break
        if allowed:
            reason = f"the first reply of {writer} was replaced: it broke {names}"
            fitting = min(allowed, key=lambda each: len(misfits(each.text, task.plan)))
            return replace(fitting, degraded=reason), Verdict("replace", broken)
        return Reply("", SAFE, degraded=f"nothing may be said here: {names}"), Verdict("stop", broken)


def variants(plan: Plan, understanding: Understanding) -> tuple[Plan, ...]:
    """Return other plans that do no more than a plan does: without its question, and shorter.

    So that people who would rather not be asked, or like few words, have something to like. A question that has to be
    asked stays, and so does everything at danger.
    """
    if understanding.risk.level != "none" or set(plan.must) - {"disclosure"}:
        return ()
    without = tuple(each for each in plan.strategies if each != "explore")
    quiet = (replace(plan, strategies=without),) if without and without != plan.strategies else ()
    return (*quiet, replace(plan, sentences=min(plan.sentences, 1)))


def _breaks(reply: Reply, task: Task) -> int:
    """Return how many times a reply goes against the norms in force or asks what was asked or told before."""
    again = asks_again(reply.text, task.understanding.questions, task.understanding.known)
    return len(misfits(reply.text, task.plan)) + len(again)


def _unsaid(task: Task) -> Task:
    """Return the task without the person's words, so that none of them can be said back."""
    event = replace(task.understanding.event, span=None, who=None)
    understanding = replace(task.understanding, event=event, cause=None)
    return replace(task, message=replace(task.message, text=""), understanding=understanding)


def _strict(task: Task) -> Task:
    """Return the task as a language model gets it: without a suggestion in the plan there is no advice."""
    plan = task.plan
    if "suggest" in plan.strategies or "advice" in plan.must_not:
        return task
    return replace(task, plan=replace(plan, must_not=(*plan.must_not, "advice")))


def _stream(writer: WritesAloud, task: Task) -> Generator[str, None, Reply]:
    return writer.stream(task.message, task.percept, task.understanding, task.plan, task.past, task.conversation)


def _drain(writer: WritesAloud, task: Task) -> Reply:
    """Return the whole reply of a writer that could be heard while it writes."""
    writing = _stream(writer, task)
    while True:
        try:
            next(writing)
        except StopIteration as done:
            reply: Reply = done.value
            return reply


def _pieces(text: str) -> Iterator[Delta]:
    """Yield a reply that is there already, sentence by sentence."""
    return (Delta(match[0]) for match in _SENTENCE.finditer(text) if match[0])


def _names(findings: Sequence[Finding]) -> str:
    return ", ".join(dict.fromkeys(finding.rule for finding in findings))
