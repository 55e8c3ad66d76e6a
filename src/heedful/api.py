"""Heedful at home: the engine with its store, its conversations and what people thought of it."""

from __future__ import annotations

import functools
import threading
import time
import uuid
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from heedful.config import Config
from heedful.errors import InputError
from heedful.learn.learner import Learner
from heedful.memory import Memory
from heedful.picture import picture_of
from heedful.said import as_message, message_of
from heedful.types import Feedback, Judgement, Message, Percept, Turn, Understanding

if TYPE_CHECKING:
    from heedful.engine import Event
    from heedful.guard.check import Check
    from heedful.learn.learning import Learning
    from heedful.perceive.explain import Explanation
    from heedful.perceive.face import Face
    from heedful.perceive.hearing import Hearing
    from heedful.perceive.watching import Watching
    from heedful.picture import Picture
    from heedful.practise.room import Practise
    from heedful.said import Pictures, Said, Sound
    from heedful.store.records import AuditEntry, Consent, Erasure, Person
    from heedful.store.store import Store


class Heedful:
    """Perceive, understand and answer people; keep what was said and what they thought of it.

    Thread-safe. Nothing leaves the machine.

    Args:
        config: the settings; `Config.load()` if not given.

    Examples:
        >>> h = Heedful()
        >>> h.perceive("I finally passed!").feeling
        'joy'
    """

    def __init__(self, config: Config | None = None) -> None:
        from heedful.engine import Engine  # the stages take longer to load than all else

        self.config = config or Config.load()
        self.engine = Engine(self.config)
        self._store: Store | None = None
        self._opening = threading.Lock()
        self._memory = Memory(self.config)
        self._learner = Learner(self.config)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def store(self) -> Store:
        """Where turns and feedback are kept; opened at first use. Raises StoreError if it cannot be."""
        with self._opening:
            if self._store is None:
                from heedful.store.store import Store, sqlite_url  # reading needs no store

                self._store = Store.open(self.config.store_url or sqlite_url(self.config.data_folder))
                if self.config.retention_days:
                    self._store.people.expire(self.config.retention_days)
            return self._store

    @functools.cached_property
    def practise(self) -> Practise:
        """A room to practise listening in; what is kept in it belongs to one person alone."""
        from heedful.practise.room import Practise

        return Practise(self.config, lambda: self.store, lambda: self.engine)

    @property
    def notice(self) -> str:
        """What people have to be told before they use this deployment (EU AI Act, Article 50)."""
        from heedful.guard.lawful import Law

        return Law.of(self.config).notice()

    def warm(self) -> None:
        """Load everything that a turn needs, so that the first reply is as quick as the others (about a second)."""
        self.engine.turn(Message("hello"))

    def perceive(
        self,
        text: str | None = None,
        *,
        audio: Sound | None = None,
        image: Picture | None = None,
        frames: Pictures = (),
    ) -> Percept:
        """Say how a person feels, from any mix of what they write, how they sound and how they look.

        Args:
            text: what they wrote or said.
            audio: a path or the bytes of a sound file (wav, flac, ogg, opus, mp3), or `(samples, rate)`: a float
                array in [-1, 1] and its rate in hertz.
            image: a path, the bytes of a picture, a Pillow picture, or an RGB uint8 array, height x width x 3.
            frames: several of them, in time order; or a video, by path or its bytes.

        Raises:
            InputError: nothing was given, or something is malformed.
        """
        return self.engine.perceive([message_of(text, audio, image, frames)])[0]

    def perceive_many(self, texts: Iterable[str | Message], batch_size: int = 64) -> Iterator[Percept]:
        """Yield one percept per text, in order; texts of near-equal length are read together."""
        return self.engine.perceive_many(map(as_message, texts), batch_size)

    def hear(self) -> Hearing:
        """Return what listens to one person live: push 16 kHz samples into it, and readings come out."""
        return self.engine.senses.hear()

    def faces(self, image: Picture) -> list[Face]:
        """Return every face of a picture with what it shows, largest first.

        Args:
            image: as for `perceive`.

        Raises:
            InputError: it is no picture.
            ConfigError: the law forbids it in this setting.
        """
        return self.engine.senses.faces(picture_of(image))

    def watch(self) -> Watching:
        """Watch one person live: push pictures into what is returned, and get readings as they change."""
        return self.engine.senses.watch()

    def explain(self, text: str, label: str | None = None) -> Explanation:
        """Say which words of a text carried a reading.

        Args:
            text: what was written.
            label: one of the 28 emotions, or a label of a head of one's own; by default the strongest feeling.

        Raises:
            InputError: there is no such label, or the text is too long.

        Examples:
            >>> [word.text for word in Heedful().explain("Thank you so much for your help").strongest[:1]]
            ['Thank']
        """
        return self.engine.senses.explain(text, label)

    def understand(self, said: Said) -> Understanding:
        """Understand a message, or a conversation as `(speaker, text)` pairs or Messages, oldest first.

        The speaker "person" is the one attended to; the last message must be theirs.
        """
        if isinstance(said, str | Message):
            said = [as_message(said)]
        return self.engine.understand([as_message(each) for each in said])

    def judge(
        self, message: str, reply: str | None = None, *, software: bool = False, rewrite: bool = False
    ) -> Judgement:
        """Say how empathic a reply is, what is wrong with it, and what would make it better.

        Args:
            message: what is replied to; or, without `reply`, a statement that stands alone.
            reply: the reply, by whomever.
            software: whether a program replies: then it may not claim to feel or to have lived something.
            rewrite: whether to offer the reply in better words where needed: four times as long as judging alone.

        Raises:
            InputError: something is no text, or is too long.

        Examples:
            >>> Heedful().judge("Suck it up and move on.").empathetic
            False
        """
        pair = (message, reply) if reply is not None else ("", message)
        return self.engine.judge([pair], "software" if software else "anyone", rewrite=rewrite)[0]

    def judge_many(
        self, pairs: Iterable[tuple[str, str]], *, software: bool = False, rewrite: bool = False, batch_size: int = 64
    ) -> Iterator[Judgement]:
        """Yield one judgement per (message, reply), in order; see `judge`."""
        if batch_size < 1:
            raise InputError(f"batch_size must be at least 1, not {batch_size}.")
        source = iter(pairs)
        while some := list(islice(source, batch_size)):
            yield from self.engine.judge(some, "software" if software else "anyone", rewrite=rewrite)

    def turn(
        self,
        text: str | None = None,
        *,
        conversation: str = "default",
        person: str | None = None,
        audio: Sound | None = None,
        image: Picture | None = None,
        frames: Pictures = (),
    ) -> Turn:
        """Answer a message in a conversation, and keep the turn: it is durable when this returns.

        What is returned is as it was said; what is kept has markers such as [name] in place of what identifies people,
        unless the setting `redact` is false.

        Args:
            text: what the person wrote or said.
            conversation: its name; a new name starts a new one.
            person: whom the conversation belongs to, by any name that the application knows them by.
            audio: as for `perceive`; heard, never kept.
            image: as for `perceive`; looked at, never kept.
            frames: as for `perceive`; looked at, never kept.

        Raises:
            InputError: nothing was given, or something is malformed.
            StoreError: the turn could not be kept.
        """
        events = self._events(message_of(text, audio, image, frames), conversation, person)
        return next(event for event in events if isinstance(event, Turn))

    def stream(
        self,
        text: str | None = None,
        *,
        conversation: str = "default",
        person: str | None = None,
        audio: Sound | None = None,
        image: Picture | None = None,
        frames: Pictures = (),
    ) -> Generator[Event, None, None]:
        """Answer a message like `turn`, telling every stage as soon as it is done, and the reply as it is written.

        Args:
            text: as for `turn`.
            conversation: as for `turn`.
            person: as for `turn`.
            audio: as for `turn`.
            image: as for `turn`.
            frames: as for `turn`.

        Returns:
            What yields the percept, the understanding, the plan, the pieces of the reply (`Delta`), and last the turn,
            which is durable by then. A delta that begins afresh takes back those before it. Who stops listening before
            the turn has not been answered, and nothing is kept.

        Raises:
            InputError: nothing was given, or something is malformed.
            StoreError: the conversation could not be read, or the turn not be kept; raised while it is listened to.
        """
        return self._events(message_of(text, audio, image, frames), conversation, person)

    def _events(self, message: Message, conversation: str, person: str | None) -> Generator[Event, None, None]:
        with self.store.reading_together():
            history, owner, earlier = self._memory.before(self.store, conversation, person)
            learned = self._learner.learned(self.store, owner)
        with closing(self.engine.stream(message, history, conversation, earlier, learned)) as events:
            for event in events:
                if isinstance(event, Turn):
                    yield self._memory.keep(self.store, replace(event, person=owner), history)
                else:
                    yield event

    def check_message(self, text: str) -> Check:
        """Return everything that the guard finds in what a person writes: danger, with its rules, and why."""
        from heedful.guard.check import check_message

        return check_message(text)

    def check_reply(self, text: str, to: str | None = None) -> Check:
        """Return whether a reply may be said, with everything that speaks against it, whoever wrote it.

        Args:
            text: the reply.
            to: the message that it answers; with it, selling to a person in danger or in pain is found.
        """
        from heedful.guard.check import check_reply

        return check_reply(text, None if to is None else self.understand(to), to or "")

    def turns(self, conversation: str, limit: int = 50) -> list[Turn]:
        """Return the latest turns of a conversation, oldest first."""
        return self.store.turns(conversation, limit)

    def feedback(
        self,
        turn: Turn | str,
        *,
        rating: int | None = None,
        prefer: str | None = None,
        edit: str | None = None,
        feeling: str | None = None,
        comment: str | None = None,
        over: str | None = None,
        helped: bool | None = None,
        outcome: float | None = None,
    ) -> Feedback:
        """Keep what a person thought of a reply, and learn from it; durable when this returns.

        Args:
            turn: the turn, or its id.
            rating: 1 (worst) to 5 (best).
            prefer: another reply that they would rather have had.
            edit: the reply in better words.
            feeling: what they felt in truth.
            comment: anything else.
            over: another reply that was offered beside it, and that they liked less.
            helped: whether it helped.
            outcome: how things went afterwards, told later, from -1 (worse than before) to 1 (better).

        Raises:
            InputError: nothing was said, something is out of range, or there is no such turn.
        """
        from heedful.guard.redact import redact_feedback  # its expressions take 0.06 s to compile
        from heedful.learn.feedback import check

        given: dict[str, Any] = {
            "rating": rating,
            "prefer": prefer,
            "edit": edit,
            "feeling": feeling,
            "comment": comment,
        }
        given |= {"over": over, "helped": helped, "outcome": outcome}
        if all(value is None for value in given.values()):
            raise InputError(f"feedback must say something: give one of {', '.join(given)}.")
        check(rating, outcome, feeling)
        told = turn if isinstance(turn, str) else turn.id
        feedback = Feedback(f"{time.time_ns():016x}-{uuid.uuid4().hex[:12]}", told, **given)
        kept = redact_feedback(feedback) if self.config.redact else feedback
        self.store.add_feedback(kept)
        self._learner.note(self.store, kept, self.store.turn(told))
        return feedback

    @property
    def learning(self) -> Learning:
        """What was learned from feedback and from watching, and what may be done with it."""
        from heedful.learn.learning import Learning

        return Learning(self.engine, lambda: self.store, self._learner)

    def consent(self, person: str, what: str, purpose: str) -> Consent:
        """Keep a person's consent to something, for a purpose in words; durable when this returns.

        Consent to "crisis" lets a crisis stay in force in new conversations of theirs.
        """
        return self.store.people.give(person, what, purpose)

    def withdraw(self, person: str, what: str) -> list[Consent]:
        """Mark a person's consents to something as withdrawn; raise InputError if none is in force."""
        return self.store.people.withdraw(person, what)

    def consents(self, person: str) -> list[Consent]:
        """Return what a person has agreed to, withdrawn consents included, oldest first."""
        return self.store.people.consents(person)

    def export(self, person: str) -> Person:
        """Return everything that is kept about a person; raise InputError if there is nothing."""
        return self.store.people.export(person)

    def forget(self, person: str) -> Erasure:
        """Erase everything that is kept about a person, and make sure that it is gone from the files.

        Raises:
            InputError: nothing is kept about them.
            StoreError: traces are left because another program keeps the files in use.
        """
        from heedful.guard.redact import forget_texts  # its expressions take 0.06 s to compile

        self._memory.clear()
        forget_texts()
        self.learning.forget(person)
        erased = self.store.people.forget(person)
        self.learning.after_forgetting()
        return erased

    def expire(self, days: int | None = None) -> Erasure:
        """Erase turns older than `days` (the setting `retention_days` if not given), with the feedback on them."""
        return self.store.people.expire(self.config.retention_days if days is None else days)

    def audit(self, limit: int = 100) -> list[AuditEntry]:
        """Return the latest entries of the audit log, oldest first; none holds anything that was said."""
        return self.store.audit.entries(limit)
