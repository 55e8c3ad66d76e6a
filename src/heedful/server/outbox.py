"""Keep what a live session has to say: numbered, so that a lost connection loses nothing."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, Final

import msgspec

_KEPT: Final = 1000
"""Events that are kept for a client that comes back."""
_BEHIND: Final = 64
"""From so many events that wait to be sent on, passing readings are left out."""
_LOST: Final = 4000
"""With so many, the client is taken for gone; it may come back and resume."""


class Outbox:
    """The events of a session, in order."""

    def __init__(self) -> None:
        self._number = 0
        self._kept: deque[tuple[int, bytes]] = deque(maxlen=_KEPT)
        self._waiting: asyncio.Queue[bytes | None] | None = None

    def add(self, kind: str, *, passing: bool = False, **fields: Any) -> None:
        """Add an event.

        Args:
            kind: its type.
            passing: whether it may be left out when the client is slow or away: the next one says it anew.
            **fields: what it says.
        """
        self._number += 1
        event = msgspec.json.encode({"type": kind, "seq": self._number, **fields})
        if not passing:
            self._kept.append((self._number, event))
        if self._waiting is None or (passing and self._waiting.qsize() > _BEHIND):
            return
        self._waiting.put_nowait(event)
        if self._waiting.qsize() > _LOST:
            self.detach()

    def attach(self, after: int, first: bytes) -> asyncio.Queue[bytes | None]:
        """Return the queue to send from: `first`, then what was kept after a number, then what comes; None ends it."""
        self.detach()
        waiting: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._waiting = waiting
        waiting.put_nowait(first)
        for number, event in self._kept:
            if number > after:
                waiting.put_nowait(event)
        return waiting

    def detach(self, waiting: asyncio.Queue[bytes | None] | None = None) -> None:
        """Let go of the queue, if it is this one or none is named; whoever sends from it stops."""
        if self._waiting is not None and waiting in (None, self._waiting):
            self._waiting.put_nowait(None)
            self._waiting = None

    @property
    def attached(self) -> bool:
        """Whether somebody is listening."""
        return self._waiting is not None

    @property
    def number(self) -> int:
        """The number of the latest event."""
        return self._number
