"""Let the command line run in this process, with doubles in place of the network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from heedful.cli import main
from tests.cli.double import Double, install

Run = Callable[..., Any]


@pytest.fixture
def doubles(monkeypatch: pytest.MonkeyPatch) -> list[Double]:
    """Return the doubles that the verbs open, in order."""
    return install(monkeypatch.setattr)


@pytest.fixture
def heedful(doubles: list[Double]) -> Run:
    """Return what runs `heedful` with arguments; `input` is its standard input."""

    def run(*arguments: str | Path, input: str | bytes | None = None) -> Any:  # noqa: A002 - CliRunner's name
        return CliRunner().invoke(main.app, [str(each) for each in arguments], input=input, catch_exceptions=False)

    return run
