"""Decide in what tone a reply speaks, from all that was read: the event, the feeling and the words themselves."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, get_args

from heedful.respond.english import words
from heedful.types import Mood, Turn, Understanding

_LEAST = 0.3
_CLEARLY = 1.2
_DARK = frozenset({"low", "tense", "hot"})
_PLAIN = 0.6
"""With this much confidence an event says more of the person's mood than somebody else's anger."""
_CERTAIN = 0.85
"""With this much confidence an event stands against what the network hears."""
_BOTH = 0.12
"""Good and bad signs this close together leave it open how the person feels."""
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_NEGATED = frozenset("not never no isn't wasn't don't didn't can't won't ain't without hardly".split())


@dataclass(frozen=True, slots=True)
class Tone:
    """How a reply should sound."""

    mood: Mood
    """How the person seems to be left by what they tell."""
    shade: str | None = None
    """What it is more exactly, where that asks for other words: loss, guilt, embarrassment, jealousy, disgust ..."""


@functools.cache
def _cues() -> dict[str, Any]:
    return tomllib.loads(files("heedful.respond").joinpath("tones.toml").read_text(encoding="utf-8"))


@functools.cache
def _cue_words() -> Mapping[str, tuple[tuple[str, str, float], ...]]:
    """Return word -> (mood, shade, weight) of each cue that it gives."""
    found: dict[str, list[tuple[str, str, float]]] = {}
    for cue in _cues()["cue"]:
        for word in cue["words"].split():
            found.setdefault(word, []).append((cue["mood"], cue.get("shade", ""), cue["weight"]))
    return {word: tuple(cues) for word, cues in found.items()}


def tone_of(understanding: Understanding, text: str, past: Sequence[Turn] = ()) -> Tone:
    """Return the tone in which to answer.

    Args:
        understanding: of the conversation, the latest message included.
        text: the latest message.
        past: the turns before, oldest first: what was told stays in the room, so that an "okay, I'll try" after a
            sad story is not taken for good cheer.
    """
    moods: dict[str, float] = dict.fromkeys(get_args(Mood), 0.0)
    shades: dict[str, float] = {}
    event = understanding.event
    if understanding.meant is not None and understanding.meant.ironic:
        return Tone(event.mood if event.mood in _DARK else "hot")  # its glad words are meant the other way
    if event.kind not in {"loss", "pet_loss"} and re.search(_cues()["open_to_them"]["pattern"], text.lower()):
        return Tone("flat")
    if event.scene and event.message == understanding.told - 1:
        shade = _cues()["kinds"].get(event.kind)
        return Tone(event.mood, shade if event.mood in _cues()["shades"].get(shade, ()) else None)
    if event.kind != "none":
        fresh = event.message == understanding.told - 1
        weight = 0.35 + 0.75 * event.confidence if fresh else 0.45
        weight *= 0.5 if event.kind in _cues()["open"]["kinds"] else 1.0
        moods[event.mood] += weight
        _add(shades, _cues()["kinds"].get(event.kind, ""), weight)
    for name, row in (
        ("feelings", {understanding.feeling: 0.3 + 0.4 * understanding.strength}),
        ("situations", understanding.situation or {}),
    ):
        for label, weight in row.items():
            mood, shade = _cues()[name].get(label, ["flat", ""])
            moods[mood] += weight * (1.0 if name == "feelings" else 1.5)
            _add(shades, shade, weight)
    _read_words(text, moods, shades)
    dark = max(("low", "tense", "hot"), key=lambda mood: moods[mood])
    _weigh_valence(understanding, text, moods, dark)
    strongest = _as_own(_strongest(moods, dark), text.replace("’", "'"), understanding)
    mood = _in_course(_undisputed(strongest, understanding), moods, dark, past)
    fitting = {name: weight for name, weight in shades.items() if mood in _cues()["shades"][name] and weight >= _LEAST}
    return Tone(mood, max(fitting, key=lambda name: fitting[name], default=None))


def _as_own(mood: Mood, text: str, understanding: Understanding) -> Mood:
    """Return the person's own mood where only somebody else is angry: with them it is worry, or it hurts."""
    meant = understanding.meant
    if mood != "hot" or meant is None or not meant.theirs:
        return mood
    for their in meant.theirs:
        text = text.replace(their, " ")
    if names_mood(text, "hot"):
        return mood
    event = understanding.event
    if event.mood in {"low", "tense"} and event.confidence >= _PLAIN:
        return event.mood
    return "tense" if meant.ahead else "low"


def suits(feeling: str, mood: Mood) -> bool:
    """Say whether a FINE label is of a mood."""
    return bool(_cues()["feelings"].get(feeling, ["flat"])[0] == mood)


def names_mood(text: str, mood: Mood) -> bool:
    """Say whether the words of a message themselves name a feeling of this mood.

    Examples:
        >>> names_mood("my neighbor is building a shed and it annoys me", "hot")
        True
        >>> names_mood("my neighbor is building a shed", "hot")
        False
    """
    moods: dict[str, float] = dict.fromkeys(get_args(Mood), 0.0)
    _read_words(text, moods, {})
    return moods[mood] > 0.0


def mood_of_situation(understanding: Understanding) -> Mood | None:
    """Return the mood that the situation read by the network speaks for, or None without one."""
    if not understanding.situation:
        return None
    return mood_of_labels(understanding.situation)


