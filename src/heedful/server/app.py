"""Make the application: routers, the web page, failures in plain words."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Response
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from heedful.api import Heedful
from heedful.server import problem, routes
from heedful.server.gate import Gate
from heedful.server.service import STATIC, Service
from heedful.server.sessions import Sessions


def create_app(heedful: Heedful, *, keys: bool = False, workers: int = 1) -> FastAPI:
    """Return the application that serves a Heedful.

    Args:
        heedful: what answers; the caller closes it.
        keys: whether requests need a key (`heedful keys create`); without, everybody who reaches the server owns it.
        workers: how many processes share the load, this one included.
    """
    service = Service(heedful, keys=keys, workers=workers)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.sessions = sessions = Sessions(service)
        await service.fetch(heedful.store.audit.entries, 1)  # opens the store
        beginning = asyncio.create_task(service.begin())
        yield
        await sessions.close()
        await beginning

    app = FastAPI(
        title="Heedful",
        version=version("heedful"),
        description="Perceive how people feel, understand why, and answer with care.",
        docs_url=None,  # the usual viewer comes from other people's servers; /openapi.json is all there is
        redoc_url=None,
        lifespan=life,
        default_response_class=Response,
    )
    app.state.service = service
    problem.register(app)
    if service.config.serve_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=service.config.serve_origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["authorization", "content-type", "x-request-id"],
            expose_headers=["x-request-id"],
        )
    app.add_middleware(Gate, service=service)
    for module in pkgutil.iter_modules(routes.__path__):
        app.include_router(importlib.import_module(f"{routes.__name__}.{module.name}").router)
    app.mount("/", _Page(directory=STATIC, html=True), name="page")
    return app


class _Page(StaticFiles):
    """The files of the web page; browsers ask each time whether one has changed."""

    def file_response(self, *given: Any, **options: Any) -> Response:
        response = super().file_response(*given, **options)
        response.headers["cache-control"] = "no-cache"
        return response
