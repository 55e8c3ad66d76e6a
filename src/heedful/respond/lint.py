"""Check phrases as an editor would: duplicates, clichés, claims to feel, cheer at grief, long words."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from heedful.respond.bank import Phrase, bank
from heedful.respond.scene import scene_words
from heedful.respond.topic import topics

_WORD = re.compile(r"[A-Za-z']+")
_SENTENCES = re.compile(r"[.?!]+")
_NEAR = 0.85
"""Two phrases that share this much of their words, in the same list, are one phrase written twice."""
_LEAST_NEAR = 5


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something wrong with a phrase."""

    rule: str
    """duplicate, near-duplicate, cliche, claim, cheer, question, reading, form."""
    place: str
    """Bank, table and group."""
    text: str
    """The phrase."""
    why: str
    """What is wrong, in a sentence."""


@dataclass(frozen=True, slots=True)
class Place:
    """A phrase and where it stands."""

    bank: str
    """The bank, or "topic NAME"."""
    table: str
    """The strategy, act, kind of clause, or mood and use."""
    group: str
    """When it fits."""
    phrase: Phrase
    """The phrase."""

    def __str__(self) -> str:
        """Return the place in words."""
        return f"{self.bank} [{self.table}] {self.group}"


@functools.cache
def rules() -> Mapping[str, Any]:
    """Return what is looked for: lint.toml."""
    return tomllib.loads(files("heedful.respond").joinpath("lint.toml").read_text(encoding="utf-8"))


def bank_names() -> tuple[str, ...]:
    """Return the names of all shipped banks."""
    folder = files("heedful.respond").joinpath("phrases")
    return tuple(sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml")))


def every_phrase() -> list[Place]:
    """Return every shipped phrase with its place."""
    found = [
        Place(name, table, group, phrase)
        for name in bank_names()
        for table, groups in bank(name).items()
        for group, many in groups.items()
        for phrase in many
    ]
    for name, words in scene_words().items():
        found += [Place(f"scene {name}", table, "any", phrase) for table, many in words.items() for phrase in many]
    for topic in topics():
        for mood, tables in topic.moods.items():
            for table, groups in tables.items():
                found += [Place(f"topic {topic.name}", f"{mood} {table}", "any", each) for each in groups["any"]]
    return found


def check(places: Sequence[Place]) -> list[Complaint]:
    """Return what is wrong with phrases; nothing for a clean set.

    Args:
        places: the phrases, of one bank or of all.
    """
    found = [complaint for place in places for complaint in _alone(place)]
    return [*found, *_duplicates(places), *_near_duplicates(places)]


def _alone(place: Place) -> Iterator[Complaint]:
    """Yield what is wrong with one phrase by itself."""
    text = place.phrase.text
    for rule in ("cliche", "claim"):
        if match := _pattern(rule).search(text):
            yield Complaint(rule, str(place), text, f"{rules()[rule]['why']} ({match[0]!r})")
    bright = any(name in f"{place.bank} {place.table}" for name in rules()["bright"])
    bright = bright or place.bank.removeprefix("scene ") in rules()["bright_scenes"]
    if "!" in text and not bright:
        yield Complaint("cheer", str(place), text, "An exclamation mark belongs to good news only.")
    if text.count("?") > 1:
        yield Complaint("question", str(place), text, "One question at a time.")
    if text != text.strip() or "  " in text or text.rstrip(")\"'")[-1:] not in {".", "?", "!"}:
        yield Complaint("form", str(place), text, "A phrase is whole sentences with single blanks.")
    grade = reading_grade(text) if len(text.split()) >= rules()["reading"]["least"] else 0.0
    if grade > rules()["reading"]["grade"]:
        yield Complaint("reading", str(place), text, f"It reads at grade {grade:.0f}; plainer words, please.")
    if len(text.split()) > rules()["reading"]["words"]:
        yield Complaint("reading", str(place), text, f"{len(text.split())} words are too many at once.")


def _duplicates(places: Sequence[Place]) -> Iterator[Complaint]:
    """Yield phrases of one bank that stand in it twice, and long ones that stand in two banks."""
    seen: dict[tuple[str, str], Place] = {}
    for place in places:
        bare = " ".join(_WORD.findall(place.phrase.text.lower()))
        short = len(bare.split()) <= rules()["duplicates"]["short"] or place.bank.startswith(
            ("topic", "scene", "frame", "setting")
        )
        key = (bare, f"{place.bank}/{place.table}" if short else "")
        if key in seen:
            yield Complaint("duplicate", str(place), place.phrase.text, f"It also stands in {seen[key]}.")
        seen.setdefault(key, place)


def _near_duplicates(places: Sequence[Place]) -> Iterator[Complaint]:
    """Yield phrases of one table that are nearly the same."""
    tables: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        tables.setdefault((place.bank, place.table), []).append(place)
    for many in tables.values():
        bags = [frozenset(_WORD.findall(place.phrase.text.lower())) for place in many]
        for one, first in enumerate(bags):
            for other in range(one + 1, len(bags)):
                near = min(len(first), len(bags[other])) >= _LEAST_NEAR and first != bags[other]
                if near and len(first & bags[other]) / len(first | bags[other]) >= _NEAR:
                    text = many[other].phrase.text
                    why = f"It is nearly the same as {many[one].phrase.text!r}."
                    yield Complaint("near-duplicate", str(many[other]), text, why)


def reading_grade(text: str) -> float:
    """Return the US school grade needed to read a text (Flesch-Kincaid; Kincaid et al., 1975).

    Examples:
        >>> reading_grade("I'm so sorry about your dog.") < 4
        True
    """
    many = _WORD.findall(re.sub(r"\{\w+\}", "it", text))
    if not many:
        return 0.0
    sentences = max(1, sum(bool(_WORD.search(part)) for part in _SENTENCES.split(text)))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))) for word in many)
    return 0.39 * len(many) / sentences + 11.8 * syllables / len(many) - 15.59


@functools.cache
def _pattern(rule: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in rules()[rule]["patterns"]), re.IGNORECASE)
