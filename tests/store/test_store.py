from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from heedful.errors import InputError, StoreError
from heedful.store.store import Store, sqlite_url
from tests.samples import sample_feedback, sample_turn


class TestSqliteUrl:
    def test_of_no_folder_lies_in_the_users_own(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("platformdirs.user_data_path", lambda name, **_: tmp_path / name)
        with Store.open(sqlite_url("")) as store:
            store.add_turn(sample_turn())
        assert (tmp_path / "heedful" / "heedful.db").is_file()

    def test_of_a_folder_below_home_may_be_written_with_a_tilde(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        assert sqlite_url("~/deep/data") == sqlite_url(str(tmp_path / "deep" / "data"))
        assert (tmp_path / "deep" / "data").is_dir()

    def test_of_a_relative_folder_stays_where_it_is_when_the_program_moves(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        url = sqlite_url("data")
        monkeypatch.chdir("/")
        Store.open(url).close()
        assert (tmp_path / "data" / "heedful.db").is_file()

    def test_of_a_file_says_what_to_do(self, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.write_text("mine", encoding="utf-8")
        with pytest.raises(StoreError, match="Set data_folder"):
            sqlite_url(str(file))
        assert file.read_text(encoding="utf-8") == "mine"

    @pytest.mark.parametrize("name", ["a\0b", "\udcff"], ids=["a NUL", "no UTF-8"])
    def test_of_a_folder_that_cannot_be_named_says_what_to_do(self, tmp_path: Path, name: str) -> None:
        if sys.platform == "darwin" or os.name == "nt":
            pytest.skip("such a folder cannot be made here at all")
        with pytest.raises(StoreError, match="Set data_folder"):
            sqlite_url(str(tmp_path / name))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "must be an SQLAlchemy URL"),
        ("heedful.db", "must be an SQLAlchemy URL"),
        ("nosuchdatabase://host/name", "must be an SQLAlchemy URL"),
        ("sqlite://host/name", "must be an SQLAlchemy URL"),
        ("postgresql+nosuchdriver://me:secret@host/name", "must be an SQLAlchemy URL"),
        ("oracle+oracledb://me:secret@host/name", "driver is not installed"),
    ],
)
def test_a_url_that_cannot_be_used_says_what_to_do_and_keeps_the_password(url: str, told: str) -> None:
    with pytest.raises(StoreError, match=told) as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)


def test_a_stored_record_that_cannot_be_read_is_told_and_costs_no_other(tmp_path: Path) -> None:
    with Store.open(sqlite_url(str(tmp_path))) as store:
        store.add_turn(sample_turn(id="good"))
        store.add_turn(sample_turn(id="bad", conversation="other"))
        with store._database._engine.begin() as connection:
            connection.exec_driver_sql("UPDATE turns SET payload = '{\"id\": 3' WHERE id = 'bad'")
        for ask in (lambda: store.turn("bad"), lambda: store.turns("other", limit=1)):
            with pytest.raises(StoreError, match=r"stored turn 'bad' is damaged.*left as it is"):
                ask()
        assert store.turns("sam", limit=9) == [sample_turn(id="good")]


def test_a_time_that_is_no_time_is_refused() -> None:
    with Store.open("sqlite://") as store:
        store.add_turn(sample_turn())
        with pytest.raises(InputError, match="has no time zone"):
            store.add_feedback(sample_feedback(at="yesterday"))
        assert store.feedback("turn-1") == []


def test_a_turn_erased_while_it_is_stored_again_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open("sqlite://") as store:
        store.add_turn(sample_turn())
        monkeypatch.setattr(store._database, "payload", lambda *_: None)
        with pytest.raises(StoreError, match="Store it again"):
            store.add_turn(sample_turn())
