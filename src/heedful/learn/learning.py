"""Everything that people do with what was learned: import, look at, promote, take back, watch, withdraw, forget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heedful.errors import InputError
from heedful.learn import calibration
from heedful.learn.bounds import admitted, against_all, crowds, drift
from heedful.learn.curve import Curve, Drawn, curve_of, curve_of_reading
from heedful.learn.feedback import Imported, Lesson, lesson_of_imported, name_of, rated_beside, time_of
from heedful.learn.learner import Learner, lesson_in, rows_of
from heedful.learn.listening import checks_of, watched_payload
from heedful.learn.promote import Check, agreement, candidate_of, in_words, quiet, replayed, unharmed
from heedful.respond.learned import Learned
from heedful.store.lessons import Kind, VersionRow
from heedful.types import Message, Record

if TYPE_CHECKING:
    from heedful.engine import Engine
    from heedful.learn.observe import Conversation
    from heedful.store.store import Store

_TOGETHER = 128
"""Conversations that are watched at once."""


@dataclass(frozen=True, slots=True)
class Status(Record):
    """What was learned so far."""

    feedback: int
    """Pieces of feedback that there is something to learn from."""
    people: int
    """People who have given some."""
    live: int | None
    """The version of what people prefer that is in use, or None."""
    watched: int | None
    """The version of what was watched that is in use, or None."""
    calibration: int | None
    """The version of how feelings are misread that is in use, or None."""
    conversations: int
    """Conversations that were watched."""
    since: int
    """Pieces of feedback that came after the version in use was made."""
    versions: tuple[tuple[int, str, str, str], ...]
    """Number, kind, state and day of each version."""
    alarms: tuple[str, ...]
    """What somebody should look at: drift, raters who were left out, more feedback than anybody means."""
    prefers: tuple[str, ...]
    """What people prefer by the version in use, in plain words."""


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """What came of a candidate."""

    number: int
    """Of the version."""
    kind: str
    """What it holds."""
    live: bool
    """Whether it is in use now."""
    checks: tuple[Check, ...]
    """Everything that it was held against."""
    changes: tuple[str, ...]
    """What would change by it, in plain words."""


class Learning:
    """What was learned in a store, and what may be done with it.

    Args:
        engine: reads and answers.
        store: gives the store.
        learner: what turns go by.
    """

    def __init__(self, engine: Engine, store: Callable[[], Store], learner: Learner) -> None:
        self._engine = engine
        self._open = store
        self._learner = learner
        self._config = engine.config

    def take_in(self, rows: Iterable[Imported]) -> tuple[int, int]:
        """Learn from feedback that was given elsewhere; return how many pieces were new, and how many taught something.

        What was written is read and let go of; only numbers are kept. Where several replies to one message were rated
        by the same person, or by nobody in particular, each is held against those that were rated lower.
        """
        found: list[tuple[str, int, str | None, Lesson]] = []
        every = list(rows)
        rated = rated_beside(every)
        for row in every:
            message = Message(row.message)
            percept = self._engine.perceive([message])[0]
            understanding = self._engine.understand([message], [percept])
            beside = rated.get((row.person, row.message), ())
            lesson = lesson_of_imported(row, understanding, percept.fine, self._config, beside)
            found.append((name_of(row), time_of(row), row.person, lesson))
        new = self._store.lessons.add(rows_of(found))
        if new and any(person is not None for _, _, person, _ in found):
            self._learner.rebuild(self._store)
        return new, sum(lesson.teaches for _, _, _, lesson in found)

    def status(self) -> Status:
        """Return what was learned so far, and what somebody should look at."""
        lessons = self._lessons()
        versions = self._store.lessons.versions()
        live = self._live("preference")
        said = admitted([(at, lesson) for at, _, lesson in lessons])
        weights = live.payload["weights"] if live else None
        agreed = [value > 0.5 for value in agreement(said, weights, self._config.rank_liked)] if live else []
        alarms = [f"drift: {told}." for told in (drift(agreed),) if told]
        if out := against_all(said):
            alarms.append(f"{len(out)} raters go against all others and are left out of what is shared.")
        if many := crowds([(at, lesson) for at, _, lesson in lessons]):
            alarms.append(f"{len(many)} raters gave more in a day than anybody means; {sum(many.values())} left out.")
        return Status(
            feedback=len(lessons),
            people=len({lesson.rater for _, _, lesson in lessons}),
            live=live.number if live else None,
            watched=self._store.lessons.live("watched"),
            calibration=self._store.lessons.live("calibration"),
            conversations=sum(1 for _ in self._store.lessons.watched()),
            since=sum(at > live.payload["upto"] for at, _, _ in lessons) if live else len(lessons),
            versions=tuple((each.number, each.kind, each.state, _day(each.at)) for each in versions),
            alarms=tuple(alarms),
            prefers=tuple(in_words(weights)) if weights else (),
        )

    def promote(
        self, number: int | None = None, tell: Callable[[str], None] = quiet, kind: Kind = "preference"
    ) -> Outcome:
        """Measure a candidate, and use it from now on if it is better and harms nobody.

        Args:
            number: a version that is a candidate; by default one is made from all feedback so far.
            tell: is told what is being done.
            kind: what a new candidate holds: what people prefer, or how feelings are misread ("calibration").

        Raises:
            InputError: there is no such candidate, or no feedback.
        """
        kind = self._version(number).kind if number is not None else kind
        if kind == "watched":
            return self._promote_watched(self._version(number), tell) if number else self._from_watched(tell)
        lessons = [(at, lesson) for at, _, lesson in self._lessons()]
        if number is not None:
            upto = self._version(number).payload["upto"]
            lessons = [(at, lesson) for at, lesson in lessons if at <= upto]
        if kind == "calibration":
            return self._promote_calibration(lessons, number, tell)
        if not lessons:
            raise InputError(
                "there is no feedback to learn from yet. Rate replies in `heedful chat`, or import some: "
                "heedful learn import feedback.jsonl."
            )
        tell("learning from all feedback")
        candidate = candidate_of(lessons)
        live = self._live("preference")
        weights = live.payload["weights"] if live else None
        tell("replaying held-out feedback")
        checks = replayed(lessons, weights, self._config.rank_liked)
        if checks[0].passed:
            tell("answering the guard's probes")
            checks += unharmed(self._engine, Learned(candidate.taste(self._config.setting)))
        changes = tuple(in_words(candidate.weights, weights))
        payload = {**candidate.to_dict(), "checks": [check.to_dict() for check in checks], "changes": list(changes)}
        number = self._store.lessons.put_version("preference", payload, number)
        return self._decide(number, "preference", checks, changes)

    def _promote_calibration(
        self, lessons: Sequence[tuple[int, Lesson]], number: int | None, tell: Callable[[str], None]
    ) -> Outcome:
        shift = calibration.shift_of(lessons)
        live = self._live("calibration")
        weights = live.payload["weights"] if live else None
        tell("reading held-out people")
        checks = calibration.checks_of(lessons, weights, self._engine)
        if checks[0].passed:
            tell("answering the guard's probes")
            checks += unharmed(self._engine, Learned(prior=shift.weights))
        changes = tuple(calibration.in_words(shift.weights, weights))
        payload = {**shift.to_dict(), "checks": [check.to_dict() for check in checks], "changes": list(changes)}
        return self._decide(
            self._store.lessons.put_version("calibration", payload, number), "calibration", checks, changes
        )

    def _decide(self, number: int, kind: Kind, checks: Sequence[Check], changes: tuple[str, ...]) -> Outcome:
        passed = all(check.passed for check in checks)
        failed = ", ".join(check.name for check in checks if not check.passed)
        self._store.lessons.set_state(number, kind, "live" if passed else "rejected", failed or "measured better")
        if passed:
            self._learner.forget()
            self._learner.rebuild(self._store)
        return Outcome(number, kind, passed, tuple(checks), changes)

    def rollback(self, kind: Kind = "preference") -> int | None:
        """Go back to the version that was in use before, or to none; return its number."""
        live = self._live(kind)
        if live is None:
            raise InputError(f"no version of {kind!r} is in use, so there is nothing to go back from.")
        before = [v for v in self._store.lessons.versions(kind) if v.state == "retired" and v.number < live.number]
        self._store.lessons.set_state(live.number, kind, "rejected", "rolled back")
        if before:
            self._store.lessons.set_state(before[-1].number, kind, "live", "rolled back to")
        self._learner.forget()
        self._learner.rebuild(self._store)
        return before[-1].number if before else None

    def why(self, number: int) -> VersionRow:
        """Return a version: what it was made from, how it measured, what it changes."""
        return self._version(number)

    def curve(self, kind: Drawn = "preference") -> Curve:
        """Return how much better feedback is foreseen as more of it comes, beside what is frozen."""
        lessons = [(at, lesson) for at, _, lesson in self._lessons()]
        return curve_of_reading(lessons) if kind == "calibration" else curve_of(lessons, self._config.rank_liked)

    def observe(
        self, conversations: Iterable[Conversation], source: str, tell: Callable[[str], None] = quiet
    ) -> tuple[int, Outcome | None]:
        """Watch conversations between people, and use what was learned if it measures better.

        Args:
            conversations: as `heedful.learn.observe.read_transcripts` gives them.
            source: what they are called, to withdraw them by.
            tell: is told what is being done.

        Returns:
            How many were watched, and what came of the candidate.
        """
        from heedful.learn.observe import watch

        encoder = self._encoder()
        count = 0
        some: list[Conversation] = []

        def keep() -> int:
            seen = watch(some, encoder, self._config)
            rows = [(f"{source}/{each.name}", source, each.person, taken.to_dict()) for each, taken in seen]
            return self._store.lessons.watch(rows) if rows else 0

        for conversation in conversations:
            some.append(conversation)
            if len(some) >= _TOGETHER:
                count += keep()
                some.clear()
                tell(f"watched {count:,} conversations")
        count += keep() if some else 0
        return count, self._from_watched(tell)

    def _from_watched(self, tell: Callable[[str], None]) -> Outcome:
        """Make a candidate from everything that was watched, and decide on it."""
        tell("learning from what was watched")
        number = self._store.lessons.put_version("watched", watched_payload(self._store))
        return self._promote_watched(self._version(number), tell)

    def _promote_watched(self, version: VersionRow, tell: Callable[[str], None]) -> Outcome:
        from heedful.respond.exemplar import Exemplars

        tell("measuring it on conversations that it was not made from")
        exemplars = Exemplars.of(version.payload["exemplars"], version.payload["bridge"])
        checks = [*checks_of(self._store, self._engine, exemplars), *unharmed(self._engine, Learned(watched=exemplars))]
        changes = (f"{len(exemplars.known)} sentences of listeners may be said where they fit.",)
        told = [check.to_dict() for check in checks]
        self._store.lessons.put_version(
            "watched", {**version.payload, "checks": told, "changes": list(changes)}, version.number
        )
        return self._decide(version.number, "watched", checks, changes)

    def withdraw(self, conversation: str | None = None, source: str | None = None) -> int:
        """Take watched conversations back, with everything that was learned from them; return how many.

        Args:
            conversation: its name, as "SOURCE/NAME".
            source: all of a source.
        """
        if (conversation is None) == (source is None):
            raise InputError("say what to withdraw: a conversation, as SOURCE/NAME, or a source.")
        gone = self._store.lessons.unwatch(conversation=conversation, source=source)
        if not gone:
            raise InputError(f"nothing was watched under {conversation or source!r}. Names are matched to the letter.")
        self._remake_watched()
        return gone

    def forget(self, person: str) -> None:
        """Make every version anew without what a person said; the store then erases the rest.

        What they taught is gone: each version is what it would be had they never been here. If what is left no longer
        measures better, the version is taken out of use.
        """
        store = self._store
        self._learner.catch_up(store)
        rows = [row for row in store.lessons.rows() if not self._theirs(row.person, row.turn, person)]
        lessons = [(row.at, lesson) for row in rows if (lesson := lesson_in(row)) and lesson.teaches]
        for version in store.lessons.versions("preference"):
            left = [(at, lesson) for at, lesson in lessons if at <= version.payload["upto"]]
            again = candidate_of(left)
            if again.weights == version.payload["weights"] and again.lessons == version.payload["lessons"]:
                continue
            payload = {
                **again.to_dict(),
                "upto": version.payload["upto"],
                "checks": [],
                "changes": in_words(again.weights),
            }
            store.lessons.put_version("preference", payload, version.number)
            if version.state == "live":
                checks = replayed(left, None, self._config.rank_liked)
                if not checks[0].passed:
                    store.lessons.set_state(version.number, "preference", "rejected", "no longer measures better")
        self._recalibrate(lessons)
        self._learner.forget()

    def _recalibrate(self, lessons: Sequence[tuple[int, Lesson]]) -> None:
        """Make each version of how feelings are misread anew, from the lessons that are left."""
        for version in self._store.lessons.versions("calibration"):
            left = [(at, lesson) for at, lesson in lessons if at <= version.payload["upto"]]
            again = calibration.made_again(version.payload, left)
            if again is None:
                continue
            self._store.lessons.put_version("calibration", again, version.number)
            if version.state == "live" and not calibration.still_better(left):
                self._store.lessons.set_state(version.number, "calibration", "rejected", "no longer measures better")

    def after_forgetting(self) -> None:
        """Make people's tastes, and what was watched, anew after the store has erased somebody."""
        self._learner.forget()
        self._learner.rebuild(self._store)
        self._remake_watched()

    def _theirs(self, of: str | None, turn: str | None, person: str) -> bool:
        if of == person:
            return True
        return turn is not None and self._store.people.owner(self._store.turn(turn).conversation) == person

    def _remake_watched(self) -> None:
        """Make each version of what was watched anew, from what is left of it."""
        versions = self._store.lessons.versions("watched")
        if not versions:
            return
        names = {name for name, _, _ in self._store.lessons.watched()}
        for version in versions:
            left = [name for name in version.payload["names"] if name in names]
            if len(left) == len(version.payload["names"]):
                continue
            try:
                payload = watched_payload(self._store, frozenset(left))
            except InputError:
                self._store.lessons.set_state(version.number, "watched", "rejected", "too little is left of it")
                empty = {
                    **version.payload,
                    "exemplars": [],
                    "names": left,
                    "bridge": {"width": 0, "mean": "", "way": ""},
                }
                self._store.lessons.put_version("watched", empty, version.number)
                continue
            self._store.lessons.put_version("watched", {**payload, "checks": []}, version.number)
        self._learner.forget()

    @property
    def _store(self) -> Store:
        return self._open()

    def _encoder(self) -> Any:
        from heedful.models.encoder import TextEncoder

        return TextEncoder.open(self._config.listener, self._config.commercial_only)

    def _lessons(self) -> list[tuple[int, str | None, Lesson]]:
        self._learner.catch_up(self._store)
        rows = self._store.lessons.rows()
        return [(row.at, row.person, lesson) for row in rows if (lesson := lesson_in(row)) and lesson.teaches]

    def _live(self, kind: Kind) -> VersionRow | None:
        return next((each for each in self._store.lessons.versions(kind) if each.state == "live"), None)

    def _version(self, number: int) -> VersionRow:
        found = next((each for each in self._store.lessons.versions() if each.number == number), None)
        if found is None:
            raise InputError(f"there is no version {number}. `heedful learn status` lists them.")
        return found


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1_000_000, UTC).date().isoformat()


def plain_version(version: VersionRow) -> Mapping[str, Any]:
    """Return what there is to say of a version, without the bulk of it."""
    kept = {name: value for name, value in version.payload.items() if name not in ("exemplars", "bridge", "names")}
    return {"number": version.number, "kind": version.kind, "state": version.state, "made": _day(version.at), **kept}
