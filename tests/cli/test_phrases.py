from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_the_shipped_phrases_are_clean(heedful: Run) -> None:
    done = heedful("phrases", "check")
    assert (done.exit_code, "0 complaints" in done.stdout) == (0, True)


def test_a_bank_of_ones_own_is_checked(heedful: Run, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[console]\nany = ["Time heals all wounds."]', encoding="utf-8")
    done = heedful("phrases", "check", str(tmp_path / "own.toml"))
    assert done.exit_code == 1
    assert all(told in done.stdout for told in ("cliche: own [console] any", "Time heals", "1 phrases, 1 complaints"))


def test_a_bank_that_is_not_there_is_an_error(heedful: Run, tmp_path: Path) -> None:
    done = heedful("phrases", "check", str(tmp_path / "none.toml"))
    assert (done.exit_code, "cannot be read" in done.stderr) == (2, True)
