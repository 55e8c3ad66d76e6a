"""Hold the phrase banks: what may be said about what, in whose words."""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from heedful.errors import ConfigError

_SLOT = re.compile(r"\{(\w+)\}")
SLOTS = frozenset({"who", "Who", "clause", "Clause", "gerund", "Gerund", "feeling"})
"""What a phrase may leave open."""
GROUPS = ("any", "strong", "mild", "later")
"""When a phrase fits: at any strength, only at one, or only in later replies about the same thing."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence that may be said."""

    id: str
    """Its bank, its table, and the start of its hash: stays the same when others come and go."""
    text: str
    """The words, with slots in braces."""
    slots: frozenset[str]
    """The slots it needs."""


Bank = Mapping[str, Mapping[str, tuple[Phrase, ...]]]
"""table (a strategy or an act) -> group -> phrases."""


@functools.cache
def bank(name: str) -> Bank:
    """Return the bank of an event kind, a mood or the acts; empty if there is none of that name."""
    path = files("heedful.respond").joinpath("phrases", f"{name}.toml")
    if not path.is_file():
        return {}
    return read_bank(name, path.read_text(encoding="utf-8"))


def read_bank(name: str, text: str) -> Bank:
    """Read a bank from TOML; raise ConfigError naming the file and what is wrong in it."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the phrase bank {name}.toml is not TOML: {error}.") from error
    return {
        table: {group: _phrases(name, table, group, texts) for group, texts in groups.items()}
        for table, groups in raw.items()
    }


def _phrases(name: str, table: str, group: str, texts: Any) -> tuple[Phrase, ...]:
    where = f"the phrase bank {name}.toml, [{table}] {group}"
    if group not in GROUPS or not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ConfigError(f"{where}: expected one of {', '.join(GROUPS)} with a list of sentences.")
    found = []
    for text in texts:
        slots = frozenset(_SLOT.findall(text))
        if unknown := slots - SLOTS:
            raise ConfigError(
                f"{where}: unknown slot {', '.join(sorted(unknown))} in {text!r}. Known are {sorted(SLOTS)}."
            )
        found.append(Phrase(f"{name}.{table}.{hashlib.sha256(text.encode()).hexdigest()[:8]}", text, slots))
    return tuple(found)
