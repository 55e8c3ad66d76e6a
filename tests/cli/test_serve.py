from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from typer.testing import CliRunner

from heedful.cli import main, serve
from heedful.store.store import Store, sqlite_url

Started = list[dict[str, Any]]


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    """Return with what the server was started, without starting it."""
    (tmp_path / "h.toml").write_text(f'data_folder = "{tmp_path}"\n', encoding="utf-8")
    monkeypatch.setenv("HEEDFUL_CONFIG", str(tmp_path / "h.toml"))
    for name in (serve._KEYS, serve._WORKERS, serve._LEVEL, "PROMETHEUS_MULTIPROC_DIR"):
        monkeypatch.setenv(name, "")
    found: Started = []
    monkeypatch.setattr(uvicorn, "run", lambda app, **options: found.append({"app": app, **options}))
    return found


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main.app, ["serve", *arguments], catch_exceptions=False)


def test_on_this_machine_it_serves_without_keys_and_says_where(started: Started) -> None:
    done = run("--port", "8123")
    assert "http://127.0.0.1:8123/" in done.stdout
    (options,) = started
    assert (options["host"], options["port"]) == ("127.0.0.1", 8123)
    assert os.environ[serve._KEYS] == "0"


def test_to_others_it_serves_only_with_keys(started: Started, tmp_path: Path) -> None:
    done = run("--host", "0.0.0.0")
    assert (done.exit_code, started) == (2, [])
    assert "heedful keys create" in done.stderr
    done = run("--host", "0.0.0.0", "--no-keys")
    assert (done.exit_code, started) == (2, [])
    assert "others reach the server" in done.stderr
    with Store.open(sqlite_url(str(tmp_path))) as store:
        store.keys.create("first")
    assert run("--host", "0.0.0.0").exit_code == 0
    assert os.environ[serve._KEYS] == "1"
    assert len(started) == 1


def test_several_workers_share_their_metrics(started: Started) -> None:
    assert run("--workers", "3").exit_code == 0
    assert started[0]["workers"] == 3
    assert os.environ[serve._WORKERS] == "3"
    assert os.environ["PROMETHEUS_MULTIPROC_DIR"]


def test_without_the_extra_it_says_what_to_install(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = run()
    assert done.exit_code == 2
    assert "pip install 'heedful[server]'" in done.stderr
