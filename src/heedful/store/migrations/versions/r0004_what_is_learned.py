"""Add what is learned: lessons drawn from feedback, each person's taste, versions, and watched conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "lessons",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("turn", sa.Text, nullable=True),
        sa.Column("person", sa.Text, nullable=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lessons"),
        sa.ForeignKeyConstraint(["turn"], ["turns.id"], name="fk_lessons_turn", ondelete="CASCADE"),
    )
    op.create_index("ix_lessons_person_at", "lessons", ["person", "at"])
    op.create_index("ix_lessons_turn", "lessons", ["turn"])
    op.create_index("ix_lessons_at", "lessons", ["at"])
    op.create_table(
        "tastes",
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_tastes"),
    )
    op.create_table(
        "versions",
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_versions"),
    )
    op.create_table(
        "watched",
        sa.Column("conversation", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_watched"),
    )
    op.create_index("ix_watched_source", "watched", ["source"])
    op.create_index("ix_watched_person", "watched", ["person"])
