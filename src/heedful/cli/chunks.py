"""Perceive rows in chunks that depend on the input alone, so that a resumed run computes what a clean run does.

A network's figures may differ in the last digits with the company a text has in its batch; the same chunks make the
same batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from heedful.cli.result import summary, with_result
from heedful.cli.rows import Row, Unread
from heedful.errors import InputError

if TYPE_CHECKING:
    from heedful.api import Heedful
    from heedful.perceive.explain import Explanation
    from heedful.types import Percept

ROWS: Final = 4096
"""Rows of a chunk."""
CHARACTERS: Final = 8 * 2**20
"""Characters that end a chunk early: memory stays flat however long the rows are."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows, perceived."""

    rows: int
    """How many."""
    good: list[str]
    """One line of JSON per row that could be read, in order."""
    bad: list[Unread]
    """The others."""


@dataclass(frozen=True, slots=True)
class Perceiving:
    """How rows are perceived."""

    heedful: Heedful
    """What perceives."""
    batch_size: int
    """Texts per pass through the network, at least 1."""
    text_limit: int
    """Longest text, in characters; a longer one is set aside."""
    explain: bool = field(default=False, kw_only=True)
    """Also say which words carried the strongest feeling."""

    def chunks(self, records: Iterable[Row | Unread], rows: int) -> Iterator[Chunk]:
        """Perceive every row, at most `rows` at a time."""
        for chunk in _chunks(records, rows):
            bad = [each for each in chunk if isinstance(each, Unread)]
            fitting: list[Row] = []
            for row in chunk:
                if isinstance(row, Row):
                    if len(row.text) <= self.text_limit:
                        fitting.append(row)
                    else:
                        bad.append(_too_long(row, self.text_limit))
            good = []
            for row, result in zip(fitting, self.results(fitting), strict=True):
                if isinstance(result, InputError):
                    bad.append(row.set_aside(str(result)))
                else:
                    good.append(with_result(row.columns, result))
            yield Chunk(len(chunk), good, sorted(bad, key=lambda each: each.number))

    def results(self, rows: list[Row]) -> list[dict[str, Any] | InputError]:
        """Return what was perceived in each row, as JSON types, or why nothing could be."""
        return [
            each if isinstance(each, InputError) else summary(each, self._explanation(row.text, each))
            for row, each in zip(rows, self._percepts(rows), strict=True)
        ]

    def _explanation(self, text: str, percept: Percept) -> Explanation | None:
        return self.heedful.explain(text) if self.explain and not percept.abstained else None

    def _percepts(self, rows: list[Row]) -> list[Percept | InputError]:
        texts = [row.text for row in rows]
        try:
            return list(self.heedful.perceive_many(texts, batch_size=self.batch_size))
        except InputError:
            return [self._percept(text) for text in texts]  # to find the one that cannot be read

    def _percept(self, text: str) -> Percept | InputError:
        try:
            return self.heedful.perceive(text)
        except InputError as error:
            return error


def ahead(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Yield chunks while the next one is read in the background, so that writing takes no time from reading."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = pool.submit(next, chunks, None)
            yield chunk


def _chunks(records: Iterable[Row | Unread], rows: int) -> Iterator[list[Row | Unread]]:
    chunk: list[Row | Unread] = []
    size = 0
    for record in records:
        chunk.append(record)
        size += len(record.columns) if isinstance(record, Row) else len(record.raw)
        if len(chunk) >= rows or size >= CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _too_long(row: Row, limit: int) -> Unread:
    length = len(row.text)
    return row.set_aside(f"the text has {length:,} characters; at most {limit:,} are read (setting text_limit)")
