from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from heedful.config import Config
from heedful.errors import InputError
from heedful.store.accounts import happenings
from heedful.store.ledger import Happening
from heedful.store.store import Store, sqlite_url
from heedful.types import Finding, Reading, Risk, Verdict
from tests.samples import sample_percept, sample_turn, sample_understanding


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(str(tmp_path))


def test_entries_are_numbered_without_gaps_and_known_by_a_hash_alone(url: str) -> None:
    with Store.open(url) as store:
        store.audit.add(Happening("crisis", {"level": "high"}), "sam")
        store.audit.add(Happening("crisis", {"level": "concern"}), "kim")
        store.audit.add(Happening("disclosure"))
        store.audit.add(Happening("deletion"), "sam")
        first, second, third, fourth = store.audit.entries()
    assert [each.number for each in (first, second, third, fourth)] == [1, 2, 3, 4]
    assert first.subject == fourth.subject != second.subject
    assert third.subject is None
    assert "sam" not in str(first.to_dict())
    assert first.details == {"level": "high"}


def test_only_the_latest_are_given(url: str) -> None:
    with Store.open(url) as store:
        for number in range(5):
            store.audit.add(Happening("model", {"name": str(number)}))
        assert [each.number for each in store.audit.entries(2)] == [4, 5]
        assert store.audit.entries(0) == []
        with pytest.raises(InputError, match="0 or more"):
            store.audit.entries(-1)


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET kind = 'model'"])
def test_the_database_refuses_to_change_or_remove_an_entry(url: str, tmp_path: Path, statement: str) -> None:
    with Store.open(url) as store:
        store.audit.add(Happening("disclosure"))
    with closing(sqlite3.connect(tmp_path / "heedful.db")) as other, pytest.raises(sqlite3.Error, match="append-only"):
        other.execute(statement)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET kind = 'model' WHERE number = 2", 2),
        ('UPDATE audit SET details = \'{"level": "none"}\' WHERE number = 1', 1),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("SELECT 1", None),
    ],
)
def test_a_change_made_around_the_triggers_breaks_the_chain(
    url: str, tmp_path: Path, statement: str, broken: int | None
) -> None:
    with Store.open(url) as store:
        for level in ("high", "concern", "imminent"):
            store.audit.add(Happening("crisis", {"level": level}), "sam")
    with closing(sqlite3.connect(tmp_path / "heedful.db", isolation_level=None)) as other:
        for verb in ("update", "delete"):
            other.execute(f"DROP TRIGGER audit_no_{verb}")
        other.execute(statement)
    with Store.open(url) as store:
        assert store.audit.broken_at() == broken


def test_threads_add_entries_to_one_chain(url: str) -> None:
    with Store.open(url) as store:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: store.audit.add(Happening("disclosure"), f"p{number % 3}"), range(40)))
        assert [each.number for each in store.audit.entries()] == list(range(1, 41))
        assert store.audit.broken_at() is None


def test_a_detail_is_too_short_to_hold_a_message(url: str) -> None:
    with Store.open(url) as store:
        store.audit.add(Happening("model", {"name": "x" * 5000}))
        assert len(str(store.audit.entries()[0].details["name"])) == 200


def test_what_a_turn_has_to_account_for_holds_nothing_that_was_said() -> None:
    readings = (Reading("text", "reader-1"), Reading("voice", "lawful", abstained="forbidden"), Reading("face", "none"))
    plan = sample_turn().plan
    turn = sample_turn(
        percept=sample_percept(readings=readings),
        understanding=sample_understanding(risk=Risk("high", "suicide", findings=(Finding("s.wish", "said", "why"),))),
        plan=type(plan)(plan.about, plan.strategies, plan.stage, plan.tone, must=("disclosure",)),
        verdict=Verdict("replace", (Finding("honesty.feeling", "said", "why"),)),
    )
    found = happenings(turn, Config.load(setting="workplace"), "lawful", {"reader-1"})
    assert [each.kind for each in found] == ["model", "refusal", "refusal", "crisis", "disclosure"]
    assert found[1].details == {"what": "voice", "setting": "workplace", "purpose": "general"}
    assert found[3].details == {"level": "high", "kind": "suicide", "rules": "s.wish"}
    assert "said" not in str(found)
    carried = sample_turn(understanding=sample_understanding(risk=Risk("high", "suicide", carried=True)))
    assert all(each.kind == "model" for each in happenings(carried, Config.load(), "lawful", set()))
