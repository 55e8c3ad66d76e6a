"""Read scenarios: files that people who do not program can write, checked line by line."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from heedful.errors import ConfigError, InputError
from heedful.labels import FINE
from heedful.practise.scenario import MOMENTS, SHARED, Area, Character, Deed, Fact, Feeling, Life, Scenario
from heedful.understand.event import kinds
from heedful.understand.lines import Problem, read_checked
from heedful.understand.packs import pack_names

FOLDER: Final = Path(__file__).parent / "scenarios"
"""The scenarios that come with Heedful."""
_TEXTS = ("title", "brief", "you", "setting", "event", "need")
_LISTS = ("hurts", "opens", "lessons")
_TABLES = ("person", "feelings", "facts", "says", "lives", "do", "leave")
_MORE = ("area", "culture", "adult", "warning")
_LONGEST = 420
"""Characters of one line; nobody says more at a time without a pause."""


def scenario_names(folder: str | Path = "") -> Mapping[str, Path]:
    """Return name -> file of every scenario, one's own before ours of the same name.

    Args:
        folder: where one's own are; "" = none.

    Raises:
        ConfigError: there is no such folder.
    """
    if folder and not Path(folder).is_dir():
        raise ConfigError(f"there is no folder {str(folder)!r} with scenarios. Make it, or name none.")
    ours = {path.stem: path for path in FOLDER.glob("*.toml")}
    own = {path.stem: path for path in Path(folder).glob("*.toml")} if folder else {}
    return dict(sorted((ours | own).items()))


def scenario(name: str, folder: str | Path = "") -> Scenario:
    """Return a scenario by its name.

    Raises:
        InputError: there is none of that name.
        ConfigError: something in it is wrong; the message names file and line.
    """
    import difflib

    paths = scenario_names(folder)
    if name not in paths:
        close = difflib.get_close_matches(name, paths, n=3, cutoff=0.4)
        hint = f" Did you mean {' or '.join(close)}?" if close else ""
        raise InputError(f"there is no scenario {name!r}.{hint} `heedful practise list` shows them all.")
    return _cached(paths[name], paths[name].stat().st_mtime_ns)


def scenarios(folder: str | Path = "") -> list[Scenario]:
    """Return every scenario, by area and then by title."""
    areas = get_args(Area)
    found = [scenario(name, folder) for name in scenario_names(folder)]
    return sorted(found, key=lambda each: (areas.index(each.area), each.title))


@functools.lru_cache(maxsize=256)
def _cached(path: Path, _changed: int) -> Scenario:
    return check_scenario(path)


def check_scenario(path: Path) -> Scenario:
    """Return the scenario in a file; raise ConfigError naming file and line of everything wrong in it."""
    return _built(path.stem, read_checked(path, problems, "A scenario"))


def problems(pack: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield everything that is wrong in a scenario as it stands in its file."""
    known = {*_TEXTS, *_LISTS, *_TABLES, *_MORE}
    for key in pack.keys() - known:
        yield (key,), f"unknown key {key!r}. Known are: {', '.join(sorted(known))}.", None
    for key in _TEXTS:
        if not isinstance(pack.get(key), str) or not pack[key].strip():
            yield (key,), f"{key!r} must be a text that says something.", None
    for key in _LISTS:
        if not _texts(pack.get(key)):
            yield (key,), f"{key!r} must be a list of at least one text.", None
    if pack.get("area") not in get_args(Area):
        yield ("area",), f"'area' must be one of {', '.join(get_args(Area))}.", None
    if isinstance(pack.get("event"), str) and pack["event"] not in kinds():
        yield ("event",), f"there is no kind of event {pack['event']!r}. Known are: {', '.join(sorted(kinds()))}.", None
    for key in ("setting", "culture"):
        if pack.get(key) and pack[key] not in pack_names():
            yield (key,), f"there is no norm pack {pack[key]!r}. Known are: {', '.join(pack_names())}.", None
    if pack.get("adult") and not pack.get("warning"):
        yield ("adult",), "a scenario for adults needs a 'warning' that says what it is about.", None
    yield from _records(pack)
    yield from _lines(pack.get("says"))


