"""Results are written as they were measured, and read back unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from heedful.errors import InputError
from heedful.measure.metric import Figure
from heedful.measure.report import in_words, page, read, rows, table, write
from heedful.measure.task import Column, Result

MACRO = Figure("macro-F1, 28 labels", 0.4811, 0.4702, 0.4915, 5427)
ERROR = Figure("expected calibration error", 0.0123, 0.0111, 0.0139, 5427)
RESULT = Result(
    protocol="T1",
    title="Text emotion",
    dataset="GoEmotions test",
    source="GoEmotions (Demszky et al., 2020), CC BY 4.0",
    dataset_sha256="ab" * 32,
    n=5427,
    whole=5427,
    columns=(
        Column("Heedful", "reader-2031-01-01-abcdef12", "cd" * 32, 12, (MACRO, ERROR)),
        Column("always neutral", "", "", 0, (replace(MACRO, value=0.0178, low=0.0171, high=0.0185),)),
    ),
    heedful="0.1.0",
    at=datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC),
)


def test_a_figure_is_told_with_its_interval() -> None:
    assert in_words(MACRO) == "0.481 (0.470 to 0.491)"


def test_the_table_has_a_column_per_subject_and_a_dash_where_one_has_no_figure() -> None:
    assert table(rows(RESULT)).splitlines() == [
        "| figure | Heedful | always neutral |",
        "| --- | --- | --- |",
        "| macro-F1, 28 labels | 0.481 (0.470 to 0.491) | 0.018 (0.017 to 0.018) |",
        "| expected calibration error | 0.012 (0.011 to 0.014) | - |",
    ]


def test_the_page_names_the_date_the_items_the_data_and_the_network() -> None:
    told = page(RESULT)
    for fact in ("2031-01-02", "n = 5,427", "ab" * 32, "cd" * 32, "reader-2031-01-01-abcdef12", "on 12 of 5,427"):
        assert fact in told
    assert "first look" not in told


def test_a_part_is_never_passed_off_as_the_protocol() -> None:
    assert "**A first look at 100 of 5,427 items: not the protocol.**" in page(replace(RESULT, n=100))


def test_what_is_written_is_read_back_unchanged(tmp_path: Path) -> None:
    files = write([RESULT], tmp_path / "new" / "folder")
    assert [file.name for file in files] == ["T1.json", "T1.md"]
    assert read(files[0]) == RESULT
    assert files[1].read_text(encoding="utf-8") == page(RESULT)


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        write([RESULT], tmp_path / "file" / "results")


@pytest.mark.parametrize("content", ["", "[]", '{"protocol": "T1"}'])
def test_a_file_that_is_no_result_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "T1.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="no result"):
        read(tmp_path / "T1.json")
