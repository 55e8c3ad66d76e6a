"""`/v1/practise`: whoever holds the key sees the practice, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from heedful.api import Heedful
from heedful.config import Config
from heedful.server.app import create_app

MINE, THEIRS = {"x-practise-key": "m" * 32}, {"x-practise-key": "t" * 32}
URL = "/v1/practise"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[TestClient]:
    with Heedful(replace(Config.load(), data_folder=str(tmp_path))) as heedful:
        yield TestClient(create_app(heedful))


def test_a_conversation_is_held_coached_replayed_and_deleted(served: TestClient) -> None:
    begun = served.post(f"{URL}/sessions", json={"scenario": "biopsy"}, headers=MINE)
    assert begun.status_code == 201
    at = f"{URL}/sessions/{begun.json()['id']}"
    told = served.post(f"{at}/say", json={"text": "You should sleep more."}, headers=MINE).json()
    assert told["coaching"]["fault"]["kind"] == "advice"
    assert told["care"] == []
    assert served.post(f"{at}/say", json={"text": "I want to kill myself.", "coach": False}, headers=MINE).json()[
        "care"
    ]
    assert served.post(f"{at}/hint", json={}, headers=MINE).json()["ask"].endswith("?")
    side = served.get(f"{at}/side", headers=MINE).json()
    assert len(side["replay"]["moments"]) == 2
    assert side["lives"]
    assert served.post(f"{at}/stop", json={}, headers=MINE).json()["ending"] == "stopped"
    assert served.delete(at, headers=MINE).json() == {"deleted": 1}
    assert served.get(f"{URL}/sessions", headers=MINE).json() == []


def test_nothing_hidden_is_told_before_it_is_said(served: TestClient) -> None:
    begun = served.post(f"{URL}/sessions", json={"scenario": "biopsy"}, headers=MINE).text
    offered = served.get(URL).text
    for hidden in ("My brother sat on a chair", "leave either", "grandchild", "openness"):
        assert hidden not in begun
        assert hidden not in offered


def test_another_key_finds_nothing_and_no_key_opens_nothing(served: TestClient) -> None:
    number = served.post(f"{URL}/sessions", json={"scenario": "biopsy"}, headers=MINE).json()["id"]
    for path in (f"/sessions/{number}", f"/sessions/{number}/side"):
        assert served.get(URL + path, headers=THEIRS).status_code == 404
    assert served.get(f"{URL}/sessions", headers=THEIRS).json() == []
    assert served.get(f"{URL}/export", headers=THEIRS).json() == {"sessions": [], "cards": [], "reports": []}
    for headers in ({}, {"x-practise-key": "short"}):
        assert served.get(f"{URL}/sessions", headers=headers).status_code == 401
    assert served.get(f"{URL}/sessions", headers=MINE).headers["cache-control"] == "no-store"


def test_drills_come_without_their_answers_and_are_answered_at_once(served: TestClient) -> None:
    drill = served.get(f"{URL}/drills?limit=1", headers=MINE).json()[0]
    assert "feeling" not in drill
    assert "why" not in drill
    answered = served.post(f"{URL}/drills/{drill['id']}", json={"answer": drill["choices"][0]}, headers=MINE).json()
    assert answered["feeling"] in drill["choices"]
    assert served.post(f"{URL}/drills/none", json={"answer": "x"}, headers=MINE).status_code == 404
    assert served.post(f"{URL}/drills/{drill['id']}", json={"answer": "x"}, headers=MINE).status_code == 422


def test_progress_reports_export_and_deletion(served: TestClient) -> None:
    assert served.post(f"{URL}/reports", json={"answers": [3] * 10}, headers=MINE).json()["score"] == 3.0
    assert served.post(f"{URL}/reports", json={"answers": [9] * 10}, headers=MINE).status_code == 422
    told = served.get(f"{URL}/progress", headers=MINE).json()
    assert (len(told["reports"]), told["points"]) == (1, [])
    assert len(served.get(f"{URL}/export", headers=MINE).json()["reports"]) == 1
    assert served.delete(URL, headers=MINE).json() == {"deleted": 1}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sessions", {"scenario": "nowhere"}),
        ("/sessions", {"scenario": "biopsy", "level": "furious"}),
        ("/swap", {"listener": "dragon", "said": ["hi"]}),
        ("/swap", {"listener": "minimiser", "said": []}),
    ],
)
def test_what_does_not_fit_is_told(served: TestClient, path: str, body: dict[str, object]) -> None:
    answered = served.post(URL + path, json=body, headers=MINE)
    assert answered.status_code == 422
    assert answered.json()["detail"]


def test_the_page_is_in_the_navigation(served: TestClient) -> None:
    assert served.get("/v1/about").json()["pages"]["practise"] == "Practise"
    assert "export async function show" in served.get("/practise.js").text
