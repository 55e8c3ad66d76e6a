"""Keep the keys that open the server: a secret is shown once, and only its hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError
from heedful.types import Record

if TYPE_CHECKING:
    from heedful.store.database import Database

SCOPES: Final = {
    "perceive": "read single messages: perceive, understand, judge",
    "converse": "hold conversations, read them again, give feedback",
    "people": "export and forget people, keep their consents",
    "learn": "see what was learned from everybody, and promote it or take it back",
    "observe": "read the metrics",
}
"""Scope -> what it allows."""
ASKED_FOR: Final = ("learn", "observe")
"""Scopes that a key has only if they are named: they concern everybody."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TOKEN: Final = re.compile(r"hk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_OWNER: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_NOBODY: Final = hashlib.sha256(secrets.token_bytes(32)).hexdigest()


@dataclass(frozen=True, slots=True)
class Key(Record):
    """A key that opens the server; its secret is not in here."""

    id: str
    """Twelve hexadecimal digits, which the key itself contains."""
    name: str
    """What it is for, in words."""
    owner: str
    """Whose conversations it opens; keys of one owner open the same ones, and no others."""
    scopes: tuple[str, ...]
    """What it allows, of SCOPES."""
    at: datetime
    """When it was made, in UTC."""
    revoked: datetime | None = None
    """When it was revoked, in UTC, or None while it works."""


class Keys:
    """The keys of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, scopes: Sequence[str] = (), owner: str = "") -> tuple[Key, str]:
        """Make a key, durably once this returns.

        Args:
            name: what it is for, in words.
            scopes: what it allows; by default all but "observe".
            owner: whose conversations it opens; by default a new owner.

        Returns:
            The key and its token, which is told only now.

        Raises:
            InputError: a scope is unknown, or a name says nothing.
        """
        from heedful.store.schema import api_keys

        chosen = tuple(dict.fromkeys(scopes)) or tuple(scope for scope in SCOPES if scope not in ASKED_FOR)
        if unknown := [scope for scope in chosen if scope not in SCOPES]:
            raise InputError(f"there is no scope {', '.join(unknown)}. Known are: {', '.join(SCOPES)}.")
        if not name.strip() or len(name) > 200:
            raise InputError("the name of a key must say what it is for, in at most 200 characters.")
        number, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        owner = owner or number
        if not _OWNER.fullmatch(owner):
            raise InputError(f"an owner is named by up to 32 of a-z, 0-9 and -, not {owner!r:.80}.")
        now = time.time_ns() // 1000
        row = {
            "id": number,
            "name": name,
            "owner": owner,
            "scopes": " ".join(chosen),
            "digest": _digest(secret),
            "at": now,
            "revoked": None,
        }
        with self._database.writing() as connection:
            connection.execute(api_keys.insert(), row)
        return _key(row), f"hk_{number}_{secret}"

    def revoke(self, number: str) -> Key:
        """Revoke a key, durably once this returns; revoking it again changes nothing. InputError if there is none."""
        from heedful.store.schema import api_keys

        chosen = api_keys.c.id == number
        with self._database.writing() as connection:
            working = chosen & api_keys.c.revoked.is_(None)
            connection.execute(api_keys.update().where(working).values(revoked=time.time_ns() // 1000))
            row = connection.execute(api_keys.select().where(chosen)).first()
        if row is None:
            raise InputError(f"there is no key {number!r:.80}. `heedful keys list` shows them.")
        return _key(row._asdict())

    def all(self) -> list[Key]:
        """Return every key, revoked ones included, oldest first."""
        from heedful.store.schema import api_keys

        with self._database.reading() as connection:
            rows = connection.execute(api_keys.select().order_by(api_keys.c.at, api_keys.c.id)).all()
        return [_key(row._asdict()) for row in rows]

    def find(self, token: str) -> Key | None:
        """Return the key that a token is of, revoked or not, or None; takes as long for a wrong one as for a right one.

        Args:
            token: what `create` told.
        """
        from heedful.store.schema import api_keys

        form = _TOKEN.fullmatch(token)
        number, secret = form.groups() if form else ("", token)
        with self._database.reading() as connection:
            row = connection.execute(api_keys.select().where(api_keys.c.id == number)).first()
        found = row._asdict() if row else None
        kept = found["digest"] if found else _NOBODY
        fits = hmac.compare_digest(_digest(secret), kept)
        return _key(found) if fits and found else None


def _digest(secret: str) -> str:
    """Return what is kept of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(row: dict[str, Any]) -> Key:
    revoked = None if row["revoked"] is None else _EPOCH + timedelta(microseconds=row["revoked"])
    made = _EPOCH + timedelta(microseconds=row["at"])
    return Key(row["id"], row["name"], row["owner"], tuple(row["scopes"].split()), made, revoked)
