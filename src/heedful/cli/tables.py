"""Read rows from tables: CSV files line by line, Parquet files batch by batch."""

from __future__ import annotations

import base64
import csv
import datetime
import io
import math
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from heedful.cli.result import is_result, is_unicode, to_json
from heedful.cli.rows import LONGEST_LINE, Line, Row, TextInput, TextSource, Unread, excerpt, unfit
from heedful.cli.words import counted
from heedful.errors import InputError

DELIMITERS: Final = (",", ";", "\t", "|")
"""Tried in this order: the first with which the header has the text column is taken."""
BATCH: Final = 1024
"""Parquet rows held at a time."""


class Tape:
    """Lines that can be put back: what lets a reader go on after a row with a stray quote."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self.taken: list[Line] = []
        self._lines = lines
        self._put_back: deque[Line] = deque()

    def __iter__(self) -> Tape:
        return self

    def __next__(self) -> str:
        line = self._put_back.popleft() if self._put_back else next(self._lines)
        self.taken.append(line)
        if not line.whole:
            raise csv.Error("line too long")
        return line.text

    def put_back_all_but_first(self) -> None:
        """Let every line taken since the row began be read again, except its first."""
        self._put_back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


class CsvRows(TextSource):
    """A CSV file with a header, the message in the column `column`; comma, semicolon, tab or bar between fields."""

    def __init__(self, path: Path, column: str) -> None:
        super().__init__(TextInput.open(path, newline=""))
        self._column = column
        self._tape = Tape(self.text.lines())
        self._line = 1
        # Python's own limit (131,072 characters) is one for the whole process and below what a message may have.
        csv.field_size_limit(LONGEST_LINE)
        try:
            self._header, self._delimiter = self._read_header(path)
        except InputError:
            self.close()
            raise

    def rows(self) -> Iterator[Row | Unread]:
        """Yield one row per record that is not blank."""
        reader = csv.reader(self._tape, delimiter=self._delimiter, strict=True)
        while True:
            self._tape.taken.clear()
            try:
                fields = next(reader, None)
            except csv.Error as error:
                self._tape.put_back_all_but_first()
                first = self._tape.taken[0]
                yield unfit(self._line, first) or Unread(self._line, f"not CSV: {error}", first.text.rstrip("\r\n"))
            else:
                if fields is None:
                    return
                if fields:
                    yield self._row(fields)
            self._line += len(self._tape.taken)

    def _row(self, fields: list[str]) -> Row | Unread:
        raw = "".join(each.text for each in self._tape.taken).rstrip("\r\n")
        if not is_unicode(raw):
            return Unread(self._line, "not valid UTF-8", raw)
        if "\0" in raw:
            return Unread(self._line, "has a NUL character, which no CSV file should", raw)
        if len(fields) != len(self._header):
            return Unread(self._line, f"has {counted(len(fields), 'field')}; the header has {len(self._header)}", raw)
        row = dict(zip(self._header, fields, strict=True))
        return Row(self._line, row[self._column], without_result(row))

    def _read_header(self, path: Path) -> tuple[list[str], str]:
        try:
            while next(csv.reader(self._tape, strict=True), None) == []:
                self._line += len(self._tape.taken)
                self._tape.taken.clear()
        except csv.Error as error:
            raise InputError(f"{path}: the header (line {self._line}) is not CSV: {error}.") from error
        header = "".join(line.text for line in self._tape.taken)
        self._line += len(self._tape.taken)
        if not is_unicode(header) or "\0" in header:
            raise InputError(f"{path}: the header is not text in UTF-8; is this a CSV file?")
        found = {mark: next(csv.reader(io.StringIO(header, newline=""), delimiter=mark), []) for mark in DELIMITERS}
        for mark, names in found.items():
            if self._column in names:
                return _named(path, names), mark
        raise _no_column(path, self._column, max(found.values(), key=len))


class ParquetRows:
    """A Parquet file, the message in the column `column`."""

    def __init__(self, path: Path, column: str) -> None:
        parquet, errors = pyarrow_parquet()
        self._errors = errors
        self._path = path
        self._column = column
        self.done = 0
        with path.open("rb") as binary:
            if not binary.read(1):
                raise InputError(f"{path} is empty; expected a Parquet file.")
        try:
            self._file = parquet.ParquetFile(path)
        except errors as error:
            raise InputError(f"{path} cannot be read as Parquet; it is damaged or was cut off: {error}") from error
        self.schema = self._file.schema_arrow
        self.total: int | None = self._file.metadata.num_rows
        self._check_columns()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def rows(self) -> Iterator[Row | Unread]:
        """Yield one row per row of the file."""
        number = 0
        for batch in self.batches():
            for values in _values(batch):
                number += 1
                yield self._row(number, values)

    def batches(self) -> Iterator[Any]:
        """Yield the rows as Arrow record batches of at most BATCH rows."""
        self.done = 0
        try:
            for batch in self._file.iter_batches(batch_size=BATCH):
                yield batch
                self.done += batch.num_rows
        except self._errors as error:
            raise InputError(
                f"{self._path} is damaged; it can be read up to row {self.done:,} of {self.total:,}: {error}"
            ) from error

    def _row(self, number: int, values: dict[str, Any] | str) -> Row | Unread:
        if isinstance(values, str):
            return Unread(number, values, "", "row")
        row = without_result(values)
        text = values[self._column]
        if not isinstance(text, str):
            return Unread(number, f"the column {self._column!r} is null", row, "row")
        return Row(number, text, row, "row")

    def _check_columns(self) -> None:
        names = self.schema.names
        if self._column not in names:
            raise _no_column(self._path, self._column, names)
        if len(set(names)) < len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise InputError(f"{self._path} has two columns named {', '.join(twice)}; rename one of them.")
        kind = str(self.schema.field(self._column).type)
        if not kind.removeprefix("dictionary<values=").removeprefix("large_").startswith("string"):
            raise InputError(f"{self._path}: the column {self._column!r} holds {kind}, expected text (string).")


def pyarrow_parquet() -> tuple[Any, tuple[type[Exception], ...]]:
    """Return pyarrow's Parquet module and the errors that damaged files raise; raise InputError if it is missing."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise InputError(
            'Parquet files need pyarrow, which is not installed: pip install "heedful[parquet]"'
        ) from error
    return pyarrow.parquet, (pyarrow.ArrowException, OSError)


