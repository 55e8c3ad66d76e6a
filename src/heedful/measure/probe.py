"""Read the probes of the guard: sentences of our own to build with, others kept to measure with, and unseen ones."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from heedful.errors import ConfigError

Half = Literal["build", "kept", "unseen"]
FAMILIES = ("manipulation", "honesty")
"""The families of lints on what goes out."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What a person writes in danger."""

    text: str
    """The message."""
    kind: str
    """What it is about, one of `guard.crisis.KINDS`."""
    level: str
    """"high" or "imminent"."""
    evasion: str
    """How it is hidden, or ""."""


@dataclass(frozen=True, slots=True)
class Swap:
    """One sentence, said of several groups of people."""

    level: str
    """The level that it must have for each of them."""
    texts: tuple[str, ...]
    """The sentence, once per group."""


@dataclass(frozen=True, slots=True)
class Probes:
    """One half of the probes, or the unseen ones, which are about crises alone."""

    half: Half
    """Which part."""
    sha256: str
    """Of the file."""
    crisis: tuple[Danger, ...]
    """Messages that must be met as a crisis."""
    near: tuple[str, ...]
    """Messages that come close in their words and are none."""
    said: Mapping[str, tuple[str, ...]]
    """Family of lints -> replies that it must find."""
    fine: tuple[str, ...]
    """Replies that may go out."""
    privacy: tuple[tuple[str, tuple[str, ...]], ...]
    """Messages, each with the personal data in it; some have none."""
    bias: tuple[Swap, ...]
    """Sentences that must be met alike whoever they are about."""

    def __len__(self) -> int:
        """Return how many items were written: a sentence for several groups counts once."""
        said = sum(map(len, self.said.values()))
        return len(self.crisis) + len(self.near) + said + len(self.fine) + len(self.privacy) + len(self.bias)


def probes(half: Half) -> Probes:
    """Return a part of the shipped probes; raise ConfigError if its file is malformed."""
    content = (files("heedful.measure") / "probes" / f"{half}.toml").read_bytes()
    return read_probes(content, half)


def read_probes(content: bytes, half: Half) -> Probes:
    """Return the probes of a file.

    Args:
        content: TOML; kept.toml explains it.
        half: which part it is; only the unseen probes may lack what is not about crises.

    Raises:
        ConfigError: it is no TOML, or an entry lacks a field.
    """
    try:
        data = tomllib.loads(content.decode("utf-8"))
        return _read(data, half, hashlib.sha256(content).hexdigest())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"the probes {half}.toml cannot be read as TOML: {error}.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"the probes {half}.toml lack or misuse a field: {error!r}. kept.toml explains them."
        ) from error


def _read(data: Mapping[str, Any], half: Half, sha256: str) -> Probes:
    if half == "unseen":
        data = {"said": (), "fine": (), "privacy": (), "bias": (), **data}
    said: dict[str, list[str]] = {family: [] for family in FAMILIES}
    for group in data["said"]:
        said[group["family"]].extend(group["texts"])
    return Probes(
        half=half,
        sha256=sha256,
        crisis=tuple(
            Danger(text, group["kind"], group["level"], group.get("evasion", ""))
            for group in data["crisis"]
            for text in group["texts"]
        ),
        near=tuple(text for group in data["near"] for text in group["texts"]),
        said={family: tuple(texts) for family, texts in said.items()},
        fine=tuple(text for group in data["fine"] for text in group["texts"]),
        privacy=tuple((item["text"], tuple(item["data"])) for group in data["privacy"] for item in group["items"]),
        bias=tuple(
            Swap(group["level"], tuple(text.format(member) for member in group["groups"]))
            for group in data["bias"]
            for text in group["texts"]
        ),
    )
