"""Test sets are read as published, and a missing or damaged one is explained."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from heedful.errors import ConfigError, InputError
from heedful.labels import FINE
from heedful.measure.dataset import goemotions


def test_a_split_is_read_whole_and_in_order(goemotions_folder: Path) -> None:
    test = goemotions("test")
    assert test.name == "GoEmotions test"
    assert test.texts[0] == "I passed, I passed!"
    assert test.gold == (
        frozenset({"joy", "excitement"}),
        frozenset({"neutral"}),
        frozenset({"grief", "sadness"}),
        frozenset({"curiosity"}),
    )
    assert test.labels == FINE
    assert len(test) == test.whole == 4
    assert test.sha256 == hashlib.sha256((goemotions_folder / "text" / "goemotions.parquet").read_bytes()).hexdigest()


@pytest.mark.usefixtures("goemotions_folder")
def test_a_part_keeps_the_size_of_the_whole() -> None:
    part = goemotions("test").first(2)
    assert (len(part), part.whole, len(part.gold)) == (2, 4, 2)
    assert len(goemotions("test").first(100)) == 4
    with pytest.raises(InputError, match="at least one"):
        goemotions("test").first(0)


def test_without_the_variable_it_says_which_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEEDFUL_DATA", raising=False)
    with pytest.raises(ConfigError, match="set the environment variable HEEDFUL_DATA"):
        goemotions()


def test_without_the_file_it_says_where_it_was_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HEEDFUL_DATA", str(tmp_path))
    with pytest.raises(ConfigError, match=r"goemotions\.parquet is missing"):
        goemotions()


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1", "no table".encode("utf-16")])
def test_a_damaged_file_is_refused(goemotions_folder: Path, content: bytes) -> None:
    (goemotions_folder / "text" / "goemotions.parquet").write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        goemotions()


def test_a_file_without_the_columns_is_refused(goemotions_folder: Path) -> None:
    parquet.write_table(pa.table({"text": ["hello"]}), goemotions_folder / "text" / "goemotions.parquet")
    with pytest.raises(InputError, match="columns"):
        goemotions()


def test_labels_of_another_dataset_are_refused(goemotions_folder: Path) -> None:
    table = pa.table({"split": ["test"], "text": ["hello"], "labels": [["joy", "rage"]]})
    parquet.write_table(table, goemotions_folder / "text" / "goemotions.parquet")
    with pytest.raises(InputError, match="rage"):
        goemotions()


def test_a_split_without_rows_is_refused(goemotions_folder: Path) -> None:
    table = pa.table({"split": ["train"], "text": ["hello"], "labels": [["joy"]]})
    parquet.write_table(table, goemotions_folder / "text" / "goemotions.parquet")
    with pytest.raises(InputError, match="no rows"):
        goemotions("test")
