"""Read norm packs: what holds in a setting and a culture, in files that people who do not program can edit."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec

from heedful.errors import ConfigError
from heedful.norm import Manner, Norm, Topic
from heedful.understand.lines import line_of, read_checked
from heedful.understand.rules import problems

FOLDER: Final = Path(__file__).parent / "norms"
"""The packs that come with Heedful."""
BASE: Final = "base"
_ADDED = ("must", "must_not", "avoid")
"""What is added to what is inherited; anything else takes its place."""

Pack = Mapping[str, Any]


def norm_for(setting: str, culture: str = "", folder: str | Path = "") -> Norm:
    """Return the norms in force for a setting, with a culture's laid over it.

    Args:
        setting: the name of a setting's pack.
        culture: the name of a culture's pack; "" = none.
        folder: where one's own packs are, which take the place of ours of the same name; "" = none.

    Raises:
        ConfigError: there is no such pack, or something in it is wrong; the message names file and line.
    """
    return _norm_for(setting, culture, str(folder))


@functools.lru_cache(maxsize=64)
def _norm_for(setting: str, culture: str, folder: str) -> Norm:
    _check_folder(folder)
    pack = _whole(_find(setting, folder, "setting"), folder)
    name = setting
    if culture:
        over = _whole(_find(culture, folder, "culture"), folder)
        pack = merge(pack, over) | {"about": f"{pack['about']} {over['about']}"}
        name = f"{setting} + {culture}"
    return _norm(name, setting, pack)


def check_pack(path: Path) -> Norm:
    """Return what a pack comes to with all it inherits; raise ConfigError naming file and line of everything wrong."""
    pack = _whole(path, str(path.parent))
    if pack["use"] == "culture":
        return _norm(path.stem, path.stem, merge(_whole(FOLDER / f"{BASE}.toml", ""), pack))
    return _norm(path.stem, path.stem, pack)


def pack_names(folder: str | Path = "") -> Mapping[str, Path]:
    """Return name -> file of every pack that can be chosen, one's own before ours."""
    _check_folder(str(folder))
    ours = {path.stem: path for path in FOLDER.glob("*.toml")}
    own = {path.stem: path for path in Path(folder).glob("*.toml")} if folder else {}
    return dict(sorted((ours | own).items()))


def read_pack_file(path: Path) -> Pack:
    """Return one pack as it stands in its file; raise ConfigError naming file and line of everything wrong in it."""
    return read_checked(path, problems, "A norm pack")


def merge(under: Pack, over: Pack) -> dict[str, Any]:
    """Return one pack laid over another: tables key by key; must, must_not, avoid and words are added up."""
    merged = dict(under)
    for name, value in over.items():
        before = under.get(name)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            merged[name] = merge(before, value)
        elif name in (*_ADDED, "words") and isinstance(before, list):
            merged[name] = [*before, *(each for each in value if each not in before)]
        else:
            merged[name] = value
    return merged


def _whole(path: Path, folder: str, above: tuple[Path, ...] = ()) -> Pack:
    """Return a pack with everything that it inherits."""
    pack = read_pack_file(path)
    parent = pack.get("inherits")
    if parent is None:
        return pack
    text = path.read_text(encoding="utf-8")
    where = f"{path}, line {line_of(text, ('inherits',))}"
    seen = (*above, path)
    places = [*([Path(folder)] if folder else []), FOLDER]
    candidates = [place / f"{parent}.toml" for place in places]
    found = next((each for each in candidates if each.is_file() and each not in seen), None)
    if found is None and any(each.stem == parent for each in seen):
        circle = " -> ".join([*(each.stem for each in seen), parent])
        raise ConfigError(f"{where}: the packs inherit in a circle: {circle}. Let one of them inherit {BASE}.")
    if found is None:
        known = ", ".join(pack_names(folder))
        raise ConfigError(f"{where}: there is no pack {parent!r} to inherit. Known are: {known}.")
    return merge(_whole(found, folder, seen), pack)


def _find(name: str, folder: str, use: str) -> Path:
    path = pack_names(folder).get(name)
    if path is None:
        known = [each for each, place in pack_names(folder).items() if read_pack_file(place)["use"] == use]
        raise ConfigError(f"there is no norm pack {name!r} for a {use}. Known are: {', '.join(known)}.")
    pack = read_pack_file(path)
    if pack["use"] != use:
        line = line_of(path.read_text(encoding="utf-8"), ("use",))
        raise ConfigError(f"{path}, line {line}: {name!r} is a pack for a {pack['use']}, expected one for a {use}.")
    return path


def _check_folder(folder: str) -> None:
    if folder and not Path(folder).is_dir():
        raise ConfigError(f"norms_folder: there is no folder {folder!r}. Make it, or leave the setting empty.")


def _norm(name: str, setting: str, pack: Pack) -> Norm:
    style, advice = pack.get("style", {}), pack.get("advice", {})
    values = {
        "name": name,
        "setting": setting,
        "about": pack["about"],
        **style,
        **{f"advice_{key}": value for key, value in advice.items()},
    }
    topics = {
        each: Topic(table.get("talk", "if raised"), tuple(table.get("words", ())))
        for each, table in pack.get("topics", {}).items()
    }
    manners = {each: msgspec.convert(table, Manner) for each, table in pack.get("when", {}).items()}
    return replace(msgspec.convert(values, Norm), topics=topics, manners=manners)
