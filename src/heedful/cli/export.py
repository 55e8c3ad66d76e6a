"""Turn the finished work file (JSON Lines) into a CSV or Parquet file, row by row."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from heedful.cli.result import KEY, PERCEIVED, Table, is_result, is_unicode, to_json
from heedful.cli.tables import ParquetRows, pyarrow_parquet
from heedful.errors import InputError

WIDEST: Final = 2000
"""Columns of a table; rows with more different fields than that are no table."""
GROUP_ROWS: Final = 8192
"""Rows of a Parquet row group, unless they are large."""
GROUP_BYTES: Final = 32 * 2**20
"""Bytes of JSON that make a Parquet row group, whatever the number of rows."""
_INT64: Final = range(-(2**63), 2**63)
_EXACT: Final = range(-(2**53), 2**53 + 1)


def write_csv(work: Path, out: Path, table: Table = PERCEIVED) -> None:
    """Write a work file as CSV in UTF-8: the columns in the order in which they first appear, then the result's."""
    columns = list(_columns(work, out, table))
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*map(_writable, columns), *table.columns])
        for row, _ in _rows(work, table):
            writer.writerow([_cell(row.get(name)) for name in (*columns, *table.columns)])


def write_parquet(work: Path, out: Path, table: Table = PERCEIVED) -> None:
    """Write a work file as Parquet; a column is of the one type its values have, else it holds text."""
    import pyarrow

    parquet, _ = pyarrow_parquet()
    kinds = _columns(work, out, table)
    types = {"bool": pyarrow.bool_(), "int": pyarrow.int64(), "float": pyarrow.float64()}
    schema = pyarrow.schema([(_writable(name), types.get(kind, pyarrow.string())) for name, kind in kinds.items()])
    with parquet.ParquetWriter(out, _with_result_fields(schema, table)) as writer:
        for group in _groups(work, table):
            columns = [_column([row.get(name) for row in group], kind) for name, kind in kinds.items()]
            arrays = [pyarrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_batch(pyarrow.record_batch(arrays + _result_arrays(group, table), writer.schema))


def extend_parquet(source: Path, column: str, bad: Path, work: Path, out: Path, table: Table = PERCEIVED) -> None:
    """Write a Parquet file again with the result beside it; its own columns keep their types.

    Args:
        source: the input.
        column: its text column.
        bad: rows that were set aside, which the output leaves out.
        work: the results of all others, in order.
        out: where to write.
        table: what the results are.
    """
    import pyarrow

    parquet, _ = pyarrow_parquet()
    rows = ParquetRows(source, column)
    kept = [name for name in rows.schema.names if not is_result(name)]
    extra = dict.fromkeys(name for row, _ in _rows(work, table) for name in row if table.is_extra(name))
    with bad.open("rb") as file:
        aside = {json.loads(line)["row"] for line in file}
    results = (row for row, _ in _rows(work, table))
    number = itertools.count(1)
    fields = [*(rows.schema.field(name) for name in kept), *(pyarrow.field(name, pyarrow.string()) for name in extra)]
    with parquet.ParquetWriter(out, _with_result_fields(pyarrow.schema(fields), table)) as writer:
        held: list[Any] = []
        for batch in rows.batches():
            mask = pyarrow.array([next(number) not in aside for _ in range(batch.num_rows)])
            good = batch.select(kept).filter(mask)
            said = list(itertools.islice(results, good.num_rows))
            more = [pyarrow.array([row.get(name) for row in said], pyarrow.string()) for name in extra]
            arrays = good.columns + more + _result_arrays(said, table)
            held.append(pyarrow.record_batch(arrays, writer.schema))
            if sum(each.num_rows for each in held) >= GROUP_ROWS or sum(each.nbytes for each in held) >= GROUP_BYTES:
                writer.write_table(pyarrow.Table.from_batches(held))
                held.clear()
        if held:
            writer.write_table(pyarrow.Table.from_batches(held))
    rows.close()


def _rows(work: Path, table: Table) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield every row of a work file, its result in flat columns instead of older ones, and its length in bytes."""
    with work.open("rb") as file:
        for line in file:
            row = json.loads(line)
            result = table.flat(row.pop(KEY))
            yield {name: value for name, value in row.items() if not is_result(name)} | result, len(line)


def _groups(work: Path, table: Table) -> Iterator[list[dict[str, Any]]]:
    group: list[dict[str, Any]] = []
    size = 0
    for row, length in _rows(work, table):
        group.append(row)
        size += length
        if len(group) >= GROUP_ROWS or size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _columns(work: Path, out: Path, table: Table) -> dict[str, str]:
    """Return each column of a work file and the kind of its values: bool, int, float, or text for any mixture."""
    kinds: dict[str, str] = {}
    exact: dict[str, bool] = {}
    for row, _ in _rows(work, table):
        for name, value in row.items():
            if name in table.columns:
                continue
            kind = _kind(value)
            exact[name] = exact.get(name, True) and (kind != "int" or value in _EXACT)
            kinds[name] = _joined(kinds.get(name, "null"), kind, exact=exact[name])
        if len(kinds) > WIDEST:
            raise InputError(
                f"{out}: the rows have more than {WIDEST:,} different fields, too many for a table. "
                "Write JSON Lines: --out FILE.jsonl --overwrite."
            )
    return kinds


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int() if value in _INT64:
            return "int"
        case float():
            return "float"
    return "text"


def _joined(one: str, other: str, *, exact: bool) -> str:
    if other in (one, "null"):
        return one
    if one == "null":
        return other
    # Whole numbers beyond 2^53 have no exact float.
    return "float" if {one, other} == {"int", "float"} and exact else "text"


def _column(values: list[Any], kind: str) -> list[Any]:
    return [None if value is None else _cell(value) for value in values] if kind in ("text", "null") else values


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return _writable(value if isinstance(value, str) else to_json(value))


def _writable(text: str) -> str:
    """Return a text that UTF-8 can hold: a lone surrogate is written out as an escape, not lost."""
    return text if is_unicode(text) else text.encode("utf-8", "backslashreplace").decode()


def _with_result_fields(schema: Any, table: Table) -> Any:
    import pyarrow

    for name in table.columns:
        schema = schema.append(pyarrow.field(name, pyarrow.string() if name in table.text else pyarrow.float64()))
    return schema


def _result_arrays(rows: list[dict[str, Any]], table: Table) -> list[Any]:
    import pyarrow

    return [
        pyarrow.array([row[name] for row in rows], pyarrow.string() if name in table.text else pyarrow.float64())
        for name in table.columns
    ]
