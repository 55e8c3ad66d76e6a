from __future__ import annotations

import csv
import errno
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from heedful.cli import jobs
from tests.cli.conftest import Run
from tests.cli.double import UNREADABLE, Double

ROOT = Path(__file__).parents[2]
WORDS = ("sad", "happy", "furious", "calm")


def jsonl(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def folder_of(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.iterdir()}


def test_a_file_gets_its_result_beside_it(heedful: Run, tmp_path: Path, doubles: list[Double]) -> None:
    file = jsonl(tmp_path / "a.jsonl", {"id": 1, "text": "a sad day"}, {"id": 2, "text": "so happy"})
    done = heedful("analyze", file)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"a.jsonl: 2 rows read -> {tmp_path / 'a.heedful.jsonl'}\n"
    assert [(row["id"], row["heedful"]["feeling"]) for row in read(tmp_path / "a.heedful.jsonl")] == [
        (1, "sadness"),
        (2, "joy"),
    ]
    assert sorted(folder_of(tmp_path)) == ["a.heedful.jsonl", "a.jsonl"]
    assert doubles[0].closed == 1


@pytest.mark.parametrize("source", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("target", ["jsonl", "csv", "parquet"])
def test_every_kind_of_file_becomes_every_other(heedful: Run, tmp_path: Path, source: str, target: str) -> None:
    texts = ["a sad day", "so happy", 'quotes ", commas and\nlines', "😂 é"]
    table = pyarrow.table({"id": ["1", "2", "3", "4"], "message": texts})
    file = tmp_path / f"a.{source}"
    if source == "jsonl":
        jsonl(file, *table.to_pylist())
    elif source == "parquet":
        parquet.write_table(table, file)
    else:
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([table.column_names, *(row.values() for row in table.to_pylist())])
    out = tmp_path / f"out.{target}"
    assert heedful("analyze", file, "--text-column", "message", "--out", out).exit_code == 0
    if target == "jsonl":
        rows = [(row["id"], row["message"], row["heedful"]["feeling"]) for row in read(out)]
    else:
        found = (
            parquet.read_table(out).to_pylist()
            if target == "parquet"
            else list(csv.DictReader(io.StringIO(out.read_bytes().decode(), newline="")))
        )
        rows = [(row["id"], row["message"], row["heedful_feeling"]) for row in found]
    assert rows == list(zip("1234", texts, ("sadness", "joy", "neutral", "neutral"), strict=True))


def test_rows_that_cannot_be_read_are_kept_apart_and_counted(heedful: Run, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "a.jsonl", {"text": "a"}, {"words": "b"}, {"text": UNREADABLE}, {"text": "x" * 5_000_000})
    with file.open("ab") as opened:
        opened.write(b'{"text": "c\xff"}\n{"text": "d"\n{"text": "\\ud800"}\n{"text": ""}\n')
    done = heedful("analyze", file)
    assert done.exit_code == 0
    assert "a.jsonl: 3 rows read, 5 rows set aside in " in done.stderr
    bad = read(tmp_path / "a.heedful.jsonl.bad.jsonl")
    assert [row["line"] for row in bad] == [2, 3, 4, 5, 6]
    assert [row["reason"][:24] for row in bad] == [
        "has no field 'text'; its",
        "this cannot be read by t",
        "the text has 5,000,000 c",
        "not valid UTF-8",
        "not JSON: Expecting ',' ",
    ]
    assert [row["text"] for row in read(tmp_path / "a.heedful.jsonl")] == ["a", "\ud800", ""]
    assert read(tmp_path / "a.heedful.jsonl")[-1]["heedful"]["abstained"] == "the message is empty"


def test_parquet_rows_set_aside_do_not_shift_the_others(heedful: Run, tmp_path: Path) -> None:
    texts = ["a sad day", None, "so happy", "x" * 300_000, "a sad day"]
    parquet.write_table(pyarrow.table({"text": texts, "id": [1, 2, 3, 4, 5]}), tmp_path / "a.parquet")
    done = heedful("analyze", tmp_path / "a.parquet", "--out", tmp_path / "b.parquet")
    assert "3 rows read, 2 rows set aside" in done.stderr
    rows = parquet.read_table(tmp_path / "b.parquet").to_pylist()
    assert [(row["id"], row["heedful_feeling"]) for row in rows] == [(1, "sadness"), (3, "joy"), (5, "sadness")]


def test_a_file_in_which_no_row_can_be_read_is_an_error(heedful: Run, tmp_path: Path) -> None:
    done = heedful("analyze", jsonl(tmp_path / "a.jsonl", {"message": "a"}, {"message": "b"}))
    assert done.exit_code == 2
    assert "a.jsonl: no row could be read; " in done.stderr
    assert len(read(tmp_path / "a.heedful.jsonl.bad.jsonl")) == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b"", "is empty"),
        ("a.jsonl", b"\n \n", "a.jsonl holds no rows"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"text\n", "a.csv holds no rows"),
        ("a.csv", b"id,message\n1,a\n", "has no column 'text'. Its columns: 'id', 'message'"),
        ("a.parquet", b"", "is empty"),
        ("a.parquet", b"PAR1 and then nothing", "damaged or was cut off"),
        ("a.txt", b"words", "heedful analyze - < a.txt"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_error_and_leaves_nothing(
    heedful: Run, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = heedful("analyze", tmp_path / name)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert folder_of(tmp_path) == {name: content}


def test_one_bad_file_does_not_keep_the_others_from_being_analyzed(heedful: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("words\nb\n")
    done = heedful("analyze", tmp_path / "a.csv", jsonl(tmp_path / "b.jsonl", {"text": "a sad day"}))
    assert done.exit_code == 2
    assert "has no column 'text'" in done.stderr
    assert "1 of 2 files were not analyzed" in done.stderr
    assert len(read(tmp_path / "b.heedful.jsonl")) == 1


def test_a_finished_output_is_replaced_only_when_asked(heedful: Run, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "a.jsonl", {"text": "a sad day"})
    heedful("analyze", file)
    refused = heedful("analyze", file)
    assert (refused.exit_code, "already exists. Replace it: --overwrite" in refused.stderr) == (2, True)
    jsonl(file, {"text": "so happy"})
    assert heedful("analyze", file, "--overwrite").exit_code == 0
    assert read(tmp_path / "a.heedful.jsonl")[0]["heedful"]["feeling"] == "joy"


def test_resuming_what_is_finished_does_nothing(heedful: Run, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "a.jsonl", {"text": "a sad day"})
    heedful("analyze", file)
    before = folder_of(tmp_path)
    done = heedful("analyze", file, "--resume")
    assert (done.exit_code, "is finished; nothing to resume" in done.stderr) == (0, True)
    assert folder_of(tmp_path) == before


def test_a_full_disk_is_an_error_from_which_a_run_resumes(
    heedful: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = mixed(tmp_path / "a.jsonl")
    heedful("analyze", file, "--out", tmp_path / "clean.jsonl")
    sync, left = os.fsync, [3]

    def full(descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        done = heedful("analyze", file, "--out", tmp_path / "out.jsonl")
    assert done.exit_code == 2
    assert "No space left on device" in done.stderr
    assert heedful("analyze", file, "--out", tmp_path / "out.jsonl", "--resume").exit_code == 0
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "clean.jsonl").read_bytes()


@pytest.mark.parametrize("change", ["input", "batch size", "settings"])
def test_an_interrupted_run_goes_on_only_as_it_was_begun(
    heedful: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    file = mixed(tmp_path / "a.jsonl")
    out = tmp_path / "a.heedful.jsonl"
    with monkeypatch.context() as patch:
        patch.setattr(jobs.Journal, "finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert heedful("analyze", file).exit_code == 130
    refused = heedful("analyze", file)
    assert "Go on with it: --resume. Begin again: --overwrite" in refused.stderr
    more = ["--batch-size", "32"] if change == "batch size" else []
    if change == "input":
        with file.open("a") as opened:
            opened.write('{"text": "more"}\n')
    if change == "settings":
        (tmp_path / "heedful.toml").write_text("text_limit = 100\n")
        monkeypatch.setenv("HEEDFUL_CONFIG", str(tmp_path / "heedful.toml"))
    done = heedful("analyze", file, "--resume", *more)
    assert done.exit_code == 2
    assert "the interrupted run differs from this one (" in done.stderr
    assert not out.exists()


def mixed(path: Path, count: int = 100) -> Path:
    """Write rows of all kinds, among them some that cannot be read."""
    chosen = random.Random(7)
    with path.open("wb") as file:
        for number in range(count):
            text = f"a {chosen.choice(WORDS)} day, number {number} " * chosen.randint(1, 4)
            line = json.dumps({"id": number, "text": UNREADABLE if number == 90 else text})
            file.write(line.encode() + (b"\xff\n" if number % 40 == 11 else b"\n"))
    return path


def as_table(path: Path) -> Path:
    rows = [json.loads(line) for line in path.read_bytes().splitlines() if b"\xff" not in line]
    rows[5]["text"] = None
    parquet.write_table(pyarrow.table({"id": [r["id"] for r in rows], "text": [r["text"] for r in rows]}), path)
    return path


class Forker:
    """A process that starts runs of `heedful analyze`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.forker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: Any, moment: int | None = None, pause: float = 0.0) -> int:
        return self._order("start", [str(each) for each in arguments], moment, pause)

    def wait(self) -> int:
        return self._order("wait")

    def run(self, *arguments: Any, moment: int | None = None) -> int:
        self.start(*arguments, moment=moment)
        return self.wait()

    def stop(self) -> None:
        self._process.communicate()

    def _order(self, *order: Any) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@pytest.fixture(scope="module")
def forker() -> Iterator[Forker]:
    """Return what starts runs that may be killed."""
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork")
    made = Forker()
    yield made
    made.stop()


@pytest.mark.parametrize(("source", "target"), [("jsonl", "jsonl"), ("jsonl", "csv"), ("parquet", "parquet")])
def test_killed_before_or_after_any_step_and_resumed_it_ends_as_one_clean_run(
    forker: Forker, tmp_path: Path, source: str, target: str
) -> None:
    file = mixed(tmp_path / f"a.{source}")
    if source == "parquet":
        as_table(file)
    clean, killed = tmp_path / "clean", tmp_path / "killed"
    clean.mkdir()
    assert forker.run(file, "--out", clean / f"out.{target}") == 0
    expected = folder_of(clean)
    assert set(expected) == {f"out.{target}", f"out.{target}.bad.jsonl"}
    for moment in range(1, 1000):
        killed.mkdir()
        ended = forker.run(file, "--out", killed / f"out.{target}", moment=moment)
        if ended == 0:  # there were not as many steps
            break
        assert ended == -signal.SIGKILL
        assert forker.run(file, "--out", killed / f"out.{target}", "--resume") == 0
        assert folder_of(killed) == expected, f"killed at step {moment}"
        shutil.rmtree(killed)
    assert moment > 25


def test_killed_again_and_again_at_any_time_it_ends_as_one_clean_run(forker: Forker, tmp_path: Path) -> None:
    file = mixed(tmp_path / "a.jsonl", 2000)
    assert forker.run(file, "--out", tmp_path / "clean.jsonl") == 0
    out, chosen = tmp_path / "out.jsonl", random.Random(11)
    ends = []
    while not ends or ends[-1] != 0:
        child = forker.start(file, "--out", out, "--resume", pause=0.002)
        time.sleep(chosen.uniform(0.02, 0.3))
        os.kill(child, signal.SIGKILL)
        ends.append(forker.wait())
        assert len(ends) < 200
    assert ends.count(-signal.SIGKILL) >= 3
    assert out.read_bytes() == (tmp_path / "clean.jsonl").read_bytes()
    assert Path(f"{out}.bad.jsonl").read_bytes() == (tmp_path / "clean.jsonl.bad.jsonl").read_bytes()
    assert not Path(f"{out}.progress").exists()
