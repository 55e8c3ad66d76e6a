"""Times are medians of the calls that count."""

from __future__ import annotations

import time

from benchmarks.timing import Pace, summary, time_calls


def test_warm_ups_are_called_and_not_counted() -> None:
    called: list[int] = []

    def call(number: int) -> None:
        called.append(number)
        if number < 2:
            time.sleep(0.05)

    timing = time_calls(call, Pace(repetitions=5, warm_ups=2))
    assert called == list(range(7))
    assert timing.repetitions == 5
    assert timing.p95 < 50.0


def test_median_and_95th_percentile_are_those_of_the_calls() -> None:
    timing = summary([float(number) for number in range(100, 0, -1)])
    assert (timing.median, timing.p95) == (50.5, 96.0)
    assert summary([3.0]).p95 == 3.0
