"""Learn at home: lessons as feedback comes, each person's taste at once, and what a turn may use of it all."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from heedful.config import Config
from heedful.learn.bounds import Allowance
from heedful.learn.feedback import Lesson, Usual, comparisons, corrected, lesson_of
from heedful.learn.preference import PERSON_DOUBT, Belief, learn_one, log_gain, packed, taste_of, unpacked
from heedful.respond.learned import NOTHING, Learned, Taste
from heedful.store.lessons import LessonRow
from heedful.types import Feedback, Turn

if TYPE_CHECKING:
    from heedful.respond.learned import Watched
    from heedful.store.store import Store

_REMEMBERED = 500
"""Tastes that are kept in memory, as they were read."""


class Learner:
    """What was learned, as this process knows it. Thread-safe; the store holds all of it.

    Args:
        config: the settings; with `learn` off, feedback is kept and nothing is made of it.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._changing = threading.RLock()
        self._common: tuple[int | None, Mapping[str, float]] = (None, {})
        self._shift: tuple[int | None, Mapping[str, float]] = (None, {})
        self._watched: tuple[int | None, Watched | None] = (None, None)
        self._tastes: OrderedDict[str, tuple[str, int | None, Taste, Mapping[str, float]]] = OrderedDict()

    def learned(self, store: Store, person: str | None) -> Learned:
        """Return what a turn of a person may use; costs two short queries."""
        if not self._config.learn:
            return NOTHING
        numbers, kept = store.lessons.at_turn(person)
        common = self.common(store, numbers.get("preference"))
        taste: Taste | None = None
        prior: Mapping[str, float] = {}
        if kept is not None and person is not None:
            taste, prior = self._taste(person, kept, numbers.get("preference"), common)
        elif common:
            taste = taste_of(common, None, 0.0, f"version {numbers['preference']}")
        watched = self.watched(store, numbers.get("watched"))
        prior = together(self.shift(store, numbers.get("calibration")), prior)
        if taste is None and watched is None and not prior:
            return NOTHING
        return Learned(taste, self._config.explore, watched, prior)

    def note(self, store: Store, feedback: Feedback, turn: Turn) -> Lesson:
        """Draw the lesson from feedback that is kept already, and let it change its person's taste; durable.

        If the process dies before this is done, `catch_up` does it later.
        """
        lesson = lesson_of(feedback, turn, self._config)
        row = _row(lesson, feedback, turn)
        tastes: dict[str, Mapping[str, Any]] = {}
        if turn.person is not None and lesson.teaches and self._config.learn:
            with self._changing:
                common = self.common(store, store.lessons.live("preference"))
                tastes[turn.person] = advanced(store.lessons.taste(turn.person), lesson, row.at, common)
                store.lessons.add([row], tastes)
        else:
            store.lessons.add([row])
        return lesson

    def catch_up(self, store: Store) -> int:
        """Draw lessons from feedback that none was drawn from: of a process that died, or an older Heedful."""
        count = 0
        while pending := store.lessons.pending():
            for feedback, turn in pending:
                self.note(store, feedback, turn)
            count += len(pending)
        return count

    def rebuild(self, store: Store) -> int:
        """Make every person's taste anew from their lessons and the version in use; return how many there are."""
        common = self.common(store, store.lessons.live("preference"), fresh=True)
        tastes: dict[str, Mapping[str, Any]] = {}
        for row in store.lessons.rows():
            if row.person is not None and (lesson := lesson_in(row)) and lesson.teaches:
                tastes[row.person] = advanced(tastes.get(row.person), lesson, row.at, common)
        store.lessons.replace_tastes(tastes)
        with self._changing:
            self._tastes.clear()
        return len(tastes)

    def forget(self) -> None:
        """Let go of everything that is remembered in memory."""
        with self._changing:
            self._tastes.clear()
            self._common, self._shift, self._watched = (None, {}), (None, {}), (None, None)

    def common(self, store: Store, number: int | None, *, fresh: bool = False) -> Mapping[str, float]:
        """Return the weights that everybody here shares, of the version in use; none without one."""
        if number is None:
            return {}
        with self._changing:
            if fresh or self._common[0] != number:
                version = next(each for each in store.lessons.versions("preference") if each.number == number)
                self._common = (number, weights_in(version.payload, self._config.setting))
            return self._common[1]

    def shift(self, store: Store, number: int | None) -> Mapping[str, float]:
        """Return what is added to the log odds of feelings for everybody, by the version in use; none without one."""
        if number is None:
            return {}
        with self._changing:
            if self._shift[0] != number:
                version = next(each for each in store.lessons.versions("calibration") if each.number == number)
                self._shift = (number, version.payload["weights"])
            return self._shift[1]

    def watched(self, store: Store, number: int | None) -> Watched | None:
        """Return the exemplars in use, or None."""
        if number is None:
            return None
        with self._changing:
            if self._watched[0] != number:
                from heedful.respond.exemplar import Exemplars

                version = next(each for each in store.lessons.versions("watched") if each.number == number)
                self._watched = (number, Exemplars.of(version.payload["exemplars"], version.payload["bridge"]))
            return self._watched[1]

    def _taste(
        self, person: str, kept: str, number: int | None, common: Mapping[str, float]
    ) -> tuple[Taste, Mapping[str, float]]:
        with self._changing:
            known = self._tastes.get(person)
            if known is not None and known[:2] == (kept, number):
                return known[2:]
            plain = json.loads(kept)
            own = unpacked(plain["belief"], PERSON_DOUBT)
            taste = taste_of(
                common, own, plain["gain"], f"version {number or 0} and {plain['lessons']} lessons of this person"
            )
            self._tastes[person] = (kept, number, taste, plain["prior"])
            while len(self._tastes) > _REMEMBERED:
                self._tastes.popitem(last=False)
            return taste, plain["prior"]


