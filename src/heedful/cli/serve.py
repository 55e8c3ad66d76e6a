"""`heedful serve`: the server and its web page."""

from __future__ import annotations

from typing import Annotated

import typer


def serve(
    *,
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", help="The port to listen at.", min=0, max=65535)] = 8377,
) -> None:
    """Serve the web page, the HTTP interface and the live WebSocket."""
    import uvicorn

    from heedful.cli import factory
    from heedful.config import Config
    from heedful.server.app import create_app

    with factory.open_heedful(Config.load()) as heedful:
        uvicorn.run(create_app(heedful), host=host, port=port)
