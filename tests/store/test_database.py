from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from heedful.store.ledger import lock
from heedful.store.store import Store


class Recorder:
    """Stands in for a connection to a database of some dialect; keeps the SQL that it is given."""

    def __init__(self, dialect: Any) -> None:
        self.dialect = dialect
        self.sql: list[str] = []

    def execute(self, statement: Any) -> None:
        self.sql.append(str(statement.compile(dialect=self.dialect, compile_kwargs={"literal_binds": True})))


def test_on_postgresql_processes_that_make_a_store_take_turns_by_an_advisory_lock() -> None:
    connection = Recorder(postgresql.dialect())
    lock(connection)
    assert connection.sql == ["SELECT pg_advisory_xact_lock(1214604644) AS pg_advisory_xact_lock_1"]


def test_on_sqlite_a_writer_is_alone_anyway() -> None:
    connection = Recorder(sqlite.dialect())
    lock(connection)
    assert connection.sql == []


def test_a_write_that_fails_leaves_nothing_of_the_transaction() -> None:
    with Store.open("sqlite://") as store:

        def write() -> None:
            with store._database.writing() as connection:
                connection.exec_driver_sql("INSERT INTO people VALUES ('sam', '00', 0)")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            write()
        assert store.people.known() == []
