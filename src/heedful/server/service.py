"""Hold what the routes share: Heedful, its worker threads and what this deployment offers."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import anyio.to_thread
import msgspec
from anyio import CapacityLimiter
from fastapi import Depends, Response
from starlette.requests import HTTPConnection

from heedful.api import Heedful
from heedful.types import Record

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

    async def work(self, task: Callable[..., _Result], *given: Any) -> _Result:
        """Run what computes in a worker thread, and return what it returns."""
        return await anyio.to_thread.run_sync(task, *given, limiter=self._limiter)

    @property
    def pages(self) -> dict[str, str]:
        """The pages that are there, in the order of the navigation."""
        return {name: title for name, title in PAGES.items() if (STATIC / f"{name}.js").is_file()}


def _service(connection: HTTPConnection) -> Service:
    service: Service = connection.app.state.service
    return service


Serving = Annotated[Service, Depends(_service)]
"""The parameter by which a route gets at the service."""


def answer(told: Record | Any, status: int = 200) -> Response:
    """Return a record, or plain values, as JSON."""
    return Response(msgspec.json.encode(told), status, media_type="application/json")
