"""Find on which line of a TOML file a key stands, so that an error can be shown where it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'")

Path = tuple[str, ...]


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
