"""Keep turns and feedback: what is acknowledged stays, whatever happens to the process."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar
from urllib.parse import quote

import msgspec

from heedful.errors import HeedfulError, InputError, StoreError
from heedful.store.audit import AuditLog
from heedful.store.keys import Keys
from heedful.store.ledger import Happening
from heedful.store.lessons import Lessons
from heedful.store.people import People
from heedful.store.practice import Practice
from heedful.types import Feedback, Record, Turn

if TYPE_CHECKING:
    from heedful.store.database import Database, TableName

NAME_LIMIT: Final = 200
"""Longest id or conversation name, in characters; PostgreSQL cannot index much longer ones."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_Kind = TypeVar("_Kind", bound=Record)
_MAKING = threading.Lock()
_DECODERS: dict[type[Record], msgspec.json.Decoder[Any]] = {}


@dataclass(frozen=True, slots=True)
class Conversation(Record):
    """A stored conversation, in short."""

    name: str
    """What it is called."""
    turns: int
    """How many turns it has."""
    first: datetime
    """When its first turn was made, in UTC."""
    last: datetime
    """When its latest turn was made, in UTC."""


class Store:
    """Where turns and feedback are kept; safe to share between threads, and between processes by URL.

    A method that writes returns when the record is committed and synced: from then on it survives a crash and a
    power cut. Text comes back as it was, NUL and lone surrogates included; only a surrogate pair that was written
    as two characters comes back as the one character it stands for.

    Examples:
        >>> with Store.open("sqlite://") as store:  # in memory; sqlite_url() gives the URL of a file
        ...     store.conversations()
        []
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.people = People(database)
        """The people whom conversations belong to, with their consents."""
        self.practice = Practice(database, self.people)
        """What people practised, each for themselves."""
        self.audit = AuditLog(database)
        """What happened and may have to be accounted for."""
        self.keys = Keys(database)
        """The keys that open the server."""
        self.lessons = Lessons(database)
        """What was learned from feedback and from watching."""

    @classmethod
    def open(cls, url: str) -> Self:
        """Open a store; make it or bring it up to date where needed.

        Args:
            url: an SQLAlchemy URL; `sqlite_url()` gives the one of a folder.

        Raises:
            StoreError: it cannot be opened, is damaged, or was written by a newer Heedful. It is left as it was.
        """
        from heedful.store.database import Database  # SQLAlchemy takes 0.3 s to import

        return cls(Database.open(url))

    def close(self) -> None:
        """Let go of the database; closing twice does no harm."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def reading_together(self) -> AbstractContextManager[None]:
        """Return what lets all that this thread reads meanwhile share one transaction; nothing may be written in it."""
        return self._database.reading_together()

    def add_turn(self, turn: Turn, happened: Sequence[Happening] = ()) -> None:
        """Keep a turn, without its sound and pictures and with its time in UTC; adding it again changes nothing.

        Args:
            turn: the turn.
            happened: what to enter into the audit log in the same transaction.

        Raises:
            InputError: it could not be read back, or another turn has its id.
            StoreError: it could not be written.
        """
        kept = replace(turn, message=turn.message.without_media(), at=_in_utc(turn.at))
        if not self._add("turns", kept, {"conversation": turn.conversation, "person": turn.person}, happened):
            raise StoreError(f"the turn {turn.id!r} was erased while it was being stored. Store it again.")

    def turns(self, conversation: str, limit: int, known: Mapping[str, Turn] | None = None) -> list[Turn]:
        """Return the latest `limit` turns (0 or more) of a conversation, oldest first; none if it is unknown.

        Args:
            conversation: its name.
            limit: how many at most.
            known: turns by their ids that need not be read anew; those of them that are still stored are returned.
        """
        if limit < 0:
            raise InputError(f"limit is {limit}, and must be 0 or more turns.")
        if not known:
            latest = self._database.payloads("turns", "conversation", conversation, limit)
            return [_read(Turn, *row) for row in latest]
        ids = self._database.ids("turns", "conversation", conversation, limit)
        there = {each: turn for each in ids if (turn := known.get(each)) is not None}
        missing = [each for each in ids if each not in there]
        for turn_id, payload in self._database.payloads_of("turns", missing) if missing else ():
            there[turn_id] = _read(Turn, turn_id, payload)
        return [there[each] for each in ids if each in there]

    def turn(self, turn_id: str) -> Turn:
        """Return a turn by its id; raise StoreError if there is none."""
        payload = self._database.payload("turns", turn_id)
        if payload is None:
            raise StoreError(f"there is no turn {turn_id!r} in this store. Take the id from a Turn that turns() gives.")
        return _read(Turn, turn_id, payload)

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep feedback, with its time in UTC; adding it again changes nothing.

        Raises:
            InputError: its turn is not stored, it could not be read back, or other feedback has its id.
            StoreError: it could not be written.
        """
        kept = replace(feedback, at=_in_utc(feedback.at))
        if not self._add("feedback", kept, {"turn": feedback.turn}):
            raise InputError(
                f"feedback {feedback.id!r} is about the turn {feedback.turn!r}, which is not in this store. "
                f"Store the turn first, and pass its id."
            )

    def feedback(self, turn_id: str) -> list[Feedback]:
        """Return the feedback on a turn, oldest first."""
        return [_read(Feedback, *row) for row in self._database.payloads("feedback", "turn", turn_id)]

    def conversations(self) -> list[Conversation]:
        """Return every conversation, the one with the latest turn first."""
        return [
            Conversation(name, turns, _EPOCH + first * _MICROSECOND, _EPOCH + last * _MICROSECOND)
            for name, turns, first, last in self._database.conversations()
        ]

    def _add(
        self,
        table: TableName,
        record: Turn | Feedback,
        keys: Mapping[str, str | None],
        happened: Sequence[Happening] = (),
    ) -> bool:
        payload = _payload(record)
        names = {column: value and _short(column, value) for column, value in {"id": record.id, **keys}.items()}
        row = {**names, "at": (record.at - _EPOCH) // _MICROSECOND, "payload": payload}
        if self._database.insert(table, row, happened):
            return True
        stored = self._database.payload(table, record.id)
        if stored is None:
            return False
        # Compared as values too: the same labels in another order are the same record.
        if stored != payload and json.loads(stored) != json.loads(payload):
            raise InputError(
                f"the id {record.id!r} is taken by a different {type(record).__name__.lower()}, which was left as it "
                f"is. Give this one an id of its own."
            )
        return True


def sqlite_url(folder: str) -> str:
    """Return the URL of the SQLite file `heedful.db` in a folder.

    Args:
        folder: where it lies, `~` allowed; "" is the user's data folder. Made for its owner alone if missing.

    Raises:
        StoreError: the folder cannot be made, or its name is not text.
    """
    try:
        if folder:
            place = Path(folder).expanduser().absolute()
        else:
            from platformdirs import user_data_path

            place = user_data_path("heedful", appauthor=False)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return "sqlite:///" + quote(os.fspath(place / "heedful.db"), safe="/")
    except (OSError, RuntimeError, ValueError) as error:
        raise StoreError(
            f"the data folder {folder or 'of this user'!r} cannot be used: {error}. "
            f"Set data_folder to a folder that you may write to."
        ) from error


def _payload(record: Record) -> str:
    kind = type(record)
    if (quick := _quick(record)) is not None:
        return quick
    try:
        payload = json.dumps(record.to_dict(), ensure_ascii=True)
        kind.from_dict(json.loads(payload))
    except (HeedfulError, TypeError, ValueError) as error:
        raise InputError(
            f"this {kind.__name__.lower()} could not be read back if it were stored, so it was not: {error} "
            f"Use the types that {kind.__name__} names for its fields."
        ) from error
    return payload


def _quick(record: Record) -> str | None:
    """Return a record as JSON in a fifth of the time, or None where that would not be read back as it is.

    As with what is written otherwise it is ASCII: JSON's own escapes carry what UTF-8 and SQL text cannot.
    """
    try:
        payload = msgspec.json.encode(record).decode()
        same = payload.isascii() and _decoder(type(record)).decode(payload) == record
    except (msgspec.MsgspecError, TypeError, ValueError):
        return None
    return payload if same else None  # not a number, for one, would come back as nothing


def _decoder(kind: type[_Kind]) -> msgspec.json.Decoder[_Kind]:
    """Return what reads a kind of record, made once: msgspec ends the process if two threads make one side by side."""
    with _MAKING:
        if kind not in _DECODERS:
            _DECODERS[kind] = msgspec.json.Decoder(kind)
        return _DECODERS[kind]


def _rebuilt(kind: type[_Kind], payload: str) -> _Kind:
    """Return the record behind JSON; raise ValueError or InputError if it is none."""
    try:
        return _decoder(kind).decode(payload)  # four times as quick
    except msgspec.MsgspecError:  # lone surrogates, and what does not fit: the error then names the field
        return kind.from_dict(json.loads(payload))


def _read(kind: type[_Kind], record_id: str, payload: str) -> _Kind:
    try:
        return _rebuilt(kind, payload)
    except ValueError as error:
        raise StoreError(
            f"the stored {kind.__name__.lower()} {record_id!r} is damaged: {error} It was left as it is. "
            f"Restore a backup of the store."
        ) from error


def _short(what: str, value: str) -> str:
    if len(value) > NAME_LIMIT:
        raise InputError(
            f"the name in {what!r} has {len(value)} characters, and may have at most {NAME_LIMIT}. Shorten it."
        )
    return value


def _in_utc(at: datetime) -> datetime:
    if not isinstance(at, datetime) or at.utcoffset() is None:
        raise InputError(f"the time {at!r} has no time zone. Use datetime.now(UTC), or a time with its zone.")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise InputError(f"the time {at} lies outside the years 1 to 9999 in UTC. Use datetime.now(UTC).") from error
