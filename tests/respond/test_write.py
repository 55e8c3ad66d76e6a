from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from heedful.config import Config
from heedful.errors import ConfigError, HeedfulError, ModelError
from heedful.guard import model
from heedful.guard.base import review
from heedful.llm.base import ChatMessage
from heedful.llm.echo import Echo
from heedful.llm.openai_api import OpenAIModel
from heedful.respond.write import ModelWriter, open_model
from heedful.types import Message, Plan, Reply
from tests.samples import sample_percept, sample_understanding

PLAN = Plan("loss", ("console", "explore"), "first", "gentle", (), ("advice", "exclamation"), 2)
TOLD = (Message("My dog died."), sample_percept(), sample_understanding())


def written(say: str, plan: Plan = PLAN, **broken: Any) -> tuple[list[str], Reply]:
    """Return the pieces of a reply of a model that says this, and the reply."""
    writing = ModelWriter(Config.load(writer="llm"), Echo(say, **broken)).stream(*TOLD, plan, (), "seed")
    pieces = []
    while True:
        try:
            pieces.append(next(writing))
        except StopIteration as done:
            return pieces, done.value


def test_a_reply_is_what_the_model_said_and_tells_who_wrote_it() -> None:
    pieces, reply = written("I'm sorry about your dog. What was he like?")
    assert reply.text == "".join(pieces).strip() == "I'm sorry about your dog. What was he like?"
    assert reply.writer == "llm"
    assert "echo" in reply.why[0]
    assert "console, explore" in reply.why[0]


@pytest.mark.parametrize(
    ("say", "text"),
    [
        ("One here. Two here. Three here. Four here.", "One here. Two here."),
        ("What was he like? And what else?", "What was he like?"),
        ('"I am sorry."', "I am sorry."),
        ("\n\n**I am sorry.**\n\nTruly.", "I am sorry.  Truly."),
        ("<think>\nThe user is sad. Comfort.\n</think>\n\nI am sorry.", "I am sorry."),
        ("I am so sorry!! It hurts.", "I am so sorry. It hurts."),
    ],
)
def test_what_models_put_around_an_answer_is_left_out(say: str, text: str) -> None:
    pieces, reply = written(say)
    assert reply.text == text
    assert "".join(pieces).strip() == text


def test_an_exclamation_mark_may_stay_where_it_is_welcome() -> None:
    assert written("You passed!", replace(PLAN, must_not=()))[1].text == "You passed!"


def test_where_the_plan_wants_it_the_reply_says_that_this_is_software() -> None:
    _, reply = written("I'm sorry about your dog.", replace(PLAN, must=("disclosure",)))
    assert "program" in reply.text or "software" in reply.text
    assert reply.text.startswith("I'm sorry about your dog. (")
    assert any("software" in why for why in reply.why)


@pytest.mark.parametrize("say", ["", "  \n ", "<think>hm", "<think>hm</think>", '""'])
def test_an_answer_without_words_is_none(say: str) -> None:
    with pytest.raises(ModelError, match="nothing"):
        written(say)


def test_a_model_that_recites_its_instructions_is_cut_off() -> None:
    def leak(told: Sequence[ChatMessage]) -> str:
        return "It says this: " + told[0].content

    writing = ModelWriter(Config.load(), Echo(leak)).stream(*TOLD, replace(PLAN, sentences=9), (), "seed")
    heard: list[str] = []
    with pytest.raises(ModelError, match="recited"):
        heard.extend(writing)  # keeps what came before the error
    assert len("".join(heard).split()) < 12


@pytest.mark.parametrize(
    ("plan", "takes"),
    [
        (PLAN, True),
        (replace(PLAN, must=("disclosure",)), True),
        (replace(PLAN, about="greeting"), True),
        (replace(PLAN, about="crisis_open"), False),
        (replace(PLAN, about="crisis_later"), False),
        (replace(PLAN, about="identity"), False),
        (replace(PLAN, about="unread_language"), False),
        (replace(PLAN, must=("resources",)), False),
        (replace(PLAN, must=("safety question",)), False),
    ],
)
def test_danger_and_identity_are_never_left_to_a_model(plan: Plan, takes: bool) -> None:
    assert ModelWriter(Config.load(), Echo()).takes(plan) is takes


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "needs llm_url"),
        ({"llm_url": "localhost:11434"}, "needs llm_url"),
        ({"llm_url": "http://localhost:1/v1"}, "llm_model"),
        ({"llm_url": "http://localhost:1/v1", "llm_model": "x", "llm_key": "NO_SUCH_KEY"}, "NO_SUCH_KEY, which is not"),
    ],
)
def test_a_wrong_setting_is_told_by_name(settings: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        open_model(Config.load(writer="llm", **settings))


def test_the_key_is_read_from_the_environment_and_never_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "secret")
    model = open_model(Config.load(llm_url="http://localhost:1/v1", llm_model="tiny", llm_key="MY_KEY"))
    assert isinstance(model, OpenAIModel)
    assert model._client.api_key == "secret"
    model.close()


def test_echo_needs_no_endpoint_and_may_be_said() -> None:
    assert isinstance(open_model(Config.load(llm_url="echo:")), Echo)
    writer = ModelWriter(Config.load(writer="llm", llm_url="echo:"))
    for text in ("My dog died.", "", "word " * 500):
        reply = writer.write(Message(text), TOLD[2], replace(PLAN, must_not=()), (), "seed")
        assert reply.degraded is None
        assert review(reply, PLAN).action == "allow"
        assert not model.findings(reply.text, text)


def test_written_in_one_go_a_failure_is_answered_by_the_built_in_writer_and_told() -> None:
    message, _, understanding = TOLD
    broken = ModelWriter(Config.load(), Echo("I am sorry.", fails_after=1))
    reply = broken.write(message, understanding, PLAN, (), "seed")
    assert reply.writer == "compose"
    assert "broke off" in (reply.degraded or "")
    whole = ModelWriter(Config.load(), Echo("I am sorry.")).write(message, understanding, PLAN, (), "seed")
    assert (whole.text, whole.degraded) == ("I am sorry.", None)
    unset = ModelWriter(Config.load()).write(message, understanding, PLAN, (), "seed")
    assert "llm_url" in (unset.degraded or "")
    crisis = replace(PLAN, about="crisis_open", strategies=("validate",))
    assert ModelWriter(Config.load(), Echo()).write(message, understanding, crisis, (), "seed").degraded is None


def test_a_wrong_setting_is_a_heedful_error_in_the_stream_too() -> None:
    with pytest.raises(HeedfulError, match="llm_url"):
        next(ModelWriter(Config.load()).stream(*TOLD, PLAN, (), "seed"))