def _records(pack: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _fits(("person",), pack.get("person"), Character, {})
    for table, kind, least in (("feelings", Feeling, 2), ("facts", Fact, 4), ("lives", Life, 1)):
        entries = pack.get(table)
        if not isinstance(entries, Mapping) or len(entries) < least:
            yield (table,), f"there must be at least {least} tables [{table}.NAME].", None
            continue
        for name, entry in entries.items():
            yield from _fits((table, name), entry, kind, {"name": name})
    for table in ("do", "leave"):
        entries = pack.get(table)
        if not isinstance(entries, Mapping) or not entries or not all(_said(each) for each in entries.values()):
            yield (table,), f'[{table}] must have at least one line: "what to do" = "why".', None
    for name, feeling in _tables(pack, "feelings"):
        if feeling.get("label") not in FINE:
            yield ("feelings", name, "label"), f"'label' must be one of {', '.join(FINE)}.", None
    if not any(feeling.get("shown") for _, feeling in _tables(pack, "feelings")):
        yield (
            _first(pack, "feelings"),
            "at least one feeling must be shown = true: something has to be there to be heard.",
            None,
        )
    for name, fact in _tables(pack, "facts"):
        at = fact.get("at")
        if not isinstance(at, int | float) or not 0.0 <= at <= 1.0:
            yield ("facts", name, "at"), "'at' says how open they have to be, from 0.0 to 1.0.", None
        if isinstance(fact.get("question"), str) and not fact["question"].rstrip().endswith("?"):
            yield ("facts", name, "question"), "'question' must end with a question mark.", None
    if all(fact.get("at", 1.0) > 0.35 for _, fact in _tables(pack, "facts")):
        yield (
            _first(pack, "facts"),
            "at least one fact must be told early (at 0.35 or below), or nobody finds a way in.",
            None,
        )


def _lines(says: object) -> Iterator[Problem]:
    if not isinstance(says, Mapping):
        yield ("says",), "there must be a table [says] with what the person says at each moment.", None
        return
    for moment in says.keys() - MOMENTS.keys() - set(SHARED):
        yield ("says", moment), f"unknown moment {moment!r}. Known are: {', '.join((*MOMENTS, *SHARED))}.", None
    before: dict[str, str] = {}
    wanted = {**MOMENTS, **dict.fromkeys((each for each in SHARED if each in says), 2)}
    for moment, least in wanted.items():
        lines = says.get(moment)
        if not isinstance(lines, list) or not _texts(lines) or len(lines) < least:
            yield ("says", moment), f"{moment!r} needs at least {least} {'line' if least == 1 else 'lines'}.", None
            continue
        for line in lines:
            if line in before:
                yield ("says", moment), f"the line {line!r:.60} also stands under {before[line]!r}.", line
            if len(line) > _LONGEST:
                yield ("says", moment), f"a line has {len(line)} characters; at most {_LONGEST} are said at once.", line
            before[line] = moment


def _fits(at: tuple[str, ...], entry: object, kind: type, more: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(entry, Mapping):
        yield at, f"there must be a table [{'.'.join(at)}].", None
        return
    known = {each.name for each in msgspec.structs.fields(kind)} if issubclass(kind, msgspec.Struct) else _fields(kind)
    for key in entry.keys() - known:
        yield (*at, key), f"unknown key {key!r}. Known are: {', '.join(sorted(known - more.keys()))}.", None
    try:
        msgspec.convert({**entry, **more}, kind, strict=True)
    except msgspec.ValidationError as error:
        path = re.search(r"at `\$\.(\w+)", str(error))
        yield (*at, *([path[1]] if path else [])), f"{str(error).partition(' - at')[0]}.", None


def _fields(kind: type) -> set[str]:
    from dataclasses import fields

    return {each.name for each in fields(kind)}


def _built(name: str, pack: Mapping[str, Any]) -> Scenario:
    plain = {key: value for key, value in pack.items() if key not in _TABLES}
    tables = {
        table: [{**entry, "name": each} for each, entry in pack[table].items()]
        for table in ("feelings", "facts", "lives")
    }
    deeds = {table: [Deed(what, why) for what, why in pack[table].items()] for table in ("do", "leave")}
    return msgspec.convert(
        {**plain, "name": name, "person": pack["person"], "lines": pack["says"], **tables}
        | {table: [{"what": each.what, "why": each.why} for each in some] for table, some in deeds.items()},
        Scenario,
    )


def _tables(pack: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
    entries = pack.get(name)
    return (
        [(key, each) for key, each in entries.items() if isinstance(each, Mapping)]
        if isinstance(entries, Mapping)
        else []
    )


def _first(pack: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the path of the first table of a kind, where what is wrong with all of them can be shown."""
    return (name, *(each for each, _ in _tables(pack, name)[:1]))


def _texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_said(each) for each in value)


def _said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
