"""Hold the phrase banks: what may be said about what, in whose words."""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from heedful.errors import ConfigError
from heedful.respond.pronoun import SLOTS as PRONOUNS

_SLOT = re.compile(r"\{(\w+)\}")
SLOTS = PRONOUNS | {
    "who",
    "Who",
    "clause",
    "Clause",
    "gerund",
    "Gerund",
    "feeling",
    "state",
    "are",
    "Are",
    "thing",
    "Thing",
    "Echo",
}
"""What a phrase may leave open."""
GROUPS = ("any", "strong", "mild", "later")
"""When a phrase fits: at any strength, only at one, or only in later replies about the same thing."""


FORMALITIES = ("casual", "formal")
"""What a phrase may be marked as: casual = not where a plan is formal; formal = only there."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence that may be said."""

    id: str
    """Its bank, its table, and the start of its hash: stays the same when others come and go."""
    text: str
    """The words, with slots in braces."""
    slots: frozenset[str]
    """The slots it needs."""
    formality: str | None = None
    """One of FORMALITIES, or None when it fits all."""
    setting: str | None = None
    """The only setting it fits, or None when it fits all."""

    @property
    def own(self) -> frozenset[str]:
        """The slots that hold the person's own words."""
        return self.slots - {"feeling", "are", "Are"} - PRONOUNS


Bank = Mapping[str, Mapping[str, tuple[Phrase, ...]]]
"""table (a strategy or an act) -> group -> phrases."""


@functools.cache
def bank(name: str) -> Bank:
    """Return the bank of an event kind, a mood or the acts; empty if there is none of that name."""
    path = files("heedful.respond").joinpath("phrases", f"{name}.toml")
    if not path.is_file():
        return {}
    return read_bank(name, path.read_text(encoding="utf-8"))


def read_bank(name: str, text: str) -> Bank:
    """Read a bank from TOML; raise ConfigError naming the file and what is wrong in it."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"the phrase bank {name}.toml is not TOML: {error}.") from error
    return {
        table: {group: phrases_of(name, table, group, texts) for group, texts in groups.items()}
        for table, groups in raw.items()
    }


def phrases_of(name: str, table: str, group: str, texts: Any) -> tuple[Phrase, ...]:
    """Return the phrases of one list; raise ConfigError naming the list and what is wrong in it.

    Args:
        name: the bank's name.
        table: the strategy, act or kind of clause.
        group: one of GROUPS.
        texts: sentences, or tables with text and, where it fits only one, formality or setting.
    """
    where = f"the phrase bank {name}.toml, [{table}] {group}"
    if group not in GROUPS or not isinstance(texts, list):
        raise ConfigError(f"{where}: expected one of {', '.join(GROUPS)} with a list of sentences.")
    return tuple(_phrase(name, table, where, each) for each in texts)


def _phrase(name: str, table: str, where: str, given: Any) -> Phrase:
    fields = {"text": given} if isinstance(given, str) else given
    if (
        not isinstance(fields, dict)
        or not isinstance(fields.get("text"), str)
        or not fields.keys() <= {"text", "formality", "setting"}
        or fields.get("formality") not in (None, *FORMALITIES)
    ):
        raise ConfigError(f"{where}: expected a sentence, or {{text, formality, setting}}, not {given!r}.")
    text = fields["text"]
    slots = frozenset(_SLOT.findall(text))
    if unknown := slots - SLOTS:
        raise ConfigError(f"{where}: unknown slot {', '.join(sorted(unknown))} in {text!r}. Known are {sorted(SLOTS)}.")
    number = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Phrase(f"{name}.{table}.{number}", text, slots, fields.get("formality"), fields.get("setting"))