def without_result(row: Mapping[str, Any]) -> str:
    """Return a row as a JSON object, without the columns of an older result."""
    return to_json({name: value for name, value in row.items() if not is_result(name)})


def _no_column(path: Path, column: str, names: list[str]) -> InputError:
    return InputError(
        f"{path} has no column {column!r}. Its columns: {excerpt(', '.join(map(repr, names)))}. "
        "Name the one with the messages: --text-column NAME."
    )


def _named(path: Path, names: list[str]) -> list[str]:
    """Return the header with a name for each column; spreadsheets leave some blank."""
    named = [name if name.strip() else f"column_{place}" for place, name in enumerate(names, start=1)]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise InputError(f"{path} has two columns named {', '.join(twice)}; rename one of them.")
    return named


def _values(batch: Any) -> Iterator[dict[str, Any] | str]:
    """Yield each row of an Arrow batch as plain JSON types, or why it cannot be had."""
    names = batch.schema.names
    columns = [_readable(column) for column in batch.columns]
    for place in range(batch.num_rows):
        try:
            yield {name: _plain(column[place].as_py()) for name, column in zip(names, columns, strict=True)}
        except (ValueError, OverflowError) as error:  # invalid UTF-8, dates beyond the year 9999
            yield f"holds a value that cannot be read: {error}"


def _readable(column: Any) -> Any:
    """Return nanosecond times as text: Python has none, and a row must not be lost for that."""
    kind = str(column.type)
    if "[ns" not in kind or not kind.startswith(("timestamp", "time64", "duration")):
        return column
    return column.cast("int64" if kind.startswith("duration") else "string")


def _plain(value: Any) -> Any:
    """Return a value of Python's as JSON types: times as ISO 8601, bytes as base64, what is not a number as null."""
    match value:
        case dict():
            plain: Any = {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            plain = [_plain(each) for each in value]
        case float() if not math.isfinite(value):
            plain = None
        case None | str() | bool() | int() | float():
            plain = value
        case bytes():
            plain = base64.b64encode(value).decode("ascii")
        case datetime.date() | datetime.time():
            plain = value.isoformat()
        case datetime.timedelta():
            plain = value.total_seconds()
        case _:
            plain = str(value)
    return plain
