"""Stop asking what keeps failing, and try again after a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from heedful.errors import ModelError

FAILURES = 3
"""So many failures in a row open the circuit."""
REST = 30.0
"""Seconds until one request is let through again."""


class Breaker:
    """A circuit breaker: closed, open after failures in a row, then half-open for one trial. Thread-safe.

    Args:
        failures: in a row, that open it.
        rest: seconds that it stays open.
        clock: seconds that only ever go up.

    Source: Nygard, Release It! (2007), "Circuit Breaker".
    """

    def __init__(
        self, failures: int = FAILURES, rest: float = REST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._allowed, self._rest, self._clock = failures, rest, clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_from = 0.0

    def enter(self) -> None:
        """Let a request pass; raise ModelError at once while the circuit is open."""
        with self._lock:
            if self._failures < self._allowed:
                return
            now = self._clock()
            if now < self._closed_from:
                wait = self._closed_from - now
                raise ModelError(
                    f"the language model was not asked: it failed {self._failures} times in a row. "
                    f"It is tried again in {wait:.0f} s."
                )
            self._closed_from = now + self._rest  # this request is the trial; the others go on waiting

    def failed(self) -> None:
        """Count a failure."""
        with self._lock:
            self._failures += 1
            self._closed_from = self._clock() + self._rest

    def worked(self) -> None:
        """Close the circuit."""
        with self._lock:
            self._failures = 0
