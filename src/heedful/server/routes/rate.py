"""`/v1/rating`: people rate the replies of several assistants without knowing whose each is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from heedful.measure import contest
from heedful.measure.contest import Contest, Rating
from heedful.server.caller import MayConverse
from heedful.server.problem import PROBLEMS, ProblemError
from heedful.server.service import Service, Serving, answer

router = APIRouter(prefix="/v1/rating", tags=["rating"], responses=PROBLEMS)
_TAKEN = "dataset"
"""The rater under whose name the ratings of a dataset are kept."""
_WHO = Field(min_length=1, max_length=80, pattern=r"\S", description="A nickname, the same when one goes on later.")


class Given(BaseModel):
    """What somebody thinks of one reply."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"rater": "kim", "prompt": 0, "place": 0, "value": 4}]}
    )
    rater: Annotated[str, _WHO]
    prompt: int = Field(ge=0, le=10**9, description="Which message, as the server numbered it.")
    place: int = Field(ge=0, le=10**6, description="Which of the replies to it, in the order they were shown, from 0.")
    value: int = Field(ge=1, le=100, description="1 is worst; the best is what the server said.")


@router.get("")
async def waiting(
    service: Serving, caller: MayConverse, rater: Annotated[str, Query(min_length=1, max_length=80, pattern=r"\S")]
) -> Response:
    """Return the next message with its replies, in a random order of this rater's own. Nothing says whose they are."""
    who = _rater(caller.inner(rater.strip()))
    return answer(await service.work(_next, _folder(service), who))


@router.post("")
async def rate(given: Given, service: Serving, caller: MayConverse) -> Response:
    """Keep a rating; a later one of the same person for the same reply takes its place."""
    who = _rater(caller.inner(given.rater.strip()))
    await service.work(_keep, _folder(service), who, given)
    return answer({"kept": True}, 201)


def _folder(service: Service) -> Path:
    """Return where the comparison lies; without one there is nothing to rate."""
    if not service.config.rating_folder:
        detail = (
            "Nothing is compared here. Whoever runs the server names a comparison with `heedful serve --rate FOLDER`."
        )
        raise ProblemError(404, detail)
    return Path(service.config.rating_folder)


def _rater(name: str) -> str:
    if name == _TAKEN:
        raise ProblemError(422, "That name is taken by the ratings of the dataset; choose another.")
    return name


def _next(folder: Path, rater: str) -> dict[str, Any]:
    """Return the first message that a rater has not rated whole, with what they gave so far, and how far they are."""
    compared = contest.load(folder)
    given = {(each.prompt, each.assistant): each.value for each in compared.ratings if each.rater == rater}
    ordered = contest.order(compared, rater)
    told: dict[str, Any] = {
        "best": int(compared.best),
        "replies_in_all": sum(len(names) for _, names in ordered),
        "replies_rated": len(given),
        "message": None,
    }
    for row, names in ordered:
        if any((row, name) not in given for name in names):
            replies = [
                {"text": compared.replies[name][row], "rated": int(given[row, name]) if (row, name) in given else None}
                for name in names
            ]
            return {**told, "message": {"prompt": row, "text": compared.prompts[row], "replies": replies}}
    return told


def _keep(folder: Path, rater: str, given: Given) -> None:
    compared = contest.load(folder)
    contest.rate(folder, Rating(given.prompt, _whose(compared, rater, given), rater, float(given.value)))


def _whose(compared: Contest, rater: str, given: Given) -> str:
    """Return whose reply was shown to a rater at a place; the answer never leaves the server."""
    names = dict(contest.order(compared, rater)).get(given.prompt, [])
    if given.place >= len(names):
        raise ProblemError(404, "There is no such reply in this comparison.")
    if given.value > compared.best:
        raise ProblemError(422, f"Ratings go from 1 (worst) to {compared.best:g} (best); got {given.value}.")
    return names[given.place]
