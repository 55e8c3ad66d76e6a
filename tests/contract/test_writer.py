"""What every writer keeps to: ours, and any plug-in that is installed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from heedful.config import Config
from heedful.guard.base import review
from heedful.plugins import WRITERS, load, names
from heedful.respond.base import Writer
from heedful.respond.plan import make_plan
from heedful.types import Event, Message, Span, Turn, Understanding
from heedful.understand.event import kinds
from tests.samples import sample_turn, sample_understanding


@pytest.fixture(params=names(WRITERS))
def writer(request: pytest.FixtureRequest) -> Writer:
    found: Writer = load(WRITERS, request.param)(Config.load())
    return found


def told(kind: str, text: str = "I lost my keys again", told: int = 1) -> Understanding:
    event = Event(kind, 0.9, kinds()[kind].mood, Span(0, len(text), text), told - 1)
    return replace(sample_understanding(), event=event, told=told, act="telling", asks="nothing", unread=None)


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_reply_to_any_event_follows_the_plan_and_may_be_said(writer: Writer, kind: str) -> None:
    for seed in "abcdef":
        understanding = told(kind)
        plan = make_plan(understanding, (), disclose=True, resources=())
        reply = writer.write(Message("I lost my keys again"), understanding, plan, (), seed)
        assert reply.text
        assert reply.writer
        assert review(reply, plan).action == "allow", (reply.text, review(reply, plan))
        assert reply.text.count("?") <= 1, reply.text
        assert not re.search(r"[{}]|  |\bI lost\b|\bmy keys\b", reply.text), reply.text


def test_the_same_arguments_give_the_same_reply(writer: Writer) -> None:
    understanding = told("mishap")
    plan = make_plan(understanding, (), disclose=False, resources=())
    first, second = (writer.write(Message("hm"), understanding, plan, (), "seed") for _ in range(2))
    assert first == second


@pytest.mark.parametrize("kind", ["loss", "service", "success", "sorrow", "none", "threat"])
def test_nothing_is_said_twice_in_a_long_conversation(writer: Writer, kind: str) -> None:
    history: list[Turn] = []
    said: set[str] = set()
    for number in range(1, 21):
        understanding = told(kind, f"it is still going on, part {number}", number)
        plan = make_plan(understanding, history, disclose=number == 1, resources=())  # as the engine does
        message = Message(f"it is still going on, part {number}")
        reply = writer.write(message, understanding, plan, history, "seed")
        sentences = [part.strip() for part in re.split(r"(?<=[.?!])\s+", reply.text) if len(part.split()) > 3]
        assert reply.text
        assert not said & set(sentences), said & set(sentences)
        said |= set(sentences)
        history.append(replace(sample_turn(), message=message, plan=plan, reply=reply, understanding=understanding))
