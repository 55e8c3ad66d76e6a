from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from heedful.cli import rows
from heedful.cli.rows import JsonLines, Lines, Row, TextInput, Unread
from heedful.errors import InputError


def read(folder: Path, content: bytes, column: str = "text") -> list[Row | Unread]:
    path = folder / "rows.jsonl"
    path.write_bytes(content)
    source = JsonLines(path, column)
    found = list(source.rows())
    assert source.done == source.total
    source.close()
    return found


def only(found: list[Row | Unread]) -> Row | Unread:
    (one,) = found
    return one


def test_a_row_is_its_text_and_its_columns_to_the_letter(tmp_path: Path) -> None:
    line = '{"id": 1.10, "text": "hello", "id2": 123456789012345678901234567890, "a": [1e400]}'
    assert only(read(tmp_path, line.encode())) == Row(1, "hello", line)


def test_an_older_result_is_left_out(tmp_path: Path) -> None:
    assert only(read(tmp_path, b'{"text": "a", "heedful": {"feeling": "joy"}, "id": 2}')) == Row(
        1, "a", '{"text": "a", "id": 2}'
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "a"', "not JSON: Expecting ',' delimiter at character 13"),
        (b"just words", "not JSON: Expecting value at character 1"),
        (b'"a text"', 'holds text; expected an object like {"text": ...}'),
        (b"[1]", 'holds a list; expected an object like {"text": ...}'),
        (b'{"message": "a", "id": 1}', "has no field 'text'; its fields: message, id"),
        (b"{}", "has no field 'text'; its fields: none"),
        (b'{"text": null}', "the field 'text' holds null, not text"),
        (b'{"text": 5}', "the field 'text' holds a number, not text"),
        (b'{"text": true}', "the field 'text' holds true or false, not text"),
        (b'{"text": {"a": 1}}', "the field 'text' holds an object, not text"),
        (b'{"text": "\xff\xfe"}', "not valid UTF-8"),
        (b'{"text": "\xed\xa0\x80"}', "not valid UTF-8"),
        (b'{"text": "a\0b"}', "not JSON: Invalid control character at at character 12"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(tmp_path: Path, line: bytes, reason: str) -> None:
    found = only(read(tmp_path, line))
    assert isinstance(found, Unread)
    assert (found.number, found.reason) == (1, reason)


def test_json_that_python_cannot_hold_is_set_aside(tmp_path: Path) -> None:
    deep, long = b"[" * 200_000, b'{"text": "a", "n": ' + b"9" * 5000 + b"}"
    for found in read(tmp_path, deep + b"\n" + long):
        assert isinstance(found, Unread)
        assert found.reason.startswith("JSON that cannot be read")


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "😂" * 10_000, "x" * 5_000_000, "", "\u2028"])
def test_odd_text_is_text(tmp_path: Path, text: str) -> None:
    found = only(read(tmp_path, json.dumps({"text": text}).encode()))
    assert isinstance(found, Row)
    assert found.text == text


def test_blank_lines_are_no_rows_but_are_counted(tmp_path: Path) -> None:
    assert [each.number for each in read(tmp_path, b'\n{"text": "a"}\r\n  \n{"text": "b"}')] == [2, 4]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    assert isinstance(only(read(tmp_path, b'\xef\xbb\xbf{"text": "a"}')), Row)


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LONGEST_LINE", 100)
    monkeypatch.setattr(rows, "EXCERPT", 10)
    fits = json.dumps({"text": "b" * 80}).encode()
    long, whole = read(tmp_path, b'{"text": "' + b"a" * 1000 + b'"}\n' + fits + b"\n")
    assert isinstance(long, Unread)
    assert long.raw == '{"text": "'
    assert whole == Row(2, "b" * 80, fits.decode())


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is empty"):
        read(tmp_path, b"")


def test_utf_16_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="UTF-16"):
        read(tmp_path, '{"text": "a"}'.encode("utf-16"))


def test_each_line_of_a_stream_is_a_message() -> None:
    source = Lines(TextInput(io.BytesIO(b"one\r\n\ntwo \xff\nthree")))
    first, empty, broken, last = source.rows()
    assert (first, empty, last) == (
        Row(1, "one", '{"text": "one"}'),
        Row(2, "", '{"text": ""}'),
        Row(4, "three", '{"text": "three"}'),
    )
    assert isinstance(broken, Unread)
    assert (source.total, source.done) == (None, 0)


def test_a_stream_is_not_closed_behind_its_owner() -> None:
    stream = io.BytesIO(b"one")
    Lines(TextInput(stream)).close()
    assert not stream.closed


def given_back(unread: Unread) -> bytes:
    told = json.loads(unread.to_json())
    return base64.b64decode(told["raw_base64"]) if "raw_base64" in told else told["raw"].encode()


LINES = st.one_of(st.binary(), st.sampled_from([b'{"text": "a"}', b'{"text": 1}', b"\xc2\xa0", b"\xff"]))


@given(st.lists(LINES).map(b"\n".join))
def test_whatever_a_file_holds_each_line_is_read_or_set_aside_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    assume(content and content[:2] not in (b"\xff\xfe", b"\xfe\xff"))
    found = read(tmp_path_factory.mktemp("any"), content)
    lines = [line for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip(b" \t\r\n")]
    assert len(found) == len(lines)
    for each, line in zip(found, lines, strict=True):
        assert given_back(each) == line.rstrip(b"\r") if isinstance(each, Unread) else json.loads(line)["text"]
