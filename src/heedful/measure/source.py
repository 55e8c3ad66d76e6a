"""Say where each dataset comes from, what its owners ask for, and whether the file that is here is the one measured."""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Literal

import msgspec

State = Literal["the same file", "another file", "missing"]
"""How what is here compares with what the published figures were measured on."""


@dataclass(frozen=True, slots=True)
class Source:
    """One dataset."""

    title: str
    """What it is called."""
    folder: str
    """Where in HEEDFUL_DATA its file lies: "text", "face", "voice"."""
    url: str
    """Where it is published."""
    licence: str
    """What one accepts by using it."""
    columns: str
    """What the file must hold."""
    sha256: str
    """Of the file that the published figures were measured on."""
    protocols: tuple[str, ...] = field(default=())
    """What is measured on it."""


def catalog() -> dict[str, Source]:
    """Return the datasets by the names of their files."""
    content = (files("heedful.measure") / "sources.toml").read_text(encoding="utf-8")
    found = tomllib.loads(content)
    return {
        name: msgspec.convert({**each, "protocols": each["for"]}, Source) for name, each in found.items()
    }  # fmt: skip


def path_of(name: str, source: Source) -> Path | None:
    """Return where a dataset's file should be; None if HEEDFUL_DATA is not set."""
    folder = os.environ.get("HEEDFUL_DATA")
    return Path(folder, source.folder, f"{name}.parquet") if folder else None


def state(name: str, source: Source) -> State:
    """Say whether a dataset's file is here, and whether it is the one that was measured."""
    path = path_of(name, source)
    if path is None or not path.is_file():
        return "missing"
    return "the same file" if hashlib.sha256(path.read_bytes()).hexdigest() == source.sha256 else "another file"
