"""Predictions are kept by what made them; an interrupted run goes on, and gives the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from heedful.errors import InputError
from heedful.measure.cache import TOGETHER, Cache, code, digest
from heedful.measure.subject import Prediction

ITEMS = 3 * TOGETHER + 10


def made(start: int) -> Iterator[Prediction]:
    for row in range(start, ITEMS):
        yield Prediction(frozenset({f"label {row % 7}"}), {"a": row / 3.0, "b": 0.1}, spans=((row, row + 1),))


def test_what_is_kept_is_read_back_exactly_and_not_made_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path, Prediction)
    first = list(cache.fill(["key"], ITEMS, made))
    assert first == list(made(0))
    assert list(cache.fill(["key"], ITEMS, lambda start: pytest.fail("made again"))) == first


def test_another_key_is_another_file(tmp_path: Path) -> None:
    cache = Cache(tmp_path, Prediction)
    list(cache.fill(["network a"], ITEMS, made))
    started: list[int] = []
    list(cache.fill(["network b"], ITEMS, lambda start: started.append(start) or made(start)))
    assert started == [0]
    assert digest("a", ["b"]) != digest("a", "b")


def test_an_interrupted_run_goes_on_at_a_whole_batch_and_gives_the_same(tmp_path: Path) -> None:
    cache = Cache(tmp_path, Prediction)
    run = cache.fill(["key"], ITEMS, made)
    for _ in range(2 * TOGETHER + 100):
        next(run)
    run.close()
    started: list[int] = []
    again = list(cache.fill(["key"], ITEMS, lambda start: started.append(start) or made(start)))
    assert started == [2 * TOGETHER]
    assert again == list(made(0))


@pytest.mark.parametrize("damage", [b"", b"{", b'{"labels": 3}\n', b"\xff\xfe\n", b"[]\n"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path, Prediction)
    list(cache.fill(["key"], ITEMS, made))
    (path,) = tmp_path.iterdir()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:300]) + damage)
    assert list(cache.fill(["key"], ITEMS, made)) == list(made(0))


def test_without_a_folder_nothing_is_kept() -> None:
    assert list(Cache(None, Prediction).fill(["key"], ITEMS, made)) == list(made(0))


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="--cache"):
        list(Cache(tmp_path / "file", Prediction).fill(["key"], ITEMS, made))


def test_the_code_has_one_hash() -> None:
    assert code() == code()
    assert len(code()) == 64
