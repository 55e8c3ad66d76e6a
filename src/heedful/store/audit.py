"""Keep the audit log: entries are added, never changed, and hold nothing that was said."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError
from heedful.store.records import AuditEntry, Kind

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from heedful.store.database import Database

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST: Final = 200
"""Of one detail, in characters: enough for a name of a rule or a version, not for a message."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to be entered into the audit log."""

    kind: Kind
    """What happened."""
    details: Mapping[str, str | int] = field(default_factory=dict)
    """More about it; never what a person said."""


class AuditLog:
    """The audit log of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, happening: Happening, person: str | None = None) -> None:
        """Add an entry, durably once this returns.

        Args:
            happening: what happened.
            person: whom it is about; only a keyed hash of it is entered.
        """
        with self._database.writing() as connection:
            enter(self._database, connection, [happening], person)

    def entries(self, limit: int = 100) -> list[AuditEntry]:
        """Return the latest `limit` entries (0 or more), oldest first."""
        from sqlalchemy import select

        from heedful.store.schema import audit

        if limit < 0:
            raise InputError(f"limit is {limit}, and must be 0 or more entries.")
        latest = select(audit).order_by(audit.c.number.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_entry(row._asdict()) for row in connection.execute(latest)][::-1]

    def broken_at(self) -> int | None:
        """Return the number of the first entry that was changed or is missing, or None if the log is whole.

        Who can write the database can also compute every digest anew: keep the latest digest elsewhere to notice that.
        """
        from sqlalchemy import select

        from heedful.store.schema import audit

        before, expected = "", 1
        with self._database.reading() as connection:
            for found in connection.execute(select(audit).order_by(audit.c.number)):
                row = found._asdict()
                if row["number"] != expected or row["digest"] != _digest(before, row):
                    return expected
                before, expected = row["digest"], expected + 1
        return None

    def subject(self, person: str) -> str | None:
        """Return the hash that the log knows a person by, or None if they are not known or forgotten."""
        with self._database.reading() as connection:
            return _subject(connection, person)


def enter(database: Database, connection: Connection, happenings: Sequence[Happening], person: str | None) -> None:
    """Add entries within a transaction that writes; the person gets a key if they have none."""
    from sqlalchemy import select

    from heedful.store.schema import audit

    if not happenings:
        return
    database.lock(connection)
    latest = connection.execute(select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)).first()
    number, before = (latest[0], latest[1]) if latest else (0, "")
    if person is not None:
        register(connection, person)
    subject = None if person is None else _subject(connection, person)
    for happening in happenings:
        number += 1
        row = {
            "number": number,
            "at": time.time_ns() // 1000,
            "kind": happening.kind,
            "subject": subject,
            "details": json.dumps({key: _short(value) for key, value in sorted(happening.details.items())}),
        }
        before = row["digest"] = _digest(before, row)
        connection.execute(audit.insert(), row)


def register(connection: Connection, person: str) -> None:
    """Give a person a key if they have none yet."""
    from sqlalchemy import select

    from heedful.store.schema import people

    if connection.scalar(select(people.c.key).where(people.c.person == person)) is None:
        row = {"person": person, "key": secrets.token_hex(32), "at": time.time_ns() // 1000}
        connection.execute(people.insert(), row)


def _subject(connection: Connection, person: str) -> str | None:
    from sqlalchemy import select

    from heedful.store.schema import people

    key = connection.scalar(select(people.c.key).where(people.c.person == person))
    if key is None:
        return None
    return hmac.new(bytes.fromhex(key), person.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def _digest(before: str, row: Mapping[str, Any]) -> str:
    told = [before, *(row[name] for name in ("number", "at", "kind", "subject", "details"))]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _short(value: str | int) -> str | int:
    return value if isinstance(value, int) else str(value)[:_LONGEST]


def _entry(row: Mapping[str, Any]) -> AuditEntry:
    at = _EPOCH + timedelta(microseconds=row["at"])
    return AuditEntry(row["number"], at, row["kind"], row["subject"], json.loads(row["details"]), row["digest"])
