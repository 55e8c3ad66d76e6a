from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heedful.errors import InputError, StoreError
from heedful.store import sqlite
from heedful.store.ledger import Happening
from heedful.store.residue import files_in
from heedful.store.store import Store, sqlite_url
from tests.samples import sample_feedback, sample_turn

SECRET = "the lighthouse keeper's daughter"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(str(tmp_path / "data"))


def fill(store: Store, person: str, *, turns: int = 6, word: str = SECRET) -> None:
    for number in range(turns):
        name = f"{person}-turn-{number:08}"
        said = f"{number} {word} " * (400 if number % 2 else 2)
        store.add_turn(sample_turn(said, id=name, conversation=f"talk-of-{person}", person=person))
        store.add_feedback(sample_feedback(id=f"{person}-feedback-{number:08}", turn=name, comment=f"{word} {number}"))
    store.people.give(person, "crisis", f"because of {word}")


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in files_in(folder))


class TestForget:
    def test_leaves_nothing_of_the_person_in_any_file(self, url: str, tmp_path: Path) -> None:
        with Store.open(url) as store:
            fill(store, "ismene-marlowe")
            fill(store, "somebody-else", word="an ordinary day")
            subject = store.audit.subject("ismene-marlowe")
            assert subject
            before = everything(tmp_path)
            assert b"ismene-marlowe" in before
            assert SECRET.encode() in before
            erased = store.people.forget("ismene-marlowe")
            assert (erased.turns, erased.feedback, erased.consents) == (6, 6, 1)
            assert any(name.endswith("-wal") for name in erased.files)
            while_open = everything(tmp_path)
        for after in (while_open, everything(tmp_path)):
            assert b"ismene-marlowe" not in after
            assert SECRET.encode() not in after
            assert b"somebody-else" in after
        with Store.open(url) as store:
            assert len(store.turns("talk-of-somebody-else", limit=99)) == 6
            assert store.people.known() == ["somebody-else"]
            assert store.people.consents("ismene-marlowe") == []
            # What is left in the audit log cannot be led back to them: their key is gone.
            assert store.audit.subject("ismene-marlowe") is None

    def test_takes_every_turn_of_their_conversations_also_those_before_they_were_known(self, url: str) -> None:
        with Store.open(url) as store:
            store.add_turn(sample_turn(id="before", conversation="c"))
            store.add_turn(sample_turn(id="after", conversation="c", person="sam"))
            store.add_turn(sample_turn(id="other", conversation="d"))
            assert store.people.forget("sam").turns == 2
            assert store.turns("c", limit=9) == []
            assert len(store.turns("d", limit=9)) == 1

    def test_does_not_take_the_same_words_of_somebody_else_for_traces(self, url: str) -> None:
        with Store.open(url) as store:
            fill(store, "sam")
            fill(store, "kim")
            store.people.forget("sam")
            assert len(store.turns("talk-of-kim", limit=99)) == 6

    def test_of_somebody_unknown_says_so(self, url: str) -> None:
        with Store.open(url) as store, pytest.raises(InputError, match="nothing is kept about 'nobody'"):
            store.people.forget("nobody")

    def test_with_a_name_of_any_signs_works(self, url: str) -> None:
        with Store.open(url) as store:
            for person in ("Zoë ✨", "a\0b", "'; DROP TABLE turns; --%_", "\ud800"):
                store.add_turn(sample_turn(id=person, conversation=person, person=person))
                assert store.people.export(person).turns[0].person == person
                assert store.people.forget(person).turns == 1

    def test_says_so_when_another_program_keeps_old_pages_in_use(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sqlite, "WAIT", 0.2)
        with Store.open(url) as store:
            fill(store, "sam")
            with closing(sqlite3.connect(tmp_path / "data" / "heedful.db", isolation_level=None)) as reader:
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM turns").fetchall()
                with pytest.raises(StoreError, match=r"traces may be left.*--sweep"):
                    store.people.forget("sam")
            store.people.sweep()
            assert SECRET.encode() not in everything(tmp_path)

    def test_works_in_memory_where_there_are_no_files(self) -> None:
        with Store.open("sqlite://") as store:
            fill(store, "sam")
            assert store.people.forget("sam").files == ()
            assert store.people.known() == []

    def test_finds_a_copy_that_something_else_has_left_beside_the_store(self, url: str, tmp_path: Path) -> None:
        with Store.open(url) as store:
            fill(store, "sam")
            (tmp_path / "data" / "backup").write_bytes(everything(tmp_path))
            with pytest.raises(StoreError, match=r"traces may be left in .*backup"):
                store.people.forget("sam")


