from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from heedful.cli import export
from heedful.cli.export import extend_parquet, write_csv, write_parquet
from heedful.cli.result import COLUMNS, TEXT_COLUMNS, summary
from heedful.errors import InputError
from tests.samples import sample_percept

RESULT = summary(sample_percept())


def work_file(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "work"
    path.write_text("".join(json.dumps({**row, "heedful": RESULT}) + "\n" for row in rows), encoding="utf-8")
    return path


def as_csv(folder: Path, *rows: dict[str, Any]) -> list[dict[str, str]]:
    write_csv(work_file(folder, *rows), folder / "out.csv")
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_parquet(folder: Path, *rows: dict[str, Any]) -> Any:
    write_parquet(work_file(folder, *rows), folder / "out.parquet")
    return parquet.read_table(folder / "out.parquet")


def test_a_csv_row_has_its_own_columns_and_then_the_result(tmp_path: Path) -> None:
    (row,) = as_csv(tmp_path, {"id": 7, "text": 'a "b",\nc'})
    assert tuple(row) == ("id", "text", *COLUMNS)
    assert (row["id"], row["text"], row["heedful_feeling"], row["heedful_expressed"]) == (
        "7", 'a "b",\nc', "sadness", "sadness|grief",
    )  # fmt: skip


def test_csv_columns_are_those_of_all_rows(tmp_path: Path) -> None:
    first, second = as_csv(tmp_path, {"text": "a", "b": None, "c": [1]}, {"text": "d", "e": True})
    assert (first["b"], first["c"], first["e"]) == ("", "[1]", "")
    assert (second["b"], second["c"], second["e"]) == ("", "", "true")


def test_a_lone_surrogate_is_written_out_in_tables(tmp_path: Path) -> None:
    (row,) = as_csv(tmp_path, {"text": "a\ud800"})
    assert row["text"] == r"a\ud800"
    assert as_parquet(tmp_path, {"text": "a\ud800"})["text"].to_pylist() == [r"a\ud800"]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, 2], "int64", [1, 2]),
        ([1, None], "int64", [1, None]),
        ([1, 0.5], "double", [1.0, 0.5]),
        ([True, None], "bool", [True, None]),
        (["a", None], "string", ["a", None]),
        ([None, None], "string", [None, None]),
        ([1, "a"], "string", ["1", "a"]),
        ([True, 1], "string", ["true", "1"]),
        ([[1], {"a": 2}], "string", ["[1]", '{"a": 2}']),
        ([2**70, 1], "string", [str(2**70), "1"]),
        ([2**60 + 1, 0.5], "string", [str(2**60 + 1), "0.5"]),
        ([0.5, 2**60 + 1], "string", ["0.5", str(2**60 + 1)]),
    ],
)
def test_a_parquet_column_has_the_type_that_all_its_values_have(
    tmp_path: Path, values: list[Any], kind: str, expected: list[Any]
) -> None:
    table = as_parquet(tmp_path, *({"text": "a", "value": value} for value in values))
    assert (str(table.schema.field("value").type), table["value"].to_pylist()) == (kind, expected)


def test_the_result_columns_of_a_parquet_file_are_numbers_and_text(tmp_path: Path) -> None:
    schema = as_parquet(tmp_path, {"text": "a"}).schema
    assert {name: str(schema.field(name).type) for name in COLUMNS} == {
        name: "string" if name in TEXT_COLUMNS else "double" for name in COLUMNS
    }


def test_a_long_parquet_file_is_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "GROUP_ROWS", 4)
    assert as_parquet(tmp_path, *({"text": str(i)} for i in range(10)))["text"].to_pylist() == [*map(str, range(10))]
    assert parquet.ParquetFile(tmp_path / "out.parquet").num_row_groups == 3


def test_large_rows_make_small_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "GROUP_BYTES", 10_000)
    as_parquet(tmp_path, *({"text": "a" * 6000} for _ in range(4)))
    assert parquet.ParquetFile(tmp_path / "out.parquet").num_row_groups == 2


def test_rows_with_thousands_of_different_fields_are_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"too many for a table\. Write JSON Lines"):
        as_csv(tmp_path, *({"text": "a", f"field {i}": 1} for i in range(3000)))


def test_no_rows_make_a_table_of_no_rows(tmp_path: Path) -> None:
    assert as_csv(tmp_path) == []
    assert as_parquet(tmp_path).num_rows == 0


def test_a_parquet_file_keeps_its_types_and_leaves_out_what_was_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "GROUP_ROWS", 1500)
    table = pyarrow.table(
        {
            "text": [None if i % 500 == 3 else f"number {i}" for i in range(4000)],
            "at": pyarrow.array(range(4000), pyarrow.timestamp("ns", "UTC")),
            "parts": [[i] for i in range(4000)],
            "heedful_feeling": ["an older result"] * 4000,
        }
    )
    parquet.write_table(table, tmp_path / "in.parquet")
    (tmp_path / "bad").write_text("".join(f'{{"row": {i + 1}}}\n' for i in range(4000) if i % 500 == 3))
    work = work_file(tmp_path, *({"text": f"number {i}"} for i in range(4000) if i % 500 != 3))
    extend_parquet(tmp_path / "in.parquet", "text", tmp_path / "bad", work, tmp_path / "out.parquet")
    made = parquet.read_table(tmp_path / "out.parquet")
    own = ["text", "at", "parts"]
    assert made.select(own) == table.filter(pyarrow.compute.is_valid(table["text"])).select(own)
    assert set(made["heedful_feeling"].to_pylist()) == {"sadness"}
    assert parquet.ParquetFile(tmp_path / "out.parquet").num_row_groups > 1
