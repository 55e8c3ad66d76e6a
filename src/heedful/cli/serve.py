"""`heedful serve`: the server and its web page."""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from fastapi import FastAPI

    from heedful.config import Config

HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
"""Addresses that only this machine reaches."""
_KEYS, _WORKERS, _LEVEL = "HEEDFUL_SERVE_KEYS", "HEEDFUL_SERVE_WORKERS", "HEEDFUL_SERVE_LOG"
_RATED = "HEEDFUL_SERVE_RATE"


def serve(
    *,
    host: Annotated[str, typer.Option("--host", help="The address to listen at; 0.0.0.0 = every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", help="The port to listen at.", min=0, max=65535)] = 8377,
    workers: Annotated[int, typer.Option("--workers", "-w", help="Processes that share the load.", min=1)] = 1,
    open_page: Annotated[bool, typer.Option("--open", help="Open the web page in the browser.")] = False,
    keys: Annotated[
        bool | None,
        typer.Option(
            "--keys/--no-keys",
            help="Whether a key is needed; `heedful keys create` makes one.",
            show_default="needed unless only this machine reaches the server",
        ),
    ] = None,
    rate: Annotated[
        Path | None,
        typer.Option("--rate", help="What `heedful measure assistants --out` made: people rate its replies blindly."),
    ] = None,
    log: Annotated[str, typer.Option("--log", help="What is logged: debug, info, warning or error.")] = "warning",
) -> None:
    """Serve the web page, the HTTP interface and the live WebSocket."""
    from heedful.cli.screen import stdout

    try:
        import uvicorn
    except ImportError as error:
        from heedful.errors import ConfigError

        raise ConfigError("the server needs some more packages: pip install 'heedful[server]'.") from error
    config = _config(str(rate.absolute()) if rate else "")
    needed = host not in HERE if keys is None else keys
    _check(config, host, needed=needed)
    url = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/"
    console = stdout()
    console.print(f"Heedful is at [bold]{url}[/bold]  (Ctrl-C ends it)", markup=True)
    if needed:
        console.print("A key is needed: heedful keys create NAME", style="dim")
    options: dict[str, Any] = {"host": host, "port": port, "log_config": None, "server_header": False}
    options |= {"ws_max_size": config.serve_body, "access_log": False, "timeout_graceful_shutdown": 10}
    options |= {"timeout_keep_alive": 75}  # longer than a reverse proxy keeps one: it must be the proxy that closes
    os.environ |= {_KEYS: str(int(needed)), _WORKERS: str(workers), _LEVEL: log, _RATED: config.rating_folder}
    if open_page:
        _open_soon(url)
    if workers == 1:
        uvicorn.run("heedful.cli.serve:application", factory=True, **options)
        return
    with tempfile.TemporaryDirectory(prefix="heedful-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        uvicorn.run("heedful.cli.serve:application", factory=True, workers=workers, **options)


def application() -> FastAPI:
    """Make the application of one process; the options come through the environment, so that every worker has them."""
    from heedful.cli import factory
    from heedful.server import log
    from heedful.server.app import create_app

    log.set_up(os.environ.get(_LEVEL, "warning"))
    heedful = factory.open_heedful(_config(os.environ.get(_RATED, "")))
    atexit.register(heedful.close)
    keys, workers = os.environ.get(_KEYS, "1") == "1", int(os.environ.get(_WORKERS, "1"))
    return create_app(heedful, keys=keys, workers=workers)


def _config(rated: str) -> Config:
    """Return the settings, with the comparison that is rated, which must be one, if there is any."""
    from heedful.config import Config
    from heedful.measure.contest import load

    config = Config.load(rating_folder=rated) if rated else Config.load()
    if config.rating_folder:
        load(Path(config.rating_folder))
    return config


def _check(config: Any, host: str, *, needed: bool) -> None:
    """Refuse to open a server to a network without a key, or with none made."""
    from heedful.cli import factory
    from heedful.errors import ConfigError

    if not needed and host not in HERE:
        raise ConfigError(
            f"at {host} others reach the server, so it needs keys: leave --no-keys out, or listen at 127.0.0.1."
        )
    with factory.open_heedful(config) as heedful:
        if needed and not any(key.revoked is None for key in heedful.store.keys.all()):
            raise ConfigError(
                "there is no key yet that would open the server. Make one first: heedful keys create NAME"
            )


def _open_soon(url: str) -> None:
    """Open the page as soon as the server is ready, or after a minute in which it did not become so."""
    import threading
    import time
    import urllib.request
    import webbrowser

    def wait() -> None:
        give_up = time.monotonic() + 60.0
        while time.monotonic() < give_up:
            try:
                with urllib.request.urlopen(f"{url}ready", timeout=10):
                    break
            except OSError:  # not there yet, or still loading
                time.sleep(0.2)
        webbrowser.open(url)

    threading.Thread(target=wait, daemon=True).start()
