"""Documents say what is true: examples run, links lead somewhere, what is generated is up to date."""

from __future__ import annotations

import doctest
import importlib
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.record import Speed, Throughput, write
from docs.build import END, START, cli_reference, generated, measured, with_measured

ROOT = Path(__file__).parent.parent
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "benchmarks").rglob("*.md")),
]
MODULES = sorted((ROOT / "src" / "heedful").rglob("*.py"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of a language, in order."""
    return [code for name, code in BLOCK.findall(text) if name == language]


def run_python(text: str) -> dict[str, Any]:
    """Run the Python blocks of a page in one namespace, in order, and return it."""
    names: dict[str, Any] = {"__name__": "__docs__"}
    for number, code in enumerate(blocks(text, "python")):
        exec(compile(code, f"block {number}", "exec"), names)
    return names


def commands(block: str) -> list[str]:
    """Return the commands of a console block: what follows "$ "."""
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def broken_links(page: Path) -> Iterator[str]:
    """Yield the relative links of a page that lead nowhere, anchors included."""
    for link in LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            yield link


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as code forges make them."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def ids(path: Path) -> str:
    """Return a path as it stands in a test's name."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page.read_text("utf-8"), "python")], ids=ids)
def test_every_python_example_of_a_page_runs(
    page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    opened = run_python(page.read_text(encoding="utf-8"))
    for value in opened.values():
        if callable(close := getattr(value, "close", None)) and not isinstance(value, type):
            close()
    assert "Traceback" not in capsys.readouterr().out


@pytest.mark.parametrize("page", [page for page in PAGES if "\n$ heedful" in page.read_text("utf-8")], ids=ids)
def test_every_command_shown_on_a_page_runs(page: Path, tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "XDG_DATA_HOME": str(tmp_path / "data")}
    for block in blocks(page.read_text(encoding="utf-8"), "console"):
        done = subprocess.run(
            ["bash", "-euc", "\n".join(commands(block))],
            cwd=tmp_path,
            env=environment,
            input="",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("path", [path for path in MODULES if ">>> " in path.read_text("utf-8")], ids=ids)
def test_every_example_in_a_docstring_gives_what_it_shows(path: Path) -> None:
    name = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    outcome = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert not list(broken_links(page))


@pytest.mark.parametrize("path", list(generated()), ids=ids)
def test_what_is_generated_is_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == generated()[path], "run `make docs`"


def test_the_layers_on_the_page_are_those_that_are_enforced() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(each["layers"] for each in contracts if each["type"] == "layers")
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert "\n".join(["```text", *layers, "```"]) in page


class TestTheChecksCatchWhatTheyAreFor:
    def test_an_example_that_fails_is_found(self) -> None:
        page = "```python\nx = 1\n```\nand then\n```python\nassert x == 2\n```\n"
        with pytest.raises(AssertionError):
            run_python(page)
        assert run_python(page.replace("== 2", "== 1"))["x"] == 1

    def test_only_commands_are_taken_from_a_console_block(self) -> None:
        assert commands("$ heedful --version\nheedful 0.1.0\n$ ls\n") == ["heedful --version", "ls"]

    def test_a_link_to_nowhere_is_found(self, tmp_path: Path) -> None:
        (tmp_path / "there.md").write_text("# One, two & three\n", encoding="utf-8")
        page = tmp_path / "page.md"
        page.write_text(
            "[a](there.md) [b](there.md#one-two--three) [c](there.md#four) [d](gone.md) [e](https://example.org)\n"
            "```text\n[f](also-gone.md)\n```\n",
            encoding="utf-8",
        )
        assert list(broken_links(page)) == ["there.md#four", "gone.md"]


class TestBuild:
    def test_the_reference_has_every_verb_and_option(self) -> None:
        text = cli_reference()
        for told in ("## heedful analyze", "## heedful chat", "## heedful models", "--resume", "--version"):
            assert told in text

    def test_nothing_measured_says_so(self, tmp_path: Path) -> None:
        assert "Nothing has been measured yet" in measured(tmp_path, tmp_path)

    def test_the_newest_results_are_shown(self, tmp_path: Path) -> None:
        write(speed("2031-01-01", 9.0), "", tmp_path)
        write(speed("2031-02-01", 2.5), "", tmp_path)
        write(throughput(), "", tmp_path)
        text = measured(tmp_path / "none", tmp_path)
        assert "| 16 tokens, batch 1 | 2.50 | 50.00 (20.0x) | 0.10 (0.04x) |" in text
        assert "9.00" not in text
        assert "2031-02-01" in text
        assert "| rows per second | 1,000 |" in text

    def test_the_text_between_the_markers_is_replaced_and_nothing_else(self) -> None:
        page = f"above\n{START}\nold\n{END}\nbelow\n"
        assert with_measured(page, "new") == f"above\n{START}\n\nnew\n\n{END}\nbelow\n"
        assert with_measured(with_measured(page, "new"), "new") == with_measured(page, "new")

    @pytest.mark.parametrize("page", ["", START, f"{END}{START}", f"{START}{START}{END}", f"{START}{END}{END}"])
    def test_markers_that_are_not_there_once_and_in_order_are_refused(self, page: str) -> None:
        with pytest.raises(ValueError, match="once each"):
            with_measured(page, "new")


def speed(day: str, ours: float) -> Speed:
    timings = {"Heedful": ours, "roberta": 50.0, "VADER": 0.1}
    return Speed.from_dict(
        {
            "protocol": "S1",
            "at": f"{day}T00:00:00Z",
            "machine": {"processor": "a processor"},
            "network": "reader-x",
            "warm_ups": 20,
            "notes": dict.fromkeys(timings, "a note"),
            "cells": [
                {"subject": name, "tokens": 16, "batch": 1, "timing": {"median": ms, "p95": ms, "repetitions": 200}}
                for name, ms in timings.items()
            ],
            "import_ms": 100.0,
            "turn": {"median": 9.0, "p95": 12.0, "repetitions": 200},
        }
    )


def throughput() -> Throughput:
    return Throughput.from_dict(
        {
            "protocol": "S1b",
            "at": "2031-02-01T00:00:00Z",
            "machine": {"processor": "a processor"},
            "network": "reader-x",
            "rows": 100_000,
            "tokens": 20.0,
            "threads": 2,
            "clean": {"seconds": 100.0, "peak_mib": 300.0, "early_mib": 250.0, "late_mib": 250.0},
            "resumed_equal": True,
        }
    )
