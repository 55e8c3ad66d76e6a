"""Say what went wrong over HTTP: problem details (RFC 9457), for every failure, in plain words."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from heedful.errors import HeedfulError, InputError, StoreError

MEDIA_TYPE: Final = "application/problem+json"
"""The media type of problem details."""
_LOG = logging.getLogger("heedful.server")
_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong, what was expected and what to do."},
        "error": {"type": "object", "description": "The same, as clients of the OpenAI protocol expect it."},
    },
}
_STATUSES: Final = {
    400: "The request is malformed.",
    401: "A key is missing or wrong.",
    403: "The key does not allow this, or was revoked.",
    404: "There is nothing of that name.",
    413: "The request is too large.",
    421: "The server does not answer to this name.",
    422: "The request does not fit.",
    429: "Too many requests.",
    503: "Something that is needed is not there at the moment.",
}
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": told, "content": {MEDIA_TYPE: {"schema": _SCHEMA}}} for status, told in _STATUSES.items()
}
"""Every failure a route may answer with, for the OpenAPI document."""


class ProblemError(Exception):
    """Stop a request with a status and the reason.

    Args:
        status: of the response.
        detail: what was wrong, what was expected and what to do.
        headers: more headers.
    """

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """Return a response of problem details; `error` repeats them as clients of the OpenAI protocol expect."""
    title = HTTPStatus(status).phrase
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "error": {"message": detail, "type": title.lower().replace(" ", "_"), "code": status, "param": None},
        **more,
    }
    return Response(msgspec.json.encode(body), status, headers, MEDIA_TYPE)


def register(app: FastAPI) -> None:
    """Let every failure of the application be told as a problem."""
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HeedfulError, _heedful)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def told(error: HeedfulError) -> tuple[int, str]:
    """Return the status and the words for a failure of Heedful."""
    if isinstance(error, InputError):
        return 422, str(error)
    if isinstance(error, StoreError):
        unknown = str(error).startswith("there is no turn")
        return (404, "There is no such turn here.") if unknown else (503, str(error))
    return 503, str(error)


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return problem(error.status, error.detail, error.headers)


async def _heedful(_: Request, error: Exception) -> Response:
    assert isinstance(error, HeedfulError)
    return problem(*told(error))


async def _validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Without what was sent: it may be what a person wrote.
    wrong = [{"where": "/".join(map(str, each["loc"])), "what": each["msg"]} for each in error.errors()]
    detail = "; ".join(f"{each['where']}: {each['what']}" for each in wrong[:5])
    return problem(422, f"The request does not fit: {detail}. /openapi.json says what is expected.", errors=wrong[:50])


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), dict(error.headers or {}))


async def _unexpected(_: Request, error: Exception) -> Response:
    _LOG.error("unexpected", extra={"told": {"error": type(error).__name__}}, exc_info=error)
    return problem(500, "Something went wrong in the server; its log says what, under the id of this request.")
