"""`heedful export`, `forget`, `consent` and `audit-log`, with a real store."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from heedful.cli import main
from heedful.store.ledger import Happening
from heedful.store.residue import files_in
from heedful.store.store import Store, sqlite_url
from tests.samples import sample_feedback, sample_turn

Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    data = tmp_path / "data"
    settings = tmp_path / "settings.toml"
    settings.write_text(f"data_folder = {json.dumps(str(data))}\n", encoding="utf-8")
    monkeypatch.setenv("HEEDFUL_CONFIG", str(settings))
    with Store.open(sqlite_url(str(data))) as store:
        store.add_turn(sample_turn(id="turn-of-ismene-1", person="ismene"), [Happening("crisis", {"level": "high"})])
        store.add_feedback(sample_feedback(turn="turn-of-ismene-1"))
    return data


@pytest.fixture
def run(folder: Path) -> Run:
    def invoke(*arguments: str) -> Any:
        return CliRunner().invoke(main.app, list(arguments), catch_exceptions=False)

    return invoke


def test_export_hands_over_what_is_kept_for_the_eyes_of_its_owner(run: Run, tmp_path: Path) -> None:
    assert json.loads(run("export", "ismene").stdout)["turns"][0]["id"] == "turn-of-ismene-1"
    out = tmp_path / "ismene.json"
    assert run("export", "ismene", "--out", str(out)).exit_code == 0
    assert len(json.loads(out.read_text(encoding="utf-8"))["feedback"]) == 1
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    again = run("export", "ismene", "--out", str(out))
    assert (again.exit_code, "already exists" in again.stderr) == (2, True)
    nowhere = run("export", "ismene", "--out", str(tmp_path / "no" / "where"))
    assert (nowhere.exit_code, "cannot be written" in nowhere.stderr) == (2, True)


def test_forget_erases_and_says_what_and_that_nothing_was_found(run: Run, folder: Path) -> None:
    told = run("forget", "ismene").stdout
    assert "Erased 1 turns, 1 pieces of feedback and 0 consents." in told
    assert "Nothing of them was found" in told
    assert not any(b"ismene" in path.read_bytes() for path in files_in(folder))
    again = run("forget", "ismene")
    assert (again.exit_code, "nothing is kept" in again.stderr) == (2, True)


def test_forget_can_erase_what_is_old_and_sweep(run: Run) -> None:
    assert "Erased 1 turns" in run("forget", "--older-than", "30").stdout
    assert "Swept" in run("forget", "--sweep").stdout


@pytest.mark.parametrize("arguments", [[], ["ismene", "--sweep"], ["ismene", "--older-than", "3"]])
def test_forget_wants_to_know_what_to_forget(run: Run, arguments: list[str]) -> None:
    done = run("forget", *arguments)
    assert (done.exit_code, "one of them at a time" in done.stderr) == (2, True)


def test_consent_is_given_shown_and_withdrawn(run: Run) -> None:
    assert "in force" in run("consent", "give", "ismene", "--to", "crisis", "--purpose", "so that they know").stdout
    (shown,) = json.loads(run("consent", "show", "ismene", "--json").stdout)
    assert (shown["what"], shown["purpose"], shown["withdrawn"]) == ("crisis", "so that they know", None)
    assert "withdrawn" in run("consent", "withdraw", "ismene", "--to", "crisis").stdout
    assert "withdrawn" in run("consent", "show", "ismene").stdout
    assert run("consent", "show", "nobody").stdout == "Nothing has been agreed to.\n"


@pytest.mark.parametrize("arguments", [["give", "ismene", "--to", "crisis"], ["withdraw", "ismene"]])
def test_consent_to_nothing_or_for_no_purpose_is_refused(run: Run, arguments: list[str]) -> None:
    assert run("consent", *arguments).exit_code == 2


def test_the_audit_log_is_shown_checked_and_holds_no_names(run: Run, folder: Path) -> None:
    shown = run("audit-log").stdout
    assert "crisis" in shown
    assert "ismene" not in shown
    (line,) = run("audit-log", "--json").stdout.splitlines()
    assert json.loads(line)["details"] == {"level": "high"}
    assert run("audit-log", "--check").stdout == "The log is whole.\n"
    with Store.open(sqlite_url(str(folder))) as store, store._database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET kind = 'model'")
    broken = run("audit-log", "--check")
    assert (broken.exit_code, broken.stdout) == (1, "The log is broken at entry 1.\n")
