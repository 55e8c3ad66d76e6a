"""What docs/live.md and docs/server.md show works, against a server that listens."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tests.test_docs import blocks

DOCS = Path(__file__).parents[2] / "docs"


def shown(page: str) -> list[str]:
    return blocks((DOCS / page).read_text(encoding="utf-8"), "py")


def test_the_client_of_the_live_conversation_talks(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    (client,) = shown("live.md")
    assert len(client.splitlines()) <= 40
    (talk,) = [node for node in ast.parse(client).body if isinstance(node, ast.FunctionDef)]
    assert (talk.end_lineno or 0) - talk.lineno + 1 <= 30
    names: dict[str, Any] = {"__name__": "client"}
    exec(compile(client, "live.md", "exec"), names)
    replies = names["talk"](f"ws{url.removeprefix('http')}/v1/live", ["My dog died.", "I want to kill myself."])
    assert all(replies)
    told = capsys.readouterr().out
    assert "software and not a person" in told
    assert "sounds like ['grief']" in told
    assert "danger: [" in told


def test_what_is_shown_of_the_openai_protocol_runs(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    for code in shown("server.md"):
        exec(compile(code.replace("http://127.0.0.1:8377", url), "server.md", "exec"), names)
    assert "['grief'] comfort" in capsys.readouterr().out
