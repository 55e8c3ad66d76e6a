"""Keep the live sessions of this process: those connected, and those that may be taken up again."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Final

from heedful.server.caller import Caller
from heedful.server.protocol import SessionSettings
from heedful.server.service import Service
from heedful.server.session import Session

AWAY: Final = 60.0
"""Seconds that a session waits for a client whose connection was lost."""


class Sessions:
    """The live sessions of this process."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._sessions: dict[str, Session] = {}
        self._sweeping: asyncio.Task[None] | None = None

    def enter(self, caller: Caller, settings: SessionSettings) -> tuple[Session, bool]:
        """Return the session to go on with, and whether it was there before."""
        if self._sweeping is None:
            self._sweeping = asyncio.create_task(self._sweep())
        known = self._sessions.get(settings.resume.session) if settings.resume else None
        if known is not None and known.caller.owner == caller.owner:
            known.change(settings)
            return known, True
        session = Session(self._service, caller, settings)
        self._sessions[session.id] = session
        return session, False

    async def leave(self, session: Session, *, for_good: bool) -> None:
        """Let a connection end: for good, or so that the session may be taken up again."""
        session.left = time.monotonic()
        if for_good:
            self._sessions.pop(session.id, None)
            await session.close()

    async def close(self) -> None:
        """End every session."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sweeping
        for session in list(self._sessions.values()):
            await self.leave(session, for_good=True)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(AWAY / 4)
            now = time.monotonic()
            for session in list(self._sessions.values()):
                if not session.outbox.attached and now - session.left > AWAY:
                    await self.leave(session, for_good=True)
