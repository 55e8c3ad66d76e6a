"""Keep the audit log: entries are added, never changed, and hold nothing that was said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError
from heedful.store.ledger import Happening, digest, enter, subject_of
from heedful.store.records import AuditEntry

if TYPE_CHECKING:
    from heedful.store.database import Database

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


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
            enter(connection, [happening], person)

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
                if row["number"] != expected or row["digest"] != digest(before, row):
                    return expected
                before, expected = row["digest"], expected + 1
        return None

    def subject(self, person: str) -> str | None:
        """Return the hash that the log knows a person by, or None if they are not known or forgotten."""
        with self._database.reading() as connection:
            return subject_of(connection, person)


def _entry(row: Mapping[str, Any]) -> AuditEntry:
    at = _EPOCH + timedelta(microseconds=row["at"])
    return AuditEntry(row["number"], at, row["kind"], row["subject"], json.loads(row["details"]), row["digest"])
