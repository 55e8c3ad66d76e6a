"""A benchmark's record is read back as it was written, and the newest one is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.record import Measured, Run, Speed, Throughput, newest, write
from benchmarks.report import speed_page, throughput_page, times
from benchmarks.timing import Timing

SPEED = Speed(
    protocol="S1",
    at=datetime(2031, 1, 1, tzinfo=UTC),
    machine={"processor": "a processor"},
    network="reader-x",
    warm_ups=20,
    notes={"Heedful": "all included", "peer": "without tokenising"},
    cells=tuple(
        Measured(name, tokens, batch, Timing(ms * batch, ms * batch * 2, 200))
        for name, ms in (("Heedful", 2.0), ("peer", 50.0))
        for batch in (1, 32)
        for tokens in (16, 32)
    ),
    import_ms=123.0,
    turn=Timing(9.0, 12.0, 200),
    answer=Timing(7.0, 10.0, 200),
    first_word=Timing(6.5, 9.5, 200),
)
BULK = Throughput(
    protocol="S1b",
    at=SPEED.at,
    machine=SPEED.machine,
    network="reader-x",
    rows=1000,
    tokens=20.2,
    threads=2,
    clean=Run(2.0, 300.0, 250.0, 251.0),
    resumed_equal=False,
)


def test_a_record_is_read_back_unchanged_and_the_newest_is_found(tmp_path: Path) -> None:
    later = replace(SPEED, at=SPEED.at + timedelta(days=40))
    for each in (later, SPEED, BULK):
        write(each, "page", tmp_path)
    assert newest(Speed, tmp_path) == later
    assert newest(Throughput, tmp_path) == BULK
    assert newest(Throughput, tmp_path / "none") is None


def test_the_table_sets_every_peer_beside_heedful() -> None:
    assert times(SPEED)[:2] == [
        ["median ms per call", "Heedful", "peer"],
        ["16 tokens, batch 1", "2.00", "50.00 (25.0x)"],
    ]


def test_the_pages_say_what_was_measured_on_what() -> None:
    for told in (
        "2031-01-01",
        "a processor",
        "200 calls after 20 warm-ups",
        "123 ms",
        "7.0 ms median",
        "9.0 ms median",
        "reader-x",
    ):
        assert told in speed_page(SPEED)
    for told in ("1,000 rows", "| rows per second | 500 |", "| 300 MiB |", "same output | no |"):
        assert told in throughput_page(BULK).replace("peak memory ", "")
