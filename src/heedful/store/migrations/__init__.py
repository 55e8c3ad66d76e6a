"""Migrations: append-only revisions of the tables, run by Alembic."""
