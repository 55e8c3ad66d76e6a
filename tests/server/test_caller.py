from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful import Heedful, InputError
from heedful.server.caller import Caller
from tests.samples import sample_turn
from tests.server.conftest import Client

Keyed = Callable[..., Client]
TOLD = {"text": "My dog died last night.", "conversation": "diary", "person": "mia"}
OPEN = {"get /health", "get /ready", "get /v1/about", "get /v1/practise"}
"""What answers without a key."""


class TestKeys:
    def test_that_are_missing_or_wrong_open_nothing(self, keyed: Keyed) -> None:
        client = keyed("shop")
        for headers in (
            {"authorization": ""},
            {"authorization": "Bearer nonsense"},
            {"authorization": f"Bearer hk_{'0' * 12}_{'a' * 43}"},
        ):
            answered = client.post("/v1/perceive", json={"text": "hello"}, headers=headers)
            assert answered.status_code == 401
            assert answered.headers["www-authenticate"] == "Bearer"
            assert answered.headers["content-type"] == "application/problem+json"

    def test_that_were_revoked_open_nothing_from_then_on(self, keyed: Keyed, heedful: Heedful) -> None:
        client = keyed("shop")
        assert client.post("/v1/perceive", json={"text": "hello"}).status_code == 200
        heedful.store.keys.revoke(heedful.store.keys.all()[0].id)
        assert client.post("/v1/perceive", json={"text": "hello"}).status_code == 403

    def test_open_only_what_their_scopes_name(self, keyed: Keyed) -> None:
        client = keyed("reader", "perceive")
        assert client.post("/v1/perceive", json={"text": "hello"}).status_code == 200
        for refused in (client.post("/v1/turns", json=TOLD), client.get("/v1/people/mia"), client.get("/metrics")):
            assert refused.status_code == 403
            assert "does not allow" in refused.json()["detail"]

    def test_are_needed_for_every_route_but_those_that_tell_nothing_of_anybody(self, keyed: Keyed) -> None:
        client = keyed("nobody")
        routes = client.get("/openapi.json").json()["paths"]
        open_to_all = set()
        for path, methods in routes.items():
            for method in methods:
                url = re.sub(r"\{\w+\}", "1", path)
                if client.request(method, url, json={}, headers={"authorization": ""}).status_code != 401:
                    open_to_all.add(f"{method} {path}")
        assert open_to_all == OPEN

    def test_take_as_long_when_they_are_wrong_as_when_they_are_right(self, heedful: Heedful) -> None:
        key, token = heedful.store.keys.create("shop")
        wrong = token[:-1] + ("a" if token[-1] != "a" else "b")
        unknown = f"hk_{'0' * 12}_{'a' * 43}"
        times: dict[str, list[float]] = {token: [], wrong: [], unknown: []}
        for _ in range(300):
            for each, found in times.items():
                began = time.process_time()
                heedful.store.keys.find(each)
                found.append(time.process_time() - began)
        right, nearly, never = (statistics.median(found) for found in times.values())
        assert heedful.store.keys.find(token) == key
        assert heedful.store.keys.find(wrong) is None
        assert nearly / right == pytest.approx(1.0, abs=0.6)
        assert never / right == pytest.approx(1.0, abs=0.6)


class TestConversations:
    def test_of_another_key_cannot_be_read_corrected_exported_or_erased(self, keyed: Keyed) -> None:
        mine, theirs = keyed("mine"), keyed("theirs")
        turn = theirs.post("/v1/turns", json=TOLD).json()
        assert (turn["conversation"], turn["person"]) == ("diary", "mia")
        assert mine.get("/v1/conversations").json() == []
        assert mine.get("/v1/conversations/diary").json() == []
        assert mine.get(f"/v1/turns/{turn['id']}").status_code == 404
        assert mine.get(f"/v1/turns/{turn['id']}/feedback").status_code == 404
        assert mine.post("/v1/feedback", json={"turn": turn["id"], "rating": 1}).status_code == 404
        assert mine.get("/v1/people/mia").status_code == 404
        assert mine.delete("/v1/people/mia").status_code == 404
        assert len(theirs.get("/v1/conversations/diary").json()) == 1
        begun = mine.post("/v1/turns", json=TOLD).json()
        assert begun["understanding"]["told"] == 1, "another's conversation of the same name was gone on with"

    def test_of_one_owner_are_open_to_a_key_that_replaces_another(self, keyed: Keyed) -> None:
        old, new = keyed("old", owner="shop"), keyed("new", owner="shop")
        turn = old.post("/v1/turns", json=TOLD).json()
        assert new.get(f"/v1/turns/{turn['id']}").json()["id"] == turn["id"]
        assert new.get("/v1/conversations").json()[0]["name"] == "diary"

    def test_of_another_key_cannot_be_reached_by_the_live_socket(self, keyed: Keyed) -> None:
        theirs, mine = keyed("theirs"), keyed("mine")
        theirs.post("/v1/turns", json=TOLD)
        with mine.websocket_connect("/v1/live", headers=mine.headers) as socket:
            socket.send_json({"type": "session_settings", "conversation": "diary"})
            assert socket.receive_json()["type"] == "session_started"
            socket.send_json({"type": "user_input", "text": "He was fourteen."})
            while (event := socket.receive_json())["type"] != "assistant_message":
                pass
        assert event["turn"]["understanding"]["told"] == 1


@settings(max_examples=40)
@given(owner=st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True), name=st.text(min_size=1, max_size=160))
def test_names_go_in_and_out_unchanged_and_belong_to_their_owner_alone(owner: str, name: str) -> None:
    caller = Caller("key", owner, frozenset())
    inner = caller.inner(name)
    assert caller.outer(inner) == name
    assert caller.owns(inner)
    assert not Caller("key", f"{owner}0"[:32] if len(owner) < 32 else "0", frozenset()).owns(inner)


def test_names_that_are_empty_or_too_long_are_refused() -> None:
    for name in ("", "n" * 161):
        with pytest.raises(InputError, match="1 to 160"):
            Caller("", "", frozenset()).inner(name)


def test_a_turn_is_shown_with_the_names_that_the_caller_uses() -> None:
    caller = Caller("key", "shop", frozenset())
    seen = caller.seen(sample_turn(conversation="shop/diary", person="shop/mia"))
    assert (seen.conversation, seen.person) == ("diary", "mia")
