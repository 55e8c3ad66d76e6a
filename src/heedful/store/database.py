"""Keep rows in an SQL database: bring it up to date, one transaction per call, failures in plain words."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Literal, Self

from sqlalchemy import Connection, Engine, create_engine, func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from heedful.errors import StoreError
from heedful.store import postgresql, sqlite
from heedful.store.ledger import Happening, enter, lock, register
from heedful.store.schema import PERSONAL, REVISION, REVISION_TABLE, history, metadata, turns

TableName = Literal["turns", "feedback", "consents"]


class Database:
    """An open database at the present revision; safe to share between threads."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{sqlite.BEGIN: "IMMEDIATE"})
        self._name = name
        self._closed = False
        self._held = threading.local()

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database that an SQLAlchemy URL names; make it or bring it up to date where needed.

        Raises:
            StoreError: the URL, the file or the server cannot be used, or a newer Heedful has written it.
        """
        engine, name = _connect(url)
        database = cls(engine, name)
        try:
            database._bring_up_to_date()
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Let go of every connection; closing twice does no harm."""
        self._closed = True
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection in a transaction that reads one state of the database; failures come in plain words."""
        with self._plain_words():
            if (held := getattr(self._held, "connection", None)) is not None:
                yield held
                return
            with self._engine.begin() as connection:
                yield connection

    @contextmanager
    def reading_together(self) -> Iterator[None]:
        """Let all that this thread reads meanwhile share a transaction, not have one each; nothing may be written."""
        with self.reading() as connection:
            self._held.connection = connection
            try:
                yield
            finally:
                self._held.connection = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction that writes, and that no other writer comes between."""
        with self._plain_words(), self._writer.begin() as connection:
            yield connection

    @property
    def is_file(self) -> bool:
        """Whether this is an SQLite file."""
        url = self._engine.url
        return url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")

    @property
    def name(self) -> str:
        """What to call the database in a message to a person: of an SQLite file its path."""
        return self._name

    def scrub(self, *, whole: bool) -> bool:
        """Leave no trace of deleted rows in the files as far as the database can; return False if it could not."""
        with self._plain_words():
            if self._engine.dialect.name == "sqlite":
                return sqlite.scrub(self._engine, whole=whole)
            if whole:
                with self._engine.connect() as opened:
                    opened.connection.rollback()  # the pool's check that it is alive may have begun a transaction
                    alone = opened.execution_options(isolation_level="AUTOCOMMIT")
                    for table in PERSONAL:
                        alone.execute(text(f"VACUUM FULL {table}"))
        return True

    def insert(self, table: TableName, row: Mapping[str, str | int | None], happened: Sequence[Happening] = ()) -> bool:
        """Insert a row, durably once this returns; False if its id is taken or what it refers to is not there.

        In the same transaction the person in the row, if any, becomes known, and what happened is audited.
        """
        person = row.get("person")
        with self._plain_words():
            try:
                with self._writer.begin() as connection:
                    connection.execute(metadata.tables[table].insert(), dict(row))
                    if isinstance(person, str):
                        register(connection, person)
                    enter(connection, happened, person if isinstance(person, str) else None)
            except IntegrityError:
                return False
            except SQLAlchemyError as error:  # a driver may call it by another name
                if not postgresql.breaks_integrity(getattr(error, "orig", None)):
                    raise
                return False
        return True

    def payload(self, table: TableName, row_id: str) -> str | None:
        """Return the payload of one row, or None if there is no such row."""
        columns = metadata.tables[table].c
        with self.reading() as connection:
            return connection.scalar(select(columns.payload).where(columns.id == row_id))

    def ids(self, table: TableName, column: str, value: str, limit: int) -> list[str]:
        """Return the ids of the rows whose `column` is `value`: the latest `limit` of them, oldest first."""
        columns = metadata.tables[table].c
        latest = (
            select(columns.id)
            .where(columns[column] == value)
            .order_by(columns.at.desc(), columns.id.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            return list(connection.scalars(latest))[::-1]

    def payloads_of(self, table: TableName, ids: Sequence[str]) -> list[tuple[str, str]]:
        """Return id and payload of those of some rows that are there, in any order."""
        columns = metadata.tables[table].c
        with self.reading() as connection:
            found = connection.execute(select(columns.id, columns.payload).where(columns.id.in_(ids)))
            return [(row_id, payload) for row_id, payload in found]

    def payloads(self, table: TableName, column: str, value: str, limit: int | None = None) -> list[tuple[str, str]]:
        """Return id and payload of the rows whose `column` is `value`: the latest `limit` of them, oldest first."""
        columns = metadata.tables[table].c
        latest = (
            select(columns.id, columns.payload)
            .where(columns[column] == value)
            .order_by(columns.at.desc(), columns.id.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            return [(row_id, payload) for row_id, payload in connection.execute(latest)][::-1]

    def conversations(self) -> list[tuple[str, int, int, int]]:
        """Return name, number of turns, first and last time (microseconds) of each conversation, latest first."""
        first, last = func.min(turns.c.at), func.max(turns.c.at)
        grouped = (
            select(turns.c.conversation, func.count(), first, last)
            .group_by(turns.c.conversation)
            .order_by(last.desc(), turns.c.conversation)
        )
        with self.reading() as connection:
            return [(name, count, start, end) for name, count, start, end in connection.execute(grouped)]

    def _bring_up_to_date(self) -> None:
        with self._plain_words(), self._engine.begin() as connection:
            if self._is_current(connection):
                return
        with self._plain_words(), self._writer.begin() as connection:
            lock(connection)
            # Asked again under the lock: another process may have migrated it meanwhile.
            if not self._is_current(connection):
                self._migrate(connection)

    def _is_current(self, connection: Connection) -> bool:
        if not inspect(connection).has_table(REVISION_TABLE):
            return False
        found = connection.scalar(text(f"SELECT version_num FROM {REVISION_TABLE}")) or ""
        if found > REVISION:
            wrote = connection.scalar(select(history.c.heedful).where(history.c.revision == found))
            raise StoreError(
                f"the store {self._name} was written by a newer Heedful ({wrote or 'of unknown version'}, "
                f"schema {found}); this is Heedful {version('heedful')} (schema {REVISION}). "
                f"Nothing in it was changed. Upgrade this Heedful, or name another store (store_url)."
            )
        return found == REVISION

    def _migrate(self, connection: Connection) -> None:
        from alembic import command  # 0.3 s, and needed only when there is something to migrate
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config(attributes={"connection": connection})
        # Alembic reads options with %-interpolation, and a folder's name may hold a %.
        config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
        try:
            command.upgrade(config, REVISION)
        except CommandError as error:
            raise StoreError(
                f"the store {self._name} cannot be brought up to date: {error}. Nothing in it was changed. "
                f"It may belong to another program: name another store (store_url)."
            ) from None
        now = time.time_ns() // 1000
        connection.execute(history.insert(), {"revision": REVISION, "heedful": version("heedful"), "at": now})

    @contextmanager
    def _plain_words(self) -> Iterator[None]:
        if self._closed:
            raise StoreError(f"the store {self._name} is closed. Open it again with Store.open().")
        try:
            yield
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None)
            words = (
                sqlite.explain(cause)
                or postgresql.explain(cause)
                or f"cannot be used: {cause or error}. Check store_url, and that the server it names runs"
            )
            # Without SQLAlchemy's own error: its statement and parameters would show what people wrote.
            raise StoreError(f"the store {self._name} {words}.") from None


def _connect(url: str) -> tuple[Engine, str]:
    try:
        address = make_url(url)
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+pg8000")  # the driver of the extra `postgresql`
        if address.get_backend_name() == "sqlite":
            engine, name = sqlite.open_engine(address), sqlite.name(address)
        else:
            engine = create_engine(address, hide_parameters=True, pool_pre_ping=True)
            name = address.render_as_string()
        return engine, name
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(
            f"the store's URL cannot be used: {error}. store_url must be an SQLAlchemy URL, such as "
            f"sqlite:////home/me/heedful.db or postgresql://user@host/name; empty means a file in data_folder."
        ) from None
    except ImportError as error:
        raise StoreError(
            f"the store's driver is not installed: {error}. For PostgreSQL: pip install 'heedful[postgresql]'."
        ) from None
