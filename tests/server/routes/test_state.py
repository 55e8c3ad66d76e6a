from __future__ import annotations

import threading
import time

import pytest

from heedful import Heedful
from heedful.errors import NetworkError
from heedful.server.app import create_app
from heedful.server.service import PAGES, STATIC
from tests.server.conftest import Client, wait_until_ready


def test_the_server_says_that_it_lives_and_is_ready(client: Client, heedful: Heedful) -> None:
    assert client.get("/health").json() == {"status": "alive"}
    assert client.get("/ready").json() == {"status": "ready"}
    heedful.store.close()
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503


def test_the_server_says_while_it_loads_that_it_is_not_ready_and_answers_all_the_same(heedful: Heedful) -> None:
    loaded = threading.Event()
    app = create_app(heedful)
    service = app.state.service
    warm = service.warm
    service.warm = lambda: loaded.wait(60) and warm()
    with Client(app) as client:
        told = client.get("/ready")
        assert (told.status_code, told.headers["retry-after"]) == (503, "1")
        assert "still loading" in told.json()["detail"]
        assert client.get("/health").status_code == 200
        assert client.post("/v1/perceive", json={"text": "I am so scared"}).status_code == 200
        loaded.set()
        wait_until_ready(client)
    assert heedful.store.conversations() == [], "what was answered in order to load was kept"


def test_a_server_that_cannot_load_what_it_needs_says_why(heedful: Heedful) -> None:
    def fail() -> None:
        raise NetworkError("the network 'reader' is damaged. Install it anew.")

    app = create_app(heedful)
    app.state.service.warm = fail
    with Client(app) as client:
        give_up = time.monotonic() + 30
        while "damaged" not in (told := client.get("/ready").json()["detail"]) and time.monotonic() < give_up:
            time.sleep(0.01)
    assert told == "the network 'reader' is damaged. Install it anew."


def test_the_metrics_count_requests_and_turns_by_route(client: Client) -> None:
    client.post("/v1/turns", json={"text": "I want to kill myself.", "person": "Quentin"})
    client.get("/v1/people/Quentin")
    text = client.get("/metrics").text
    assert 'heedful_requests_total{method="POST",route="/v1/turns",status="200"} 1.0' in text
    assert 'heedful_turns_total{risk="high"} 1.0' in text
    assert 'heedful_turn_stage_seconds_count{stage="perceive"} 1.0' in text
    assert "Quentin" not in text


def test_only_pages_that_are_there_are_offered(client: Client) -> None:
    pages = client.get("/v1/about").json()["pages"]
    there = [name for name in PAGES if (STATIC / f"{name}.js").is_file()]
    assert list(pages) == [name for name in there if name != "rate"]  # nothing is compared here that one could rate
    assert list(pages)[:2] == ["talk", "course"]


def test_models_are_listed_with_their_cards_and_no_folder_is_opened_by_name(client: Client) -> None:
    listed = client.get("/v1/models").json()["data"]
    assert [each["id"] for each in listed if "card" not in each] == ["heedful"]
    assert {each["card"]["name"] for each in listed if "card" in each} >= {"reader", "listener"}
    assert client.get("/v1/models/reader").json()["card"]["heads"]
    for name in ("..", "%2e%2e%2fetc", "hf:someone%2fsomething", "nothing"):
        assert client.get(f"/v1/models/{name}").status_code in (404, 405), name


def test_the_measured_tables_have_a_head_and_rows_of_the_same_width(client: Client) -> None:
    tables = client.get("/v1/measures").json()
    assert "T2" in [table["protocol"] for table in tables]
    for table in tables:
        assert {len(row) for row in table["rows"]} == {len(table["header"])}


@pytest.mark.parametrize("path", ["/", "/main.js", "/talk.js", "/style/base.css", "/lib/recorder.js"])
def test_the_page_is_served_and_browsers_ask_whether_it_changed(client: Client, path: str) -> None:
    answered = client.get(path)
    assert answered.status_code == 200
    assert answered.headers["cache-control"] == "no-cache"
    assert client.get(path, headers={"if-none-match": answered.headers["etag"]}).status_code == 304


def test_the_first_load_is_small() -> None:
    files = [path for path in STATIC.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 300_000


def test_every_file_of_the_page_is_small_enough_to_read() -> None:
    for path in STATIC.rglob("*.*"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
