from __future__ import annotations

from tests.server.conftest import Client


def test_a_person_takes_everything_along_and_is_erased(client: Client) -> None:
    turn = client.post("/v1/turns", json={"text": "My dog died.", "conversation": "c", "person": "sam"}).json()
    client.post("/v1/feedback", json={"turn": turn["id"], "rating": 5})
    client.post("/v1/people/sam/consents", json={"what": "crisis", "purpose": "in words"})
    told = client.get("/v1/people/sam").json()
    assert (told["person"], len(told["turns"]), len(told["feedback"]), len(told["consents"])) == ("sam", 1, 1, 1)
    gone = client.delete("/v1/people/sam").json()
    assert (gone["turns"], gone["feedback"], gone["consents"]) == (1, 1, 1)
    assert client.get("/v1/people/sam").status_code == 404
    assert client.delete("/v1/people/sam").status_code == 404
    assert client.get("/v1/conversations/c").json() == []


def test_consent_is_given_shown_and_withdrawn(client: Client) -> None:
    given = client.post("/v1/people/sam/consents", json={"what": "microphone", "purpose": "to hear you"}).json()
    assert given["withdrawn"] is None
    (withdrawn,) = client.delete("/v1/people/sam/consents/microphone").json()
    assert withdrawn["withdrawn"]
    assert [each["id"] for each in client.get("/v1/people/sam/consents").json()] == [given["id"]]
    assert client.delete("/v1/people/sam/consents/microphone").status_code == 404
