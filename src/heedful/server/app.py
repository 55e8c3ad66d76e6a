"""Make the application: routers, the web page, failures in plain words."""

from __future__ import annotations

import importlib
import pkgutil
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Response
from starlette.staticfiles import StaticFiles

from heedful.api import Heedful
from heedful.server import problem, routes
from heedful.server.service import STATIC, Service


def create_app(heedful: Heedful, *, keys: bool = False, workers: int = 1) -> FastAPI:
    """Return the application that serves a Heedful.

    Args:
        heedful: what answers; the caller closes it.
        keys: whether requests need a key (`heedful keys create`); without, everybody who reaches the server owns it.
        workers: how many processes share the load, this one included.
    """
    app = FastAPI(
        title="Heedful",
        version=version("heedful"),
        description="Perceive how people feel, understand why, and answer with care.",
        redoc_url=None,
        default_response_class=Response,
    )
    app.state.service = Service(heedful, keys=keys, workers=workers)
    problem.register(app)
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
