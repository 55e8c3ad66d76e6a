"""`/v1/perceive`, `/v1/understand`, `/v1/judge`: the stages, each alone; nothing is kept."""

from __future__ import annotations

from fastapi import APIRouter, Response

from heedful.server.caller import MayPerceive
from heedful.server.problem import PROBLEMS
from heedful.server.schemas import Judge, Perceive, Understand
from heedful.server.service import Serving, answer
from heedful.types import Judgement, Message, Percept, Understanding

router = APIRouter(tags=["stages"], responses=PROBLEMS)


@router.post("/v1/perceive", response_model=Percept)
async def perceive(asked: Perceive, service: Serving, _: MayPerceive) -> Response:
    """Say how a person feels, from any mix of what they write, how they sound and how they look."""

    def work() -> Percept:
        return service.heedful.engine.perceive([asked.message(service.config)])[0]

    return answer(await service.work(work))


@router.post("/v1/understand", response_model=Understanding)
async def understand(asked: Understand, service: Serving, _: MayPerceive) -> Response:
    """Understand a conversation: the feeling and its course, what happened, what is needed, whether there is danger."""
    messages = [Message(line.text, speaker=line.speaker) for line in asked.messages]
    return answer(await service.work(service.heedful.understand, messages))


@router.post("/v1/judge", response_model=Judgement)
async def judge(asked: Judge, service: Serving, _: MayPerceive) -> Response:
    """Say how empathic a reply is, what is wrong with it, and what would make it better."""

    def work() -> Judgement:
        given = (asked.reply,) if asked.message is None else (asked.message, asked.reply)
        return service.heedful.judge(*given, software=asked.software, rewrite=asked.rewrite)

    return answer(await service.work(work))
