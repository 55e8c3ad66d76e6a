from __future__ import annotations

import csv
import datetime
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from heedful.cli import rows
from heedful.cli.rows import Row, Unread
from heedful.cli.tables import CsvRows, ParquetRows
from heedful.errors import InputError


def read_csv(folder: Path, content: bytes, column: str = "text") -> list[Row | Unread]:
    path = folder / "rows.csv"
    path.write_bytes(content)
    source = CsvRows(path, column)
    found = list(source.rows())
    source.close()
    return found


def read_parquet(folder: Path, table: Any, column: str = "text") -> list[Row | Unread]:
    path = folder / "rows.parquet"
    parquet.write_table(table, path)
    source = ParquetRows(path, column)
    found = list(source.rows())
    assert source.done == source.total == len(found)
    source.close()
    return found


def told(found: list[Row | Unread]) -> list[tuple[int, str]]:
    return [(each.number, each.text if isinstance(each, Row) else each.reason) for each in found]


def test_a_csv_row_keeps_its_columns(tmp_path: Path) -> None:
    (row,) = read_csv(tmp_path, b'id,text,"a ""b"""\r\n007,"so, he\nsaid ""no""",\r\n')
    assert isinstance(row, Row)
    assert row.text == 'so, he\nsaid "no"'
    assert json.loads(row.columns) == {"id": "007", "text": row.text, 'a "b"': ""}


def test_line_numbers_count_lines_and_not_records(tmp_path: Path) -> None:
    found = read_csv(tmp_path, b'\ntext,id\n"two\nlines",1\n\nlast,2\n')
    assert told(found) == [(3, "two\nlines"), (6, "last")]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_usual_marks_between_fields_are_understood(tmp_path: Path, mark: str) -> None:
    found = read_csv(tmp_path, f"id{mark}text\n1{mark}hello\n".encode())
    assert told(found) == [(2, "hello")]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_the_usual_line_ends_are_understood(tmp_path: Path, end: bytes) -> None:
    assert told(read_csv(tmp_path, end.join([b"text", b"a", b"b"]))) == [(2, "a"), (3, "b")]


def test_columns_without_a_name_get_one(tmp_path: Path) -> None:
    (row,) = read_csv(tmp_path, b"text,,\na,b,c\n")
    assert isinstance(row, Row)
    assert json.loads(row.columns) == {"text": "a", "column_2": "b", "column_3": "c"}


def test_an_older_result_in_columns_is_left_out(tmp_path: Path) -> None:
    (row,) = read_csv(tmp_path, b"text,heedful_feeling,heedful_basic_joy\na,joy,0.9\n")
    assert isinstance(row, Row)
    assert row.columns == '{"text": "a"}'


def test_a_csv_row_that_cannot_be_read_keeps_the_rows_around_it(tmp_path: Path) -> None:
    content = b'id,text\n1,a\n2,b,c\n3\n4,"d"e\n5,\xff\n6,f\0g\n7,h\n'
    assert told(read_csv(tmp_path, content)) == [
        (2, "a"),
        (3, "has 3 fields; the header has 2"),
        (4, "has 1 field; the header has 2"),
        (5, "not CSV: ',' expected after '\"'"),
        (6, "not valid UTF-8"),
        (7, "has a NUL character, which no CSV file should"),
        (8, "h"),
    ]


def test_a_quote_that_never_ends_costs_one_row_and_not_the_rest(tmp_path: Path) -> None:
    content = b'text,id\na,1\n"b,2\nc,3\nd,4\n'
    assert told(read_csv(tmp_path, content)) == [(2, "a"), (3, "not CSV: unexpected end of data"), (4, "c"), (5, "d")]


def test_a_csv_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LONGEST_LINE", 100)
    content = b"text,id\n" + b"a" * 1000 + b",1\n" + b'"b\n' + b"c" * 1000 + b'",2\nd,3\n'
    numbers = [(number, reason[:11]) for number, reason in told(read_csv(tmp_path, content))]
    assert numbers == [(2, "longer than"), (3, "not CSV: li"), (4, "longer than"), (5, "d")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"id,message\n1,a\n", r"has no column 'text'. Its columns: 'id', 'message'. Name the one .* --text-column"),
        (b"id;message\n1;a\n", r"has no column 'text'. Its columns: 'id', 'message'."),
        (b"text,text\na,b\n", "two columns named text"),
        (b'text,"id\n', "the header .* is not CSV"),
        (b"te\xffxt,text\na,b\n", "not text in UTF-8"),
        (b"text\0,text\na,b\n", "not text in UTF-8"),
        ("text\na".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_csv_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_csv(tmp_path, content)


@given(st.binary())
def test_no_bytes_after_a_csv_header_are_fatal_or_lost(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    found = read_csv(tmp_path_factory.mktemp("any"), b"text\n" + content)
    kept = "".join(each.raw if isinstance(each, Unread) else each.text for each in found)
    told_in = content.decode("utf-8", "surrogateescape")
    assert sorted(kept.translate(dict.fromkeys(map(ord, '"\r\n')))) == sorted(
        told_in.translate(dict.fromkeys(map(ord, '"\r\n')))
    )


@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1))
def test_what_a_csv_writer_wrote_is_read_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([("id", "text"), *enumerate(texts)])
    found = read_csv(tmp_path_factory.mktemp("any"), file.getvalue().encode())
    assert [each.text for each in found if isinstance(each, Row)] == texts


