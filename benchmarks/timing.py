"""Time calls."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from heedful.types import Record


@dataclass(frozen=True, slots=True)
class Timing(Record):
    """How long a call takes, in milliseconds."""

    median: float
    """Of all repetitions."""
    p95: float
    """95 of 100 repetitions took no longer."""
    repetitions: int
    """How many were timed."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a call is repeated."""

    repetitions: int = 200
    """Timed calls."""
    warm_ups: int = 20
    """Calls before, which are not timed."""


PROTOCOL = Pace()
"""As protocol S1 has it."""
ROUND = 20
"""Calls of one subject before it is the next one's turn."""
QUICK = Pace(repetitions=15, warm_ups=3)
"""For a first look."""


def time_calls(call: Callable[[int], object], pace: Pace = PROTOCOL) -> Timing:
    """Time `call(number)` with number = 0, 1, 2, ...; the warm-ups come first and are not counted."""
    return time_together([call], pace)[0]


def time_together(calls: Sequence[Callable[[int], object]], pace: Pace = PROTOCOL) -> list[Timing]:
    """Time several calls side by side, a round of one after a round of the other.

    So whatever else the machine does meanwhile meets all of them alike, and their ratios can be trusted.
    """
    for call in calls:
        for number in range(pace.warm_ups):
            call(number)
    took: list[list[float]] = [[] for _ in calls]
    for first in range(0, pace.repetitions, ROUND):
        for call, times in zip(calls, took, strict=True):
            for number in range(first, min(first + ROUND, pace.repetitions)):
                start = time.perf_counter()
                call(pace.warm_ups + number)
                times.append((time.perf_counter() - start) * 1000)
    return [summary(times) for times in took]


def summary(took: list[float]) -> Timing:
    """Return median and 95th percentile of milliseconds; at least one."""
    ranked = sorted(took)
    p95 = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
    return Timing(round(statistics.median(ranked), 4), round(p95, 4), len(ranked))
