"""Say how the simulated person is, and how what they hear moves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from heedful.media import Record
from heedful.practise.hear import Heard
from heedful.practise.scenario import Level

Effect = Literal[
    "hurt", "advised", "formula", "echoed", "flattered", "questioned", "silence", "lost", "repaired", "understood",
    "asked", "reflected", "warmth", "slight", "cold",
]  # fmt: skip
"""What a reply did, the weightiest first."""

BEGIN: Final[Mapping[Level, tuple[float, float, float]]] = {
    "cooperative": (0.40, 0.50, 0.28),
    "guarded": (0.25, 0.50, 0.15),
    "angry": (0.20, 0.80, 0.15),
    "silent": (0.30, 0.60, 0.12),
}
"""Level -> trust, distress and openness with which they begin."""
GAIN: Final[Mapping[Level, float]] = {"cooperative": 1.0, "guarded": 0.8, "angry": 0.8, "silent": 0.75}
"""How much of what does them good gets through; harm always does."""
MOVES: Final[Mapping[Effect, tuple[float, float, float]]] = {
    "hurt": (-0.22, 0.15, -0.20),
    "advised": (-0.10, 0.06, -0.09),
    "formula": (-0.06, 0.02, -0.05),
    "echoed": (-0.05, 0.02, -0.04),
    "flattered": (-0.06, 0.01, -0.05),
    "questioned": (-0.07, 0.05, -0.06),
    "silence": (-0.02, 0.01, -0.02),
    "repaired": (0.15, -0.07, 0.06),
    "understood": (0.14, -0.09, 0.13),
    "asked": (0.06, -0.03, 0.07),
    "reflected": (0.04, -0.02, 0.04),
    "warmth": (0.05, -0.04, 0.02),
    "slight": (0.0, 0.0, 0.0),
    "lost": (0.0, 0.01, 0.0),
    "cold": (-0.05, 0.03, -0.04),
}
"""What each effect does to trust, distress and openness."""
LEAVES: Final = 0.06
"""They go when their trust falls below this."""
ENDS: Final = 0.68
"""They can end it well when they are at least so open and have told what they had to tell."""
WELCOME_SILENCES: Final = 2
"""So many silences in a conversation are room, and cost nothing."""
_TOO_FEW_TO_TELL: Final = 3
"""Of fewer words one can't tell whether they say the same again, unless they are the same."""
SMALL_TALK: Final = 4
"""So many small replies in a conversation are a way in, and cost nothing."""
_REFLECTS: Final = 2
"""So many words of the person's own situation make a reply one about them."""
_ADVICE_TRUST: Final = 0.75
"""With so much trust a suggestion does no harm."""


@dataclass(frozen=True, slots=True)
class State(Record):
    """How the person is."""

    trust: float
    """How safe they feel with the learner, in [0, 1]."""
    distress: float
    """How stirred up they are, in [0, 1]."""
    openness: float
    """How much they are willing to tell, in [0, 1]."""

    @classmethod
    def begin(cls, level: Level) -> State:
        """Return how they are at the beginning."""
        return cls(*BEGIN[level])

    @property
    def stage(self) -> Literal["closed", "wary", "open", "deep"]:
        """In which stage of the conversation they are."""
        if self.openness < 0.22:
            return "closed"
        if self.openness < 0.45:
            return "wary"
        return "open" if self.openness < 0.68 else "deep"


@dataclass(frozen=True, slots=True)
class Moved(Record):
    """How a reply moved them."""

    state: State
    """How they are now."""
    effects: tuple[Effect, ...]
    """What it did, the weightiest first."""


