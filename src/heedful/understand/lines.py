"""Read TOML files that people edit: everything wrong is told with the line that it stands on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path as File
from typing import Any

from heedful.errors import ConfigError

_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'")

_SYNTAX_LINE = re.compile(r" ?\(at line (\d+), column (\d+)\)")

Path = tuple[str, ...]
Problem = tuple[Path, str, object]
"""Where something is wrong (the key's path), what, and the value in its list, if it is one."""


def read_checked(file: File, problems: Callable[[Mapping[str, Any]], Iterable[Problem]], what: str) -> dict[str, Any]:
    """Return what a TOML file holds; raise ConfigError naming file and line of everything wrong in it.

    Args:
        file: the file.
        problems: finds what is wrong in what it holds.
        what: what such a file is called, for the error: "A norm pack".
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}. {what} is a text file in UTF-8.") from error
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _SYNTAX_LINE.search(str(error))
        line = at[1] if at else str(len(text.splitlines()) or 1)
        told = f"this is not TOML: {_SYNTAX_LINE.sub('', str(error))}. Check quotes, commas and brackets."
        raise ConfigError(f"{file}, line {line}: {told}") from error
    wrong = [f"{file}, line {line_of(text, at, item)}: {told}" for at, told, item in problems(held)]
    if wrong:
        raise ConfigError("\n".join(wrong))
    return held


def key_lines(text: str) -> Mapping[Path, int]:
    r"""Return path of a key or table -> its line, counted from 1.

    Examples:
        >>> key_lines("[style]\nformality = 'formal'\n")
        {('style',): 1, ('style', 'formality'): 2}
    """
    found: dict[Path, int] = {}
    table: Path = ()
    open_brackets = 0
    for number, line in enumerate(text.splitlines(), start=1):
        bare = _QUOTED.sub('""', line).split("#")[0]
        if not open_brackets:
            if header := _TABLE.match(line):
                table = _parts(header[1])
                found.setdefault(table, number)
                continue
            if key := _KEY.match(line):
                found.setdefault((*table, *_parts(key[1])), number)
        open_brackets = max(0, open_brackets + bare.count("[") - bare.count("]"))
    return found


def line_of(text: str, path: Sequence[str], item: object = None) -> int:
    """Return the line of a key, or of the nearest table above it; 1 if there is none.

    Args:
        text: the file.
        path: the key's path, outermost table first.
        item: a value in the key's list: the line it stands on is returned where it can be told.
    """
    lines = key_lines(text)
    at = next((lines[tuple(path[:n])] for n in range(len(path), 0, -1) if tuple(path[:n]) in lines), 1)
    if isinstance(item, str):
        following = text.splitlines()[at - 1 :]
        for offset, line in enumerate(following):
            if offset and (_TABLE.match(line) or _KEY.match(line)):
                break
            if f'"{item}"' in line or f"'{item}'" in line:
                return at + offset
    return at


def _parts(dotted: str) -> Path:
    return tuple(next(filter(None, each), "") for each in _PART.findall(dotted))
