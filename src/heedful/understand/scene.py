"""Know situations more closely than by the kind of event: a diagnosis, an empty chair at a birthday, a first house."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from heedful.errors import ConfigError
from heedful.types import Mood
from heedful.understand.pattern import compile_pattern, expand, read_pack, shared_groups
from heedful.understand.wording import plain

PACK = "scenes.toml"
_LOOKED_AT = 2000


@dataclass(frozen=True, slots=True)
class Scene:
    """One situation."""

    kind: str
    """The kind of event it is."""
    patterns: tuple[str, ...]
    """What tells of it, as `pattern.py` explains."""
    mood: Mood | None = None
    """How it usually leaves a person, or None for the kind's own mood."""
    also: tuple[str, ...] = ()
    """One of these has to stand anywhere in the message as well; none = nothing more is needed."""
    without: tuple[str, ...] = ()
    """None of these may stand anywhere in the message."""
    firm: bool = False
    """Whether the patterns leave no doubt, so that what the networks hear does not count."""


@functools.cache
def scenes() -> Mapping[str, Scene]:
    """Return every scene by name; raise ConfigError if the pack is wrong, naming the scene."""
    return {name: read_scene(name, table) for name, table in read_pack(PACK).items()}


def read_scene(name: str, table: Mapping[str, Any]) -> Scene:
    """Return one scene; raise ConfigError naming it and what is wrong in it."""
    try:
        return msgspec.convert(table, Scene, strict=True)
    except msgspec.ValidationError as error:
        raise ConfigError(f"understand/{PACK}, [{name}]: {error}.") from error


def is_whole(name: str, text: str) -> bool:
    """Say whether a message holds what a scene needs besides its own pattern, and nothing that rules it out."""
    form = plain(text[:_LOOKED_AT])
    also, without = _anywhere(name, "also"), _anywhere(name, "without")
    return (also is None or also.search(form) is not None) and (without is None or without.search(form) is None)


@functools.cache
def _anywhere(name: str, key: str) -> re.Pattern[str] | None:
    many: tuple[str, ...] = getattr(scenes()[name], key)
    place = f"understand/{PACK}, [{name}] {key}"
    return compile_pattern("|".join(expand(each, shared_groups(), place) for each in many), place) if many else None
