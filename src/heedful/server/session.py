"""Hold one live session: what comes in is answered in order, what goes out is numbered."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from heedful.errors import HeedfulError
from heedful.server.caller import Caller
from heedful.server.outbox import Outbox
from heedful.server.protocol import AssistantStop, AudioInput, Sent, SessionSettings, UserInput, VideoFrame, decoded
from heedful.server.senses import Senses
from heedful.server.service import Service
from heedful.types import Audio, Delta, Percept, Plan, Turn, Understanding

_WAITING: Final = 32
"""Messages that may wait for an answer; beyond that the socket is not read until one is answered."""
_REMEMBERED: Final = 500
"""Ids of messages that are remembered, so that none is answered twice."""
_UTTERANCES: Final = 8
"""Utterances that wait for their words."""
_WORDS_A_SECOND: Final = 2.5
"""How fast a reply is read aloud, about."""
_LOG = logging.getLogger("heedful.server")


@dataclass(frozen=True, slots=True)
class Said:
    """A message that waits for its answer."""

    id: str
    """What the client calls it, or what we do."""
    text: str | None
    """Its words, or None where only the sound is known."""
    source: str
    """Where it came from: "text" or "speech"."""
    audio: Audio | None = None
    """How it sounded."""


class Session:
    """A live session. It outlives its connection for a while.

    Args:
        service: what the routes share.
        caller: whose it is.
        settings: how it begins.
    """

    def __init__(self, service: Service, caller: Caller, settings: SessionSettings) -> None:
        self.id = secrets.token_urlsafe(18)
        self.caller = caller
        self.outbox = Outbox()
        self.began = time.monotonic()
        self.left = self.began
        self.conversation = settings.conversation or f"live-{time.strftime('%Y-%m-%d-%H%M')}-{secrets.token_hex(3)}"
        self._service = service
        self._person: str | None = None
        self._transcript = "server" if service.transcriber else "client"
        self._speaks = False
        self.change(settings)
        self._inputs: asyncio.Queue[Said] = asyncio.Queue(_WAITING)
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._utterances: OrderedDict[int, Audio] = OrderedDict()
        self._utterance = 0
        self._replying: str | None = None
        self._aloud_until = 0.0
        self._senses = Senses(service, self.outbox, self._heard)
        self._tasks = [asyncio.create_task(self._senses.run()), asyncio.create_task(self._answering())]
        self._spoken: set[asyncio.Task[None]] = set()

    def change(self, settings: SessionSettings) -> None:
        """Take over settings; what they do not name stays."""
        self._person = settings.person or self._person
        self._speaks = settings.speaks
        if settings.transcript == "server" and self._service.transcriber is None:
            self.outbox.add("notice", code="no_transcriber", detail=_NO_TRANSCRIBER)
        elif settings.transcript is not None:
            self._transcript = settings.transcript

    async def take(self, sent: Sent) -> None:
        """Take what the client sent; waits while too many messages are unanswered.

        Raises:
            InputError: its data cannot be read.
        """
        match sent:
            case UserInput():
                await self._input(sent)
            case AudioInput():
                self._senses.hear(decoded(sent.data), end=sent.end)
            case VideoFrame():
                self._senses.see(sent.data, end=sent.end)
            case AssistantStop():
                self._stop()
            case SessionSettings():
                self.change(sent)

    def hear(self, data: bytes) -> None:
        """Take sound that came as a binary message; InputError if it is no 16-bit samples."""
        self._senses.hear(data)

    async def close(self) -> None:
        """End the session."""
        self.outbox.detach()
        tasks = [*self._tasks, *self._spoken]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _input(self, sent: UserInput) -> None:
        audio = None if sent.utterance is None else self._utterances.pop(sent.utterance, None)
        text = sent.text if sent.text.strip() else None
        if text is None and audio is None:
            self.outbox.add("error", code="empty", detail="The message has no words.", message=sent.id)
            return
        name = sent.id or secrets.token_hex(8)
        if name in self._seen:  # sent again after a lost connection: it is answered already, or will be
            return
        self._seen[name] = None
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        self._stop()
        await self._inputs.put(Said(name, text, "text" if audio is None else "speech", audio))

    def _heard(self, heard: Any) -> None:
        """Pass on what was heard; whoever speaks interrupts the reply."""
        self._stop()
        if heard.kind == "reading":
            self.outbox.add("reading", passing=True, source="voice", reading=heard.reading, at=heard.start)
        elif heard.audio is not None:
            self._utterance += 1
            task = asyncio.create_task(self._understand(self._utterance, heard))
            self._spoken.add(task)
            task.add_done_callback(self._spoken.discard)

    async def _understand(self, number: int, heard: Any) -> None:
        """Find the words of an utterance, or let the client find them."""
        seconds = round(heard.end - heard.start, 2)
        if self._transcript == "server" and self._service.transcriber is not None:
            try:
                text = await self._service.work(self._service.transcriber.text, heard.audio)
            except HeedfulError as error:
                self.outbox.add("error", code="not_transcribed", detail=str(error))
                return
            if text:
                await self._inputs.put(Said(secrets.token_hex(8), text, "speech", heard.audio))
            else:
                self.outbox.add("notice", code="no_words", detail="That was heard, but no words were made out.")
        elif self._transcript == "none":
            await self._inputs.put(Said(secrets.token_hex(8), None, "speech", heard.audio))
        else:
            self._utterances[number] = heard.audio
            while len(self._utterances) > _UTTERANCES:
                self._utterances.popitem(last=False)
            self.outbox.add("utterance", utterance=number, seconds=seconds, reading=heard.reading)

    def _stop(self) -> None:
        """Stop the reply that is being written or read aloud, if there is one."""
        if self._replying is not None:
            self.outbox.add("interrupted", message=self._replying)
            self._replying = None
        elif time.monotonic() < self._aloud_until:
            self.outbox.add("interrupted", message=None)
        self._aloud_until = 0.0

    async def _answering(self) -> None:
        while True:
            said = await self._inputs.get()
            try:
                await self._answer(said)
            except HeedfulError as error:
                self.outbox.add("error", code="not_answered", detail=str(error), message=said.id)
            except Exception as error:  # noqa: BLE001 - a session outlives whatever goes wrong with one message
                _LOG.exception("unexpected", extra={"told": {"error": type(error).__name__, "in": "live"}})
                detail = "Something went wrong in the server; its log says what. The message was not answered."
                self.outbox.add("error", code="unexpected", detail=detail, message=said.id)
            self._replying = None

    async def _answer(self, said: Said) -> None:
        heedful, add = self._service.heedful, self.outbox.add
        name = self.caller.inner(self.conversation)
        person = None if self._person is None else self.caller.inner(self._person)
        add("user_message", message=said.id, text=said.text, source=said.source)
        self._replying = said.id
        events = heedful.stream(
            said.text, conversation=name, person=person, audio=said.audio, image=self._senses.latest
        )
        async with self._service.alone(name):
            async for event in self._service.steps(events):
                match event:
                    case Percept():
                        add("reading", message=said.id, source="message", percept=event)
                    case Understanding():
                        understood = event
                    case Plan():
                        add("plan", message=said.id, plan=event, understanding=understood)
                        if understood.risk.level != "none":
                            add("risk", message=said.id, risk=understood.risk, resources=event.resources)
                    case Delta() if self._replying == said.id:
                        add("assistant_delta", message=said.id, text=event.text, afresh=event.afresh)
                    case Turn():
                        self._finish(said, event)

    def _finish(self, said: Said, turn: Turn) -> None:
        self._service.metrics.count(turn)
        whole = self._replying == said.id
        if whole and self._speaks:
            self._aloud_until = time.monotonic() + len(turn.reply.text.split()) / _WORDS_A_SECOND
        self.outbox.add("assistant_message", message=said.id, turn=self.caller.seen(turn), interrupted=not whole)


_NO_TRANSCRIBER: Final = (
    "This server does not turn speech into text: the setting `transcriber` names a model for that. "
    "Send the words of an utterance as `user_input` with its number."
)
