"""Hold every setting in one frozen value, read from `defaults.toml` and the user's own file."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self

import msgspec

from heedful.errors import ConfigError

DEFAULTS = Path(__file__).with_name("defaults.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting; `defaults.toml` says what each one means."""

    data_folder: str
    """Where conversations and feedback are kept; "" = the user's data folder."""
    store_url: str
    """An SQLAlchemy URL; "" = an SQLite file in `data_folder`."""
    threads: int
    """Threads that read many messages side by side, at least 1."""
    reader: str
    """The network that reads text."""
    listener: str
    """The network that reads what is going on between people."""
    setting: Literal["companion", "customer_service", "health_support", "education", "workplace"]
    """Where Heedful is used."""
    purpose: Literal["general", "medical", "safety"]
    """What emotions are inferred for."""
    redact: bool
    """Take out what identifies people before anything is stored."""
    retention_days: int
    """Days after which turns are erased; 0 = never."""
    commercial_only: bool
    """Load only networks trained on openly licensed data."""
    languages: tuple[str, ...]
    """Languages that are read, ISO 639-1."""
    confidence_floor: float
    """Below this confidence, in [0, 1], a text reading abstains."""
    text_limit: int
    """Longest text of one message, in characters."""
    history_turns: int
    """Turns of a conversation that are taken into account."""
    writer: str
    """Who writes replies."""
    disclose: bool
    """Say that this is software in the first reply of a conversation."""
    country: str
    """Where the person is, ISO 3166-1 alpha-2; "" = unknown."""

    @classmethod
    def load(cls, path: str | Path | None = None, **overrides: Any) -> Self:
        """Read the defaults, then a file, then the keywords; each overrides the one before.

        Args:
            path: a TOML file with any of the keys of `defaults.toml`; by default the file that HEEDFUL_CONFIG names.
            **overrides: settings by keyword.

        Raises:
            ConfigError: a file is missing or not TOML, or a key is unknown or of the wrong type.
        """
        settings = _read(DEFAULTS)
        chosen = path or os.environ.get("HEEDFUL_CONFIG")
        source = "the keywords"
        if chosen:
            settings |= _read(Path(chosen))
            source = str(chosen)
        settings |= overrides
        known = {each.name for each in fields(cls)}
        if unknown := sorted(settings.keys() - known):
            raise ConfigError(f"{source}: unknown setting {', '.join(unknown)}. Known are: {', '.join(sorted(known))}.")
        try:
            config = msgspec.convert(settings, cls)
        except msgspec.ValidationError as error:
            raise ConfigError(f"{source}: {error}. Each setting is explained in {DEFAULTS.name}.") from error
        config._check(source)
        return config

    def _check(self, source: str) -> None:
        rules = (
            (self.threads >= 1, "threads must be at least 1"),
            (0.0 <= self.confidence_floor <= 1.0, "confidence_floor must lie in [0, 1]"),
            (self.text_limit >= 1, "text_limit must be at least 1"),
            (self.retention_days >= 0, "retention_days must be 0 (keep) or more"),
            (self.history_turns >= 1, "history_turns must be at least 1"),
            (len(self.country) in (0, 2), 'country must be two letters ("GB") or empty'),
        )
        if broken := [rule for holds, rule in rules if not holds]:
            raise ConfigError(f"{source}: {'; '.join(broken)}.")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as TOML: {error}. See {DEFAULTS.name} for an example.") from error
