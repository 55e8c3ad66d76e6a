"""Stand before every route: request ids, hosts and origins, body size, security headers, metrics, log."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from heedful.server.problem import problem
from heedful.server.service import Service

HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self' ws: wss:; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""On every response."""
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1", "testserver"})
_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LOG = logging.getLogger("heedful.server")


class Gate:
    """ASGI middleware; `app` is what stands behind it."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request or a socket through, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refusal(headers)
        if scope["type"] == "websocket":
            if refused:
                await send({"type": "websocket.close", "code": 1008, "reason": refused[1]})
            else:
                await self._app(scope, receive, send)
            return
        visit = _Visit(self._service, scope, headers, send)
        if refused:
            await problem(*refused)(scope, receive, visit.send)
            return
        try:
            await self._app(scope, visit.limited(receive), visit.send)
        except _TooLargeError:
            if not visit.status:
                await problem(413, _too_large(self._service))(scope, receive, visit.send)

    def _refusal(self, headers: Headers) -> tuple[int, str] | None:
        """Return status and reason why a request is not let in, or None."""
        config = self._service.config
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        # Without keys, a website could point a name of its own at this machine and call from its page.
        known = _HERE | set(config.serve_hosts)
        if "*" not in known and host not in known and (config.serve_hosts or not self._service.keys):
            return 421, f"This server does not answer to the name {host!r:.80}. The setting serve_hosts adds names."
        origin = headers.get("origin")
        if origin and origin not in config.serve_origins and urlsplit(origin).netloc != headers.get("host"):
            return 403, "Pages of other websites may not call this server. The setting serve_origins lets them."
        size = headers.get("content-length", "0")
        if not size.isdigit() or int(size) > config.serve_body:
            return 413, _too_large(self._service)
        return None


def _too_large(service: Service) -> str:
    return f"The request is too large: at most {service.config.serve_body:,} bytes (setting serve_body)."


def _replaced(message: Message, response: Response) -> Message:
    """Return a message of a response with another response in its place."""
    if message["type"] == "http.response.start":
        return {**message, "status": response.status_code, "headers": list(response.raw_headers)}
    return {**message, "body": b"" if message.get("more_body") else bytes(response.body)}


class _TooLargeError(Exception):
    """A body grew beyond the limit."""


class _Visit:
    """One request on its way through."""

    def __init__(self, service: Service, scope: Scope, headers: Headers, send: Send) -> None:
        given = headers.get("x-request-id", "")
        self._id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        self._service, self._scope, self._send = service, scope, send
        self._began = time.perf_counter()
        self._instead: Response | None = None
        self.status = 0

    def limited(self, receive: Receive) -> Receive:
        """Return a `receive` that stops a body which grows too large."""
        read = 0

        async def receive_limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._service.config.serve_body:
                # The framework takes this for a body that cannot be parsed; it is answered with what is true.
                self._instead = problem(413, _too_large(self._service))
                raise _TooLargeError
            return message

        return receive_limited

    async def send(self, message: Message) -> None:
        """Send on, with our headers; count and log at the end."""
        if self._instead is not None:
            message = _replaced(message, self._instead)
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if self._scope["path"].startswith("/v1/"):
                headers.setdefault("cache-control", "no-store")
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self._done()

    def _done(self) -> None:
        seconds = time.perf_counter() - self._began
        route: Any = self._scope.get("route")
        # The route, not the path: a path may name a person.
        name = getattr(route, "path", None) or "page"
        metrics = self._service.metrics
        metrics.requests.labels(self._scope["method"], name, str(self.status)).inc()
        metrics.seconds.labels(name).observe(seconds)
        caller = self._scope.get("state", {}).get("caller")
        told = {
            "request": self._id,
            "method": self._scope["method"],
            "route": name,
            "status": self.status,
            "ms": round(seconds * 1000, 1),
            "key": caller.key if caller else "",
        }
        _LOG.info("request", extra={"told": told})