def move(state: State, heard: Heard, level: Level, before: Sequence[Heard]) -> Moved:
    """Return how what they heard moves them.

    Args:
        state: how they were.
        heard: what the learner's words do.
        level: how they meet the learner.
        before: what they heard earlier, oldest first.
    """
    effects = _effects(state, heard, before)
    trust, distress, openness = state.trust, state.distress, state.openness
    for effect in effects:
        scale = _scale(effect, heard, before, level)
        by = MOVES[effect]
        trust, distress, openness = trust + scale * by[0], distress + scale * by[1], openness + scale * by[2]
    # Nobody opens far beyond their trust.
    openness = min(openness, trust + 0.35) if openness > state.openness else openness
    moved = replace(state, trust=_unit(trust), distress=_unit(distress), openness=_unit(openness))
    return Moved(moved, effects)


def _effects(state: State, heard: Heard, before: Sequence[Heard]) -> tuple[Effect, ...]:
    """Return what a reply does; harm stands alone, since nothing else of it is heard then."""
    if heard.silence:
        return ("silence",)
    if heard.lost:
        return ("lost",)
    if heard.harms:
        return ("hurt",)
    again = any(each.repair for each in before[-3:])
    repaired: tuple[Effect, ...] = ("repaired",) if heard.repair and (_to_repair(before) or not again) else ()
    if heard.advice and state.trust < _ADVICE_TRUST and not repaired:
        return ("advised",)
    if heard.formula:
        return ("formula",)
    if heard.echo:
        return ("echoed",)
    if heard.flattery and not (heard.understanding and heard.grounded):
        return ("flattered",)
    if heard.story:
        return ("cold",)
    if heard.interrogates:
        return ("questioned",)
    good: list[Effect] = [*repaired]
    new = _is_new(heard, before)
    if heard.understanding and new:
        good.append("understood")
    if heard.open_question and (heard.facts or heard.grounded or heard.understanding) and new:
        good.append("asked")
    if heard.warm and new:
        good.append("warmth")
    if not good and heard.open_question and new:
        return ("asked",)
    says_back = heard.grounded >= _REFLECTS and not _stays_cold(before)
    if new and not heard.understanding and (says_back or (heard.turns_over and not good)):
        good.append("reflected")
    if not good and heard.repair:
        return ("slight",)
    return tuple(good) or (("slight",) if is_small_talk(heard, before) else ("cold",))


def _scale(effect: Effect, heard: Heard, before: Sequence[Heard], level: Level) -> float:
    gain = GAIN[level]
    if effect == "silence":
        silences = sum(each.silence for each in before)
        return 0.0 if silences < WELCOME_SILENCES else 1.0
    if effect == "repaired":
        return gain * (1.0 if _to_repair(before) else 0.4)
    if effect == "understood":
        return gain * (1.0 if heard.feelings and heard.grounded else 0.7)
    if effect == "asked":
        return gain * (1.0 if heard.facts or heard.understanding else 0.5)
    if effect == "warmth":
        # Sympathy alone warms less each time.
        return gain / (1 + sum(each.warm and not each.understanding for each in before))
    return gain if MOVES[effect][2] > 0 else 1.0


def is_small_talk(heard: Heard, before: Sequence[Heard]) -> bool:
    """Tell whether a reply is a small one of the first few: a greeting, a word, a question in passing."""
    return heard.light and sum(map(is_idle, before)) < SMALL_TALK


def is_idle(heard: Heard) -> bool:
    """Tell whether a reply is small and does nothing."""
    return heard.light and not (heard.understanding or heard.warm or heard.open_question)


def _is_new(heard: Heard, before: Sequence[Heard]) -> bool:
    """Tell whether a reply says something that the learner has not said already."""
    said = set(heard.said)
    if len(said) < _TOO_FEW_TO_TELL:
        return all(said != set(each.said) for each in before) or not said
    return all(len(said & set(each.said)) < 0.8 * len(said) for each in before)


def _to_repair(before: Sequence[Heard]) -> bool:
    return any(
        each.harms or each.advice or each.interrogates or each.formula or each.echo or each.story
        for each in before[-3:]
    )


def _stays_cold(before: Sequence[Heard]) -> bool:
    """Tell whether the learner has only stated things of late, without a feeling, a question or a warm word."""
    late = before[-2:]
    return len(late) == 2 and not any(each.understanding or each.warm or each.open_question for each in late)


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value))
