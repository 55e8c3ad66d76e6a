"""Test sets are read as their protocols define them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from heedful.errors import InputError
from heedful.measure import corpora

TURN = {"split": "test", "dialogue_id": "d1", "turn": 1, "speaker": "seeker", "text": "I lost my job", "strategy": None}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "text").mkdir()
    monkeypatch.setenv("HEEDFUL_DATA", str(tmp_path))
    return tmp_path / "text"


def write(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    parquet.write_table(pa.Table.from_pylist(list(rows)), folder / f"{name}.parquet")


def test_a_strategy_is_asked_of_the_dialogue_before_it(folder: Path) -> None:
    said = {**TURN, "turn": 2, "speaker": "supporter", "text": "What happened?", "strategy": "question"}
    later = {**TURN, "turn": 3, "text": "They let me go"}
    reply = {**TURN, "turn": 4, "speaker": "supporter", "text": "I see", "strategy": "others"}
    write(folder, "esconv", reply, TURN, later, said, {**said, "dialogue_id": "d2", "split": "train"})
    read = corpora.esconv("test")
    assert read.texts == ("I lost my job", "They let me go")
    assert read.before == ("", "I lost my job / What happened?")
    assert read.gold == ("question", "others")


def test_a_situation_is_that_of_the_first_turn_or_of_all_the_speaker_said(folder: Path) -> None:
    turn = {
        "split": "test",
        "dialogue_id": "a",
        "turn": 1,
        "speaker": "speaker",
        "text": "My dog died",
        "emotion": "sad",
    }
    write(
        folder,
        "empathetic_dialogues",
        turn,
        {**turn, "turn": 2, "speaker": "listener", "text": "Oh no"},
        {**turn, "turn": 3, "text": "He was old"},
    )
    assert corpora.first_turns().texts == ("My dog died",)
    assert corpora.whole_dialogues().texts == ("My dog died He was old",)
    assert corpora.whole_dialogues().gold == ("sad",)


def test_causes_are_asked_of_turns_that_feel_something_and_have_a_cause(folder: Path) -> None:
    turn = {
        "split": "test",
        "dialogue_id": "a",
        "turn": 1,
        "text": "My dog died",
        "emotion": "neutral",
        "cause_spans": [],
    }
    sad = {**turn, "turn": 2, "text": "I am sad", "emotion": "sadness", "cause_spans": ["My dog died"]}
    write(folder, "reccon", turn, sad, {**sad, "turn": 3, "cause_spans": []})
    read = corpora.reccon()
    assert read.texts == ("I am sad",)
    assert read.gold == ((("My dog died",), ("My dog died",)),)


def test_readers_stay_with_the_text_they_read(folder: Path) -> None:
    row = {"text": "I won", "writer_emotion": "joy", "reader_emotions": ["joy", "pride", "joy", "joy", "relief"]}
    write(folder, "crowd_envent_readers", row, {**row, "writer_emotion": "pride"})
    read = corpora.crowd_envent()
    assert read.gold == ("joy", "pride")
    assert read.raters[1] == ("joy", "pride", "joy", "joy", "relief")
    assert read.first(1).raters == read.raters[:1]


def test_what_has_no_test_set_is_measured_on_dev(folder: Path) -> None:
    row = {"split": "dev", "context": "hi", "response": "go away", "label": "unsafe"}
    write(folder, "diasafety", row, {**row, "split": "train", "response": "hello"})
    assert corpora.diasafety().texts == ("go away",)
    assert corpora.diasafety("train").texts == ("hello",)
    write(folder, "diasafety", {**row, "split": "train"})
    with pytest.raises(InputError, match="has no rows"):
        corpora.diasafety()
