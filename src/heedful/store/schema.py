"""Describe the tables as they stand after the latest migration.

A record is kept whole as JSON in `payload`; what is searched or sorted by has a column of its own beside it.
Only types that SQLite and PostgreSQL share are used.
"""

from __future__ import annotations

import json
from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, MetaData, PrimaryKeyConstraint, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

REVISION: Final = "0005"
"""The revision of these tables; revisions are numbered upwards, so a greater one is newer than this Heedful."""

REVISION_TABLE: Final = "schema_revision"
"""Where Alembic keeps the revision of a database."""


class Escaped(TypeDecorator[str]):
    """Text kept as ASCII with JSON escapes, because no database holds both NUL and lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape what goes in."""
        return None if value is None else json.dumps(value)[1:-1]

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Restore what comes out."""
        return None if value is None else str(json.loads(f'"{value}"'))


metadata = MetaData()
"""All tables."""

turns = Table(
    "turns",
    metadata,
    Column("id", Escaped, nullable=False),
    Column("conversation", Escaped, nullable=False),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    Column("payload", Text, nullable=False),
    Column("person", Escaped, nullable=True),
    PrimaryKeyConstraint("id", name="pk_turns"),
    Index("ix_turns_conversation_at", "conversation", "at"),
    Index("ix_turns_person_at", "person", "at"),
    Index("ix_turns_at", "at"),
)
"""One row per turn."""

feedback = Table(
    "feedback",
    metadata,
    Column("id", Escaped, nullable=False),
    Column("turn", Escaped, nullable=False),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    Column("payload", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_feedback"),
    ForeignKeyConstraint(["turn"], ["turns.id"], name="fk_feedback_turn", ondelete="CASCADE"),
    Index("ix_feedback_turn_at", "turn", "at"),
)
"""One row per feedback on a turn."""

people = Table(
    "people",
    metadata,
    Column("person", Escaped, nullable=False),
    Column("key", Text, nullable=False),  # 32 random bytes in hexadecimal; without it the audit log leads to nobody
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    PrimaryKeyConstraint("person", name="pk_people"),
)
"""One row per person, with the key that the audit log knows them by."""

consents = Table(
    "consents",
    metadata,
    Column("id", Escaped, nullable=False),
    Column("person", Escaped, nullable=False),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    Column("payload", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_consents"),
    Index("ix_consents_person_at", "person", "at"),
)
"""One row per consent, given or withdrawn."""

practice = Table(
    "practice",
    metadata,
    Column("id", Escaped, nullable=False),
    Column("person", Escaped, nullable=False),
    Column("kind", Text, nullable=False),  # session, card or report
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    Column("payload", Text, nullable=False),
    PrimaryKeyConstraint("person", "kind", "id", name="pk_practice"),
    Index("ix_practice_person_at", "person", "at"),
)
"""One row per thing that somebody keeps of their own practice."""

audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, nullable=False, autoincrement=False),  # from 1, without gaps
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=True),
    Column("details", Text, nullable=False),
    Column("digest", Text, nullable=False),
    PrimaryKeyConstraint("number", name="pk_audit"),
)
"""One row per event; triggers refuse to change or delete one. Each digest covers the row and the digest before."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, nullable=False),
    Column("name", Escaped, nullable=False),
    Column("owner", Text, nullable=False),
    Column("scopes", Text, nullable=False),  # separated by blanks
    Column("digest", Text, nullable=False),  # SHA-256 of the secret, which is kept nowhere
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    Column("revoked", BigInteger, nullable=True),
    PrimaryKeyConstraint("id", name="pk_api_keys"),
)
"""One row per key that opens the server, revoked ones included."""
lessons = Table(
    "lessons",
    metadata,
    Column("id", Escaped, nullable=False),  # of the feedback that it was drawn from
    Column("turn", Escaped, nullable=True),
    Column("person", Escaped, nullable=True),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    Column("payload", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_lessons"),
    ForeignKeyConstraint(["turn"], ["turns.id"], name="fk_lessons_turn", ondelete="CASCADE"),
    Index("ix_lessons_person_at", "person", "at"),
    Index("ix_lessons_turn", "turn"),
    Index("ix_lessons_at", "at"),
)
"""One row per feedback, with what there is to learn from it, if anything: numbers, never words."""

tastes = Table(
    "tastes",
    metadata,
    Column("person", Escaped, nullable=False),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    Column("payload", Text, nullable=False),
    PrimaryKeyConstraint("person", name="pk_tastes"),
)
"""One row per person who has given feedback: what they prefer, made from their lessons alone."""

versions = Table(
    "versions",
    metadata,
    Column("number", BigInteger, nullable=False, autoincrement=False),  # from 1
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    Column("payload", Text, nullable=False),
    PrimaryKeyConstraint("number", name="pk_versions"),
)
"""One row per version of what was learned in common, live or not."""

watched = Table(
    "watched",
    metadata,
    Column("conversation", Escaped, nullable=False),
    Column("source", Escaped, nullable=False),
    Column("person", Escaped, nullable=True),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    Column("payload", Text, nullable=False),
    PrimaryKeyConstraint("conversation", name="pk_watched"),
    Index("ix_watched_source", "source"),
    Index("ix_watched_person", "person"),
)
"""One row per human conversation that was watched, with what was taken from it."""

PERSONAL: Final = (feedback, turns, consents, people, lessons, tastes, versions, watched, practice)
"""The tables that hold something of people, or that was drawn from it: no trace may be left in them."""

history = Table(
    "schema_history",
    metadata,
    Column("revision", Text, nullable=False),
    Column("heedful", Text, nullable=False),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970 in UTC
    PrimaryKeyConstraint("revision", name="pk_schema_history"),
)
"""Which version of Heedful brought the database to which revision; older versions read it, so it never changes."""
