from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.cli import chunks
from heedful.cli.chunks import Chunk, Perceiving
from heedful.cli.rows import Row, Unread
from heedful.config import Config
from tests.cli.double import UNREADABLE, Double

LIMIT = 50
TEXTS = st.lists(st.sampled_from(["sad", "happy", UNREADABLE, "x" * (LIMIT + 1), "calm", ""]), max_size=40)


def chunked(texts: list[str], rows: int = 8) -> list[Chunk]:
    double: Any = Double(Config.load())
    records = (Row(number, text, json.dumps({"text": text})) for number, text in enumerate(texts, start=1))
    return list(Perceiving(double, 4, LIMIT).chunks(records, rows))


@given(TEXTS)
def test_every_row_is_perceived_or_set_aside_in_order(texts: list[str]) -> None:
    done = chunked(texts)
    assert sum(chunk.rows for chunk in done) == len(texts)
    good = [json.loads(line)["text"] for chunk in done for line in chunk.good]
    bad = [(each.number, each.raw) for chunk in done for each in chunk.bad]
    wrong = [(n, text) for n, text in enumerate(texts, start=1) if text == UNREADABLE or len(text) > LIMIT]
    assert good == [text for text in texts if text != UNREADABLE and len(text) <= LIMIT]
    assert [(number, json.loads(raw)["text"]) for number, raw in bad] == wrong


@given(TEXTS, st.integers(0, 5))
def test_going_on_after_any_chunk_gives_what_a_clean_run_gives(texts: list[str], stop: int) -> None:
    clean = chunked(texts)
    done = sum(chunk.rows for chunk in clean[:stop])
    assert [chunk.good for chunk in chunked(texts[done:])] == [chunk.good for chunk in clean[stop:]]


def test_long_rows_make_small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHARACTERS", 100)
    assert [chunk.rows for chunk in chunked(["x" * 45] * 5)] == [2, 2, 1]


def test_a_row_of_a_table_stays_one() -> None:
    assert Row(3, "a", "{}", "row").set_aside("why") == Unread(3, "why", "{}", "row")
