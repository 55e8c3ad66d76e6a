"""`/v1/turns`, `/v1/conversations`, `/v1/feedback`: conversations that are kept, and what people think of replies."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from heedful.server.caller import Caller, MayConverse
from heedful.server.problem import PROBLEMS, ProblemError
from heedful.server.schemas import NewFeedback, NewTurn
from heedful.server.service import Service, Serving, answer
from heedful.store.store import Conversation
from heedful.types import Feedback, Turn

router = APIRouter(tags=["conversations"], responses=PROBLEMS)


@router.post("/v1/turns", response_model=Turn)
async def add_turn(asked: NewTurn, service: Serving, caller: MayConverse) -> Response:
    """Answer a message in a conversation, and keep the turn: it is durable when this answers."""
    name = caller.inner(asked.conversation)
    person = None if asked.person is None else caller.inner(asked.person)

    def work() -> Turn:
        message = asked.message(service.config)
        return service.heedful.turn(
            message.text,
            conversation=name,
            person=person,
            audio=message.audio,
            image=message.image,
            frames=message.frames,
        )

    async with service.alone(name):
        turn = await service.work(work)
    service.metrics.count(turn)
    return answer(caller.seen(turn))


@router.get("/v1/turns/{turn_id}", response_model=Turn)
async def read_turn(turn_id: str, service: Serving, caller: MayConverse) -> Response:
    """Return a turn as it was kept."""
    return answer(caller.seen(await _own(service, caller, turn_id)))


@router.get("/v1/conversations", response_model=list[Conversation])
async def conversations(service: Serving, caller: MayConverse) -> Response:
    """List the conversations, the one with the latest turn first."""
    found = await service.fetch(service.heedful.store.conversations)
    return answer([_outer(each, caller) for each in found if caller.owns(each.name)])


@router.get("/v1/conversations/{name:path}", response_model=list[Turn])
async def conversation(
    name: Annotated[str, Path(min_length=1, max_length=160)],
    service: Serving,
    caller: MayConverse,
    limit: Annotated[int, Query(ge=1, le=1000, description="Only the latest so many turns.")] = 50,
) -> Response:
    """Return the latest turns of a conversation as they were kept, oldest first."""
    turns = await service.fetch(service.heedful.turns, caller.inner(name), limit)
    return answer([caller.seen(turn) for turn in turns])


@router.post("/v1/feedback", response_model=Feedback)
async def add_feedback(asked: NewFeedback, service: Serving, caller: MayConverse) -> Response:
    """Keep what a person thought of a reply; durable when this answers."""
    await _own(service, caller, asked.turn)

    def work() -> Feedback:
        return service.heedful.feedback(**asked.model_dump())

    return answer(await service.fetch(work))


@router.get("/v1/turns/{turn_id}/feedback", response_model=list[Feedback])
async def feedback(turn_id: str, service: Serving, caller: MayConverse) -> Response:
    """Return the feedback on a turn, oldest first."""
    await _own(service, caller, turn_id)
    return answer(await service.fetch(service.heedful.store.feedback, turn_id))


async def _own(service: Service, caller: Caller, turn_id: str) -> Turn:
    """Return a turn of the caller's; another's is as unknown as one that was never made."""
    turn = await service.fetch(service.heedful.store.turn, turn_id)
    if not caller.owns(turn.conversation):
        raise ProblemError(404, "There is no such turn here.")
    return turn


def _outer(found: Conversation, caller: Caller) -> Conversation:
    return Conversation(caller.outer(found.name), found.turns, found.first, found.last)
