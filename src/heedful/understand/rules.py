"""Say what a norm pack may hold, key by key, in words that people who do not program can act on."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, get_args

from heedful.norm import ALWAYS, Directness, Formality, Talk, Tone
from heedful.types import Mood, Strategy
from heedful.understand.event import kinds
from heedful.understand.lines import Problem

USES: Final = ("setting", "culture")
MUST: Final = ("own the problem",)
MUST_NOT: Final = ("advice", "silver lining", "exclamation")
_WORD = re.compile(r"[^\W_][\w'’ -]*\*?")
_LONGEST_ORDER = 5

Check = Callable[[tuple[str, ...], Any], Iterator[Problem]]


def problems(pack: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield everything that is wrong with a pack, in the order of the file."""
    for name, value in pack.items():
        path = (name,)
        if name in _TOP:
            yield from _TOP[name](path, value)
        elif name in _TABLES:
            yield from _table(path, value, _TABLES[name])
        elif name in ("topics", "when"):
            yield from _named(path, value)
        else:
            yield path, _unknown(name, [*_TOP, *_TABLES, "topics", "when"]), None
    for needed in ("use", "about"):
        if needed not in pack:
            yield (), f'{needed} is missing. Write {needed} = "..." above the first table.', None


def _named(path: tuple[str, ...], tables: Any) -> Iterator[Problem]:
    if not isinstance(tables, dict):
        yield path, f"{path[0]} holds tables: write [{path[0]}.NAME].", None
        return
    places = [ALWAYS, *get_args(Mood), *(name for name in kinds() if name != "none")]
    for name, value in tables.items():
        if path[0] == "when" and name not in places:
            yield (*path, name), _unknown(name, places), None
            continue
        yield from _table((*path, name), value, _TOPIC if path[0] == "topics" else _WHEN)


def _table(path: tuple[str, ...], table: Any, checks: Mapping[str, Check]) -> Iterator[Problem]:
    if not isinstance(table, dict):
        yield path, f"{path[-1]} is a table: write [{'.'.join(path)}] on a line of its own.", None
        return
    for name, value in table.items():
        if name in checks:
            yield from checks[name]((*path, name), value)
        else:
            yield (*path, name), _unknown(name, list(checks)), None


def _unknown(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"{name!r} is not known here.{hint} Known are: {', '.join(known)}."


def _one_of(known: tuple[str, ...]) -> Check:
    def check(path: tuple[str, ...], value: Any) -> Iterator[Problem]:
        if value not in known:
            yield path, f"{path[-1]} = {value!r} is not known. Expected one of: {', '.join(known)}.", None

    return check


def _whole(low: int, high: int) -> Check:
    def check(path: tuple[str, ...], value: Any) -> Iterator[Problem]:
        if type(value) is not int or not low <= value <= high:
            yield path, f"{path[-1]} must be a whole number from {low} to {high}, not {value!r}.", None

    return check


def _text(path: tuple[str, ...], value: Any) -> Iterator[Problem]:
    if not isinstance(value, str) or not value.strip():
        yield path, f"{path[-1]} must be a text in quotes, not {value!r}.", None


def _items(known: Callable[[], tuple[str, ...]]) -> Check:
    def check(path: tuple[str, ...], value: Any) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield path, f'{path[-1]} must be a list, as in ["{known()[0]}"], not {value!r}.', None
            return
        for item in value:
            if item not in known():
                yield path, f"{path[-1]}: {_unknown(str(item), list(known()))}", item

    return check


def _words(path: tuple[str, ...], value: Any) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield path, f'{path[-1]} must be a list of words in quotes, as in ["cheer up"], not {value!r}.', None
        return
    for item in value:
        if not isinstance(item, str) or not _WORD.fullmatch(item):
            yield path, f'{path[-1]}: {item!r} is not a word or phrase. Letters and blanks, "*" at the end only.', item


def _orders(path: tuple[str, ...], value: Any) -> Iterator[Problem]:
    if not isinstance(value, list) or not value or not all(isinstance(each, list) for each in value):
        yield path, f'{path[-1]} must be a list of lists, as in [["reflect", "explore"], ["encourage"]].', None
        return
    for order in value:
        yield from _order(path, order)


def _order(path: tuple[str, ...], value: Any) -> Iterator[Problem]:
    known = get_args(Strategy)
    wrong = list(_items(lambda: known)(path, value))
    yield from wrong
    if not wrong and not 1 <= len(value) <= _LONGEST_ORDER:
        yield path, f"{path[-1]} must name from 1 to {_LONGEST_ORDER} strategies, not {len(value)}.", None
    if not wrong and len(set(value)) < len(value):
        yield path, f"{path[-1]} names a strategy twice: {', '.join(value)}.", None


def _kinds() -> tuple[str, ...]:
    return tuple(name for name in kinds() if name != "none")


_TOP: Final[Mapping[str, Check]] = {"use": _one_of(USES), "about": _text, "inherits": _text}
_TABLES: Final[Mapping[str, Mapping[str, Check]]] = {
    "style": {
        "formality": _one_of(get_args(Formality)),
        "directness": _one_of(get_args(Directness)),
        "sentences": _whole(1, 6),
        "ask_every": _whole(1, 9),
    },
    "advice": {
        "after": _whole(0, 99),
        "at_once": _items(_kinds),
        "asked_only": _items(_kinds),
        "never": _items(_kinds),
    },
}
_TOPIC: Final[Mapping[str, Check]] = {"talk": _one_of(get_args(Talk)), "words": _words}
_WHEN: Final[Mapping[str, Check]] = {
    "tone": _one_of(get_args(Tone)),
    "first": _order,
    "later": _orders,
    "must": _items(lambda: MUST),
    "must_not": _items(lambda: MUST_NOT),
    "avoid": _words,
}
