"""Say who calls: whose conversations a request may touch, and what it may do."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import HTTPConnection, Request

from heedful.errors import InputError
from heedful.server.problem import ProblemError
from heedful.server.service import Service
from heedful.store.keys import SCOPES
from heedful.types import Turn

NAME_LIMIT: Final = 160
"""Longest name of a conversation or a person, in characters; the store adds whose it is."""
_CHALLENGE: Final = {"www-authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls."""

    key: str
    """The key's id; "" on a server without keys."""
    owner: str
    """Whose conversations these are; "" on a server without keys, which knows only one owner."""
    scopes: frozenset[str]
    """What is allowed."""

    def inner(self, name: str) -> str:
        """Return the store's name for a name that the caller uses: no caller can name what is another's."""
        if not 1 <= len(name) <= NAME_LIMIT:
            raise InputError(f"a name has 1 to {NAME_LIMIT} characters, not {len(name)}.")
        return f"{self.owner}/{name}" if self.owner else name

    def outer(self, name: str) -> str:
        """Return the caller's name for a name of the store."""
        return name.removeprefix(f"{self.owner}/") if self.owner else name

    def owns(self, name: str) -> bool:
        """Say whether a name of the store is the caller's."""
        return not self.owner or name.startswith(f"{self.owner}/")

    def seen(self, turn: Turn) -> Turn:
        """Return a turn as the caller knows it, without the sound and pictures that they have already."""
        person = None if turn.person is None else self.outer(turn.person)
        message = turn.message.without_media()
        return replace(turn, message=message, conversation=self.outer(turn.conversation), person=person)


async def identify(service: Service, token: str | None, scope: str) -> Caller:
    """Return who a token belongs to; raise ProblemError if it opens nothing, not this, or is used too often."""
    if not service.keys:
        caller = Caller("", "", frozenset(SCOPES))
    else:
        if not token:
            detail = "A key is needed: send it as `Authorization: Bearer hk_...`. `heedful keys create` makes one."
            raise ProblemError(401, detail, _CHALLENGE)
        key = await service.fetch(service.heedful.store.keys.find, token)
        if key is None:
            raise ProblemError(401, "This key opens nothing here. Check that it is whole.", _CHALLENGE)
        if key.revoked is not None:
            raise ProblemError(403, "This key was revoked. Ask whoever runs the server for another.")
        caller = Caller(key.id, key.owner, frozenset(key.scopes))
    if wait := service.rate.take(caller.key):
        detail = f"Too many requests: at most {service.config.serve_rate} a minute. Try again in {wait:.0f} s."
        raise ProblemError(429, detail, {"retry-after": f"{max(1, round(wait))}"})
    if scope not in caller.scopes:
        raise ProblemError(403, f"This key does not allow {scope!r}: {SCOPES[scope]}. It allows: {_told(caller)}.")
    return caller


_bearer = HTTPBearer(auto_error=False, description="A key that `heedful keys create` made.")


def may(scope: str) -> Callable[..., Coroutine[Any, Any, Caller]]:
    """Return a dependency that lets through whoever may do what a scope allows."""

    async def caller(
        request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Caller:
        found = await identify(request.app.state.service, given.credentials if given else None, scope)
        request.state.caller = found
        return found

    return caller


def bearer(connection: HTTPConnection) -> str | None:
    """Return the token in a connection's headers, or None."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


MayPerceive = Annotated[Caller, Security(may("perceive"))]
"""A caller who may read single messages."""
MayConverse = Annotated[Caller, Security(may("converse"))]
"""A caller who may hold conversations."""
MayPeople = Annotated[Caller, Security(may("people"))]
"""A caller who may export and forget people."""
MayLearn = Annotated[Caller, Security(may("learn"))]
"""A caller who may steer what is learned from everybody."""
MayObserve = Annotated[Caller, Security(may("observe"))]
"""A caller who may read the metrics."""


def _told(caller: Caller) -> str:
    return ", ".join(sorted(caller.scopes))
