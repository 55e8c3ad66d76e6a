"""The listener network is asked once per message, and without it nothing is heard."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.config import Config
from heedful.errors import NetworkError
from heedful.models.encoder import Output
from heedful.models.manifest import Head
from heedful.types import Message, Span
from heedful.understand import hear
from heedful.understand.hear import Listener, follow, longest

HEADS = {
    "situation": Head("single", ("sad", "joyful")),
    "writer_emotion": Head("single", ("joy", "sadness")),
    "appraisal": Head("regression", ("urgency", "pleasantness")),
    "strategy": Head("single", ("question", "others")),
    "cause": Head("tokens", ("cause",), thresholds=(0.4,)),
}


class Network:
    """Finds sadness in "died", and marks "dog" and "died"."""

    sees = False

    def __init__(self, heads: dict[str, Head] = HEADS) -> None:
        self.card = SimpleNamespace(heads=heads)
        self.read_so_far: list[tuple[list[str], list[str] | None, list[str]]] = []

    def read(
        self, first: Sequence[str], second: Sequence[str] | None = None, heads: Sequence[str] = (), limit: int = 0
    ) -> Output:
        assert 0 < limit <= 96
        self.read_so_far.append((list(first), None if second is None else list(second), list(heads)))
        told = list(first if second is None else second)
        values = {}
        for name in heads:
            head = self.card.heads[name]
            if head.kind != "tokens":
                values[name] = np.array([[0.9, 0.1] if "died" in text else [0.2, -0.8] for text in told])
        spans = {
            name: [
                tuple((text.index(word), text.index(word) + 3, 0.8) for word in ("dog", "died") if word in text)
                for text in told
            ]
            for name in heads
            if self.card.heads[name].kind == "tokens"
        }
        return Output(values, spans, {})


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    made = Network()
    monkeypatch.setattr(hear.TextEncoder, "open", lambda *_: made)
    return made


def test_the_situation_is_heard_in_all_that_was_said_and_the_rest_in_the_latest(network: Network) -> None:
    said = [Message("My dog died."), Message("Oh no.", speaker="assistant"), Message("He was old.")]
    heard = Listener(Config.load()).hear(said)
    assert heard is not None
    assert heard.situation == follow({"sad": 0.9, "joyful": 0.1}, {"sad": 0.2, "joyful": -0.8})
    assert heard.writer_emotion == {"joy": 0.2, "sadness": -0.8}
    assert heard.appraisals == {"urgency": pytest.approx(3.4), "pleasantness": pytest.approx(1.4)}
    assert heard.support == {"question": 0.2, "others": -0.8}
    assert heard.cause is None
    assert network.read_so_far == [
        ([""], ["My dog died."], ["situation"]),
        (["My dog died. / Oh no."], ["He was old."], list(HEADS)),
    ]


def test_the_cause_is_told_in_whole_words_of_the_message(network: Network) -> None:
    heard = Listener(Config.load()).hear([Message("My dog died last night.")])
    assert heard is not None
    assert heard.cause == Span(3, 11, "dog died")
    assert network.read_so_far == [([""], ["My dog died last night."], list(HEADS))]


def test_what_is_known_of_the_situation_is_not_read_again(network: Network) -> None:
    said = [Message("My dog died."), Message("Oh no.", speaker="assistant"), Message("He was old.")]
    heard = Listener(Config.load()).hear(said, {"sad": 0.7, "joyful": 0.3})
    assert heard is not None
    assert heard.situation == follow({"sad": 0.7, "joyful": 0.3}, {"sad": 0.2, "joyful": -0.8})
    assert [first for first, *_ in network.read_so_far] == [["My dog died. / Oh no."]]


def test_meaning_is_told_by_networks_that_show_it_alone(network: Network) -> None:
    assert Listener(Config.load()).meaning("My dog died.") is None
    assert network.read_so_far == []


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_a_situation_that_is_followed_stays_a_distribution(odds: list[float]) -> None:
    labels = ("sad", "joyful", "proud")
    followed = follow(dict(zip(labels, odds[:3], strict=True)), dict(zip(labels, odds[3:], strict=True)))
    assert followed is not None
    assert sum(followed.values()) == pytest.approx(1.0)
    assert all(0.0 <= each <= 1.0 for each in followed.values())


def test_a_situation_told_again_and_again_wins_over_the_first() -> None:
    known = {"sad": 0.9, "joyful": 0.1}
    once = follow(known, {"sad": 0.1, "joyful": 0.9})
    assert once is not None
    assert once["sad"] > 0.5
    for _ in range(4):
        once = follow(once, {"sad": 0.1, "joyful": 0.9})
    assert once is not None
    assert once["joyful"] > 0.8


def test_without_a_reading_what_was_known_stays() -> None:
    assert follow({"sad": 1.0}, None) == {"sad": 1.0}
    assert follow(None, {"sad": 1.0}) == {"sad": 1.0}
    assert follow({"sad": 1.0}, {"other": 1.0}) == {"other": 1.0}  # another network's labels
    assert follow(None, None) is None


@pytest.mark.parametrize("text", ["", "?!", "123", None])
def test_nothing_is_heard_without_words(network: Network, text: str | None) -> None:
    assert Listener(Config.load()).hear([Message(text)]) is None
    assert network.read_so_far == []


def test_a_network_with_fewer_heads_says_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hear.TextEncoder, "open", lambda *_: Network({"situation": HEADS["situation"]}))
    heard = Listener(Config.load()).hear([Message("My dog died.")])
    assert heard is not None
    assert heard.situation is not None
    assert (heard.appraisals, heard.support, heard.cause) == (None, None, None)


def test_where_the_network_may_not_load_the_reason_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise NetworkError("commercial_only is set")

    monkeypatch.setattr(hear.TextEncoder, "open", refuse)
    listener = Listener(Config.load())
    assert listener.hear([Message("My dog died.")]) is None
    assert listener.silent == "commercial_only is set"


def test_stretches_that_touch_are_one_and_the_longest_counts() -> None:
    text = "he left me and took our cat"
    assert longest([(0, 2, 0.9), (3, 7, 0.9), (15, 19, 0.9), (20, 23, 0.9), (24, 26, 0.9)], text) == Span(
        15, 27, "took our cat"
    )
    assert longest([], text) is None
