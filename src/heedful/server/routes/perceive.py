"""`/v1/perceive`: how does a message sound?"""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from heedful.server.service import Serving, answer
from heedful.types import Percept

router = APIRouter(tags=["stages"])


class Said(BaseModel):
    """A message."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "I finally passed my exam!"}]})
    text: str = Field(description="What was written or said.")


@router.post("/v1/perceive", response_model=Percept)
async def perceive(said: Said, service: Serving) -> Response:
    """Say how a person feels, from what they write."""
    return answer(await service.work(service.heedful.perceive, said.text))
