"""`/v1/chat/completions`: what clients of the OpenAI protocol talk to, unchanged."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from fastapi import APIRouter, Response
from starlette.responses import StreamingResponse

from heedful.errors import HeedfulError
from heedful.server.caller import Caller, MayConverse
from heedful.server.chat import Talks, exchanges, ignored, stream, told
from heedful.server.problem import PROBLEMS
from heedful.server.problem import told as failed
from heedful.server.schemas import Chat
from heedful.server.service import Service, Serving, answer
from heedful.types import Delta, Turn

router = APIRouter(tags=["chat"], responses=PROBLEMS)
_TALKS = Talks()
_SILENT = "I have no reply to this that I would stand by."


@router.post("/v1/chat/completions")
async def complete(asked: Chat, service: Serving, caller: MayConverse) -> Response:
    """Answer a chat, whole or as server-sent events; what was perceived rides in the field `heedful`.

    Without `heedful.conversation` the client keeps the conversation, and nothing of it is stored here.
    """
    exchanges(asked)  # what cannot be answered is refused before anything is streamed
    if asked.stream:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(_events(asked, service, caller), media_type="text/event-stream", headers=headers)
    async for event in _answered(asked, service, caller):
        if isinstance(event, Turn):
            words = event.reply.text or _SILENT
            message = {"role": "assistant", "content": words, "refusal": None}
            choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
            body = {**_head(asked, "chat.completion"), "choices": [choice], "usage": _usage(asked, words)}
            return answer({**body, "heedful": _extension(asked, event, caller)})
    raise AssertionError("a stream ends with its turn")


async def _answered(asked: Chat, service: Service, caller: Caller) -> AsyncIterator[Any]:
    """Yield the events of a turn; with a conversation it is kept, else not."""
    more = asked.heedful
    if more is None or more.conversation is None:
        async for event in service.steps(stream(service, _TALKS, caller.key, asked)):
            if isinstance(event, Turn):
                service.metrics.count(event)
            yield event
        return
    name = caller.inner(more.conversation)
    person = None if more.person is None else caller.inner(more.person)
    _, text = exchanges(asked)
    async with service.alone(name):
        async for event in service.steps(service.heedful.stream(text, conversation=name, person=person)):
            if isinstance(event, Turn):
                service.metrics.count(event)
                yield caller.seen(event)
            else:
                yield event


async def _events(asked: Chat, service: Service, caller: Caller) -> AsyncIterator[bytes]:
    """Yield server-sent events. What was sent cannot be taken back: a reply that begins afresh follows a blank line."""
    head = _head(asked, "chat.completion.chunk")

    def chunk(delta: dict[str, Any], reason: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        return b"data: " + msgspec.json.encode({**head, "choices": [choice], **more}) + b"\n\n"

    said = ""
    try:
        yield chunk({"role": "assistant", "content": ""})
        async for event in _answered(asked, service, caller):
            if isinstance(event, Delta):
                words = f"\n\n{event.text}" if event.afresh and said else event.text
                said += words
                yield chunk({"content": words})
            elif isinstance(event, Turn):
                if not said:
                    yield chunk({"content": event.reply.text or _SILENT})
                yield chunk({}, "stop", heedful=_extension(asked, event, caller))
                if (asked.stream_options or {}).get("include_usage"):
                    usage = _usage(asked, said)
                    yield b"data: " + msgspec.json.encode({**head, "choices": [], "usage": usage}) + b"\n\n"
    except HeedfulError as error:
        status, detail = failed(error)
        yield b"data: " + msgspec.json.encode({"error": {"message": detail, "code": status, "type": "error"}}) + b"\n\n"
    yield b"data: [DONE]\n\n"


def _head(asked: Chat, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": asked.model,
    }


def _extension(asked: Chat, turn: Turn, caller: Caller) -> dict[str, Any]:
    kept = asked.heedful is not None and asked.heedful.conversation is not None
    return told(turn, ignored(asked), kept=kept)


def _usage(asked: Chat, said: str) -> dict[str, int]:
    """Return words, not tokens: there is no language model whose tokens could be counted."""
    heard, replied = sum(len(each.text().split()) for each in asked.messages), len(said.split())
    return {"prompt_tokens": heard, "completion_tokens": replied, "total_tokens": heard + replied}
