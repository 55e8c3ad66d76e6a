"""Analyze files: long runs that survive interruption, with flat memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from heedful.cli import factory
from heedful.cli.chunks import ROWS, Perceiving, ahead
from heedful.cli.export import extend_parquet, write_csv, write_parquet
from heedful.cli.journal import Journal
from heedful.cli.meter import Meter, meter, tally
from heedful.cli.result import PERCEIVED, Table
from heedful.cli.rows import JsonLines, Source
from heedful.cli.screen import stderr, visible
from heedful.cli.tables import CsvRows, ParquetRows, pyarrow_parquet
from heedful.cli.words import counted
from heedful.errors import InputError

if TYPE_CHECKING:
    from heedful.api import Heedful
    from heedful.config import Config

READERS: Final[dict[str, Callable[[Path, str], Source]]] = {
    ".jsonl": JsonLines,
    ".csv": CsvRows,
    ".parquet": ParquetRows,
}
"""A file's ending -> what reads it."""
READING: Final = ("reader", "commercial_only", "languages", "confidence_floor", "text_limit")
"""Settings that decide what is perceived."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is done with the rows of a file."""

    verb: str
    """The command that does it."""
    done: str
    """What the rows are when it is done."""
    ending: str
    """What stands before the ending of an output beside its input."""
    table: Table
    """How its results are written into tables."""
    network: Callable[[Config], str]
    """What the results come from, with its version."""
    work: Callable[[Heedful, Config, Options], Perceiving]
    """Returns what does it."""


def _perceiving(heedful: Heedful, config: Config, options: Options) -> Perceiving:
    return Perceiving(heedful, options.batch_size, config.text_limit, explain=options.explain)


ANALYZE: Final = Task(
    "analyze",
    "analyzed",
    "heedful",
    PERCEIVED,
    lambda config: factory.network_card(config.reader).version_id,
    _perceiving,
)
"""Perceive what is felt in every row."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to analyze."""

    text_column: str
    """The field or column that holds the messages."""
    batch_size: int
    """Texts per pass through the network."""
    resume: bool
    """Go on with an interrupted run."""
    overwrite: bool
    """Replace what is there."""
    task: Task = field(default=ANALYZE)
    """What is done."""
    explain: bool = False
    """Also say which words carried the strongest feeling."""


@dataclass(frozen=True, slots=True)
class Job:
    """One input on its way to one output."""

    source: Source
    """What is read."""
    name: str
    """What it is called in messages."""
    state: str
    """What tells it from any other input, or from a later state of the same file."""
    out: Path
    """What is written."""
    path: Path | None = None
    """The input file, if it is one."""


def analyze_files(config: Config, options: Options, paths: list[Path], out: Path | None) -> None:
    """Analyze files one after the other; one that cannot be read does not keep the others from being done.

    Raises:
        InputError: something is wrong with the request as a whole, or with at least one file.
    """
    outs = _outs(paths, out, options.task)
    for path, target in zip(paths, outs, strict=True):
        _check(path, target, outs, options.task)
        Journal(target, {}).check(resume=options.resume, overwrite=options.overwrite)
    failures = []
    with closing(factory.open_heedful(config)) as heedful:
        for path, target in zip(paths, outs, strict=True):
            try:
                _analyze_file(heedful, config, options, path, target)
            except InputError as error:
                failures.append(str(error))
                if len(paths) > 1:
                    stderr().print(f"heedful: {visible(str(error))}", style="red", soft_wrap=True)
    if failures:
        raise InputError(
            failures[0] if len(paths) == 1 else f"{len(failures)} of {len(paths)} files were not {options.task.done}."
        )


