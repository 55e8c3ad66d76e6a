"""Hold what is said and asked in situations that are known more closely than by their kind of event."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from heedful.errors import ConfigError
from heedful.respond.bank import Phrase, phrases_of

Words = Mapping[str, tuple[Phrase, ...]]
"""open, say and ask -> the phrases."""
TABLES = ("open", "say", "ask")
"""A first sentence that may stand for saying back what happened, one thought, an open question."""


@functools.cache
def scene_words() -> Mapping[str, Words]:
    """Return the words of every scene, by its name in understand/scenes.toml."""
    return read_scene_words(files("heedful.respond").joinpath("scenes.toml").read_text(encoding="utf-8"))


def read_scene_words(text: str) -> Mapping[str, Words]:
    """Read the words of scenes from TOML; raise ConfigError naming the scene and what is wrong in it."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"scenes.toml is not TOML: {error}.") from error
    return {name: _words(name, table) for name, table in raw.items()}


def _words(name: str, table: Any) -> Words:
    if not isinstance(table, dict) or set(table) != set(TABLES) or not all(table.values()):
        raise ConfigError(f"scenes.toml, [{name}]: expected {', '.join(TABLES)}, each a list of sentences.")
    return {each: phrases_of(f"scene_{name}", each, "any", texts) for each, texts in table.items()}
