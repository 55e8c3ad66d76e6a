from __future__ import annotations

import json
from pathlib import Path

import pytest

from heedful.cli.journal import Journal
from heedful.errors import InputError

MADE_BY = {"input": "a file", "batch size": "64"}


def journal(folder: Path, **made_by: str) -> Journal:
    return Journal(folder / "out.jsonl", {**MADE_BY, **made_by})


def begun(folder: Path, *, resume: bool = False, overwrite: bool = False, **made_by: str) -> Journal:
    made = journal(folder, **made_by)
    try:
        made.start(resume=resume, overwrite=overwrite)
    except InputError:
        made.close()
        raise
    return made


def interrupted(folder: Path) -> None:
    run = begun(folder)
    run.add(3, ["1", "2"], ["3"])
    run.close()


def test_a_finished_run_leaves_its_output_and_nothing_else(tmp_path: Path) -> None:
    run = begun(tmp_path)
    run.add(2, ["1", "2"], [])
    run.add(1, ["3"], [])
    run.finish(None)
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert (tmp_path / "out.jsonl").read_text() == "1\n2\n3\n"
    assert run.is_finished()


def test_rows_set_aside_are_kept_beside_the_output(tmp_path: Path) -> None:
    run = begun(tmp_path)
    run.add(2, ["1"], ["2"])
    run.finish(None)
    assert (tmp_path / "out.jsonl.bad.jsonl").read_text() == "2\n"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_resumed_run_cuts_off_what_was_not_acknowledged(tmp_path: Path) -> None:
    interrupted(tmp_path)
    for name in ("out.jsonl.part", "out.jsonl.bad.jsonl"):
        with (tmp_path / name).open("a") as file:
            file.write("torn")
    run = begun(tmp_path, resume=True)
    assert (run.progress.rows, run.progress.set_aside) == (3, 1)
    run.add(1, ["4"], [])
    run.finish(None)
    assert (tmp_path / "out.jsonl").read_text() == "1\n2\n4\n"
    assert (tmp_path / "out.jsonl.bad.jsonl").read_text() == "3\n"


def test_an_interrupted_run_is_not_begun_again_unasked(tmp_path: Path) -> None:
    interrupted(tmp_path)
    with pytest.raises(InputError, match=r"interrupted\. Go on with it: --resume\. Begin again: --overwrite"):
        begun(tmp_path)


def test_an_interrupted_run_is_begun_again_when_asked(tmp_path: Path) -> None:
    interrupted(tmp_path)
    run = begun(tmp_path, overwrite=True)
    run.add(1, ["new"], [])
    run.finish(None)
    assert (tmp_path / "out.jsonl").read_text() == "new\n"


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.bad.jsonl"])
def test_what_is_there_is_not_replaced_unasked(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("precious")
    with pytest.raises(InputError, match=f"{name} already exists"):
        begun(tmp_path)
    assert (tmp_path / name).read_text() == "precious"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_output_stays_until_the_one_that_replaces_it_is_whole(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("precious")
    run = begun(tmp_path, overwrite=True)
    run.add(1, ["1"], [])
    assert (tmp_path / "out.jsonl").read_text() == "precious"
    run.finish(None)
    assert (tmp_path / "out.jsonl").read_text() == "1\n"


def test_a_run_that_would_differ_is_not_resumed(tmp_path: Path) -> None:
    interrupted(tmp_path)
    with pytest.raises(InputError, match=r"differs from this one \(batch size was 64, is 32\)"):
        begun(tmp_path, resume=True, **{"batch size": "32"})


def test_two_runs_do_not_write_the_same_output(tmp_path: Path) -> None:
    first = begun(tmp_path)
    with pytest.raises(InputError, match="is being written by another run"):
        begun(tmp_path, resume=True)
    first.add(1, ["1"], [])
    first.finish(None)
    assert (tmp_path / "out.jsonl").read_text() == "1\n"


def test_a_work_file_that_shrank_is_not_built_upon(tmp_path: Path) -> None:
    interrupted(tmp_path)
    (tmp_path / "out.jsonl.part").write_text("1\n")
    with pytest.raises(InputError, match="is shorter than it was; begin again with --overwrite"):
        begun(tmp_path, resume=True)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"rows": "many"}', json.dumps({"made_by": {}, "rows": -1.5})])
def test_a_damaged_record_of_progress_is_an_error(tmp_path: Path, content: str) -> None:
    interrupted(tmp_path)
    (tmp_path / "out.jsonl.progress").write_text(content)
    with pytest.raises(InputError, match="is damaged; begin again with --overwrite"):
        begun(tmp_path, resume=True)


def test_a_discarded_run_leaves_nothing(tmp_path: Path) -> None:
    begun(tmp_path).discard()
    assert list(tmp_path.iterdir()) == []