def mood_of_labels(situation: Mapping[str, float]) -> Mood:
    """Return the mood that SITUATION labels speak for, by their probabilities."""
    moods = _shares(situation)
    return max(moods, key=lambda mood: moods[mood])


def share_of_mood(situation: Mapping[str, float], mood: Mood) -> float:
    """Return how much of the probability of SITUATION labels speaks for a mood, in [0, 1]."""
    return _shares(situation)[mood]


def _shares(situation: Mapping[str, float]) -> dict[Mood, float]:
    moods: dict[Mood, float] = dict.fromkeys(get_args(Mood), 0.0)
    for label, probability in situation.items():
        moods[_cues()["situations"].get(label, ["flat", ""])[0]] += probability
    return moods


def _in_course(mood: Mood, moods: Mapping[str, float], dark: str, past: Sequence[Turn]) -> Mood:
    """Return the mood as it is in a conversation that has been dark so far."""
    before = [turn.understanding.event.mood for turn in past]
    shadow = sum(each in _DARK for each in before[-4:]) > len(before[-4:]) / 2
    if not before or not shadow or mood not in {"bright", "flat"}:
        return mood
    if mood == "bright" and moods["bright"] - 0.5 * moods[dark] >= _CLEARLY:
        return mood
    last: Mood = next(each for each in reversed(before) if each in _DARK)
    return "flat" if mood == "bright" else last


def _strongest(moods: Mapping[str, float], dark: str) -> Mood:
    best: Mood = max(get_args(Mood), key=lambda mood: moods[mood])
    if moods[best] < _LEAST:
        return "flat"
    if best in {dark, "bright"} and abs(moods["bright"] - moods[dark]) < _BOTH:
        return "flat"
    if best == "flat" and moods["flat"] < 0.6 and max(moods[dark], moods["bright"]) >= _LEAST:
        chosen: Mood = max((each for each in get_args(Mood) if each != "flat"), key=lambda mood: moods[mood])
        return chosen
    return best


def _undisputed(mood: Mood, understanding: Understanding) -> Mood:
    """Return the mood, or "flat" where the listener network on the whole hears the opposite: then none is claimed."""
    event = understanding.event
    if (
        mood in _DARK
        and mood == event.mood
        and event.confidence >= _CERTAIN
        and event.kind not in _cues()["open"]["kinds"]
    ):
        return mood  # "well, got laid off today": told plainly, however lightly it is put
    side = 1 if mood == "bright" else -1 if mood in _DARK else 0
    heard = [*_heard(understanding)]
    return "flat" if side and heard and side * sum(heard) / len(heard) < _cues()["heard"]["least"] else mood


def _heard(understanding: Understanding) -> Iterator[float]:
    """Yield how bright each head of the listener network finds what was told, from -1 to 1."""
    sides = _cues()["heard"]
    if understanding.situation:
        moods = {label: _cues()["situations"][label][0] for label in understanding.situation}
        yield sum(
            share if moods[label] == "bright" else -share if moods[label] in _DARK else 0.0
            for label, share in understanding.situation.items()
        )
    if understanding.writer_emotion:
        emotions = understanding.writer_emotion
        yield sum(emotions.get(label, 0.0) for label in sides["bright"]) - sum(
            emotions.get(label, 0.0) for label in sides["dark"]
        )
    ratings = understanding.appraisals or {}
    if {"pleasantness", "unpleasantness"} <= set(ratings):
        yield (ratings["pleasantness"] - ratings["unpleasantness"]) / 4


def _weigh_valence(understanding: Understanding, text: str, moods: dict[str, float], dark: str) -> None:
    valence = understanding.course.valence[-1] if understanding.course.valence else 0.0
    moods["bright"] += 0.5 * max(0.0, valence)
    moods[dark] += 0.5 * max(0.0, -valence)
    said = {word.lower() for word in _WORD.findall(text)}
    tilt = len(said & words("glad")) - len(said & words("grim"))
    moods["bright"] += 0.27 * min(3, max(0, tilt))
    moods[dark] += 0.27 * min(3, max(0, -tilt))
    after = re.split(r"\bbut\b", text, flags=re.IGNORECASE)
    turned = {word.lower() for word in _WORD.findall(after[-1])} if len(after) > 1 else set()
    if len(turned & words("grim")) > len(turned & words("glad")):  # what follows "but" is the point
        moods["bright"] *= 0.4
        moods[dark] += 0.5


def _read_words(text: str, moods: dict[str, float], shades: dict[str, float]) -> None:
    """Add what the words themselves say about a feeling, unless they deny it."""
    said = [word.lower() for word in _WORD.findall(text.replace("’", "'"))][:400]
    seen: set[str] = set()
    for place, word in enumerate(said):
        if word in seen or word not in _cue_words() or set(said[max(0, place - 2) : place]) & _NEGATED:
            continue
        seen.add(word)
        for mood, shade, weight in _cue_words()[word]:
            moods[mood] += weight
            _add(shades, shade, weight)
    joined = " ".join(said)
    for phrase in _cues()["phrase"]:
        if re.search(rf"\b(?:{phrase['pattern']})", joined):
            moods[phrase["mood"]] += phrase["weight"]
            _add(shades, phrase.get("shade", ""), phrase["weight"])


def _add(shades: dict[str, float], shade: str, weight: float) -> None:
    if shade:
        shades[shade] = shades.get(shade, 0.0) + weight
