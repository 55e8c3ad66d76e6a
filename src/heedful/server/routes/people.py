"""`/v1/people`: hand over everything that is kept about a person, erase it, and keep what they agree to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Response

from heedful.errors import InputError
from heedful.server.caller import Caller, MayPeople
from heedful.server.problem import PROBLEMS, ProblemError
from heedful.server.schemas import NewConsent
from heedful.server.service import Serving, answer
from heedful.store.records import Consent, Erasure, Person

router = APIRouter(tags=["people"], responses=PROBLEMS)
Who = Annotated[str, Path(min_length=1, max_length=160, description="The person, as the application names them.")]
_Result = TypeVar("_Result")


@router.get("/v1/people/{person}", response_model=Person)
async def export(person: Who, service: Serving, caller: MayPeople) -> Response:
    """Hand over everything that is kept about a person."""
    found = await service.fetch(_known, service.heedful.export, caller.inner(person))
    turns = tuple(caller.seen(turn) for turn in found.turns)
    consents = tuple(_outer(each, caller) for each in found.consents)
    return answer(replace(found, person=person, turns=turns, consents=consents))


@router.delete("/v1/people/{person}", response_model=Erasure)
async def forget(person: Who, service: Serving, caller: MayPeople) -> Response:
    """Erase everything that is kept about a person, and make sure that it is gone from the files."""
    return answer(await service.fetch(_known, service.heedful.forget, caller.inner(person)))


@router.get("/v1/people/{person}/consents", response_model=list[Consent])
async def consents(person: Who, service: Serving, caller: MayPeople) -> Response:
    """Return what a person has agreed to, withdrawn consents included, oldest first."""
    found = await service.fetch(service.heedful.consents, caller.inner(person))
    return answer([_outer(each, caller) for each in found])


@router.post("/v1/people/{person}/consents", response_model=Consent)
async def give(person: Who, asked: NewConsent, service: Serving, caller: MayPeople) -> Response:
    """Keep that a person agrees to something, for a purpose in words; durable when this answers."""
    given = await service.fetch(service.heedful.consent, caller.inner(person), asked.what, asked.purpose)
    return answer(_outer(given, caller))


@router.delete("/v1/people/{person}/consents/{what}", response_model=list[Consent])
async def withdraw(person: Who, what: str, service: Serving, caller: MayPeople) -> Response:
    """Keep that a person agrees no more."""
    found = await service.fetch(_known, service.heedful.withdraw, caller.inner(person), what)
    return answer([_outer(each, caller) for each in found])


def _known(task: Callable[..., _Result], *given: str) -> _Result:
    """Run a task; what it says of somebody unknown is told as not found, without the store's name for them."""
    try:
        return task(*given)
    except InputError:
        raise ProblemError(404, "Nothing of that kind is kept here. Names are matched to the letter.") from None


def _outer(consent: Consent, caller: Caller) -> Consent:
    return replace(consent, person=caller.outer(consent.person))
