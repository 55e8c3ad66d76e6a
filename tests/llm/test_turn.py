"""Whole turns with a model behind a real server: what a person sees, and when, whatever happens to the server."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from heedful.config import Config
from heedful.engine import Engine
from heedful.llm.breaker import Breaker
from heedful.llm.openai_api import OpenAIModel
from heedful.plugins import WRITERS, load
from heedful.respond.write import ModelWriter
from heedful.types import Delta, Message, Turn
from tests.doubles import CuePerceiver, install
from tests.llm.endpoint import Answer, Endpoint, chunk

SAID = "Losing your dog leaves a very quiet house behind. What was he like?"
FORWARDED = 0.020
"""Seconds within which a word has to be handed on that may be handed on."""


@pytest.fixture
def engine(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Engine]]:
    """Return what makes an engine that writes with the model behind the endpoint."""
    opened: list[OpenAIModel] = []

    def make(deadline: float = 5.0) -> Engine:
        config = Config.load(writer="llm", disclose=False)
        opened.append(OpenAIModel(endpoint.url, "tiny", "", deadline, Breaker(failures=1000)))
        parts: dict[str, Any] = {
            "text": CuePerceiver(),
            "compose": load(WRITERS, "compose")(config),
            "llm": ModelWriter(config, opened[-1]),
        }
        install(monkeypatch, {name: lambda _, part=part: part for name, part in parts.items()})
        return Engine(config)

    yield make
    for each in opened:
        each.close()


def listen(engine: Engine) -> tuple[list[tuple[float, Delta]], Turn]:
    """Return the pieces of a reply with the moments when they came, and the turn."""
    came = []
    for event in engine.stream(Message("My dog died last night."), (), "test"):
        if isinstance(event, Delta):
            came.append((time.monotonic(), event))
    assert isinstance(event, Turn)
    return came, event


def shown(came: list[tuple[float, Delta]]) -> str:
    text = ""
    for _, delta in came:
        text = delta.text if delta.afresh else text + delta.text
    return text.strip()


def test_words_are_handed_on_within_twenty_milliseconds(engine: Callable[..., Engine], endpoint: Endpoint) -> None:
    endpoint.answers = [Answer(SAID, pause=0.03)]
    made = engine()
    listen(made)  # loads what is loaded once
    first, later = [], []
    for _ in range(9):
        endpoint.sent.clear()
        came, turn = listen(made)
        assert turn.reply.text == SAID
        # A word is handed on when the word that settles it has come: the last one sent before.
        delays = [at - max(sent for sent in endpoint.sent if sent <= at) for at, _ in came]
        first.append(delays[0])
        later += delays[1:-1]
    assert statistics.median(first) <= FORWARDED
    assert statistics.median(later) <= FORWARDED


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=429),
        Answer(status=500),
        Answer(status=401),
        Answer(lines=("data: {broken\n\n",)),
        Answer(lines=("data: [DONE]\n\n",)),
        Answer(lines=(chunk("You are "), chunk("worthless. "), chunk(None, "stop"))),
        Answer(SAID, wait=5),
        Answer(SAID, pause=0.3),
        *(Answer(SAID, drop_after=words) for words in range(13)),
        *(Answer(" ".join(SAID.split()[:words]), finish=None, done=False) for words in range(1, 9)),
    ],
)
def test_an_outage_at_any_point_costs_nothing_but_the_model_s_words(
    engine: Callable[..., Engine], endpoint: Endpoint, answer: Answer
) -> None:
    endpoint.answers = [answer]
    began = time.monotonic()
    came, turn = listen(engine(deadline=1.0))
    assert time.monotonic() - began < 10
    assert shown(came) == turn.reply.text
    assert turn.reply.degraded
    assert "dog" in turn.reply.text
    assert turn.reply.text.endswith((".", "?"))
    whole = "Losing your dog leaves a very quiet house behind."
    assert (turn.reply.text == whole) == (turn.reply.writer == "llm")


def test_after_an_outage_the_conversation_goes_on_with_the_model(
    engine: Callable[..., Engine], endpoint: Endpoint
) -> None:
    made = engine()
    endpoint.answers = [Answer(status=401)]
    assert listen(made)[1].reply.writer == "compose"
    endpoint.answers = [Answer(SAID)]
    assert listen(made)[1].reply.writer == "llm"
