"""People rate over HTTP what they rate in the terminal: blind, in an order of their own, into the same file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from heedful.measure.contest import Contest, Rating, load, order, save
from heedful.server.app import create_app
from tests.server.conftest import Client
from tests.server.serving import make_heedful

NAMES = ("Heedful", "a person", "ChatGPT")
CONTEST = Contest(
    tuple(f"message {row}" for row in range(6)),
    {name: tuple(f"reply {(place * 7 + row * 5) % 97}" for row in range(6)) for place, name in enumerate(NAMES)},
    best=5.0,
)


@pytest.fixture
def compared(tmp_path: Path) -> Any:
    """A comparison, and a client of a server on which it is rated."""
    folder = tmp_path / "contest"
    save(CONTEST, folder)
    with (
        make_heedful(tmp_path, rating_folder=str(folder), serve_rate=0) as heedful,
        Client(create_app(heedful)) as client,
    ):
        yield folder, client


def waiting(client: Client, rater: str) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/v1/rating", params={"rater": rater}).json()
    return told


def test_nothing_that_is_sent_says_whose_a_reply_is(compared: Any) -> None:
    _, client = compared
    sent = client.get("/v1/rating", params={"rater": "kim"}).text
    assert not [name for name in NAMES if name in sent]
    told = waiting(client, "kim")
    row, names = order(CONTEST, "kim")[0]
    assert told["message"]["prompt"] == row
    assert [each["text"] for each in told["message"]["replies"]] == [CONTEST.replies[name][row] for name in names]


def test_ratings_reach_the_right_assistant_whatever_the_order(compared: Any) -> None:
    folder, client = compared
    worth = {"Heedful": 5, "a person": 3, "ChatGPT": 1}
    for rater in ("kim", "sam"):
        while (told := waiting(client, rater))["message"]:
            prompt = told["message"]["prompt"]
            for place, reply in enumerate(told["message"]["replies"]):
                (whose,) = [name for name in NAMES if CONTEST.replies[name][prompt] == reply["text"]]
                body = {"rater": rater, "prompt": prompt, "place": place, "value": worth[whose]}
                assert client.post("/v1/rating", json=body).status_code == 201
        assert told["replies_rated"] == told["replies_in_all"] == 18
    kept = load(folder).ratings
    assert len(kept) == 36
    assert all(each.value == worth[each.assistant] for each in kept)


def test_a_rating_may_be_changed_and_rating_goes_on_where_it_stopped(compared: Any) -> None:
    folder, client = compared
    prompt = waiting(client, "kim")["message"]["prompt"]
    for value in (2, 4):
        client.post("/v1/rating", json={"rater": "kim", "prompt": prompt, "place": 1, "value": value})
    told = waiting(client, "kim")
    assert [each["rated"] for each in told["message"]["replies"]] == [None, 4, None]
    assert told["replies_rated"] == 1
    whose = order(CONTEST, "kim")[0][1][1]
    assert load(folder).ratings == (Rating(prompt, whose, "kim", 4.0),)


@pytest.mark.parametrize(
    ("change", "status"),
    [({"value": 6}, 422), ({"value": 0}, 422), ({"place": 3}, 404), ({"prompt": 99}, 404), ({"rater": "dataset"}, 422),
     ({"rater": "  "}, 422), ({"assistant": "Heedful"}, 422)],
)  # fmt: skip
def test_what_cannot_be_a_rating_is_refused_and_not_kept(compared: Any, change: dict[str, Any], status: int) -> None:
    folder, client = compared
    body = {"rater": "kim", "prompt": 0, "place": 0, "value": 3} | change
    assert client.post("/v1/rating", json=body).status_code == status
    assert load(folder).ratings == ()


def test_without_a_comparison_there_is_no_such_page_and_the_route_says_what_to_do(client: Client) -> None:
    found = client.get("/v1/rating", params={"rater": "kim"})
    assert found.status_code == 404
    assert "heedful serve --rate" in found.json()["detail"]
    assert "rate" not in client.get("/v1/about").json()["pages"]


def test_raters_with_keys_of_their_own_are_kept_apart(tmp_path: Path) -> None:
    folder = tmp_path / "contest"
    save(CONTEST, folder)
    with make_heedful(tmp_path, rating_folder=str(folder)) as heedful, Client(create_app(heedful, keys=True)) as client:
        tokens = [heedful.store.keys.create(name, ("converse",), name)[1] for name in ("ward", "desk")]
        for token in tokens:
            head = {"authorization": f"Bearer {token}"}
            prompt = client.get("/v1/rating", params={"rater": "kim"}, headers=head).json()["message"]["prompt"]
            body = {"rater": "kim", "prompt": prompt, "place": 0, "value": 3}
            assert client.post("/v1/rating", json=body, headers=head).status_code == 201
        assert client.get("/v1/rating", params={"rater": "kim"}).status_code == 401
    assert {each.rater for each in load(folder).ratings} == {"ward/kim", "desk/kim"}
