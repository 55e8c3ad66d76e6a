"""Keep what is learned: lessons drawn from feedback, people's tastes, versions, and what was watched.

Everything here is made from records that stay what they are: a taste from its person's lessons, a version from the
lessons up to a moment. So a process that dies in between loses nothing, and what one person taught can be taken out
again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from heedful.store.ledger import Happening, enter, register
from heedful.store.residue import fragments
from heedful.types import Feedback, Record, Turn

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql.elements import ColumnElement

    from heedful.store.database import Database

State = Literal["candidate", "live", "retired", "rejected"]
Kind = Literal["preference", "watched", "calibration"]


@dataclass(frozen=True, slots=True)
class LessonRow(Record):
    """A lesson as it is kept."""

    id: str
    """Of the feedback that it was drawn from."""
    at: int
    """When that was given, in microseconds since 1970."""
    person: str | None
    """Whose it is, or None."""
    payload: Mapping[str, Any]
    """What there is to learn; empty where there is nothing."""
    turn: str | None = None
    """The turn that the feedback is on, or None for what was imported without one."""


@dataclass(frozen=True, slots=True)
class VersionRow(Record):
    """A version of what was learned in common, as it is kept."""

    number: int
    """From 1."""
    kind: Kind
    """What it holds: what people prefer, what was watched, or how feelings are misread."""
    state: State
    """Whether it is in use."""
    at: int
    """When it was made, in microseconds since 1970."""
    payload: Mapping[str, Any]
    """What was learned, from what, and how it measured."""


class Lessons:
    """What a store keeps of what was learned."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self, limit: int = 1000) -> list[tuple[Feedback, Turn]]:
        """Return feedback that no lesson was drawn from yet, oldest first, with its turns."""
        from sqlalchemy import select

        from heedful.store.schema import feedback, lessons, turns

        query = (
            select(feedback.c.payload, turns.c.payload)
            .join(turns, turns.c.id == feedback.c.turn)
            .outerjoin(lessons, lessons.c.id == feedback.c.id)
            .where(lessons.c.id.is_(None))
            .order_by(feedback.c.at, feedback.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [(Feedback.from_dict(json.loads(one)), Turn.from_dict(json.loads(two))) for one, two in rows]

    def add(self, rows: Sequence[LessonRow], tastes: Mapping[str, Mapping[str, Any]] | None = None) -> int:
        """Keep lessons and the tastes that came of them, in one transaction; those that are kept already stay.

        Returns:
            How many were new.
        """
        from sqlalchemy import select

        from heedful.store.schema import lessons

        if not rows:
            return 0
        with self._database.writing() as connection:
            new = []
            for start in range(0, len(rows), 500):
                some = rows[start : start + 500]
                known = set(connection.scalars(select(lessons.c.id).where(lessons.c.id.in_([row.id for row in some]))))
                new += [row for row in some if row.id not in known]
            if new:
                connection.execute(
                    lessons.insert(),
                    [
                        {"id": r.id, "turn": r.turn, "person": r.person, "at": r.at, "payload": json.dumps(r.payload)}
                        for r in new
                    ],
                )
            for person in {row.person for row in new if row.person is not None}:
                register(connection, person)
            if len(new) == len(rows):  # else another process has drawn some of them, and its tastes stand
                _put_tastes(connection, tastes or {})
        return len(new)

    def rows(self, *, person: str | None = None, upto: int | None = None) -> list[LessonRow]:
        """Return lessons, oldest first.

        Args:
            person: only theirs.
            upto: only those given up to this moment, in microseconds since 1970.
        """
        from sqlalchemy import select

        from heedful.store.schema import lessons

        query = select(lessons.c.id, lessons.c.at, lessons.c.person, lessons.c.payload, lessons.c.turn)
        if person is not None:
            query = query.where(lessons.c.person == person)
        if upto is not None:
            query = query.where(lessons.c.at <= upto)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(lessons.c.at, lessons.c.id)).all()
        return [LessonRow(row[0], row[1], row[2], json.loads(row[3]), row[4]) for row in found]

    def at_turn(self, person: str | None) -> tuple[dict[str, int], str | None]:
        """Return the versions in use, by kind, and a person's taste as it is kept: what every turn asks for."""
        from sqlalchemy import select

        from heedful.store.schema import tastes, versions

        with self._database.reading() as connection:
            in_use = connection.execute(select(versions.c.kind, versions.c.number).where(versions.c.state == "live"))
            live = {row.kind: row.number for row in in_use}
            if person is None:
                return live, None
            return live, connection.scalar(select(tastes.c.payload).where(tastes.c.person == person))

    def taste(self, person: str) -> Mapping[str, Any] | None:
        """Return what a person prefers, as it is kept, or None."""
        from sqlalchemy import select

        from heedful.store.schema import tastes

        with self._database.reading() as connection:
            found = connection.scalar(select(tastes.c.payload).where(tastes.c.person == person))
        return None if found is None else json.loads(found)

    def replace_tastes(self, tastes: Mapping[str, Mapping[str, Any]]) -> None:
        """Put these in place of all tastes."""
        from sqlalchemy import delete

        from heedful.store.schema import tastes as table

        with self._database.writing() as connection:
            connection.execute(delete(table))
            _put_tastes(connection, tastes)

    def versions(self, kind: Kind | None = None) -> list[VersionRow]:
        """Return every version, the first one first."""
        from sqlalchemy import select

        from heedful.store.schema import versions

        query = select(versions).order_by(versions.c.number)
        if kind is not None:
            query = query.where(versions.c.kind == kind)
        with self._database.reading() as connection:
            return [
                VersionRow(row.number, row.kind, row.state, row.at, json.loads(row.payload))
                for row in connection.execute(query)
            ]

    def live(self, kind: Kind) -> int | None:
        """Return the number of the version in use, or None: it is asked for at every turn."""
        from sqlalchemy import select

        from heedful.store.schema import versions

        in_use = (versions.c.kind == kind) & (versions.c.state == "live")
        with self._database.reading() as connection:
            return connection.scalar(select(versions.c.number).where(in_use).limit(1))

    def put_version(self, kind: Kind, payload: Mapping[str, Any], number: int | None = None) -> int:
        """Keep a new version as a candidate, or put a payload in place of that of an old one; return its number."""
        from sqlalchemy import func, select

        from heedful.store.schema import versions

        plain = json.dumps(payload)
        with self._database.writing() as connection:
            if number is not None:
                connection.execute(versions.update().where(versions.c.number == number).values(payload=plain))
                return number
            number = (connection.scalar(select(func.max(versions.c.number))) or 0) + 1
            row = {"number": number, "kind": kind, "state": "candidate", "at": _now(), "payload": plain}
            connection.execute(versions.insert(), row)
            return number

    def set_state(self, number: int, kind: Kind, state: State, why: str) -> None:
        """Change whether a version is in use; what was live before is retired. It is entered into the audit log."""
        from heedful.store.schema import versions

        with self._database.writing() as connection:
            if state == "live":
                before = (versions.c.kind == kind) & (versions.c.state == "live")
                connection.execute(versions.update().where(before).values(state="retired"))
            connection.execute(versions.update().where(versions.c.number == number).values(state=state))
            details: dict[str, str | int] = {"name": f"{kind} version {number}", "state": state, "why": why}
            enter(connection, [Happening("model", details)], None)

    def watch(self, rows: Iterable[tuple[str, str, str | None, Mapping[str, Any]]]) -> int:
        """Keep watched conversations as (name, source, person, payload); one of the same name is replaced."""
        from sqlalchemy import delete

        from heedful.store.schema import watched

        kept = [
            {"conversation": name, "source": source, "person": person, "at": _now(), "payload": json.dumps(payload)}
            for name, source, person, payload in rows
        ]
        with self._database.writing() as connection:
            for start in range(0, len(kept), 500):
                some = kept[start : start + 500]
                names = [row["conversation"] for row in some]
                connection.execute(delete(watched).where(watched.c.conversation.in_(names)))
                connection.execute(watched.insert(), some)
        return len(kept)

    def watched(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Yield (name, source, payload) of every watched conversation, in the order of their names."""
        from sqlalchemy import select

        from heedful.store.schema import watched

        after = ""
        while True:
            query = select(watched.c.conversation, watched.c.source, watched.c.payload)
            query = query.where(watched.c.conversation > after).order_by(watched.c.conversation).limit(500)
            with self._database.reading() as connection:
                found = connection.execute(query).all()
            if not found:
                return
            for name, source, payload in found:
                yield name, source, json.loads(payload)
            after = found[-1][0]

    def unwatch(self, *, conversation: str | None = None, source: str | None = None) -> int:
        """Erase watched conversations by name or by source, and return how many they were."""
        from sqlalchemy import delete

        from heedful.store.schema import watched

        which = watched.c.conversation == conversation if source is None else watched.c.source == source
        with self._database.writing() as connection:
            gone: int = connection.execute(delete(watched).where(which)).rowcount
        self._database.scrub(whole=False)
        return gone


def erase(connection: Connection, theirs: ColumnElement[bool], person: str) -> tuple[int, set[bytes]]:
    """Erase what was drawn from a person within a transaction; return how many lessons, and what may not be found."""
    from sqlalchemy import delete, or_, select

    from heedful.store.schema import lessons, tastes, turns, watched

    mine = or_(lessons.c.person == person, lessons.c.turn.in_(select(turns.c.id).where(theirs)))
    needles: set[bytes] = set()
    for table, which, name in (
        (lessons, mine, lessons.c.id),
        (tastes, tastes.c.person == person, tastes.c.person),
        (watched, watched.c.person == person, watched.c.conversation),
    ):
        for row_id, payload in connection.execute(select(name, table.c.payload).where(which)):
            needles |= {json.dumps(row_id)[1:-1].encode()} | (
                set(fragments(payload)) if table is not lessons else set()
            )
        gone = connection.execute(delete(table).where(which)).rowcount
        if table is lessons:
            erased = int(gone)
    return erased, needles


def learned_of(database: Database, person: str) -> tuple[tuple[Mapping[str, Any], ...], Mapping[str, Any] | None]:
    """Return a person's lessons and taste, to be handed over to them."""
    kept = Lessons(database)
    return tuple(row.to_dict() for row in kept.rows(person=person)), kept.taste(person)


def _put_tastes(connection: Connection, given: Mapping[str, Mapping[str, Any]]) -> None:
    from sqlalchemy import delete

    from heedful.store.schema import tastes

    for person, taste in given.items():
        connection.execute(delete(tastes).where(tastes.c.person == person))
        connection.execute(tastes.insert(), {"person": person, "at": _now(), "payload": json.dumps(taste)})


def _now() -> int:
    return time.time_ns() // 1000
