"""Read rows from standard input and files, one at a time; a row that cannot be read is handed on, never fatal."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal, Protocol

from heedful.cli.result import KEY, is_unicode, to_json
from heedful.errors import InputError

LONGEST_LINE: Final = 16 * 2**20
"""Characters of one line; a longer one is set aside, for a file without line ends must not fill the memory."""
EXCERPT: Final = 1000
"""Characters kept of a line longer than that; the input still has the rest."""

_BLANKS: Final = " \t\r\n"  # what JSON allows around a value


@dataclass(frozen=True, slots=True)
class Unread:
    """One row that is set aside."""

    number: int
    """Where it begins: line or row of the input, counted from 1."""
    reason: str
    """Why it cannot be read."""
    raw: str
    """The row as it stands in the input (bytes that are not UTF-8 as surrogates U+DC80 to U+DCFF), or as JSON."""
    unit: Literal["line", "row"] = "line"
    """What `number` counts."""

    def to_json(self) -> str:
        """Return it as one line of JSON, from which the raw row can be had back byte for byte."""
        told: dict[str, Any] = {self.unit: self.number, "reason": self.reason}
        if is_unicode(self.raw):
            told["raw"] = self.raw
        else:
            told["raw_base64"] = base64.b64encode(self.raw.encode("utf-8", "surrogateescape")).decode("ascii")
        return to_json(told)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be read."""

    number: int
    """Where it begins: line or row of the input, counted from 1."""
    text: str
    """What is to be perceived."""
    columns: str
    """The whole row as a JSON object, without an older result."""
    unit: Literal["line", "row"] = "line"
    """What `number` counts."""

    def set_aside(self, reason: str) -> Unread:
        """Return it as a row that cannot be read after all."""
        return Unread(self.number, reason, self.columns, self.unit)


class Source(Protocol):
    """Something that rows are read from."""

    total: int | None
    """How much there is (bytes or rows), or None if unknown."""

    @property
    def done(self) -> int:
        """How much of `total` has been read."""
        ...

    def close(self) -> None:
        """Let go of the input."""
        ...

    def rows(self) -> Iterator[Row | Unread]:
        """Yield every row in order; raise InputError if the input as a whole cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the input."""

    text: str
    """The line with its end; only its beginning if it is not whole."""
    whole: bool
    """False if it is longer than LONGEST_LINE."""


class TextInput:
    """A text file or standard input: lines of bounded length, however long the real ones are."""

    def __init__(self, binary: IO[bytes], total: int | None = None, newline: Literal["\n", ""] = "\n") -> None:
        self.total = total
        self._binary = binary
        self._ends = ("\n",) if newline else ("\n", "\r")
        # Bytes that are not UTF-8 become lone surrogates: the row is set aside, its bytes are not lost.
        self._text = io.TextIOWrapper(binary, encoding="utf-8-sig", errors="surrogateescape", newline=newline)

    @classmethod
    def open(cls, path: Path, newline: Literal["\n", ""] = "\n") -> TextInput:
        """Open a file; raise InputError if it is empty or UTF-16."""
        with path.open("rb") as binary:
            start = binary.read(2)
        if not start:
            raise InputError(f"{path} is empty; expected one row per line.")
        if start in (b"\xff\xfe", b"\xfe\xff"):
            raise InputError(f"{path} is written in UTF-16; save it as UTF-8 and try again.")
        return cls(path.open("rb"), path.stat().st_size, newline)

    @property
    def done(self) -> int:
        """Bytes read so far; 0 where that cannot be known."""
        return self._binary.tell() if self.total else 0

    def close(self) -> None:
        """Close a file; leave standard input as it is."""
        binary = self._text.detach()
        if self.total:
            binary.close()

    def lines(self) -> Iterator[Line]:
        """Yield every line with its end."""
        while piece := self._text.readline(LONGEST_LINE):
            whole = len(piece) < LONGEST_LINE or piece.endswith(self._ends)
            rest = piece
            while not whole and rest and not rest.endswith(self._ends):
                rest = self._text.readline(LONGEST_LINE)
            yield Line(piece, whole)


class TextSource:
    """What the sources that read lines have in common."""

    def __init__(self, text: TextInput) -> None:
        self.text = text
        self.total = text.total

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self.text.done

    def close(self) -> None:
        """Let go of the input."""
        self.text.close()


class Lines(TextSource):
    """Plain text, one message per line."""

    def rows(self) -> Iterator[Row | Unread]:
        """Yield one row per line; an empty line is an empty message."""
        for number, line in enumerate(self.text.lines(), start=1):
            text = line.text.rstrip("\r\n")
            yield unfit(number, line) or Row(number, text, to_json({"text": text}))


class JsonLines(TextSource):
    """JSON Lines: one object per line, the message under `column`."""

    def __init__(self, path: Path, column: str) -> None:
        super().__init__(TextInput.open(path))
        self._column = column

    def rows(self) -> Iterator[Row | Unread]:
        """Yield one row per line that is not blank."""
        for number, line in enumerate(self.text.lines(), start=1):
            if line.text.strip(_BLANKS):
                yield unfit(number, line) or self._row(number, line.text.rstrip("\r\n"))

    def _row(self, number: int, line: str) -> Row | Unread:
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            return Unread(number, f"not JSON: {error.msg} at character {error.pos + 1}", line)
        except (RecursionError, ValueError) as error:
            return Unread(number, f"JSON that cannot be read: {error}", line)
        if not isinstance(row, dict):
            return Unread(number, f'holds {_kind(row)}; expected an object like {{"{self._column}": ...}}', line)
        if self._column not in row:
            fields = ", ".join(row) or "none"
            return Unread(number, f"has no field {self._column!r}; its fields: {excerpt(fields)}", line)
        text = row[self._column]
        if not isinstance(text, str):
            return Unread(number, f"the field {self._column!r} holds {_kind(text)}, not text", line)
        if KEY in row:
            del row[KEY]
            line = to_json(row)
        return Row(number, text, line.strip(_BLANKS))


def unfit(number: int, line: Line) -> Unread | None:
    """Return why a line cannot be read at all, or None if it can."""
    if not line.whole:
        return Unread(
            number, f"longer than {LONGEST_LINE:,} characters; only its beginning is kept here", line.text[:EXCERPT]
        )
    if not is_unicode(line.text):
        return Unread(number, "not valid UTF-8", line.text.rstrip("\r\n"))
    return None


def excerpt(text: str, most: int = 200) -> str:
    """Return at most `most` characters of a text, for use in a message."""
    return text if len(text) <= most else text[:most] + "..."


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return names[type(value)]
