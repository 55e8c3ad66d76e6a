"""Watching listeners: what is read, what is kept of it, what comes of it, and that it can be withdrawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from heedful import Config, Heedful, InputError
from heedful.judge.base import Judge
from heedful.labels import SITUATION
from heedful.learn import learning
from heedful.learn.listening import found_again, is_held_out
from heedful.learn.meaning import bridge_of, large, small, unit
from heedful.learn.observe import (
    Conversation,
    learn,
    pairs_of,
    read_transcripts,
    sentences_for_others,
    strategies_of,
    watch,
)
from heedful.models.manifest import Head
from heedful.models.pooled import POOLED

TOPICS = ("exam", "job", "move", "illness", "noise", "visit")
ANSWERS = (
    "That sounds hard.",
    "That must weigh on you.",
    "I'm so sorry.",
    "What happened next?",
    "That's a lot.",
    "How are you now?",
)


class Network:
    """Sees which of six topics a text speaks of, in six of eight numbers."""

    sees = True
    card = SimpleNamespace(name="tiny", heads={"situation": Head("single", SITUATION)})

    def read(self, texts: Sequence[str], heads: Sequence[str] = (), batch_size: int = 0, limit: int = 0) -> Any:
        seen = np.full((len(texts), 8), 0.05, dtype=np.float32)
        for row, text in enumerate(texts):
            for column, (topic, answer) in enumerate(zip(TOPICS, ANSWERS, strict=True)):
                seen[row, column] = 1.0 if topic in text.lower() or answer.lower() in text.lower() else 0.05
            seen[row, 6] = 0.02 * (len(text) % 7)
            seen[row, 7] = 0.02 * (len(text) % 5)
        situation = np.zeros((len(texts), len(SITUATION)), dtype=np.float32)
        situation[:, SITUATION.index("sad")] = 1.0
        return SimpleNamespace(values={POOLED: seen, "situation": situation})


def conversations(count: int = 240) -> list[Conversation]:
    return [
        Conversation(
            f"c{n:03}", ((False, f"It is about the {TOPICS[n % 6]}, day {'x' * (n % 9)}."), (True, ANSWERS[n % 6]))
        )
        for n in range(count)
    ]


@pytest.fixture
def transcripts(tmp_path: Path) -> Path:
    path = tmp_path / "logs.jsonl"
    lines = [
        json.dumps({"conversation": each.name, "speaker": "agent" if listens else "customer", "text": text})
        for each in conversations()
        for listens, text in each.turns
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_turns_and_whole_conversations_are_read(tmp_path: Path, transcripts: Path) -> None:
    assert list(read_transcripts(transcripts)) == conversations()
    whole = tmp_path / "whole.jsonl"
    turns = [{"speaker": "Ana", "text": "Hello?"}, {"speaker": "desk 4", "text": "I hear you."}]
    whole.write_text(json.dumps({"conversation": 7, "turns": turns, "person": "ana"}), encoding="utf-8")
    (read,) = read_transcripts(whole, listener="Desk 4", person="ana")
    assert read == Conversation("7", ((False, "Hello?"), (True, "I hear you.")), "ana")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 1"),
        ('{"conversation": "a", "speaker": "x", "text": "b"}', "--listener"),
        ('{"speaker": "x"}', "conversation"),
        ('{"conversation": "a", "speaker": "agent", "text": 4}', "texts"),
        ("[]", "line 1"),
    ],
)
def test_a_line_that_is_no_turn_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        list(read_transcripts(path))


def test_what_one_speaker_says_in_a_row_belongs_together() -> None:
    turns = (
        (False, "My dog"),
        (False, "died."),
        (True, "I'm sorry."),
        (True, "How old?"),
        (False, "Nine."),
        (True, "Oh."),
    )
    assert pairs_of(Conversation("c", turns)) == [("My dog died.", "I'm sorry. How old?"), ("Nine.", "Oh.")]


@pytest.mark.parametrize(
    "said",
    [
        "My mother died last year too.",  # the listener's own life
        "I know exactly how you feel.",  # a claim
        "Call me on 020 7946 0958.",  # personal data
        "You should have known better.",  # blame
        "Did she say sorry?",  # points at somebody
        "At least you still have a house.",  # minimising
        "Dont worry.",  # not fit to print
        "Okay.",
    ],
)
def test_what_does_not_suit_others_is_not_kept(said: str) -> None:
    assert not sentences_for_others("My house burned.", said, Judge(Config.load(), rules_only=True))


def test_what_suits_others_is_kept_with_what_it_does() -> None:
    found = sentences_for_others(
        "My house burned.", "that must have been scary!! What happened next?", Judge(Config.load(), rules_only=True)
    )
    assert [(text, part) for text, part, _ in found] == [
        ("That must have been scary!", "think"),
        ("What happened next?", "ask"),
    ]
    assert set(strategies_of("I'm so sorry. That sounds hard. What happened?")) == {
        "console",
        "reflect",
        "validate",
        "explore",
    }


def test_the_same_conversations_come_to_the_same_and_bring_the_true_reply_near() -> None:
    config = Config.load()
    rows = [(each.name, "logs", seen.to_dict()) for each, seen in watch(conversations(), Network(), config)]
    one, two = learn(rows), learn(rows)
    assert np.array_equal(one.bridge.from_message, two.bridge.from_message)
    assert [each.to_dict() for each in one.exemplars] == [each.to_dict() for each in two.exemplars]
    assert {each.text for each in one.exemplars} >= {"That sounds hard.", "What happened next?"}
    assert one.habits["low"]["explore"] == pytest.approx(2 / 6, abs=0.01)
    exams = list(range(0, 240, 6))
    told = one.bridge.messages(large(small(Network().read(["It is about the exam."]).values[POOLED])))
    said = one.bridge.replies(large(small(Network().read(list(ANSWERS)).values[POOLED])))
    assert int(np.argmax(said @ told[0])) == 0
    assert len(exams) == 40


def test_a_bridge_needs_enough_to_stand_on() -> None:
    with pytest.raises(InputError, match="at least"):
        bridge_of(np.ones((10, 4), dtype=np.float32), np.ones((10, 4), dtype=np.float32))


def test_a_vector_that_is_kept_points_where_it_pointed() -> None:
    vectors = np.random.default_rng(1).normal(size=(20, 64)).astype(np.float32)
    assert (unit(vectors) * unit(large(small(vectors)))).sum(axis=1).min() > 0.999


def test_recall_counts_the_true_reply_among_the_first() -> None:
    random = np.random.default_rng(3)
    assert found_again(lambda row, others: (others == row).astype(float), 150, random).value == 1.0
    assert found_again(lambda row, others: -(others == row).astype(float), 150, random).value == 0.0


class TestAtHome:
    @pytest.fixture
    def heedful(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.setattr(learning, "unharmed", lambda *_: [])
        monkeypatch.setattr(learning, "checks_of", lambda *_: [])
        monkeypatch.setattr(learning.Learning, "_encoder", lambda _: Network())
        with Heedful(Config.load(data_folder=str(tmp_path / "data"), disclose=False)) as made:
            yield made

    def test_what_is_watched_goes_live_and_a_conversation_can_be_withdrawn_from_it(
        self, heedful: Heedful, transcripts: Path
    ) -> None:
        count, outcome = heedful.learning.observe(read_transcripts(transcripts), "logs")
        assert (count, outcome is not None and outcome.live) == (240, True)
        before = heedful.learning.why(1).payload
        assert heedful.learning.withdraw("logs/c000") == 1
        after = heedful.learning.why(1).payload
        assert "logs/c000" not in json.dumps(after)
        with Heedful(Config.load(store_url="sqlite://")) as never:
            never.learning.observe((each for each in read_transcripts(transcripts) if each.name != "c000"), "logs")
            seen = never.learning.why(1).payload
        assert after["bridge"] == seen["bridge"] != before["bridge"]
        assert after["exemplars"] == seen["exemplars"]
        with pytest.raises(InputError, match="nothing was watched"):
            heedful.learning.withdraw("logs/c000")

    def test_no_word_of_the_person_is_kept_of_what_was_watched(
        self, heedful: Heedful, transcripts: Path, tmp_path: Path
    ) -> None:
        heedful.learning.observe(read_transcripts(transcripts), "logs")
        stored = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
        assert b"That sounds hard." in stored
        assert b"It is about the" not in stored

    def test_a_source_that_is_withdrawn_leaves_nothing_in_use(self, heedful: Heedful, transcripts: Path) -> None:
        heedful.learning.observe(read_transcripts(transcripts), "logs")
        assert heedful.learning.withdraw(source="logs") == 240
        assert heedful.learning.status().watched is None


def test_one_conversation_in_ten_is_held_out_by_its_name_alone() -> None:
    held = sum(is_held_out(f"conversation {number}") for number in range(2000))
    assert 140 < held < 260
