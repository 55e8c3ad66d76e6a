"""Replies to the same messages stand beside each other, judged alike."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from heedful.config import Config
from heedful.judge.base import Judge
from heedful.measure.reaction import (
    FAILURE,
    LOSS,
    PROCESSOR,
    VICTORY,
    Replied,
    figures_of,
    moments,
    people,
    same_sentence,
)

TOLD = [
    ("devastated", "My grandmother died last week.", "I'm so sorry for your loss."),
    ("sad", "My dog was ill and we put him to sleep.", "Oh."),
    ("sad", "It rained all day.", "Yes."),
    ("disappointed", "I failed my driving test again.", "That must be frustrating."),
    ("proud", "I passed my final exam!", "Congratulations, that is great."),
    ("afraid", "I passed my house and saw a light.", "Scary."),
]


@pytest.fixture(autouse=True)
def _dialogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = []
    for split in ("dev", "test"):
        for number, (emotion, message, reply) in enumerate(TOLD):
            common = {"split": split, "dialogue_id": f"{split} {number}", "emotion": emotion}
            rows.append({**common, "turn": 1, "speaker": "speaker", "text": f"{message} {split}"})
            rows.append({**common, "turn": 2, "speaker": "listener", "text": reply})
    (tmp_path / "text").mkdir()
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "text" / "empathetic_dialogues.parquet")
    monkeypatch.setenv("HEEDFUL_DATA", str(tmp_path))


def test_a_moment_is_known_by_its_situation_and_by_its_words() -> None:
    test = moments((LOSS, FAILURE, VICTORY))
    assert test.gold == ("loss",) * 4 + ("failure",) * 2 + ("victory",) * 2
    assert test.raters[0] == ("I'm so sorry for your loss.",)
    assert moments((LOSS, VICTORY), most=1).gold == ("loss", "victory")


def test_everybody_is_judged_by_the_same_measure() -> None:
    test = moments((LOSS, VICTORY))
    judge = Judge(Config.load(), rules_only=True)
    for replier in (people(), same_sentence()):
        replies = list(replier.reply(test))
        judged = judge.judge([(text, reply.text) for text, reply in zip(test.texts, replies, strict=True)])
        figures = {figure.name: figure for figure in figures_of(test, replies, judged)}
        assert figures["loss: judged empathetic"].n == 4
        assert figures["victory: words"].value == sum(len(reply.text.split()) for reply in replies[4:]) / 2


def test_latency_is_told_with_its_interval_where_it_was_measured() -> None:
    test = moments((LOSS,))
    judged = Judge(Config.load(), rules_only=True).judge([(text, "Oh.") for text in test.texts])
    timed = [Replied("Oh.", {PROCESSOR: float(ms), "total": 9.0}) for ms in (10, 20, 30, 40)]
    figures = {figure.name: figure for figure in figures_of(test, timed, judged, timed=True)}
    median = figures["loss: median milliseconds of one core"]
    assert (median.value, median.n) == (25.0, 4)
    assert 10.0 <= median.low <= median.value <= median.high <= 40.0
    untimed = figures_of(test, [Replied("Oh.")] * 4, judged, timed=True)
    assert [figure.name for figure in untimed] == ["loss: judged empathetic"]
