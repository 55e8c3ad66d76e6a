"""Add entries to the audit log within a transaction that writes something else as well."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from heedful.store.records import Kind

if TYPE_CHECKING:
    from sqlalchemy import Connection

_LONGEST: Final = 200
"""Of one detail, in characters: enough for a name of a rule or a version, not for a message."""
_LOCK: Final = 0x48656564
"""Names the lock that PostgreSQL keeps while a store is made or an audit entry is added: "Heed"."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to be entered into the audit log."""

    kind: Kind
    """What happened."""
    details: Mapping[str, str | int] = field(default_factory=dict)
    """More about it; never what a person said."""


def lock(connection: Connection) -> None:
    """Let no other process past this line until the transaction ends; on SQLite a writer is alone anyway."""
    from sqlalchemy import func, select

    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def enter(connection: Connection, happenings: Sequence[Happening], person: str | None) -> None:
    """Add entries within a transaction that writes; the person gets a key if they have none."""
    from sqlalchemy import select

    from heedful.store.schema import audit

    if not happenings:
        return
    lock(connection)
    latest = connection.execute(select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)).first()
    number, before = (latest[0], latest[1]) if latest else (0, "")
    if person is not None:
        register(connection, person)
    subject = None if person is None else subject_of(connection, person)
    for happening in happenings:
        number += 1
        row = {
            "number": number,
            "at": time.time_ns() // 1000,
            "kind": happening.kind,
            "subject": subject,
            "details": json.dumps({key: _short(value) for key, value in sorted(happening.details.items())}),
        }
        before = row["digest"] = digest(before, row)
        connection.execute(audit.insert(), row)


def register(connection: Connection, person: str) -> None:
    """Give a person a key if they have none yet."""
    from sqlalchemy import select

    from heedful.store.schema import people

    known = select(people.c.key).where(people.c.person == person)
    if connection.scalar(known) is not None:
        return
    lock(connection)  # another process may make them known at this moment
    if connection.scalar(known) is None:
        row = {"person": person, "key": secrets.token_hex(32), "at": time.time_ns() // 1000}
        connection.execute(people.insert(), row)


def subject_of(connection: Connection, person: str) -> str | None:
    """Return the hash that the audit log knows a person by, or None without a key."""
    from sqlalchemy import select

    from heedful.store.schema import people

    key = connection.scalar(select(people.c.key).where(people.c.person == person))
    if key is None:
        return None
    return hmac.new(bytes.fromhex(key), person.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def digest(before: str, row: Mapping[str, Any]) -> str:
    """Return the digest of an entry: it covers the entry and the digest of the one before."""
    told = [before, *(row[name] for name in ("number", "at", "kind", "subject", "details"))]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _short(value: str | int) -> str | int:
    return value if isinstance(value, int) else str(value)[:_LONGEST]
