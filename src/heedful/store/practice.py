"""Keep what somebody practised: for them alone, until they delete it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from heedful.errors import InputError
from heedful.store.ledger import Happening, enter, register

if TYPE_CHECKING:
    from heedful.store.database import Database
    from heedful.store.people import People

Kind = Literal["session", "card", "report"]
"""What is kept: a conversation, what is remembered of a drill, a self-report."""
LONGEST_NAME: Final = 200
"""Longest name of a person, in characters."""


class Practice:
    """The practice of the people of a store; every method asks whose it is, and none tells who else there is."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    def keep(self, person: str, kind: Kind, record_id: str, payload: Mapping[str, Any]) -> None:
        """Keep a record, durably once this returns; one of the same id is replaced.

        Args:
            person: whose it is.
            kind: what it is.
            record_id: its id, unique for the person and the kind.
            payload: JSON types.

        Raises:
            InputError: the person has no name, or too long a one.
            StoreError: it could not be written.
        """
        from heedful.store.schema import practice

        _check(person)
        row = {"id": record_id, "person": person, "kind": kind, "at": time.time_ns() // 1000}
        with self._database.writing() as connection:
            connection.execute(practice.delete().where(_one(person, kind, record_id)))
            connection.execute(practice.insert(), {**row, "payload": json.dumps(dict(payload))})
            register(connection, person)

    def get(self, person: str, kind: Kind, record_id: str) -> dict[str, Any] | None:
        """Return a record of theirs, or None if they have none of that id."""
        from sqlalchemy import select

        from heedful.store.schema import practice

        with self._database.reading() as connection:
            payload = connection.scalar(select(practice.c.payload).where(_one(person, kind, record_id)))
        return None if payload is None else dict(json.loads(payload))

    def all(self, person: str, kind: Kind) -> list[dict[str, Any]]:
        """Return every record of theirs of a kind, oldest first."""
        from sqlalchemy import select

        from heedful.store.schema import practice

        theirs = (practice.c.person == person) & (practice.c.kind == kind)
        ordered = select(practice.c.payload).where(theirs).order_by(practice.c.id)
        with self._database.reading() as connection:
            return [dict(json.loads(payload)) for payload in connection.scalars(ordered)]

    def delete(self, person: str, kind: Kind | None = None, record_id: str | None = None) -> int:
        """Delete records of theirs and write the database anew, so that no trace is left; return how many there were.

        Args:
            person: whose they are.
            kind: only those of a kind; None = all of them.
            record_id: only this one of the kind; None = all of them.

        Raises:
            StoreError: traces are left because another program keeps the files in use.
        """
        from sqlalchemy import delete

        from heedful.store.schema import practice

        which = practice.c.person == person
        if kind is not None:
            which &= practice.c.kind == kind
        if record_id is not None:
            which &= practice.c.id == record_id
        with self._database.writing() as connection:
            gone = connection.execute(delete(practice).where(which)).rowcount
            if gone:
                enter(connection, [Happening("deletion", {"why": "request", "practice": gone})], None)
        if gone:
            self._people.sweep()
        return gone


def _one(person: str, kind: Kind, record_id: str) -> Any:
    from heedful.store.schema import practice

    return (practice.c.person == person) & (practice.c.kind == kind) & (practice.c.id == record_id)


def _check(person: str) -> None:
    if not isinstance(person, str) or not person.strip():
        raise InputError(f"person must be a text that says whose practice it is, not {person!r:.80}.")
    if len(person) > LONGEST_NAME:
        raise InputError(f"person has {len(person)} characters, and may have at most {LONGEST_NAME}. Shorten it.")
