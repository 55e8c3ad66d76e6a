"""Hold what the routes share: Heedful, its worker threads and what this deployment offers."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from weakref import WeakValueDictionary

import anyio.to_thread
import msgspec
from anyio import CancelScope, CapacityLimiter
from fastapi import Depends, Response
from starlette.requests import HTTPConnection

from heedful.api import Heedful
from heedful.errors import HeedfulError
from heedful.guard.lawful import Law
from heedful.server.metrics import Metrics
from heedful.server.rate import Rate
from heedful.server.speech import Transcriber
from heedful.types import Image, Message, Modality, Record, Turn

STATIC: Final = Path(__file__).with_name("static")
"""The web page: ES modules and style sheets, served as they are."""
PAGES: Final = {
    "talk": "Talk",
    "course": "Course",
    "judge": "Judge",
    "practise": "Practise",
    "rate": "Rate",
    "models": "Models & measures",
    "learning": "Learning",
    "privacy": "Privacy",
}
"""Module of a page in `static/` -> its name in the navigation; a page is offered when its module is there."""
_REHEARSED: Final = (
    "My dog died last night.",
    "She was fourteen. My sister Anna called, and I could not stop crying.",
    "I am so angry! My boss blames me for everything, and I'm afraid of losing the job.",
    "Are you a real person?",
    "Thank you. I passed my exam today, I am so proud!",
    "I can't go on like this. I want to die.",
)
"""What is answered once at the start, so that whatever is loaded or compiled at its first use is there."""
_LOG = logging.getLogger("heedful.server")
_Result = TypeVar("_Result")


class Service:
    """What the routes share.

    Args:
        heedful: answers; the caller closes it.
        keys: whether a key is needed; without, everybody who reaches the server is its owner.
        workers: how many processes share the load, this one included.
    """

    def __init__(self, heedful: Heedful, *, keys: bool = False, workers: int = 1) -> None:
        self.heedful = heedful
        self.config = heedful.config
        self.keys = keys
        self.workers = workers
        # More threads than cores would only take turns: reading and writing replies is computing.
        self._limiter = CapacityLimiter(max(2, os.cpu_count() or 1))
        self._fetching = CapacityLimiter(4)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.missing = "It is still loading; that takes some seconds."
        """Why requests may take longer than usual or fail, or "" once everything is loaded."""
        self.metrics = Metrics()
        """What is counted."""
        self.rate = Rate(self.config.serve_rate / workers)
        """How often a key may ask this worker."""
        self.transcriber = Transcriber(self.config.transcriber) if self.config.transcriber else None
        """Turns speech into text, or None."""

    async def begin(self) -> None:
        """Warm up beside what is asked meanwhile; `missing` says how that goes."""
        try:
            await self.work(self.warm)
            self.missing = ""
        except Exception as error:  # noqa: BLE001 - a server that cannot answer has to say so where it is asked
            _LOG.error("not ready", extra={"told": {"error": type(error).__name__}}, exc_info=error)
            self.missing = str(error) if isinstance(error, HeedfulError) else "It could not begin; the log says why."

    def warm(self) -> None:
        """Load everything that an answer needs, so that the first one is as quick as the others; nothing is kept."""
        from heedful.guard.redact import redact_turn

        history: list[Turn] = []
        for said in _REHEARSED:
            turn = self.heedful.engine.turn(Message(said), history, "rehearsal")
            redact_turn(turn, history)
            history.append(turn)
        self.heedful.judge(_REHEARSED[0], "At least she had a long life. I am sorry.")
        if self.can["hear"]:
            import numpy as np

            hum = np.sin(np.arange(16_000) / 20.0).astype(np.float32) * 0.3
            with suppress(HeedfulError):
                self.heedful.perceive(audio=(hum, 16_000))

    async def work(self, task: Callable[..., _Result], *given: Any) -> _Result:
        """Run what computes in a worker thread, and return what it returns."""
        return await anyio.to_thread.run_sync(task, *given, limiter=self._limiter)

    async def fetch(self, task: Callable[..., _Result], *given: Any) -> _Result:
        """Run what waits for the store in a thread of its own kind, so that it does not wait for what computes."""
        return await anyio.to_thread.run_sync(task, *given, limiter=self._fetching)

    async def steps(self, events: Generator[_Result, None, None]) -> AsyncIterator[_Result]:
        """Yield what a generator yields, each step run in a worker thread; the generator is closed in any case."""
        over = object()
        try:
            while (event := await self.work(next, events, over)) is not over:
                yield event
        finally:
            with CancelScope(shield=True):
                await self.work(events.close)

    @asynccontextmanager
    async def alone(self, conversation: str) -> AsyncIterator[None]:
        """Let the turns of a conversation come one after the other, so that each knows those before it."""
        lock = self._turns.setdefault(conversation, asyncio.Lock())
        async with lock:
            yield

    async def abilities(self) -> dict[str, bool]:
        """Return what this deployment `can` do; finding out takes a while, the first time."""
        return self.can if "can" in self.__dict__ else await self.work(lambda: self.can)

    @functools.cached_property
    def can(self) -> dict[str, bool]:
        """What this deployment can do beside reading text: hear, see, and turn speech into text.

        Tried out rather than looked up: a network or a library may be missing although the part is there.
        """
        return {
            "hear": self._able("voice", "hear"),
            "see": self._able("face", "watch"),
            "transcribe": self.transcriber is not None,
        }

    def _able(self, modality: Modality, method: str) -> bool:
        opener = getattr(self.heedful, method, None)
        if opener is None or Law.of(self.config).refusal(modality) is not None:
            return False
        try:
            live = opener()
            if method == "watch":  # looks for its networks at the first picture
                live.push(Image(bytes(64 * 64 * 3), 64, 64), 0.0)
        except (HeedfulError, ImportError):
            return False
        return True

    @property
    def pages(self) -> dict[str, str]:
        """The pages that are there, in the order of the navigation."""
        wanted = {name: title for name, title in PAGES.items() if name != "rate" or self.config.rating_folder}
        return {name: title for name, title in wanted.items() if (STATIC / f"{name}.js").is_file()}


def measured() -> list[Path]:
    """Return the results of `make measure` that came with this installation, in the order of the README."""
    package = Path(__file__).parents[1]
    places = (package / "measured", package.parents[1] / "docs" / "results")
    folder = next((place for place in places if place.is_dir()), places[0])
    return sorted(folder.glob("[A-Z][0-9]*.json"), key=lambda path: ("TVFMEGL".find(path.stem[0]), path.stem))


def _service(connection: HTTPConnection) -> Service:
    service: Service = connection.app.state.service
    return service


Serving = Annotated[Service, Depends(_service)]
"""The parameter by which a route gets at the service."""


def answer(told: Record | Any, status: int = 200) -> Response:
    """Return a record, or plain values, as JSON."""
    return Response(msgspec.json.encode(told), status, media_type="application/json")
