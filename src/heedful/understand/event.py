"""Find what happened to a person, from how they tell it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from heedful.errors import ConfigError
from heedful.labels import FINE
from heedful.types import Event, Meant, Message, Mood, Need, Percept, Span
from heedful.understand.clause import clauses
from heedful.understand.pattern import MARK, Patterns, expand, read_pack, shared_groups
from heedful.understand.people import unmark
from heedful.understand.scene import PACK as SCENES
from heedful.understand.scene import is_whole, scenes
from heedful.understand.wording import Passage, passages

PACK = "events.toml"
FEELING_KINDS: Mapping[str, tuple[str, ...]] = {
    "sorrow": ("sadness", "grief", "disappointment", "remorse", "embarrassment"),
    "worry": ("fear", "nervousness"),
    "anger": ("anger", "annoyance", "disgust"),
    "joy": ("joy", "excitement", "relief", "pride", "love", "gratitude"),
}
"""Kind -> the FINE labels that it stands for when a feeling is told but no event."""
NONE = "none"
_CLEAR = 0.35
_LEAST = 0.5
_SEEN, _AGAINST = 1.3, 0.4
"""What a score is multiplied by when the reading shows the kind's own feeling, and when it shows the opposite."""
_OPPOSITE = 0.3
_TOLD_WELL, _TOLD_FULLY, _FELT_WELL = 1.0, 2.0, 0.5
"""How clearly a new event must be told, or felt, to take the place of one in force."""
_GLAD = 0.3
_GLADNESS = frozenset(("joy", "excitement", "pride", "relief"))
_ADDS = frozenset({"mishap", "irritation", "overload", "decision", "change"})
_GRAVE = frozenset(
    {
        "loss",
        "pet_loss",
        "illness",
        "illness_other",
        "separation",
        "job_loss",
        "failure",
        "guilt",
        "injustice",
        "betrayal",
    }
)
_NEAR = 4
"""What adds to a grave event does not take its place within so many messages of it."""
_TO_YOU = re.compile(r"\b(?:thank|thanks|thx|appreciate|helpful|enjoy|have a)\b", re.IGNORECASE)
_THANKED = 2000
_IRONIC = frozenset({"irritation", "service"})
"""Kinds that people tell with irony: kind words are no evidence against them."""
_KNOWN, _SURE = 2.2, 0.85
"""What a scene counts beside a kind's pattern, and how sure an event known by its scene is at least."""
_NAMED = re.compile(f"{MARK}[pa]([0-9]+)")
_BEFORE = 48
# Kinds that speak of what is to come anyway: "if", "might" and "hope" change nothing about them.
_TO_COME = frozenset(
    {"threat", "anticipation", "decision", "change", "worry", "world", "money", "overload", "emptiness"}
)

