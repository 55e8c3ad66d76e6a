from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from heedful import Heedful, Turn
from heedful.server.app import create_app
from tests.server.conftest import Client

SAD = "My dog died last night."


def test_a_turn_is_answered_kept_and_read_again(client: Client, heedful: Heedful) -> None:
    told = client.post("/v1/turns", json={"text": SAD, "conversation": "a/b c?", "person": "sam"})
    turn = Turn.from_dict(told.json())
    assert turn.reply.text
    assert client.get(f"/v1/turns/{turn.id}").json()["message"]["text"] == SAD
    assert [each["id"] for each in client.get("/v1/conversations/a%2Fb%20c%3F").json()] == [turn.id]
    assert heedful.turns("a/b c?")[0].id == turn.id
    later = client.post("/v1/turns", json={"text": "She was fourteen.", "conversation": "a/b c?"}).json()
    assert later["understanding"]["told"] == 2


def test_feedback_is_kept_with_its_turn(client: Client) -> None:
    turn = client.post("/v1/turns", json={"text": SAD}).json()
    given = client.post("/v1/feedback", json={"turn": turn["id"], "rating": 4, "feeling": "grief"})
    assert given.status_code == 200
    (kept,) = client.get(f"/v1/turns/{turn['id']}/feedback").json()
    assert (kept["rating"], kept["feeling"]) == (4, "grief")


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({}, 422, "the message is empty"),
        ({"text": 3}, 422, "valid string"),
        ({"text": "hi", "colour": "blue"}, 422, "body/colour"),
        ({"text": "hi", "conversation": ""}, 422, "at least 1 character"),
        ({"text": "hi", "audio": {}}, 422, "give one of the two"),
        ({"text": "hi", "audio": {"pcm16": "AAA"}}, 422, "no base64"),
        ({"text": "hi", "audio": {"pcm16": "AAAA", "rate": 16000}}, 422, "pairs of bytes"),
        ({"text": "hi", "image": {"file": "!"}}, 422, "no base64"),
    ],
)
def test_a_request_that_does_not_fit_says_why(client: Client, body: object, status: int, says: str) -> None:
    answered = client.post("/v1/turns", json=body)
    assert answered.status_code == status
    problem = answered.json()
    assert says in problem["detail"]
    assert problem["error"]["message"] == problem["detail"]


def test_sound_that_is_too_long_is_refused(client: Client) -> None:
    import base64

    silence = base64.b64encode(b"\0\0" * 4000 * 121).decode()
    answered = client.post("/v1/turns", json={"audio": {"pcm16": silence, "rate": 4000}})
    assert answered.status_code == 422
    assert "may last 120 s" in answered.json()["detail"]


def test_feedback_that_says_nothing_or_is_about_nothing_is_refused(client: Client) -> None:
    turn = client.post("/v1/turns", json={"text": SAD}).json()
    assert client.post("/v1/feedback", json={"turn": turn["id"]}).status_code == 422
    assert client.post("/v1/feedback", json={"turn": turn["id"], "rating": 6}).status_code == 422
    assert client.post("/v1/feedback", json={"turn": "lost", "rating": 3}).status_code == 404
    assert client.get("/v1/turns/lost").status_code == 404


def test_turns_of_one_conversation_that_come_at_once_know_each_other(heedful: Heedful) -> None:
    app = create_app(heedful)

    async def ask() -> list[int]:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client,
        ):
            told = [client.post("/v1/turns", json={"text": SAD, "conversation": "one"}) for _ in range(8)]
            return sorted(each.json()["understanding"]["told"] for each in await asyncio.gather(*told))

    assert asyncio.run(ask()) == list(range(1, 9))


def test_the_store_being_away_is_told_as_such(client: Client, heedful: Heedful, tmp_path: Path) -> None:
    heedful.store.close()
    answered = client.get("/v1/conversations")
    assert answered.status_code == 503
    assert "is closed" in answered.json()["detail"]