class TestExport:
    def test_holds_everything_about_the_person_and_nothing_of_others(self, url: str) -> None:
        with Store.open(url) as store:
            fill(store, "sam")
            fill(store, "kim", word="an ordinary day")
            told = store.people.export("sam")
            assert (len(told.turns), len(told.feedback), len(told.consents)) == (6, 6, 1)
            assert "an ordinary day" not in json.dumps(told.to_dict())
            assert type(told).from_dict(json.loads(json.dumps(told.to_dict()))) == told
            assert store.audit.entries()[-1].kind == "export"

    def test_of_somebody_unknown_says_so(self, url: str) -> None:
        with Store.open(url) as store, pytest.raises(InputError, match="nothing is kept"):
            store.people.export("nobody")


class TestConsent:
    def test_holds_what_when_and_for_what_purpose_and_when_it_was_withdrawn(self, url: str) -> None:
        with Store.open(url) as store:
            start = datetime.now(UTC)
            given = store.people.give("sam", "crisis", "so that I need not say it again")
            assert (given.person, given.what, given.withdrawn) == ("sam", "crisis", None)
            assert start <= given.given <= datetime.now(UTC)
            assert store.people.agrees("sam", "crisis")
            assert store.people.give("sam", "crisis", "so that I need not say it again") == given
            (taken,) = store.people.withdraw("sam", "crisis")
            assert taken.withdrawn is not None
            assert not store.people.agrees("sam", "crisis")
        with Store.open(url) as store:
            assert store.people.consents("sam") == [taken]
            again = store.people.give("sam", "crisis", "so that I need not say it again")
            assert again.id != given.id

    @pytest.mark.parametrize(
        ("person", "what", "purpose"), [("", "a", "b"), ("a", " ", "b"), ("a", "b", ""), ("a" * 201, "b", "c")]
    )
    def test_without_a_person_a_matter_or_a_purpose_is_refused(self, person: str, what: str, purpose: str) -> None:
        with Store.open("sqlite://") as store, pytest.raises(InputError):
            store.people.give(person, what, purpose)

    def test_that_is_not_in_force_cannot_be_withdrawn(self) -> None:
        with Store.open("sqlite://") as store, pytest.raises(InputError, match="no consent to 'crisis'"):
            store.people.withdraw("sam", "crisis")


class TestRetention:
    def test_erases_what_is_older_than_so_many_days_and_nothing_else(self, url: str, tmp_path: Path) -> None:
        now = datetime.now(UTC)
        with Store.open(url) as store:
            for days in (1, 29, 31, 400):
                name = f"turn-{days}"
                store.add_turn(sample_turn(f"{SECRET} {days} days", id=name, at=now - timedelta(days=days)))
                store.add_feedback(sample_feedback(id=name, turn=name))
            erased = store.people.expire(30)
            assert (erased.turns, erased.feedback) == (2, 2)
            assert [turn.id for turn in store.turns("sam", limit=9)] == ["turn-29", "turn-1"]
            assert b"400 days" not in everything(tmp_path)
            assert store.people.expire(30).turns == 0
            assert [entry.details for entry in store.audit.entries()] == [
                {"days": 30, "feedback": 2, "turns": 2, "why": "retention"}
            ]

    def test_of_less_than_a_day_is_refused(self) -> None:
        with Store.open("sqlite://") as store, pytest.raises(InputError, match="at least 1"):
            store.people.expire(0)


def test_a_conversation_belongs_to_whom_it_was_said_to(url: str) -> None:
    with Store.open(url) as store:
        store.add_turn(sample_turn(id="1", conversation="c"))
        assert store.people.owner("c") is None
        store.add_turn(sample_turn(id="2", conversation="c", person="sam"), [Happening("disclosure")])
        assert store.people.owner("c") == "sam"
        assert [turn.id for turn in store.people.turns("sam", 9)] == ["2"]
        assert store.audit.entries()[-1].subject == store.audit.subject("sam")
