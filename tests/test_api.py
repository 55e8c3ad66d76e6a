"""The public face, with the shipped network and a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from heedful import Config, Feedback, Heedful, InputError, Message, Percept, Turn
from heedful.types import Delta


@pytest.fixture
def heedful(tmp_path: Path) -> Iterator[Heedful]:
    with Heedful(Config.load(data_folder=str(tmp_path))) as made:
        yield made


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("I finally passed, I am so happy!", "joy"),
        ("My dog died last night.", "sadness"),
        ("I'm terrified of tomorrow", "fear"),
        ("This makes me so angry, how dare they", "anger"),
        ("That is disgusting, I feel sick", "disgust"),
        ("Oh wow, I did not expect that at all", "surprise"),
        ("The meeting is on Tuesday.", "neutral"),
        ("I am not happy about this", "sadness"),
    ],
)
def test_plain_feelings_are_read(heedful: Heedful, text: str, feeling: str) -> None:
    percept = heedful.perceive(text)
    assert percept.feeling == feeling
    assert Percept.from_dict(json.loads(json.dumps(percept.to_dict()))) == percept


def test_many_texts_are_read_in_order_like_one_by_one(heedful: Heedful) -> None:
    texts = ["I am so happy", "My dog died last night.", "", "I'm terrified of tomorrow"] * 20
    feelings = [percept.abstained or percept.feeling for percept in heedful.perceive_many(texts, batch_size=8)]
    assert feelings == ["joy", "sadness", "the text is empty", "fear"] * 20


def test_turns_and_feedback_are_kept_and_a_conversation_goes_on(tmp_path: Path) -> None:
    config = Config.load(data_folder=str(tmp_path))
    with Heedful(config) as first:
        turn = first.turn("My dog died last night.", conversation="sam")
        given = first.feedback(turn, rating=4, comment="kind")
    with Heedful(config) as second:
        assert second.turns("sam") == [turn]
        assert second.store.feedback(turn.id) == [given]
        later = second.turn("She was fourteen.", conversation="sam")
        assert later.understanding.told == 2
        assert later.understanding.event.kind == "pet_loss"
        assert not set(turn.reply.phrases) & set(later.reply.phrases)
        assert isinstance(given, Feedback)
        assert isinstance(later, Turn)


def test_a_stream_ends_with_a_turn_that_is_kept_already(heedful: Heedful) -> None:
    said = ""
    for event in heedful.stream("My dog died last night.", conversation="sam"):
        if isinstance(event, Delta):
            assert heedful.turns("sam") == []
            said += event.text
        if isinstance(event, Turn):
            assert heedful.turns("sam") == [event]
            assert event.reply.text == said.strip()
    assert len(heedful.turns("sam")) == 1


def test_who_stops_listening_leaves_nothing_behind(heedful: Heedful) -> None:
    events = heedful.stream("My dog died last night.", conversation="sam")
    assert isinstance(next(events), Percept)
    events.close()
    assert heedful.turns("sam") == []


def test_what_cannot_be_streamed_is_refused_before_anything_is_yielded(heedful: Heedful) -> None:
    with pytest.raises(InputError, match="the message is empty"):
        next(heedful.stream())
    with pytest.raises(InputError, match="text must be a string"):
        heedful.stream(3)


def test_sound_and_pictures_are_never_kept(heedful: Heedful) -> None:
    turn = heedful.turn("hi", audio=(np.zeros(16, dtype=np.float32), 16_000), conversation="a")
    assert turn.message.audio is not None
    assert heedful.turns("a")[0].message.audio is None


def test_a_conversation_may_be_understood_whole(heedful: Heedful) -> None:
    said = [("person", "I failed my exam."), ("assistant", "I'm sorry."), Message("my parents will be furious")]
    understanding = heedful.understand(said)
    assert understanding.told == 2
    assert len(understanding.course.valence) == 2
    assert heedful.understand("I failed my exam.").event.kind == "failure"


@pytest.mark.parametrize(
    ("changes", "says"),
    [({}, "must say something"), ({"rating": 6}, "1 \\(worst\\) to 5"), ({"rating": True}, "1 \\(worst\\) to 5")],
)
def test_feedback_that_says_nothing_is_refused(heedful: Heedful, changes: dict[str, int], says: str) -> None:
    turn = heedful.turn("hello")
    with pytest.raises(InputError, match=says):
        heedful.feedback(turn, **changes)


def test_feedback_on_a_turn_that_is_not_there_is_refused(heedful: Heedful) -> None:
    with pytest.raises(InputError):
        heedful.feedback("no such turn", rating=3)


@pytest.mark.parametrize("text", [3, b"bytes", ["a"]])
def test_a_text_that_is_no_string_is_refused(heedful: Heedful, text: object) -> None:
    with pytest.raises(InputError, match="text must be a string"):
        heedful.perceive(text)


def test_a_message_without_anything_is_refused(heedful: Heedful) -> None:
    with pytest.raises(InputError, match="the message is empty"):
        heedful.perceive()


def test_many_threads_may_talk_at_once(heedful: Heedful) -> None:
    with ThreadPoolExecutor(8) as pool:
        turns = list(pool.map(lambda number: heedful.turn("I feel lonely", conversation=f"c{number}"), range(32)))
    assert len({turn.id for turn in turns}) == 32
    assert all(len(heedful.turns(f"c{number}")) == 1 for number in range(32))


def test_a_reply_or_a_statement_is_judged(heedful: Heedful) -> None:
    judged = heedful.judge("I failed my exam.", "Suck it up.", rewrite=True)
    assert not judged.empathetic
    assert [flag.rule for flag in judged.flags] == ["dismissing"]
    assert judged.rewrite
    assert heedful.judge("That must be tough.").empathetic
    assert heedful.judge("I failed.", "Suck it up.").rewrite is None


def test_many_replies_are_judged_in_order(heedful: Heedful) -> None:
    pairs = [("I failed.", "Suck it up."), ("I failed.", "I'm so sorry."), ("", "That must be tough.")]
    assert [each.empathetic for each in heedful.judge_many(iter(pairs), batch_size=2)] == [False, True, True]
    with pytest.raises(InputError, match="batch_size"):
        next(heedful.judge_many(pairs, batch_size=0))