def advanced(kept: Mapping[str, Any] | None, lesson: Lesson, at: int, common: Mapping[str, float]) -> dict[str, Any]:
    """Return a person's taste after one more lesson, as it is kept.

    Args:
        kept: their taste before, or None.
        lesson: what they said.
        at: when, in microseconds since 1970; more than a person can mean in a day changes nothing.
        common: what everybody here shares: only what goes beyond it is theirs.
    """
    own = unpacked(kept["belief"], PERSON_DOUBT) if kept else Belief.start(PERSON_DOUBT)
    usual = Usual(*kept["usual"]) if kept else Usual()
    allowance = Allowance(**kept["allowance"]) if kept else Allowance()
    prior = dict(kept["prior"]) if kept else {}
    gain = float(kept["gain"]) if kept else 0.0
    allowed, allowance = allowance.take(at)
    if allowed:
        found, usual = comparisons(lesson, usual)
        shared = Belief.fixed(common)
        for comparison in found:
            gain += log_gain((shared, own), shared, comparison)
            _, own = learn_one((shared, own), comparison)
        prior = corrected(prior, lesson)
    return {
        "belief": packed(own),
        "usual": [usual.total, usual.count],
        "allowance": {"day": allowance.day, "taken": allowance.taken},
        "prior": prior,
        "gain": round(gain, 6),
        "lessons": (kept["lessons"] if kept else 0) + 1,
    }


def together(shared: Mapping[str, float], own: Mapping[str, float]) -> Mapping[str, float]:
    """Return what is added to the log odds of feelings: what everybody shares, and what is a person's own."""
    if not shared or not own:
        return own or shared
    return {label: shared.get(label, 0.0) + own.get(label, 0.0) for label in sorted({*shared, *own})}


def weights_in(payload: Mapping[str, Any], setting: str) -> dict[str, float]:
    """Return the weights of a version for a setting: everybody's, and what the setting adds."""
    common: Mapping[str, float] = payload["weights"]["common"]
    added: Mapping[str, float] = payload["weights"]["settings"].get(setting, {})
    return {name: common.get(name, 0.0) + added.get(name, 0.0) for name in sorted({*common, *added})}


def lesson_in(row: LessonRow) -> Lesson | None:
    """Return the lesson in a row, or None where there was nothing to learn."""
    return Lesson.from_dict(row.payload) if row.payload else None


def _row(lesson: Lesson, feedback: Feedback, turn: Turn) -> LessonRow:
    at = int(feedback.at.timestamp() * 1_000_000)
    return LessonRow(feedback.id, at, turn.person, lesson.to_dict() if lesson.teaches else {}, turn.id)


def rows_of(lessons: Sequence[tuple[str, int, str | None, Lesson]]) -> list[LessonRow]:
    """Return rows for lessons that no turn of this store stands behind: (id, microseconds, person, lesson)."""
    return [
        LessonRow(name, at, person, lesson.to_dict() if lesson.teaches else {}) for name, at, person, lesson in lessons
    ]
