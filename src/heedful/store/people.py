"""Keep what belongs to people apart: their conversations and consents; hand it over, and erase it without a trace."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError, StoreError
from heedful.store.ledger import Happening, enter, register
from heedful.store.lessons import erase, learned_of
from heedful.store.records import Consent, Erasure, Person
from heedful.store.residue import files_in, fragments, search
from heedful.types import Feedback, Turn

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql.elements import ColumnElement

    from heedful.store.database import Database

LONGEST_NAME: Final = 200
"""Longest name of a person or a consent, in characters."""
LONGEST_PURPOSE: Final = 2000
"""Longest purpose of a consent, in characters."""
_DAY: Final = 86_400_000_000


class People:
    """The people of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self) -> list[str]:
        """Return everybody who has conversations or consents here, sorted."""
        from sqlalchemy import select

        from heedful.store.schema import people

        with self._database.reading() as connection:
            return sorted(connection.scalars(select(people.c.person)))

    def owner(self, conversation: str) -> str | None:
        """Return the person whom a conversation belongs to, or None."""
        from sqlalchemy import select

        from heedful.store.schema import turns

        owned = (turns.c.conversation == conversation) & turns.c.person.is_not(None)
        with self._database.reading() as connection:
            return connection.scalar(select(turns.c.person).where(owned).limit(1))

    def turns(self, person: str, limit: int) -> list[Turn]:
        """Return the latest `limit` turns that were kept under a person's name, oldest first."""
        rows = self._database.payloads("turns", "person", person, limit)
        return [Turn.from_dict(json.loads(payload)) for _, payload in rows]

    def give(self, person: str, what: str, purpose: str) -> Consent:
        """Keep a person's consent, durably once this returns; consent in force for the same is given back as it is.

        Args:
            person: who gives it.
            what: what they agree to, such as "crisis".
            purpose: what it is for, in words.

        Raises:
            InputError: one of them says nothing or is too long.
        """
        person, what = _said("person", person), _said("what", what)
        purpose = _said("purpose", purpose, LONGEST_PURPOSE)
        for consent in self.consents(person):
            if (consent.what, consent.purpose, consent.withdrawn) == (what, purpose, None):
                return consent
        number = f"{time.time_ns():016x}-{uuid.uuid4().hex[:12]}"
        consent = Consent(number, person, what, purpose, datetime.now(UTC))
        self._keep(consent, new=True)
        return consent

    def withdraw(self, person: str, what: str) -> list[Consent]:
        """Mark a person's consents to something as withdrawn now, and return them; InputError if there are none."""
        standing = [each for each in self.consents(person) if each.what == what and each.withdrawn is None]
        if not standing:
            raise InputError(
                f"{person!r} has given no consent to {what!r} that is in force. See `heedful consent show`."
            )
        withdrawn = [Consent(c.id, c.person, c.what, c.purpose, c.given, datetime.now(UTC)) for c in standing]
        for consent in withdrawn:
            self._keep(consent, new=False)
        return withdrawn

    def consents(self, person: str) -> list[Consent]:
        """Return what a person has agreed to, withdrawn consents included, oldest first."""
        rows = self._database.payloads("consents", "person", person)
        return [Consent.from_dict(json.loads(payload)) for _, payload in rows]

    def agrees(self, person: str, what: str) -> bool:
        """Say whether a person's consent to something is in force."""
        return any(consent.what == what and consent.withdrawn is None for consent in self.consents(person))

    def export(self, person: str) -> Person:
        """Return everything that is kept about a person; raise InputError if there is nothing."""
        from sqlalchemy import select

        from heedful.store.schema import feedback, practice, turns

        with self._database.reading() as connection:
            theirs = _theirs(person)
            said = connection.scalars(select(turns.c.payload).where(theirs).order_by(turns.c.at, turns.c.id)).all()
            ids = select(turns.c.id).where(theirs)
            thought = connection.scalars(
                select(feedback.c.payload).where(feedback.c.turn.in_(ids)).order_by(feedback.c.at, feedback.c.id)
            ).all()
            own = select(practice.c.payload).where(practice.c.person == person).order_by(practice.c.at, practice.c.id)
            practised = connection.scalars(own).all()
        consents = tuple(self.consents(person))
        if not said and not consents and person not in self.known():
            raise InputError(f"nothing is kept about {person!r}. Names are matched to the letter.")
        self._database_audit(Happening("export"), person)
        return Person(
            person,
            tuple(Turn.from_dict(json.loads(payload)) for payload in said),
            tuple(Feedback.from_dict(json.loads(payload)) for payload in thought),
            consents,
            *learned_of(self._database, person),
            practice=tuple(json.loads(payload) for payload in practised),
        )

    def forget(self, person: str) -> Erasure:
        """Erase everything that is kept about a person, and make sure that it is gone.

        Erased are the turns of every conversation that is theirs, the feedback on them, their consents, and the key
        without which the audit log leads to nobody, what was learned from them, and what they practised. An SQLite file
        is then written anew and its write-ahead log emptied, and every file in its folder is searched, byte by byte.

        Raises:
            InputError: nothing is kept about them.
            StoreError: traces are left, because another program keeps the files in use; call it again.
        """
        from sqlalchemy import delete, select

        from heedful.store.schema import consents, feedback, people, practice, turns

        needles: set[bytes] = set()
        with self._database.writing() as connection:
            theirs = _theirs(person)
            ids = list(connection.scalars(select(turns.c.id).where(theirs)))
            key = connection.scalar(select(people.c.key).where(people.c.person == person))
            needles |= _needles(connection, theirs, person, key)
            about = feedback.c.turn.in_(select(turns.c.id).where(theirs))
            lessons, left = erase(connection, theirs, person)
            needles |= {needle for needle in left if len(needle) >= 24}
            gone = Erasure(
                feedback=connection.execute(delete(feedback).where(about)).rowcount,
                turns=connection.execute(delete(turns).where(theirs)).rowcount,
                lessons=lessons,
                consents=connection.execute(delete(consents).where(consents.c.person == person)).rowcount,
                practice=connection.execute(delete(practice).where(practice.c.person == person)).rowcount,
            )
            if not (ids or key or gone.consents or gone.lessons or gone.practice):
                raise InputError(f"nothing is kept about {person!r}. Names are matched to the letter.")
            connection.execute(delete(people).where(people.c.person == person))
            counts: dict[str, str | int] = {"turns": gone.turns, "feedback": gone.feedback, "consents": gone.consents}
            if gone.practice:
                counts["practice"] = gone.practice
            enter(connection, [Happening("deletion", {"why": "request", **counts})], None)
        return replace(gone, files=self._make_sure(needles))

    def expire(self, days: int) -> Erasure:
        """Erase turns that are older than so many days, with the feedback on them.

        Args:
            days: at least 1.
        """
        from sqlalchemy import delete, select

        from heedful.store.schema import feedback, turns

        if days < 1:
            raise InputError(f"days is {days}, and must be at least 1.")
        old = turns.c.at < time.time_ns() // 1000 - days * _DAY
        with self._database.reading() as connection:
            if connection.scalar(select(turns.c.id).where(old).limit(1)) is None:
                return Erasure(0, 0, 0)
        with self._database.writing() as connection:
            about = feedback.c.turn.in_(select(turns.c.id).where(old))
            gone = Erasure(
                feedback=connection.execute(delete(feedback).where(about)).rowcount,
                turns=connection.execute(delete(turns).where(old)).rowcount,
                consents=0,
            )
            counts: dict[str, str | int] = {"turns": gone.turns, "feedback": gone.feedback, "days": days}
            enter(connection, [Happening("deletion", {"why": "retention", **counts})], None)
        self._database.scrub(whole=False)
        return gone

    def _keep(self, consent: Consent, *, new: bool) -> None:
        from heedful.store.schema import consents

        payload = json.dumps(consent.to_dict())
        with self._database.writing() as connection:
            if new:
                row = {"id": consent.id, "person": consent.person, "at": time.time_ns() // 1000, "payload": payload}
                connection.execute(consents.insert(), row)
                register(connection, consent.person)
            else:
                connection.execute(consents.update().where(consents.c.id == consent.id).values(payload=payload))
            details: dict[str, str | int] = {"action": "given" if new else "withdrawn"}
            enter(connection, [Happening("consent", details)], consent.person)

    def _database_audit(self, happening: Happening, person: str) -> None:
        with self._database.writing() as connection:
            enter(connection, [happening], person)

    def _make_sure(self, needles: set[bytes]) -> tuple[str, ...]:
        """Scrub the files, search them, and return those that were searched; raise StoreError if something is left."""
        clean = self._database.scrub(whole=True)
        if not self._database.is_file:
            return ()
        path = Path(self._database.name)
        files = files_in(path.parent)
        left = search(files, needles)
        left = {needle: file for needle, file in left.items() if not self._in_use(needle)}
        if left or not clean:
            where = ", ".join(sorted({str(file) for file in left.values()})) or f"{path}-wal"
            raise StoreError(
                f"everything was erased from the store, but traces may be left in {where}, which another program keeps "
                f"in use or has written. Close other programs that use the store and run this again: "
                f"heedful forget --sweep."
            )
        return tuple(map(str, files))

    def sweep(self) -> tuple[str, ...]:
        """Write the database anew and empty its write-ahead log, so that nothing that was erased is left in them."""
        return self._make_sure(set())

    def _in_use(self, needle: bytes) -> bool:
        """Say whether what was found belongs to what is rightly kept, such as the same words of somebody else."""
        from sqlalchemy import func, select

        from heedful.store.schema import PERSONAL

        wanted = needle.decode("ascii")
        with self._database.reading() as connection:
            return any(
                connection.scalar(select(table.c.payload).where(func.instr(table.c.payload, wanted) > 0).limit(1))
                is not None
                for table in PERSONAL
                if "payload" in table.c
            )


def _theirs(person: str) -> ColumnElement[bool]:
    """Return what picks the turns of a person: those under their name, and the others of the same conversations."""
    from sqlalchemy import or_, select

    from heedful.store.schema import turns

    owned = select(turns.c.conversation).where(turns.c.person == person)
    return or_(turns.c.person == person, turns.c.conversation.in_(owned))


def _needles(connection: Connection, theirs: Any, person: str, key: str | None) -> set[bytes]:
    """Return what must not be found any more once a person is forgotten."""
    from sqlalchemy import select

    from heedful.store.schema import consents, feedback, practice, turns

    needles = {key.encode()} if key else set()
    ids = select(turns.c.id).where(theirs)
    for table, which in (
        (turns, theirs),
        (feedback, feedback.c.turn.in_(ids)),
        (consents, consents.c.person == person),
        (practice, practice.c.person == person),
    ):
        for row_id, payload in connection.execute(select(table.c.id, table.c.payload).where(which)):
            needles |= {json.dumps(row_id)[1:-1].encode(), *fragments(payload)}
    # Short ones stand in the files of other people by chance.
    return {needle for needle in needles if len(needle) >= 24}


def _said(what: str, value: str, longest: int = LONGEST_NAME) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{what} must be a text that says something, not {value!r:.80}.")
    if len(value) > longest:
        raise InputError(f"{what} has {len(value)} characters, and may have at most {longest}. Shorten it.")
    return value
