"""Let nobody take more than their share: a bucket of requests per key that fills with time."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Final

_KEYS: Final = 10_000
"""So many keys are remembered; the one that was quiet longest is let go first."""


class Rate:
    """Requests per minute and key; a tenth of a minute's worth may come at once.

    Args:
        minute: how many; 0 = any number.
    """

    def __init__(self, minute: float) -> None:
        self._second = minute / 60.0
        self._most = max(5.0, minute / 10.0)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Take a request from a key's bucket; return 0, or the seconds until there is one."""
        if self._second <= 0.0:
            return 0.0
        now = time.monotonic()
        left, at = self._buckets.pop(key, (self._most, now))
        left = min(self._most, left + (now - at) * self._second)
        wait = 0.0 if left >= 1.0 else (1.0 - left) / self._second
        self._buckets[key] = (left if wait else left - 1.0, now)
        while len(self._buckets) > _KEYS:
            self._buckets.popitem(last=False)
        return wait
