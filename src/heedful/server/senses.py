"""Hear and see during a live session: sound and pictures go in as they come, readings and utterances come out."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from heedful.errors import HeedfulError, InputError
from heedful.guard.lawful import Law
from heedful.server.outbox import Outbox
from heedful.server.protocol import decoded
from heedful.server.service import Service
from heedful.types import Image

RATE: Final = 16_000
"""Samples per second that a live session hears."""
_WAITING: Final = 60
"""Pieces of sound that may wait to be heard: some seconds; beyond that the oldest are dropped."""
_SLOWEST: Final = 0.1
"""Pictures are looked at no more often than every so many seconds."""
_LOG = logging.getLogger("heedful.server")


class Senses:
    """The ears and eyes of one session.

    Args:
        service: what the routes share.
        outbox: where readings and notices go.
        heard: called with what was heard: a `Heard` of `heedful.perceive.hearing`.
    """

    def __init__(self, service: Service, outbox: Outbox, heard: Callable[[Any], None]) -> None:
        self._service, self._outbox, self._heard = service, outbox, heard
        self._sound: deque[bytes | None] = deque()
        self._picture: bytes | None = None
        self._closed_eyes = False
        self._more = asyncio.Event()
        self._hearing: Any = None
        self._watching: Any = None
        self._refused: set[str] = set()
        self._dropped = 0
        self._told = 0.0
        self.latest: Image | None = None
        """The picture that was looked at last."""

    def hear(self, data: bytes, *, end: bool = False) -> None:
        """Take a piece of sound; InputError if it is no 16-bit samples. `end` lets what was begun be finished."""
        if len(data) % 2:
            raise InputError(f"16-bit samples come in pairs of bytes, not {len(data)} bytes.")
        if data:
            self._sound.append(data)
        if end:
            self._sound.append(None)
        while len(self._sound) > _WAITING:
            self._sound.popleft()
            self._drop("sound")
        self._more.set()

    def see(self, data: str, *, end: bool = False) -> None:
        """Take a picture; only the latest that waits is looked at. `end` closes the eyes."""
        if end:
            self._picture, self._closed_eyes = None, True
        elif data:
            if self._picture is not None:
                self._drop("picture")
            self._picture = decoded(data)
        self._more.set()

    async def run(self) -> None:
        """Hear and see until cancelled."""
        while True:
            await self._more.wait()
            self._more.clear()
            try:
                if self._sound:
                    await self._listen()
                if self._closed_eyes:
                    self._closed_eyes, self._watching, self.latest = False, None, None
                if self._picture is not None:
                    await self._look()
            except HeedfulError as error:
                self._hearing = None
                self._notice("not_read", str(error))
            except Exception as error:  # noqa: BLE001 - a session outlives whatever goes wrong with a piece of sound
                self._hearing = self._watching = None
                _LOG.exception("unexpected", extra={"told": {"error": type(error).__name__, "in": "senses"}})
                self._notice("not_read", "Something went wrong while sound or pictures were read; they were left out.")
            if self._sound or self._picture is not None:
                self._more.set()

    async def _listen(self) -> None:
        import numpy as np

        pieces: list[bytes] = []
        ended = False
        while self._sound and not ended:
            piece = self._sound.popleft()
            ended = piece is None
            pieces += [] if piece is None else [piece]
        if self._hearing is None:
            self._hearing = await self._open("voice", "hear")
        if self._hearing is None:
            return
        samples = np.frombuffer(b"".join(pieces), "<i2").astype(np.float32) / 32768.0
        found = await self._service.work(self._hearing.push, samples) if samples.size else []
        if ended:
            hearing, self._hearing = self._hearing, None
            found = [*found, *await self._service.work(hearing.close)]
        for heard in found:
            self._heard(heard)

    async def _look(self) -> None:
        began = time.monotonic()
        data, self._picture = self._picture or b"", None
        if self._watching is None:
            self._watching = await self._open("face", "watch")
        if self._watching is None:
            return
        watching, limit = self._watching, self._service.config

        def look() -> tuple[Image, list[Any]]:
            from heedful.server.schemas import admitted, assembled

            image = admitted(assembled(None, None, data, []), limit).image
            if image is None:
                raise InputError("this is no picture.")
            return image, list(watching.push(image, began))

        try:
            self.latest, readings = await self._service.work(look)
        except HeedfulError as error:
            self._notice("picture_unreadable", str(error))
            return
        for reading in readings:
            self._outbox.add("reading", passing=True, source=reading.modality, reading=reading)
        await asyncio.sleep(max(0.0, _SLOWEST - (time.monotonic() - began)))

    async def _open(self, modality: Any, method: str) -> Any:
        """Return live hearing or watching, or None where it is forbidden or not installed; that is told once."""
        if modality in self._refused:
            return None
        reason = Law.of(self._service.config).refusal(modality)
        opener = getattr(self._service.heedful, method, None)
        if reason is None and opener is not None:
            try:
                return await self._service.work(opener)
            except (HeedfulError, ImportError) as error:
                reason = str(error)
        self._refused.add(modality)
        missing = f"This installation cannot read a {modality}: what it needs is not installed."
        self._outbox.add("notice", code=f"no_{modality}", detail=reason or missing)
        return None

    def _drop(self, kind: str) -> None:
        self._service.metrics.dropped.labels(kind).inc()
        self._dropped += 1
        self._notice("frames_dropped", "More came in than could be read; the oldest was left out.")

    def _notice(self, code: str, detail: str) -> None:
        """Tell something at most once a second."""
        now = time.monotonic()
        if now - self._told >= 1.0:
            self._told = now
            self._outbox.add("notice", code=code, detail=detail, dropped=self._dropped)
