"""Follow a feeling over the messages of a conversation."""

from __future__ import annotations

from collections.abc import Sequence

from heedful.types import Course, Percept

_KEEP = 0.5
"""How much of the smoothed value a fully confident message leaves in place."""
_MOVES = 0.12
"""Valence must move this far from its last extreme to count as a turn: below it is noise."""
_RECENT = 3


def course_of(percepts: Sequence[Percept]) -> Course:
    """Return how valence and arousal move over a person's messages.

    Both are smoothed exponentially; an unsure message moves them less, and one that could not be read not at all.

    Args:
        percepts: of the person's messages, oldest first.
    """
    valence = _smooth([percept.valence for percept in percepts], percepts)
    arousal = _smooth([percept.arousal for percept in percepts], percepts)
    move = valence[-1] - valence[-min(_RECENT, len(valence))] if valence else 0.0
    return Course(
        valence=valence,
        arousal=arousal,
        direction="lifting" if move > _MOVES else "sinking" if move < -_MOVES else "steady",
        turning_points=_turns(valence),
    )


def _smooth(values: Sequence[float], percepts: Sequence[Percept]) -> tuple[float, ...]:
    smoothed: list[float] = []
    started = False
    for value, percept in zip(values, percepts, strict=True):
        before = smoothed[-1] if smoothed else 0.0
        if percept.abstained:
            smoothed.append(before)
            continue
        weight = 1.0 if not started else (1.0 - _KEEP) * min(1.0, 0.5 + percept.confidence / 2)
        smoothed.append(before + weight * (value - before))
        started = True
    return tuple(smoothed)


def _turns(values: Sequence[float]) -> tuple[int, ...]:
    """Return where the direction turned: the extremes after which the value moved on by more than noise."""
    turns: list[int] = []
    rising: bool | None = None
    extreme = 0
    for place in range(1, len(values)):
        if rising is None:
            if abs(values[place] - values[0]) > _MOVES:
                rising, extreme = values[place] > values[0], place
        elif (values[place] > values[extreme]) == rising and values[place] != values[extreme]:
            extreme = place
        elif abs(values[place] - values[extreme]) > _MOVES:
            turns.append(extreme)
            rising, extreme = not rising, place
    return tuple(turns)
