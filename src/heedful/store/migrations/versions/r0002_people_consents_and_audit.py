"""Let turns belong to people; add people, their consents, and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NO_CHANGE_SQLITE = """
CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
"""
_NO_CHANGE_POSTGRESQL = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger AS
$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
"""


def upgrade() -> None:
    """Add the column and the tables."""
    op.add_column("turns", sa.Column("person", sa.Text, nullable=True))
    op.create_index("ix_turns_person_at", "turns", ["person", "at"])
    op.create_index("ix_turns_at", "turns", ["at"])
    op.create_table(
        "people",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_people"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_person_at", "consents", ["person", "at"])
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=True),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(_NO_CHANGE_SQLITE.format(verb=verb))
    elif dialect == "postgresql":
        for statement in _NO_CHANGE_POSTGRESQL.split(";\nCREATE TRIGGER"):
            op.execute(
                statement if "FUNCTION audit_is_append_only() RETURNS" in statement else "CREATE TRIGGER" + statement
            )