def test_a_parquet_row_becomes_json(tmp_path: Path) -> None:
    table = pyarrow.table(
        {
            "text": ["a"],
            "at": [datetime.datetime(2025, 3, 1, 9, 30, tzinfo=datetime.UTC)],
            "day": [datetime.date(2025, 3, 1)],
            "took": [datetime.timedelta(seconds=1.5)],
            "price": [Decimal("1.10")],
            "raw": [b"\xff"],
            "nested": [{"a": [1, None, float("nan")]}],
            "nothing": pyarrow.array([None], pyarrow.int64()),
            "exact": pyarrow.array([1_740_821_400_000_000_001], pyarrow.timestamp("ns")),
            "lasted": pyarrow.array([7], pyarrow.duration("ns")),
            "heedful_feeling": ["joy"],
        }
    )
    (row,) = read_parquet(tmp_path, table)
    assert isinstance(row, Row)
    assert json.loads(row.columns) == {
        "text": "a",
        "at": "2025-03-01T09:30:00+00:00",
        "day": "2025-03-01",
        "took": 1.5,
        "price": "1.10",
        "raw": "/w==",
        "nested": {"a": [1, None, None]},
        "nothing": None,
        "exact": "2025-03-01 09:30:00.000000001",
        "lasted": 7,
    }


def test_parquet_rows_that_cannot_be_read_keep_the_rows_around_them(tmp_path: Path) -> None:
    broken = pyarrow.array([b"a", None, b"\xff\xfe", b"d"]).view(pyarrow.string())
    assert told(read_parquet(tmp_path, pyarrow.table({"text": broken}))) == [
        (1, "a"),
        (2, "the column 'text' is null"),
        (
            3,
            "holds a value that cannot be read: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
        ),
        (4, "d"),
    ]


@pytest.mark.parametrize(
    "texts",
    [
        pyarrow.array(["a", "b"], pyarrow.large_string()),
        pyarrow.array(["a", "b"]).dictionary_encode(),
        pyarrow.array(["a", "b"], pyarrow.string_view()),
    ],
)
def test_every_kind_of_parquet_text_is_text(tmp_path: Path, texts: Any) -> None:
    assert told(read_parquet(tmp_path, pyarrow.table({"text": texts}))) == [(1, "a"), (2, "b")]


def test_a_parquet_file_without_the_column_names_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no column 'text'\. Its columns: 'message', 'id'"):
        read_parquet(tmp_path, pyarrow.table({"message": ["a"], "id": [1]}))


@pytest.mark.parametrize(("value", "kind"), [(1, "int64"), (["a"], "list<.*>"), ({"a": "b"}, "struct<.*>")])
def test_a_parquet_column_that_is_not_text_is_an_error(tmp_path: Path, value: Any, kind: str) -> None:
    with pytest.raises(InputError, match=f"the column 'text' holds {kind}, expected text"):
        read_parquet(tmp_path, pyarrow.table({"text": [value]}))


def test_two_parquet_columns_of_one_name_are_an_error(tmp_path: Path) -> None:
    table = pyarrow.table([pyarrow.array(["a"]), pyarrow.array([1]), pyarrow.array([2])], names=["text", "id", "id"])
    with pytest.raises(InputError, match="two columns named id"):
        read_parquet(tmp_path, table)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_parquet_file_that_was_cut_off_is_an_error(tmp_path: Path, share: float) -> None:
    path = tmp_path / "cut.parquet"
    parquet.write_table(pyarrow.table({"text": [f"number {i}" for i in range(3000)]}), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="damaged or was cut off" if share else "is empty"):
        ParquetRows(path, "text")


def test_a_parquet_file_that_is_damaged_inside_says_how_far_it_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "damaged.parquet"
    parquet.write_table(
        pyarrow.table({"text": [f"number {i}" for i in range(5000)]}), path, row_group_size=2000, use_dictionary=False
    )
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = bytes(2000)
    path.write_bytes(content)
    source = ParquetRows(path, "text")
    with pytest.raises(InputError, match=r"is damaged; it can be read up to row [\d,]+ of 5,000"):
        list(source.rows())
    source.close()


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(InputError, match=r'pip install "heedful\[parquet\]"'):
        ParquetRows(tmp_path / "any.parquet", "text")
