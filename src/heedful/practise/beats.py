"""Read what the person says where a scenario has no words of its own left, and the phrases that fit anybody."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from heedful.errors import ConfigError
from heedful.practise.scenario import Voice

_PATH: Final = Path(__file__).with_name("beats.toml")
Beats = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Bank:
    """The file `beats.toml`."""

    formulas: tuple[str, ...]
    """Phrases of sympathy that anybody could say to anybody."""
    feelings: tuple[str, ...]
    """Names of feelings, as they are strewn about by those who do not listen."""
    flattery: tuple[str, ...]
    """Praise that has nothing to do with what was told."""
    anything: tuple[str, ...]
    """Words of questions that anything answers: "what's on your mind?"."""
    repairs: tuple[str, ...]
    """Words with which somebody takes back what they said or did."""
    plain: Beats
    """Lines of an everyday voice, by moment."""
    casual: Beats
    """Lines of a relaxed one."""
    formal: Beats
    """Lines of a measured one."""
    young: Beats
    """Lines of a child or teenager."""

    def of(self, voice: Voice) -> Beats:
        """Return the lines of a voice."""
        lines: Beats = getattr(self, voice)
        return lines


@functools.cache
def beats() -> Bank:
    """Return the bank; raise ConfigError if its file was damaged."""
    try:
        return msgspec.convert(tomllib.loads(_PATH.read_text(encoding="utf-8")), Bank)
    except (OSError, ValueError) as error:
        raise ConfigError(f"practise/beats.toml cannot be read: {error}. Restore it from the package.") from error
