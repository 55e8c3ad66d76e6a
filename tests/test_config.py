from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from heedful.config import DEFAULTS, Config
from heedful.errors import ConfigError


def test_every_setting_has_a_default_and_a_comment() -> None:
    lines = DEFAULTS.read_text(encoding="utf-8").splitlines()
    assert set(tomllib.loads("\n".join(lines))) == {each.name for each in fields(Config)}
    for number, line in enumerate(lines):
        if "=" in line and not line.startswith("#"):
            assert lines[number - 1].startswith("#"), line


def test_a_file_overrides_the_defaults_and_a_keyword_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('threads = 3\ncountry = "GB"\n', encoding="utf-8")
    config = Config.load(file, threads=2)
    assert (config.threads, config.country, config.writer) == (2, "GB", "compose")


def test_the_file_may_be_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("disclose = false", encoding="utf-8")
    monkeypatch.setenv("HEEDFUL_CONFIG", str(file))
    assert Config.load().disclose is False


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("thraeds = 2", "unknown setting thraeds"),
        ('threads = "two"', r"Expected `int`"),
        ("threads = 0", "threads must be at least 1"),
        ('country = "Britain"', "two letters"),
        ("confidence_floor = 1.5", r"\[0, 1\]"),
        ("llm_deadline = 0.0", "llm_deadline must lie above 0"),
        ("llm_candidates = 0", "llm_candidates must be from 1 to 16"),
        ("candidates = 17", "candidates must be from 1 to 16"),
        ("rank_plan = -0.1", "each rank_ weight must be at least 0"),
        ("rank_novel = nan", "each rank_ weight must be at least 0"),
        ("threads = = 2", "cannot be read as TOML"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=says) as caught:
        Config.load(file)
    assert "mine.toml" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.toml cannot be read"):
        Config.load(tmp_path / "nothing.toml")
