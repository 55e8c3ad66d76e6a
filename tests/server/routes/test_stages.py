from __future__ import annotations

from heedful import Judgement, Percept, Understanding
from tests.server.conftest import Client


def test_a_message_is_perceived_and_nothing_is_kept(client: Client) -> None:
    answered = client.post("/v1/perceive", json={"text": "I am so scared"})
    assert Percept.from_dict(answered.json()).expressed == ("fear",)
    assert client.get("/v1/conversations").json() == []


def test_a_conversation_is_understood(client: Client) -> None:
    messages = [{"text": "My dog died."}, {"text": "I am sorry.", "speaker": "assistant"}, {"text": "She was old."}]
    found = Understanding.from_dict(client.post("/v1/understand", json={"messages": messages}).json())
    assert found.told == 2
    last = [{"text": "Hello.", "speaker": "assistant"}]
    assert client.post("/v1/understand", json={"messages": last}).status_code == 422


def test_a_reply_is_judged_with_better_words(client: Client) -> None:
    asked = {"message": "I failed my exam.", "reply": "At least you tried."}
    assert Judgement.from_dict(client.post("/v1/judge", json=asked).json()).rewrite is None
    found = Judgement.from_dict(client.post("/v1/judge", json={**asked, "rewrite": True}).json())
    assert not found.empathetic
    assert found.flags
    assert found.rewrite


def test_a_picture_that_nothing_here_can_read_is_told_as_such(client: Client) -> None:
    answered = client.post("/v1/perceive", json={"image": {"file": "AAAA"}})
    assert answered.status_code == 422
