"""Say how much time a test may take on the machine it runs on."""

from __future__ import annotations

import re
import time

_REFERENCE = 0.020
"""Seconds of processor time that the work below takes on the machine on which the limits were set."""
_SPARE = 2.0
"""A busy machine is no failure of the code."""


def allowed(seconds: float) -> float:
    """Return a limit in seconds of processor time for this machine, as slow as it is at this moment.

    Args:
        seconds: what the house promises, on a laptop of today.
    """
    return seconds * _SPARE * max(1.0, _work() / _REFERENCE)


def _work() -> float:
    """Return the processor seconds that a piece of work of the usual kind takes: the least of three."""
    words = re.compile(r"\b(?:how|what|why)\b|[aeiou]{2}\w+")
    text = "why do you say that the weather is what it is and how it could be otherwise " * 4_000
    took = []
    for _ in range(3):
        start = time.process_time()
        sum(len(match[0]) for match in words.finditer(text))
        sorted(text.split(), key=len)
        took.append(time.process_time() - start)
    return min(took)
