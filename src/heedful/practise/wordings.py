"""Hold what the coach says in words, and the records that it is said in."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from heedful.errors import ConfigError
from heedful.media import Record
from heedful.practise.hear import Heard
from heedful.practise.scenario import Feeling, Scenario

_PATH: Final = Path(__file__).with_name("coach.toml")


@dataclass(frozen=True, slots=True)
class Fault(Record):
    """Something that got in the way."""

    kind: str
    """One of `heedful.practise.coach.ORDER`."""
    words: str
    """The words that did it, or ""."""
    says: str
    """What it was, in a sentence."""
    why: str
    """What it does to the person."""


@dataclass(frozen=True, slots=True)
class Edit(Record):
    """One change to the learner's words."""

    before: str
    """What stood there; "" where something is put in."""
    after: str
    """What stands there instead; "" where something is left out."""


@dataclass(frozen=True, slots=True)
class _FaultWords:
    says: str
    why: str
    next: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """The file `coach.toml`."""

    generic_question: str
    """A question that fits everywhere."""
    warm_low: tuple[str, ...]
    """A warm word for somebody who is not well."""
    warm_bright: tuple[str, ...]
    """A warm word for somebody who is glad."""
    presence: tuple[str, ...]
    """A word that one is there, where the feeling has been named already."""
    offer: str
    """How advice becomes an offer, for something to do."""
    offer_thing: str
    """The same, for a thing."""
    offer_open: str
    """The same, where neither can be told."""
    turned: str
    """How a comparison is turned round."""
    own_story: str
    """What is left of one's own story."""
    later: str
    """What is left of another subject."""
    landed: Mapping[str, str]
    """What landed, in words."""
    missed: Mapping[str, str]
    """What was missed, in words."""
    faults: Mapping[str, _FaultWords]
    """What gets in the way, in words."""
    next: Mapping[str, str]
    """What to try where nothing got in the way."""


def question_for(scenario: Scenario, openness: float, told: Sequence[str]) -> str:
    """Return a question that the person could answer now."""
    ahead = [fact for fact in scenario.facts if fact.name not in told and fact.at <= openness + 0.12]
    return ahead[0].question if ahead else wordings().generic_question


def feeling_for(scenario: Scenario, heard: Sequence[Heard], openness: float) -> Feeling:
    """Return the feeling that is there to be heard now and was not named in what they heard: those that show first."""
    named = {name for each in heard for name in each.feelings}
    there = [each for each in scenario.feelings if each.shown or openness >= 0.5]
    left = [each for each in there if each.name not in named] or there
    return left[len(heard) % len(left)]


@functools.cache
def wordings() -> Wordings:
    """Return what the coach says; raise ConfigError if the file was damaged."""
    try:
        return msgspec.convert(tomllib.loads(_PATH.read_text(encoding="utf-8")), Wordings)
    except (OSError, ValueError) as error:
        raise ConfigError(f"practise/coach.toml cannot be read: {error}. Restore it from the package.") from error
