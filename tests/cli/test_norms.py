from __future__ import annotations

import json
from pathlib import Path

import pytest

from heedful.norm import Norm
from heedful.understand.packs import norm_for
from tests.cli.conftest import Run


def test_the_packs_are_listed(heedful: Run) -> None:
    shown = heedful("norms", "show").stdout
    assert all(name in shown for name in ("companion", "customer_service", "reserved", "culture", "setting"))
    assert set(json.loads(heedful("norms", "show", "--json").stdout)) >= {"base", "workplace", "direct"}


def test_a_pack_is_shown_with_what_it_inherits(heedful: Run) -> None:
    shown = " ".join(heedful("norms", "show", "workplace").stdout.split())
    for told in ("At work", "at most one in 2 replies", "loss", "time heals", "talk of religion avoid"):
        assert told in shown


def test_a_pack_can_be_had_as_json_with_a_culture_over_it(heedful: Run) -> None:
    shown = json.loads(heedful("norms", "show", "companion", "--culture", "reserved", "--json").stdout)
    assert Norm.from_dict(shown) == norm_for("companion", "reserved")


def test_a_right_pack_is_said_to_be_right(heedful: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('use = "culture"\nabout = "Few words."\n[style]\nsentences = 1\n', encoding="utf-8")
    done = heedful("norms", "check", path)
    assert (done.exit_code, f"{path}: right. Few words." in done.stdout) == (0, True)


def test_wrong_packs_are_told_with_file_and_line_and_fail(heedful: Run, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.toml", tmp_path / "wrong.toml"
    right.write_text('use = "culture"\nabout = "Few words."\n', encoding="utf-8")
    wrong.write_text('use = "culture"\nabout = "Few words."\n[style]\nsentences = 0\n', encoding="utf-8")
    done = heedful("norms", "check", wrong, right)
    assert done.exit_code == 2
    assert f"{wrong}, line 4: sentences must be a whole number" in done.stderr
    assert "right.toml: right" in done.stdout


def test_a_pack_that_is_not_there_is_an_error(heedful: Run) -> None:
    done = heedful("norms", "show", "nobody")
    assert (done.exit_code, "there is no norm pack 'nobody'" in done.stderr) == (2, True)


@pytest.mark.parametrize("width", ["40", "80", "120"])
def test_the_tables_fit_the_terminal(heedful: Run, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for arguments in ([], ["customer_service"]):
        assert max(map(len, heedful("norms", "show", *arguments).stdout.splitlines())) <= int(width)