def run(heedful: Heedful, config: Config, options: Options, job: Job) -> None:
    """Analyze one input into one output file, and say on standard error what came of it.

    Raises:
        InputError: the input holds no rows, or none that can be read, or the output cannot be written.
    """
    journal = Journal(job.out, made_by(config, options, job.state))
    perceiving = options.task.work(heedful, config, options)
    try:
        journal.start(resume=options.resume, overwrite=options.overwrite)
        with meter(job.name, job.source) as shown:
            if not journal.progress.complete:
                _advance(perceiving, job.source, journal, shown)
        if not journal.progress.rows:
            journal.discard()
            raise InputError(f"{job.name} holds no rows.")
        journal.finish(_converter(options, job, journal.bad))
    except OSError as error:
        raise InputError(f"{error.filename or job.out}: {error.strerror or error}.") from error
    except KeyboardInterrupt:
        kept = counted(journal.progress.rows, "row")
        stderr().print(f"stopped after {kept}" + ("; go on with --resume" if job.path else ""), style="dim")
        raise
    finally:
        journal.close()
    done = journal.progress
    aside = f" in {journal.bad}" if done.set_aside else ""
    speed = f" ({shown.seconds:.0f} s, {shown.speed:,.0f} rows/s)" if shown.seconds >= 1 else ""
    stderr().print(
        f"{job.name}: {tally(done.rows, done.set_aside)}{visible(aside)} -> {visible(str(job.out))}{speed}",
        soft_wrap=True,
    )
    if done.set_aside == done.rows:
        raise InputError(f"{job.name}: no row could be read; {journal.bad} says why for each.")


def made_by(config: Config, options: Options, state: str) -> dict[str, str]:
    """Return everything that decides the output, by name: what must be the same for a run to be resumed."""
    return {
        "input": state,
        "text column": options.text_column,
        "batch size": str(options.batch_size),
        "explain": str(options.explain),
        "network": options.task.network(config),
        "heedful": version("heedful"),
        **{name: str(getattr(config, name)) for name in READING},
    }


def _analyze_file(heedful: Heedful, config: Config, options: Options, path: Path, out: Path) -> None:
    if options.resume and Journal(out, {}).is_finished():
        stderr().print(f"{visible(str(out))} is finished; nothing to resume.", soft_wrap=True)
        return
    try:
        source = READERS[path.suffix.lower()](path, options.text_column)
        stat = path.stat()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    changed = datetime.fromtimestamp(stat.st_mtime_ns / 1e9, UTC).isoformat()
    state = f"{path.resolve()}, {stat.st_size} bytes, changed {changed}"
    with closing(source):
        run(heedful, config, options, Job(source, path.name, state, out, path))


def _advance(perceiving: Perceiving, source: Source, journal: Journal, shown: Meter) -> None:
    """Perceive the rows that are not done yet, chunk by chunk."""
    left = itertools.islice(source.rows(), journal.progress.rows, None)
    for chunk in ahead(perceiving.chunks(left, ROWS)):
        journal.add(chunk.rows, chunk.good, [unread.to_json() for unread in chunk.bad])
        shown.advance(source, chunk.rows, journal.progress.set_aside)


def _converter(options: Options, job: Job, bad: Path) -> Callable[[Path, Path], None] | None:
    match job.out.suffix.lower(), job.path:
        case ".csv", _:
            return partial(write_csv, table=options.task.table)
        case ".parquet", Path(suffix=".parquet") as path:
            return partial(extend_parquet, path, options.text_column, bad, table=options.task.table)
        case ".parquet", _:
            return partial(write_parquet, table=options.task.table)
    return None


def _outs(paths: list[Path], out: Path | None, task: Task) -> list[Path]:
    if out is not None:
        if len(paths) > 1:
            raise InputError("--out is for one file; leave it out, and each output is written beside its input.")
        return [out]
    outs = [path.parent / f"{path.stem}.{task.ending}.jsonl" for path in paths]
    if twice := [each for each in outs if outs.count(each) > 1]:
        raise InputError(f"two of the files would be written to {twice[0]}; {task.verb} one at a time with --out.")
    return outs


def _check(path: Path, out: Path, outs: list[Path], task: Task) -> None:
    """Raise InputError if a file cannot be analyzed into `out`, before any work is done."""
    if not path.exists():
        raise InputError(f"{path}: no such file. (A sentence that ends like a file name goes in through a pipe.)")
    if path.suffix.lower() not in READERS or not path.is_file():
        raise InputError(
            f"{path} is not a file that can be read; expected {', '.join(READERS)}. "
            f"Plain text, one message per line, goes in through a pipe: heedful {task.verb} - < {path.name}"
        )
    if path.resolve() in {each.resolve() for each in outs}:
        raise InputError(f"{path} would be overwritten by the output; write elsewhere with --out.")
    if not out.parent.is_dir():
        raise InputError(f"--out {out}: there is no folder {out.parent}.")
    if ".parquet" in (path.suffix.lower(), out.suffix.lower()):
        pyarrow_parquet()  # say that it is missing now, not after an hour
