"""Read the packs: rules and resources as data, checked once when they are first needed."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from heedful.errors import ConfigError

_Word = TypeVar("_Word", bound=str)


@functools.cache
def read(name: str) -> dict[str, Any]:
    """Return a pack of this package as plain data; raise ConfigError naming the file if it is not TOML."""
    return read_file(resources.files("heedful.guard") / "packs" / name)


def read_file(path: Traversable) -> dict[str, Any]:
    """Return a pack file as plain data; raise ConfigError naming the file if it cannot be read as TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"{path.name} cannot be read as TOML: {error}. Restore the file that heedful came with."
        ) from error


def entries(data: Mapping[str, Any], table: str, source: str) -> list[dict[str, Any]]:
    """Return the entries of an array of tables; raise ConfigError if it is something else."""
    found = data.get(table, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ConfigError(f"{source}: {table} must be written as [[{table}]] entries.")
    return found


def text(entry: dict[str, Any], key: str, where: str, default: str | None = None) -> str:
    """Return a text field of an entry; raise ConfigError naming file, entry and key if it is missing or no text."""
    value = entry.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise ConfigError(f"{where}: {key} must be a text that says something; got {value!r}.")
    return value


def choice(
    entry: dict[str, Any], key: str, where: str, allowed: tuple[_Word, ...], default: _Word | None = None
) -> _Word:
    """Return a text field that must be one of a few; raise ConfigError naming file, entry, key and the choices."""
    value = text(entry, key, where, default)
    for each in allowed:
        if each == value:
            return each
    raise ConfigError(f"{where}: {key} must be one of {', '.join(allowed)}; got {value!r}.")


def flag(entry: dict[str, Any], key: str, where: str) -> bool:
    """Return a field that is true or false, false if it is missing; raise ConfigError naming file, entry and key."""
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise ConfigError(f"{where}: {key} must be true or false; got {value!r}.")
    return value


def texts(entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    """Return a field that is a list of texts, at least one; raise ConfigError naming file, entry and key if not."""
    value = entry.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(each, str) and each.strip() for each in value):
        raise ConfigError(f"{where}: {key} must be a list of at least one text; got {value!r}.")
    return tuple(value)


def known_keys(entry: dict[str, Any], where: str, allowed: tuple[str, ...]) -> None:
    """Raise ConfigError naming file, entry and key if the entry has a key that nothing reads."""
    if unknown := sorted(entry.keys() - set(allowed)):
        raise ConfigError(f"{where}: unknown key {', '.join(unknown)}. Known are: {', '.join(allowed)}.")