# "I wish I had called before she died" is told of a death, not of a wish.
_GONE = frozenset({"loss", "pet_loss"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event."""

    about: str
    """What it is, in a sentence."""
    mood: Mood
    """How it usually leaves a person."""
    need: Need
    """What a person usually needs then."""
    strength: float
    """The feeling is at least this strong, in [0, 1]."""
    feeling: str
    """The FINE label it brings when the text reads neutral or against its mood."""
    patterns: tuple[str, ...] = ()
    """What tells of it, as `pattern.py` explains."""
    hints: tuple[str, ...] = ()
    """Weaker signs, that count half."""


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    score: float
    passage: Passage
    start: int
    end: int
    who: str | None
    scene: str | None


@functools.cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind of event by name; raise ConfigError if the pack is wrong, naming the kind."""
    return {name: _kind(name, table) for name, table in read_pack(PACK).items()}


def _kind(name: str, table: Mapping[str, Any]) -> Kind:
    try:
        kind = msgspec.convert(table, Kind, strict=True)
    except msgspec.ValidationError as error:
        raise ConfigError(f"understand/{PACK}, [{name}]: {error}.") from error
    if kind.feeling not in FINE or not 0.0 <= kind.strength <= 1.0:
        raise ConfigError(f"understand/{PACK}, [{name}]: feeling must be one of FINE and strength lie in [0, 1].")
    return kind


def find_event(messages: Sequence[Message], percepts: Sequence[Percept], meant: Sequence[Meant] = ()) -> Event:
    """Return the event in force after the person's messages: the latest told, or an earlier one that still holds.

    An event that is told outright replaces what went before if it is told clearly; a mere change of feeling does so
    only when its mood is another. A trouble gives way to something bright only where the message sounds glad as well,
    and thanks to the listener are no event at all. "yes", "thanks" and small talk change nothing.

    Args:
        messages: the person's, oldest first.
        percepts: of these messages, in order.
        meant: how each of them is meant, if that is known: what a correction takes back is no longer in force.
    """
    event = Event(NONE, 0.0)
    for place, (message, percept) in enumerate(zip(messages, percepts, strict=True)):
        text = message.text or ""
        told = weigh(text, percept)
        corrects = place < len(meant) and meant[place].corrects
        if corrects and _is_taken_back(event, percept, text):
            event = Event(NONE, 0.0)
        if told is not None and _replaces(*told, event, percept, text, place):
            event = replace(told[0], message=place)
        elif (
            told is None
            and (felt := _event_felt(text, percept))
            and not (corrects and felt.mood != "bright")  # "I'm not sad" is no sadness
            and _outweighs(felt, event, percept, text)
        ):
            event = replace(felt, message=place)
    return event


def _replaces(told: Event, weight: float, held: Event, percept: Percept, text: str, place: int = 0) -> bool:
    """Tell whether an event that was told takes the place of the one in force."""
    if held.kind in {NONE, told.kind}:
        return True
    if held.mood == "bright" and told.mood == "hot" and _LAUGHS.search(text[:_THANKED]):
        return False  # "he peed on everything already haha"
    if told.kind in _ADDS and held.kind in _GRAVE and held.confidence >= _SURE and place - held.message <= _NEAR:
        return False  # the spilled milk is part of having shouted, the job part of an illness far away
    if told.mood == "bright":
        return held.mood == "bright" or (weight >= _TOLD_WELL and _glad(percept, text))
    if told.mood == "flat" and held.mood != "flat":
        return weight >= _TOLD_FULLY
    if told.kind in FEELING_KINDS and held.kind not in FEELING_KINDS and held.mood not in {"bright", "flat"}:
        return False
    return weight >= _TOLD_WELL or held.kind in FEELING_KINDS or held.mood in {"bright", "flat"}


_LAUGHS = re.compile(r"\b(?:(?:ha|he|hi){2,6}h?|lol|lmao|rofl)\b|[😂🤣😅😆]", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:not|never|\w+n['’]?t)\b", re.IGNORECASE)


def _is_taken_back(held: Event, percept: Percept, text: str) -> bool:
    """Tell whether a correction takes the event in force back: "no he didn't die", "no, I'm happy for her"."""
    return (
        held.mood != "bright" and held.kind != NONE and (_glad(percept, text) or bool(_DENIES.search(text[:_THANKED])))
    )


def _outweighs(felt: Event, held: Event, percept: Percept, text: str) -> bool:
    """Tell whether a feeling without an event takes the place of the event in force."""
    if held.kind == NONE:
        return True
    if felt.mood == held.mood:
        return False
    if felt.mood == "bright":
        return held.mood == "flat" or (felt.confidence >= _FELT_WELL and _glad(percept, text))
    return held.kind in FEELING_KINDS or held.mood in {"bright", "flat"}


def _glad(percept: Percept, text: str) -> bool:
    """Tell whether a message sounds glad of something other than the listener's help."""
    if percept.abstained:
        return True  # nothing speaks against it
    glad = percept.valence >= _GLAD and any(label in _GLADNESS for label in percept.expressed)
    return glad and not _TO_YOU.search(text[:_THANKED])


def event_told(text: str, percept: Percept) -> Event | None:
    """Return the event that a message tells of outright, or None.

    How the message reads has a say: pride and joy in the words speak against a kind that leaves people ashamed.
    """
    told = weigh(text, percept)
    return told[0] if told else None


def weigh(text: str, percept: Percept) -> tuple[Event, float] | None:
    """Return the event that a message tells of outright, with how clearly it does (1 = plainly), or None."""
    found = _events_in(text)
    mourns = any(event.kind in _GONE and score >= _TOLD_WELL for event, score in found)
    weighed = {event: score * _share(event, percept, mourns=mourns) for event, score in found}
    best = max(weighed, key=lambda event: weighed[event], default=None)
    if best is None or weighed[best] < _LEAST or best.kind == NONE:
        return None
    share = weighed[best] / (sum(weighed.values()) + 0.25)
    return replace(best, confidence=min(1.0, max(share, _SURE if best.scene else 0.0))), weighed[best]


def _share(event: Event, percept: Percept, *, mourns: bool) -> float:
    """Return how much of its score an event keeps: beside a death no scene of another kind comes first."""
    if event.scene is None:
        return _agreement(event.kind, percept)
    return 1.0 / _KNOWN if mourns and event.kind not in _GONE else 1.0


def _agreement(kind: str, percept: Percept) -> float:
    if percept.abstained:
        return 1.0
    feeling = kinds()[kind].feeling
    if feeling in percept.expressed or (feeling == "grief" and "sadness" in percept.expressed):
        return _SEEN
    mood = kinds()[kind].mood
    against = percept.valence < -_OPPOSITE if mood == "bright" else percept.valence > _OPPOSITE and mood != "flat"
    return _AGAINST if against and kind not in _IRONIC else 1.0


@functools.lru_cache(maxsize=2048)
def _events_in(text: str) -> tuple[tuple[Event, float], ...]:
    """Return every kind of event that a text may tell of, with its score."""
    scores: dict[str, float] = {}
    best: dict[str, _Found] = {}
    for passage in passages(text):
        for found in _matches(passage):
            if found.scene and not is_whole(found.scene, text):
                continue
            scores[found.kind] = scores.get(found.kind, 0.0) + found.score
            if found.kind not in best or _outdoes(found, best[found.kind]):
                best[found.kind] = found
    return tuple((_event_of(found), scores[kind]) for kind, found in best.items())


def _outdoes(found: _Found, best: _Found) -> bool:
    """Say whether a match tells more of its kind than the best so far: a scene more than a pattern, a long one more."""
    return (found.scene is not None, found.score) > (best.scene is not None, best.score)


def _event_of(found: _Found) -> Event:
    mood = (scenes()[found.scene].mood if found.scene else None) or kinds()[found.kind].mood
    span = found.passage.clause(found.start, found.end)
    return Event(found.kind, 0.0, mood, span, 0, found.who, found.scene)


def _matches(passage: Passage) -> list[_Found]:
    patterns, owners = _patterns()
    found = []
    for number, match in patterns.find(passage.marked):
        kind, weight, scene = owners[number]
        framed = _framed(passage.marked, match, kind)
        if framed is None or (scene and framed != kind):
            continue
        start = unmark(passage.marked, passage.names, match.start(), end=False)
        end = unmark(passage.marked, passage.names, match.end(), end=True)
        named = _NAMED.search(match[0])
        whom = passage.names[int(named[1])] if named else passage.names[0] if len(passage.names) == 1 else None
        # The longer a match, the more it says ("lost my job" outweighs "lost"); of two events the graver counts more.
        score = weight * (1.0 + min(len(match[0]), 40) / 40) * (0.7 + kinds()[framed].strength)
        found.append(
            _Found(framed, score, passage, start, end, passage.own_words(whom.start, whom.end) if whom else None, scene)
        )
    return found


def _framed(marked: str, match: re.Match[str], kind: str) -> str | None:
    """Return the kind that a match speaks for in its frame: none if it did not happen, a threat if it is feared."""
    if kind in _TO_COME:
        return kind
    before = re.split(r"[.!?;,]", marked[max(0, match.start() - _BEFORE) : match.start()])[-1]
    negated, unreal = _frames()
    if negated.search(before):
        return None
    if unreal.search(before) and not (kind in _GONE and "wish" in before):
        return None if kinds()[kind].mood in {"bright", "flat"} else "threat"
    return kind


@functools.cache
def _patterns() -> tuple[Patterns, list[tuple[str, float, str | None]]]:
    sources: list[tuple[str, str]] = []
    owners: list[tuple[str, float, str | None]] = []
    for name, kind in kinds().items():
        for weight, key, many in ((1.0, "patterns", kind.patterns), (0.5, "hints", kind.hints)):
            for pattern in many:
                sources.append((f"understand/{PACK}, [{name}] {key}", pattern))
                owners.append((name, weight, None))
    for name, scene in scenes().items():
        if scene.kind not in kinds():
            raise ConfigError(f"understand/{SCENES}, [{name}]: {scene.kind!r} is no kind of {PACK}.")
        sources += [(f"understand/{SCENES}, [{name}] patterns", pattern) for pattern in scene.patterns]
        owners += [(scene.kind, _KNOWN, name)] * len(scene.patterns)
    return Patterns(sources), owners


@functools.cache
def _frames() -> tuple[re.Pattern[str], re.Pattern[str]]:
    frames = read_pack("words.toml")["frames"]
    negated, unreal = (
        "|".join(expand(each, shared_groups(), f"understand/words.toml, [frames] {name}") for each in frames[name])
        for name in ("negated", "unreal")
    )
    return re.compile(rf"(?<![\w'])(?:{negated})\s*$"), re.compile(rf"(?<![\w])(?:{unreal})(?!\w)")


def _event_felt(text: str, percept: Percept) -> Event | None:
    """Return a feeling-only event when a feeling is clear, or None."""
    if percept.abstained:
        return None
    sums = {
        kind: max((percept.fine.get(label, 0.0) for label in labels), default=0.0)
        for kind, labels in FEELING_KINDS.items()
    }
    kind = max(sums, key=lambda name: sums[name])
    if sums[kind] < max(_CLEAR, percept.fine.get("neutral", 0.0)):
        return None
    if kinds()[kind].mood == "bright" and percept.valence < _GLAD:
        return None  # "I love her, and I'm afraid" is no joy
    return Event(kind, sums[kind], kinds()[kind].mood, _own_clause(text))


def _own_clause(text: str) -> Span | None:
    """Return the first clause in which the person speaks of themselves."""
    for clause in clauses(text[:2000]):
        if re.match(r"(?:i|i['’]m|im|i['’]ve|my|we)\b", clause.text, re.IGNORECASE):
            return clause
    return None
