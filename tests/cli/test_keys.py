from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from heedful.cli import main


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "h.toml").write_text(f'data_folder = "{tmp_path}"\n', encoding="utf-8")
    monkeypatch.setenv("HEEDFUL_CONFIG", str(tmp_path / "h.toml"))


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main.app, ["keys", *arguments], catch_exceptions=False)


def test_a_key_is_made_listed_and_revoked() -> None:
    assert "There are no keys" in run("list").stdout
    made = run("create", "the shop", "--scope", "perceive", "--owner", "shop")
    assert made.stdout.startswith("hk_")
    assert made.stdout.count("\n") == 1, "only the key goes to standard output, so that a script can take it"
    key = json.loads(run("list", "--json").stdout)
    assert (key["name"], key["scopes"], key["owner"], key["revoked"]) == ("the shop", ["perceive"], "shop", None)
    assert made.stdout.strip().rpartition("_")[2] not in run("list").stdout
    assert "Revoked" in run("revoke", key["id"]).stdout
    assert "revoked" in run("list").stdout


def test_a_key_that_is_not_there_is_told_as_such() -> None:
    done = run("revoke", "lost")
    assert done.exit_code == 2
    assert "no key 'lost'" in done.stderr
