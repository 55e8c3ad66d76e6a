"""`/v1/learning`: what feedback has taught, and what somebody may do with it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from heedful.learn.curve import Curve
from heedful.learn.learning import Outcome, Status, plain_version
from heedful.server.caller import MayLearn
from heedful.server.problem import PROBLEMS
from heedful.server.service import Serving, answer

router = APIRouter(tags=["learning"], responses=PROBLEMS)


class Back(BaseModel):
    """What is taken back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kind": "preference"}]})
    kind: Literal["preference", "watched", "calibration"] = Field(
        "preference", description="What people prefer, what was watched, or how feelings are misread."
    )


class Forward(BaseModel):
    """What a candidate is made of."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kind": "calibration"}]})
    kind: Literal["preference", "calibration"] = Field(
        "preference", description="What people prefer, or how feelings are misread."
    )
    version: int | None = Field(None, ge=1, description="A candidate; by default one is made from all feedback.")


@router.get("/v1/learning", response_model=Status)
async def status(service: Serving, _: MayLearn) -> Response:
    """Say what was learned so far, which versions there are, and what somebody should look at."""
    return answer(await service.work(service.heedful.learning.status))


@router.get("/v1/learning/curve", response_model=Curve)
async def curve(service: Serving, _: MayLearn, kind: Literal["preference", "calibration"] = "preference") -> Response:
    """Say how much better people's choices are foreseen as feedback comes, or their feelings read."""
    return answer(await service.work(lambda: service.heedful.learning.curve(kind)))


@router.get("/v1/learning/versions/{number}")
async def version(number: int, service: Serving, _: MayLearn) -> Response:
    """Say what a version was made from, how it measured, and what it changes."""
    return answer(await service.work(lambda: plain_version(service.heedful.learning.why(number))))


@router.post("/v1/learning/promote", response_model=Outcome)
async def promote(service: Serving, _: MayLearn, forward: Forward | None = None) -> Response:
    """Measure what feedback has taught, and use it from now on if it is better and harms nobody."""
    asked = forward or Forward(kind="preference", version=None)
    learning = service.heedful.learning
    return answer(await service.work(lambda: learning.promote(asked.version, kind=asked.kind)))


@router.post("/v1/learning/rollback")
async def rollback(back: Back, service: Serving, _: MayLearn) -> Response:
    """Go back to the version that was in use before."""
    return answer({"live": await service.work(lambda: service.heedful.learning.rollback(back.kind))})
