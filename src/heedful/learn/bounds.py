"""Keep learning within bounds: how much one rater may say, who is left out, and when what people say has changed."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from heedful.learn.camps import smaller_camp
from heedful.learn.feedback import Lesson, Usual, comparisons
from heedful.learn.preference import Comparison
from heedful.types import Record

A_DAY: Final = 40
"""So much feedback of one rater a day is learned from; the rest is kept, and nothing is made of it."""
_DAY: Final = 86_400_000_000
MOST: Final = 30
"""One rater counts for no more than so many comparisons in what everybody shares, however many they made."""
JUDGED_FROM: Final = 6
"""Comparisons that a rater must have made before it can be told that they go against everybody else."""
_FOLDS: Final = 5
_MINORITY: Final = 0.35
"""No more than this share of the raters may be left out."""
_ALARM: Final = 3.0
_LATELY: Final = 100


@dataclass(frozen=True, slots=True)
class Allowance(Record):
    """How much of a rater's feedback was learned from today."""

    day: int = 0
    """Which day, counted from 1970."""
    taken: int = 0
    """How many lessons of that day."""

    def take(self, at: int) -> tuple[bool, Allowance]:
        """Say whether one more may be learned from.

        Args:
            at: when it was given, in microseconds since 1970.
        """
        day = at // _DAY
        if day != self.day:
            return True, Allowance(day, 1)
        return self.taken < A_DAY, Allowance(day, min(self.taken + 1, A_DAY))


@dataclass(frozen=True, slots=True)
class Said:
    """What one rater said, as comparisons that may be learned from."""

    rater: str
    """Who, as a hash."""
    setting: str
    """Where."""
    comparison: Comparison
    """What was liked better."""
    at: int
    """When, in microseconds since 1970."""


def admitted(lessons: Sequence[tuple[int, Lesson]]) -> list[Said]:
    """Return the comparisons that may be learned from, in order: no more of one rater a day than is allowed.

    A rating counts by how far it lies from all that its rater gave: who rates everything alike says nothing.

    Args:
        lessons: with the time of each in microseconds since 1970, oldest first.
    """
    allowances: dict[str, Allowance] = defaultdict(Allowance)
    usual: dict[str, Usual] = defaultdict(Usual)
    taken: list[tuple[int, Lesson]] = []
    for at, lesson in lessons:
        allowed, allowances[lesson.rater] = allowances[lesson.rater].take(at)
        if allowed:
            taken.append((at, lesson))
            _, usual[lesson.rater] = comparisons(lesson, usual[lesson.rater])
    found: list[Said] = []
    for at, lesson in taken:
        pairs, _ = comparisons(lesson, usual[lesson.rater])
        if pairs:
            found += [Said(lesson.rater, lesson.setting, pair, at) for pair in pairs]
    return found


def weighed(said: Sequence[Said]) -> list[Said]:
    """Return comparisons with their trust lowered so that no rater counts for more than `MOST` of them."""
    count: dict[str, int] = defaultdict(int)
    for each in said:
        count[each.rater] += 1
    return [
        each
        if count[each.rater] <= MOST
        else Said(each.rater, each.setting, _less(each.comparison, MOST / count[each.rater]), each.at)
        for each in said
    ]


def fold_of(rater: str) -> int:
    """Return which fold a rater is in: the same one whoever else there is."""
    return int(rater[:8], 16) % _FOLDS


def folds(said: Sequence[Said]) -> list[tuple[list[Said], list[Said]]]:
    """Return (learned from, held out) per fold; a rater is never in both."""
    parts = [(_without(said, fold), [each for each in said if fold_of(each.rater) == fold]) for fold in range(_FOLDS)]
    return [(kept, held) for kept, held in parts if held]


def against_all(said: Sequence[Said]) -> frozenset[str]:
    """Return the raters who want the opposite of what most others want, more than chance can explain.

    They are left out of what everybody shares, and keep a taste of their own: somebody who likes what few like is
    served as well as before, and somebody who wants to spoil it for others spoils nothing. Heads are counted, and
    neither how much nor how strongly somebody rates. Where nobody is in a clear majority, nobody is left out.
    """
    counts = Counter(each.rater for each in said)
    heard = [(each.rater, each.comparison) for each in said if counts[each.rater] >= JUDGED_FROM]
    out = smaller_camp(heard)
    return out if len(out) <= _MINORITY * len(counts) else frozenset()


def drift(agreed: Sequence[bool]) -> str | None:
    """Say that people have come to disagree with what is in use, or return None.

    Args:
        agreed: per comparison since it went live, oldest first, whether it would have chosen as they did.
    """
    lately, before = agreed[-_LATELY:], agreed[:-_LATELY]
    if len(lately) < _LATELY or len(before) < _LATELY:
        return None
    one, two = sum(before) / len(before), sum(lately) / len(lately)
    pooled = sum(agreed) / len(agreed)
    error = math.sqrt(pooled * (1.0 - pooled) * (1.0 / len(before) + 1.0 / len(lately)))
    if error == 0.0 or (one - two) / error < _ALARM:
        return None
    return f"of the latest {_LATELY} comparisons {two:.0%} went as it expects, of those before {one:.0%}"


def crowds(lessons: Sequence[tuple[int, Lesson]]) -> Mapping[str, int]:
    """Return the raters who gave more in a day than is learned from, with how much was left out."""
    allowances: dict[str, Allowance] = defaultdict(Allowance)
    left: dict[str, int] = defaultdict(int)
    for at, lesson in lessons:
        allowed, allowances[lesson.rater] = allowances[lesson.rater].take(at)
        if not allowed:
            left[lesson.rater] += 1
    return dict(left)


def _without(said: Sequence[Said], fold: int) -> list[Said]:
    return [each for each in said if fold_of(each.rater) != fold]


def _less(comparison: Comparison, share: float) -> Comparison:
    return Comparison(comparison.traits, comparison.lead, comparison.trust * share)
