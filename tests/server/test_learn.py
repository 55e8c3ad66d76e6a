from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from heedful import Config, Heedful
from heedful.learn.feedback import Lesson, rater_of
from heedful.learn.preference import Comparison
from heedful.server.app import create_app
from heedful.store.lessons import LessonRow


@pytest.fixture
def heedful(tmp_path: Path) -> Iterator[Heedful]:
    with Heedful(Config.load(data_folder=str(tmp_path))) as made:
        yield made


@pytest.fixture
def client(heedful: Heedful) -> Iterator[TestClient]:
    with TestClient(create_app(heedful)) as opened:
        yield opened


def test_what_was_learned_is_told_and_drawn(client: TestClient, heedful: Heedful) -> None:
    assert client.get("/v1/learning").json()["feedback"] == 0
    pair = (Comparison({"question": -2.0}),)
    rows = [
        LessonRow(f"l{n}", n, f"p{n % 5}", Lesson(rater_of(f"p{n % 5}"), "companion", pair).to_dict())
        for n in range(100)
    ]
    heedful.store.lessons.add(rows)
    assert client.get("/v1/learning").json()["people"] == 5
    points = client.get("/v1/learning/curve").json()["points"]
    assert [point["feedback"] for point in points] == [50, 100]
    assert points[1]["learned"] == 1.0


def test_there_is_a_page_for_it(client: TestClient) -> None:
    assert "learning" in client.get("/v1/about").json()["pages"]
    assert "javascript" in client.get("/learning.js").headers["content-type"]


def test_what_is_not_there_is_said_in_plain_words(client: TestClient) -> None:
    missing = client.get("/v1/learning/versions/7")
    assert missing.status_code in (400, 404, 422)
    assert "there is no version 7" in missing.json()["detail"]
    assert client.post("/v1/learning/rollback", json={"kind": "everything"}).status_code in (400, 422)
