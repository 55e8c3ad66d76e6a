"""Make turns of what clients of the OpenAI protocol send, and their answers of turns."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Generator, Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError
from heedful.guard.crisis import assess
from heedful.types import Message, Reply, Risk, Turn

if TYPE_CHECKING:
    from heedful.engine import Event
    from heedful.server.schemas import Chat
    from heedful.server.service import Service

_KEPT: Final = 512
"""Conversations whose turns are remembered in memory, so that they need not be read anew at the next message."""
_READ_ANEW: Final = 12
"""Earlier exchanges that are read anew where they are not remembered; danger is looked for in all of them."""
_MEANT: Final = frozenset(
    {"messages", "model", "stream", "stream_options", "n", "heedful", "user", "store", "metadata"}
)
Exchange = tuple[str, str]
"""What the person said, and what was replied."""


class Talks:
    """The turns behind what clients send along at each request. Thread-safe."""

    def __init__(self) -> None:
        self._turns: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()
        self._changing = threading.Lock()

    def recall(self, owner: str, said: Sequence[Exchange]) -> tuple[Turn, ...] | None:
        """Return the turns of a conversation that was had here, or None."""
        with self._changing:
            return self._turns.get(_name(owner, said))

    def keep(self, owner: str, said: Sequence[Exchange], turns: tuple[Turn, ...]) -> None:
        """Remember the turns of a conversation."""
        with self._changing:
            self._turns[_name(owner, said)] = turns
            while len(self._turns) > _KEPT:
                self._turns.popitem(last=False)


def exchanges(chat: Chat) -> tuple[list[Exchange], str]:
    """Return the earlier exchanges of a chat and the message to answer; InputError if it does not end with one."""
    earlier: list[Exchange] = []
    waiting: list[str] = []
    for each in chat.messages:
        if each.role == "user":
            waiting.append(each.text())
        elif each.role == "assistant" and waiting:
            earlier.append(("\n".join(waiting), each.text()))
            waiting = []
    if not waiting or chat.messages[-1].role != "user":
        raise InputError("the last of `messages` must come from the role `user`.")
    return earlier, "\n".join(waiting)


def ignored(chat: Chat) -> list[str]:
    """Return what a chat asks for that has no effect here."""
    fields = {*(chat.model_extra or ()), *chat.model_fields_set} - _MEANT
    roles = {each.role for each in chat.messages} & {"system", "developer", "tool", "function"}
    return [*sorted(fields), *(f"messages of the role {role}" for role in sorted(roles))]


def stream(service: Service, talks: Talks, owner: str, chat: Chat) -> Generator[Event, None, None]:
    """Answer a chat whose client keeps the conversation: nothing of it is stored."""
    engine = service.heedful.engine
    earlier, text = exchanges(chat)
    turns = talks.recall(owner, earlier)
    seed = hashlib.sha256((earlier[0][0] if earlier else text).encode("utf-8", "replace")).hexdigest()[:12]
    risk = Risk()
    if turns is None:
        turns, risk = _read_anew(service, earlier, seed)
    for event in engine.stream(Message(text), turns, seed, None if turns else risk):
        if isinstance(event, Turn):
            talks.keep(owner, [*earlier, (text, event.reply.text)], (*turns, event)[-service.config.history_turns :])
        yield event


def told(turn: Turn, ignored: Sequence[str], *, kept: bool) -> dict[str, Any]:
    """Return what rides in the field `heedful` of an answer: what was perceived, understood and planned."""
    parts = {
        "percept": turn.percept.to_dict(),
        "understanding": turn.understanding.to_dict(),
        "plan": turn.plan.to_dict(),
        "verdict": turn.verdict.to_dict(),
        "timings": dict(turn.timings),
        "degraded": turn.reply.degraded,
        "ignored": list(ignored),
    }
    return {"turn": turn.id, "conversation": turn.conversation, **parts} if kept else parts


def _read_anew(service: Service, earlier: Sequence[Exchange], seed: str) -> tuple[tuple[Turn, ...], Risk]:
    """Return the turns of a conversation that is told anew, and the danger in force where it begins."""
    engine = service.heedful.engine
    left_out, read = earlier[:-_READ_ANEW], earlier[-_READ_ANEW:]
    risk = reduce(lambda risk, each: assess(each[0], risk), left_out, Risk())
    turns: list[Turn] = []
    for said, replied in read:
        turn = engine.turn(Message(said), turns, seed, None if turns else risk)
        turns.append(replace(turn, reply=Reply(replied, "the client's conversation")))
    return tuple(turns), risk


def _name(owner: str, said: Sequence[Exchange]) -> str:
    return hashlib.sha256(json.dumps([owner, said]).encode()).hexdigest()
