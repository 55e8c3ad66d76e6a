"""`/v1/live`: a live conversation over a WebSocket; docs/live.md says how to speak with it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import msgspec
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketState

from heedful.errors import HeedfulError
from heedful.server.caller import Caller, bearer, identify
from heedful.server.problem import ProblemError
from heedful.server.protocol import SessionSettings, read
from heedful.server.service import Service
from heedful.server.session import Session
from heedful.server.sessions import Sessions

router = APIRouter()
_POLICY, _GOING_AWAY, _NORMAL = 1008, 1001, 1000
_TO_BEGIN = 10.0
"""Seconds within which a client has to send its settings."""


@router.websocket("/v1/live")
async def live(socket: WebSocket) -> None:
    """Hold a live session."""
    service: Service = socket.app.state.service
    sessions: Sessions = socket.app.state.sessions
    await socket.accept()
    opened = await _open(socket, service, sessions)
    if opened is None:
        return
    session, queue = opened
    service.metrics.sessions.inc()
    for_good = False
    sending = asyncio.create_task(_send(socket, queue))
    try:
        for_good = await _receive(socket, service, session)
    finally:
        service.metrics.sessions.dec()
        session.outbox.detach(queue)
        with contextlib.suppress(Exception):
            await sending
        await sessions.leave(session, for_good=for_good)
    if socket.client_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(_NORMAL if for_good else _GOING_AWAY)


async def _open(
    socket: WebSocket, service: Service, sessions: Sessions
) -> tuple[Session, asyncio.Queue[bytes | None]] | None:
    """Wait for the settings, find out who calls, and return the session with the queue of its events."""
    give_up = time.monotonic() + _TO_BEGIN
    while True:
        try:
            message = await asyncio.wait_for(socket.receive(), max(0.01, give_up - time.monotonic()))
        except TimeoutError:
            await socket.close(_POLICY, "session_settings did not come")
            return None
        if message["type"] == "websocket.disconnect":
            return None
        try:
            settings = read(message.get("text") or "")
            if not isinstance(settings, SessionSettings):
                await _error(socket, "settings_first", "Send `session_settings` first.")
                continue
            caller = await identify(service, bearer(socket) or settings.key, "converse")
            return await _entered(service, sessions, caller, settings)
        except ProblemError as error:
            await _error(socket, f"http_{error.status}", error.detail)
            await socket.close(_POLICY, error.detail[:100])
            return None
        except HeedfulError as error:
            await _error(socket, "malformed", str(error))


async def _entered(
    service: Service, sessions: Sessions, caller: Caller, settings: SessionSettings
) -> tuple[Session, asyncio.Queue[bytes | None]]:
    session, resumed = sessions.enter(caller, settings)
    caller.inner(session.conversation)
    started: dict[str, Any] = {
        "type": "session_started",
        "seq": 0,
        "session": session.id,
        "conversation": session.conversation,
        "resumed": resumed,
        "notice": service.heedful.notice,
        "can": await service.abilities(),
        "limits": {"idle": service.config.live_idle, "length": service.config.live_length, "rate": 16_000},
    }
    after = settings.resume.after if resumed and settings.resume else 0
    queue = session.outbox.attach(after, msgspec.json.encode(started))
    if settings.resume and not resumed and settings.resume.turn:
        # Another process, or one that was started anew: what was answered meanwhile is in the store.
        turns = await service.fetch(service.heedful.turns, caller.inner(session.conversation), 50)
        for turn in turns:
            if turn.id > settings.resume.turn:
                seen = caller.seen(turn)
                session.outbox.add("assistant_message", message=None, turn=seen, interrupted=False, stored=True)
    return session, queue


async def _send(socket: WebSocket, queue: asyncio.Queue[bytes | None]) -> None:
    while (event := await queue.get()) is not None:
        await socket.send_text(event.decode())


async def _receive(socket: WebSocket, service: Service, session: Session) -> bool:
    """Take what comes until the connection ends; return whether the session ends with it."""
    config = service.config
    while True:
        left = session.began + config.live_length - time.monotonic()
        try:
            message = await asyncio.wait_for(socket.receive(), max(0.01, min(config.live_idle, left)))
        except TimeoutError:
            idle = left > config.live_idle
            told = f"for {config.live_idle:.0f} s nothing came" if idle else "it has reached its longest time"
            detail = f"This session ends: {told}. Begin another; the conversation is kept."
            session.outbox.add("notice", code="idle" if idle else "length", detail=detail)
            return True
        if message["type"] == "websocket.disconnect":
            return bool(message.get("code") == _NORMAL)
        if not session.outbox.attached:
            return False  # taken over by another connection, or too far behind
        try:
            if message.get("bytes") is not None:
                session.hear(message["bytes"])
            else:
                await session.take(read(message.get("text") or ""))
        except HeedfulError as error:
            session.outbox.add("error", code="malformed", detail=str(error))


async def _error(socket: WebSocket, code: str, detail: str) -> None:
    event = {"type": "error", "seq": 0, "code": code, "detail": detail}
    await socket.send_text(msgspec.json.encode(event).decode())
