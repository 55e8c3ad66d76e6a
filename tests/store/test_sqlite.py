from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
import threading
import traceback
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from heedful.errors import StoreError
from heedful.store import sqlite
from heedful.store.store import Store, sqlite_url
from tests.samples import sample_turn

posix = pytest.mark.skipif(os.name != "posix", reason="Windows keeps permissions in another way")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "heedful.db"


def url_of(path: Path) -> str:
    return sqlite_url(str(path.parent))


def fill(path: Path, turns: int = 60) -> None:
    """Make a store of many pages, all of them in the main file."""
    with Store.open(url_of(path)) as store:
        for number in range(turns):
            store.add_turn(sample_turn(id=f"turn-{number}"))


@contextmanager
def unprivileged() -> Iterator[None]:
    """Stop being root for a while, since root may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """Give a folder that users without privileges can reach; pytest's own belong to one user alone."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def refused(path: Path, *parts: str) -> None:
    """Check that the store at `path` is refused in words, with these parts, and without a look inside."""
    with pytest.raises(StoreError) as caught:
        Store.open("sqlite:///" + str(path))
    told = str(caught.value)
    assert all(part in told for part in (str(path), *parts)), told
    assert "site-packages" not in "".join(traceback.format_exception(caught.value))


class TestDurability:
    def test_every_connection_waits_for_the_disk_and_enforces_references(self, path: Path) -> None:
        with Store.open(url_of(path)) as store:
            engine = store._database._engine
            with engine.connect() as first, engine.connect() as second:
                for connection in (first, second):
                    told = {
                        pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
                        for pragma in (
                            "journal_mode",
                            "synchronous",
                            "foreign_keys",
                            "busy_timeout",
                            "fullfsync",
                            "secure_delete",
                        )
                    }
                    assert told == {
                        "journal_mode": "wal",
                        "synchronous": 2,
                        "foreign_keys": 1,
                        "busy_timeout": 30_000,
                        "fullfsync": 1,
                        "secure_delete": 1,
                    }

    def test_threads_that_open_a_new_store_at_once_all_succeed(self, path: Path) -> None:
        url = url_of(path)

        def write(number: int) -> None:
            with Store.open(url) as store:
                store.add_turn(sample_turn(id=f"turn-{number}"))

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(8)))
        with Store.open(url) as store:
            assert len(store.turns("sam", limit=9)) == 8

    def test_a_database_that_another_process_is_just_making_is_waited_for(self, path: Path) -> None:
        url = url_of(path)
        # Here SQLite's own waiting does not help: the switch to WAL fails at once.
        with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            release = threading.Timer(0.2, other.execute, ["COMMIT"])
            release.start()
            with Store.open(url) as store:
                store.add_turn(sample_turn())
            release.join()

    def test_a_reader_does_not_wait_for_a_writer_and_a_writer_that_waits_too_long_says_so(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(path, turns=1)
        monkeypatch.setattr(sqlite, "WAIT", 0.05)
        with Store.open(url_of(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert store.turn("turn-0").id == "turn-0"
            with pytest.raises(StoreError, match="busy by another program"):
                store.add_turn(sample_turn(id="late"))
            other.execute("COMMIT")
            store.add_turn(sample_turn(id="late"))
            assert store.turn("late").id == "late"

    def test_a_full_disk_is_told_and_costs_nothing_that_was_stored(self) -> None:
        with Store.open("sqlite://") as store:
            store.add_turn(sample_turn())
            with store._database._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA max_page_count = 40")
            with pytest.raises(StoreError, match="disk is full"):
                store.add_turn(sample_turn("sad " * 100_000, id="large"))
            assert store.turns("sam", limit=9) == [sample_turn()]


@posix
class TestPrivacy:
    def test_the_folder_and_the_files_are_for_their_owner_alone(self, path: Path) -> None:
        before = os.umask(0o022)
        try:
            with Store.open(url_of(path)) as store:
                store.add_turn(sample_turn())
                modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
            assert modes == {"heedful.db": 0o600, "heedful.db-wal": 0o600, "heedful.db-shm": 0o600}
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        finally:
            os.umask(before)

    def test_what_people_wrote_is_not_in_an_error(self) -> None:
        with Store.open("sqlite://") as store:
            with store._database._engine.begin() as connection:
                connection.exec_driver_sql("DROP TABLE feedback")
                connection.exec_driver_sql("DROP TABLE turns")
            secret = uuid.uuid4().hex
            with pytest.raises(StoreError) as caught:
                store.add_turn(sample_turn(secret))
        assert secret not in "".join(traceback.format_exception(caught.value))


class TestDamage:
    @pytest.mark.parametrize(
        "content",
        [b"x", b"xy", b"Dear diary,\n" * 500, bytes(range(256)) * 64, b"SQLite format 3\0" + b"\xff" * 5000],
        ids=["one byte", "two bytes", "a text", "bytes", "a false header"],
    )
    def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(self, path: Path, content: bytes) -> None:
        path.parent.mkdir()
        path.write_bytes(content)
        refused(path, "not an SQLite database", "Nothing in it was changed", "move it aside")
        assert path.read_bytes() == content
        assert [file.name for file in path.parent.iterdir()] == ["heedful.db"]

    @pytest.mark.parametrize("kept", [0.001, 0.1, 0.5, 0.9])
    def test_a_truncated_store_is_refused_and_left_as_it_was(self, path: Path, kept: float) -> None:
        fill(path)
        rest = path.read_bytes()[: int(path.stat().st_size * kept)]
        path.write_bytes(rest)
        refused(path, "is damaged", "Restore a backup")
        assert path.read_bytes() == rest

    @pytest.mark.parametrize("start", [0.25, 0.999])
    @pytest.mark.parametrize("put", [b"", b"\xa5"], ids=["cut off", "overwritten"])
    def test_damage_inside_is_told_when_it_is_met_and_left_as_it_was(
        self, path: Path, start: float, put: bytes
    ) -> None:
        fill(path)
        content = path.read_bytes()
        sound = int(len(content) * start)
        damaged = content[:sound] + put * (len(content) - sound)
        path.write_bytes(damaged)
        with pytest.raises(StoreError, match="is damaged"), Store.open(url_of(path)) as store:
            store.turns("sam", limit=100)
        assert path.read_bytes() == damaged

    def test_an_empty_file_holds_nothing_and_becomes_a_store(self, path: Path) -> None:
        path.parent.mkdir()
        path.touch()
        fill(path, turns=1)
        with Store.open(url_of(path)) as store:
            assert store.turn("turn-0").id == "turn-0"


class TestPlaces:
    def test_a_folder_at_the_path_is_refused_with_a_better_one(self, path: Path) -> None:
        path.mkdir(parents=True)
        refused(path, "is a folder", "Name a file in it")

    def test_a_missing_folder_is_not_made_behind_the_users_back(self, path: Path) -> None:
        refused(path, "does not exist", "Create it")
        assert not path.parent.exists()

    @posix
    def test_a_folder_that_may_not_be_written_is_refused(self, shared_folder: Path) -> None:
        folder = shared_folder / "data"
        folder.mkdir()
        folder.chmod(0o555)
        with unprivileged():
            refused(folder / "heedful.db", f"{folder} may not be written", "permission")

    @posix
    def test_a_store_that_may_not_be_written_is_refused_and_left_as_it_was(self, shared_folder: Path) -> None:
        path = shared_folder / "data" / "heedful.db"
        fill(path)
        before = path.read_bytes()
        path.parent.chmod(0o777)
        path.chmod(0o444)
        with unprivileged():
            refused(path, f"{path} may not be written", "permission")
        assert path.read_bytes() == before

    @posix
    def test_a_store_that_stops_being_writable_says_so(self, shared_folder: Path) -> None:
        with Store.open(f"sqlite:///file:{shared_folder}/heedful.db?uri=true") as store:
            store.add_turn(sample_turn())
        with pytest.raises(StoreError, match="may not be written"):
            Store.open(f"sqlite:///file:{shared_folder}/heedful.db?mode=ro&uri=true").add_turn(sample_turn(id="late"))
