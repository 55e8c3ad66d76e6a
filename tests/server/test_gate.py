from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from heedful.server.app import create_app
from heedful.server.log import Lines
from tests.server.conftest import Client
from tests.server.serving import make_heedful

SECRET = "my neighbour Quentin stole the geraniums"


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Client]:
    settings = {"serve_rate": 60, "serve_body": 2000, "serve_origins": ["https://shop.example"]}
    with make_heedful(tmp_path, **settings) as heedful, Client(create_app(heedful)) as made:
        yield made


def test_every_response_has_an_id_and_security_headers(client: Client) -> None:
    for path in ("/", "/v1/about", "/nowhere", "/lib/dom.js"):
        headers = client.get(path).headers
        assert len(headers["x-request-id"]) == 16
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert client.get("/health", headers={"x-request-id": "mine-1"}).headers["x-request-id"] == "mine-1"
    assert client.get("/health", headers={"x-request-id": "<script>"}).headers["x-request-id"] != "<script>"


def test_a_name_that_is_not_this_servers_is_refused(client: Client) -> None:
    answered = client.get("/v1/about", headers={"host": "rebound.example"})
    assert answered.status_code == 421
    assert "serve_hosts" in answered.json()["detail"]


def test_pages_of_other_websites_may_not_call_unless_they_are_named(strict: Client) -> None:
    assert strict.get("/v1/about", headers={"origin": "https://evil.example"}).status_code == 403
    answered = strict.get("/v1/about", headers={"origin": "https://shop.example"})
    assert answered.headers["access-control-allow-origin"] == "https://shop.example"
    assert strict.get("/v1/about", headers={"origin": "http://testserver"}).status_code == 200


def test_a_socket_from_another_website_is_refused(client: Client) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect("/v1/live", headers={"origin": "https://evil.example"}),
    ):
        pass
    assert refused.value.code == 1008


def test_a_request_that_is_too_large_is_refused_announced_or_not(strict: Client) -> None:
    large = json.dumps({"text": "a" * 3000}).encode()
    assert strict.post("/v1/perceive", content=large).status_code == 413
    pieces = iter([large[:1000], large[1000:2500], large[2500:]])
    answered = strict.post("/v1/perceive", content=pieces, headers={"content-type": "application/json"})
    assert answered.status_code == 413
    assert "serve_body" in answered.json()["detail"]


def test_too_many_requests_are_told_when_to_come_back(strict: Client) -> None:
    statuses = [strict.post("/v1/perceive", json={"text": "hi"}).status_code for _ in range(12)]
    assert 429 in statuses
    answered = strict.post("/v1/perceive", json={"text": "hi"})
    assert int(answered.headers["retry-after"]) >= 1


def test_the_log_holds_no_words_and_no_names(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "heedful.server"):
        client.post("/v1/turns", json={"text": SECRET, "conversation": "geraniums", "person": "Quentin"})
        client.get("/v1/people/Quentin")
        client.post("/v1/perceive", json={"texxt": SECRET})
    lines = [json.loads(Lines().format(record)) for record in caplog.records if record.name == "heedful.server"]
    assert [line["route"] for line in lines] == ["/v1/turns", "/v1/people/{person}", "/v1/perceive"]
    assert [line["status"] for line in lines] == [200, 200, 422]
    assert not [word for word in ("geraniums", "Quentin") if word in json.dumps(lines)]


def test_what_fails_unexpectedly_is_a_problem_that_shows_nothing(
    heedful: object, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError(SECRET)

    app = create_app(heedful)
    with Client(app, raise_server_exceptions=False) as client:
        monkeypatch.setattr(app.state.service.heedful.engine, "perceive", fail)
        answered = client.post("/v1/perceive", json={"text": "hi"})
    assert answered.status_code == 500
    assert SECRET not in answered.text
    lines = [Lines().format(record) for record in caplog.records if record.name == "heedful.server"]
    assert any("ZeroDivisionError" in line and SECRET not in line for line in lines)
