"""Set SQLite up so that a write, once acknowledged, survives a crash and a power cut."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool

from heedful.errors import StoreError

WAIT: Final = 30.0
"""How long to wait for other writers, in seconds."""

BEGIN: Final = "sqlite_begin"
"""Execution option that says how a transaction begins: "DEFERRED" (the default, for reading) or "IMMEDIATE"."""

_HEADER = b"SQLite format 3\0"
_DAMAGED = (
    "is damaged, or is not an SQLite database. Nothing in it was changed. Restore a backup of it; or move it aside, "
    "together with its -wal and -shm files, and Heedful starts a new one"
)
_REASONS: Final = {
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_BUSY": f"has been kept busy by another program for {WAIT:.0f} seconds. Close that program, or try again",
    "SQLITE_LOCKED": "is locked by another program. Close that program, or try again",
    "SQLITE_READONLY": "may not be written. Give yourself permission to write the file and its folder",
    "SQLITE_PERM": "may not be written. Give yourself permission to write the file and its folder",
    "SQLITE_CANTOPEN": "cannot be opened. Check that its folder exists and that you may write to it",
    "SQLITE_FULL": "cannot grow: the disk is full. Free some space; what was stored before is safe",
    "SQLITE_IOERR": "could not be read or written by the operating system. Check the disk",
    "SQLITE_TOOBIG": "cannot hold a record that large. Shorten the message",
}
# Every connection, in this order: WAL lets readers and a writer work side by side; FULL syncs at each commit;
# fullfsync makes macOS flush the drive's own cache as well, and does nothing elsewhere; secure_delete overwrites with
# zeros what is deleted.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "fullfsync=ON", "foreign_keys=ON", "secure_delete=ON")


def name(url: URL) -> str:
    """Return what to call the database in a message to a person."""
    return "in memory" if _in_memory(url) else str(url.database)


def open_engine(url: URL) -> Engine:
    """Return an engine for an SQLite URL, whose file is made if it is missing (readable to its owner alone).

    Raises:
        StoreError: the path is no file, its folder is missing, or one of them may not be written.
    """
    options: dict[str, Any] = {}
    if _in_memory(url):
        # One connection that threads take in turn, since each new one would be another, empty database.
        options = {"pool_size": 1, "max_overflow": 0}
    elif not str(url.database).startswith("file:"):
        _prepare(Path(str(url.database)).absolute())
    engine = create_engine(
        url,
        poolclass=QueuePool,
        hide_parameters=True,
        connect_args={"timeout": WAIT, "isolation_level": None, "check_same_thread": False},
        **options,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def explain(error: BaseException | None) -> str | None:
    """Say in words what an error of SQLite means and what to do, or None for an error of another kind."""
    if isinstance(error, sqlite3.Error) and str(error).startswith("Could not decode"):
        return _DAMAGED  # everything stored is ASCII; the error itself would show what people wrote
    code = getattr(error, "sqlite_errorname", None) or ""
    words = next((words for prefix, words in _REASONS.items() if code.startswith(prefix)), None)
    return words and f"{words} ({error})"


def scrub(engine: Engine, *, whole: bool) -> bool:
    """Leave no trace of deleted rows in the files; return False if another program kept the log from shrinking.

    Args:
        engine: of the database.
        whole: also write the main file anew, which takes as long as the database is large.
    """
    give_up = time.monotonic() + (WAIT if whole else 0.0)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is None:
            return False
        # No transaction has begun on the connection: a file cannot be written anew within one.
        if whole:
            _patiently(raw, "VACUUM")
        while True:
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy or time.monotonic() > give_up:
                return not busy
            time.sleep(0.05)


def _in_memory(url: URL) -> bool:
    return url.database in (None, "", ":memory:")


def _prepare(path: Path) -> None:
    try:
        if path.is_dir():
            raise StoreError(f"the store {path} is a folder. Name a file in it instead, such as {path / 'heedful.db'}.")
        if not path.parent.is_dir():
            raise StoreError(f"the folder of the store {path} does not exist. Create it, or choose another.")
        for needed in (path, path.parent) if path.exists() else (path.parent,):
            if not _writable(needed):
                raise StoreError(
                    f"the store {path} cannot be used: {needed} may not be written. "
                    f"Give yourself permission to write it, or choose another folder (data_folder)."
                )
        # Conversations are private: SQLite would make a file that others may read, and gives -wal the file's own mode.
        with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "rb") as file:
            header = file.read(len(_HEADER))
        # SQLite takes a file of one byte for an empty one, and would overwrite it.
        if header and header != _HEADER and not path.with_name(f"{path.name}-journal").exists():
            raise StoreError(f"the store {path} {_DAMAGED}.")
    except (OSError, ValueError) as error:
        raise StoreError(f"the store {path} cannot be opened: {error}. Choose another folder (data_folder).") from error


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    try:
        for pragma in _PRAGMAS:
            _patiently(connection, f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    # The switch to WAL does not honour SQLite's own waiting while another process is making the same database.
    give_up = time.monotonic() + WAIT
    while True:
        try:
            connection.execute(statement).close()
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > give_up:
                raise
            time.sleep(0.005)


def _begin(connection: Connection) -> None:
    # A write takes its lock at the start: one that upgraded from reading could not wait for another writer.
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get(BEGIN, 'DEFERRED')}")
