"""Define what the store keeps beside turns and feedback: consents, audit entries, and what an erasure did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from heedful.types import Feedback, Record, Turn

Kind = Literal["refusal", "crisis", "disclosure", "deletion", "export", "consent", "model"]


@dataclass(frozen=True, slots=True)
class Consent(Record):
    """What a person agreed to, when, and for what purpose."""

    id: str
    """Unique, sortable by time."""
    person: str
    """Who gave it."""
    what: str
    """What they agreed to; "crisis" lets a crisis stay in force in new conversations of theirs."""
    purpose: str
    """What it is for, in words that were shown to them."""
    given: datetime
    """When, in UTC."""
    withdrawn: datetime | None = None
    """When they took it back, in UTC, or None while it is in force."""


@dataclass(frozen=True, slots=True)
class AuditEntry(Record):
    """Something that happened and may have to be accounted for; it holds nothing that was said."""

    number: int
    """From 1, without gaps."""
    at: datetime
    """When, in UTC."""
    kind: Kind
    """What happened: refusal, crisis, disclosure, deletion, export, consent or model."""
    subject: str | None
    """Whom it is about: a keyed hash whose key is destroyed when the person is forgotten; None for nobody known."""
    details: Mapping[str, str | int]
    """More about it, such as the level of a crisis or the version of a network."""
    digest: str
    """SHA-256 over this entry and the digest of the one before: a changed or missing entry breaks the chain."""


@dataclass(frozen=True, slots=True)
class Person(Record):
    """Everything that is kept about a person."""

    person: str
    """Who they are to this store."""
    turns: tuple[Turn, ...]
    """Every turn of every conversation of theirs, oldest first."""
    feedback: tuple[Feedback, ...]
    """What they thought of the replies."""
    consents: tuple[Consent, ...]
    """What they agreed to, withdrawn consents included."""
    lessons: tuple[Mapping[str, Any], ...] = ()
    """What was drawn from their feedback: numbers, as they are kept."""
    taste: Mapping[str, Any] | None = None
    """What they were found to prefer, as it is kept, or None."""
    practice: tuple[Mapping[str, Any], ...] = ()
    """What they practised: sessions, drill cards and self-reports, as they are kept."""


@dataclass(frozen=True, slots=True)
class Erasure(Record):
    """What was erased."""

    turns: int
    """How many turns."""
    feedback: int
    """How many pieces of feedback."""
    consents: int
    """How many consents."""
    files: tuple[str, ...] = ()
    """The files that were searched afterwards, byte by byte; nothing was left in them."""
    lessons: int = 0
    """How many lessons were drawn from their feedback; what was learned from them is gone too."""
    practice: int = 0
    """How many records of practice."""
