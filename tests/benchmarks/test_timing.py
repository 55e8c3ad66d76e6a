"""Times are medians of the calls that count."""

from __future__ import annotations

import time

from benchmarks.timing import ROUND, Pace, summary, time_calls, time_together


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


def test_calls_that_are_timed_together_take_turns() -> None:
    called: list[str] = []
    timings = time_together(
        [lambda number: called.append(f"a{number}"), lambda number: called.append(f"b{number}")],
        Pace(repetitions=ROUND + 5, warm_ups=1),
    )
    assert [timing.repetitions for timing in timings] == [ROUND + 5, ROUND + 5]
    assert called[:2] == ["a0", "b0"]
    assert "".join(each[0] for each in called[2:]) == "a" * ROUND + "b" * ROUND + "aaaaabbbbb"
    assert [each for each in called if each[0] == "a"] == [f"a{number}" for number in range(ROUND + 6)]
