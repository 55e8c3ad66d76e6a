"""`heedful measure`: the figures of docs/protocols.md, measured on this machine, and the report of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from heedful.cli.assistants import assistants, rate
from heedful.cli.figures import drawn, track
from heedful.cli.sources import data
from heedful.errors import InputError

if TYPE_CHECKING:
    from heedful.measure.runner import Measured, Options
    from heedful.measure.suite import Outcome
    from heedful.measure.task import Result

measure = typer.Typer(
    invoke_without_command=True,
    help="Measure how good Heedful is, with 95 % intervals, beside people and what else there is on the same items.",
)
QUICK: Final = 120
"""Items per protocol with --quick."""
TAUGHT: Final = 2_000
"""Items that peers are taught with in a first look."""

Only = Annotated[list[str] | None, typer.Option(help="Only this protocol, such as T1; may be given several times.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first so many items, for a first look.")]
Quick = Annotated[bool, typer.Option("--quick", help="A first look in about two minutes: a part of each test set.")]
Out = Annotated[Path | None, typer.Option(help="Also write each result here, as JSON and as a Markdown page.")]
Kept = Annotated[Path | None, typer.Option("--cache", help="Where predictions are kept, so that a run can be resumed.")]
Anew = Annotated[bool, typer.Option("--no-cache", help="Neither use nor keep predictions.")]


@measure.callback()
def whole(
    context: typer.Context,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Measure everything, and write the ten tables and all else here."),
    ] = None,
    only: Only = None,
    limit: Limit = None,
    quick: Quick = False,
    examples: Annotated[bool, typer.Option("--examples/--no-examples", help="Show texts of the datasets.")] = True,
    poll: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A poll of `heedful poll`, for the table on ethics.")
    ] = None,
    cache: Kept = None,
    no_cache: Anew = False,
) -> None:
    """Measure how good Heedful is, with 95 % intervals, beside people and what else there is on the same items.

    `heedful measure --report out/` measures everything and writes `out/report.html`, one page with the ten tables.
    The test sets are read from the folder that the environment variable HEEDFUL_DATA names; `heedful measure data` says
    where each comes from. A run that was interrupted goes on where it stopped when it is started again.
    """
    if context.invoked_subcommand is not None:
        return
    if report is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)
    from heedful.cli.screen import stderr
    from heedful.measure.page import page
    from heedful.measure.poll import result_of
    from heedful.measure.report import write_text

    opinions = result_of(poll) if poll else None
    outcome = _run(None, only, _options(limit, cache, quick=quick, anew=no_cache, examples=examples))
    files = [
        write_text(report / "report.html", page(outcome, opinions)),
        *_written(outcome, report, opinions),
    ]
    stderr().print(f"written: {', '.join(str(path) for path in files)}")


@measure.command()
def text(only: Only = None, limit: Limit = None, quick: Quick = False, out: Out = None, cache: Kept = None) -> None:
    """Measure how well text is read (T), how empathy is recognised (E), beside people, baselines and peers."""
    _one("text", only, limit, out, cache, quick=quick)


@measure.command()
def guard(only: Only = None, out: Out = None) -> None:
    """Measure what the guard notices, and how often it is wrong (G)."""
    _one("guard", only, None, out, None)


@measure.command()
def replies(only: Only = None, limit: Limit = None, quick: Quick = False, out: Out = None, cache: Kept = None) -> None:
    """Measure Heedful's replies beside those that people gave to the same messages (R)."""
    _one("replies", only, limit, out, cache, quick=quick)


@measure.command()
def compared(limit: Limit = None, quick: Quick = False, out: Out = None, cache: Kept = None) -> None:
    """Compare Heedful with a person and with ChatGPT on the rated replies of a dataset (A3)."""
    _one("compared", None, limit, out, cache, quick=quick)


@measure.command()
def bias(quick: Quick = False, out: Out = None) -> None:
    """Measure whether people are read alike, whoever they are (B); `heedful audit` shows more."""
    _one("bias", None, None, out, None, quick=quick)


@measure.command()
def voice(only: Only = None, limit: Limit = None, out: Out = None) -> None:
    """Measure how well voices are read (V)."""
    _one("voice", only, limit, out, None)


@measure.command()
def face(only: Only = None, limit: Limit = None, out: Out = None) -> None:
    """Measure how well faces are found and read (F)."""
    _one("face", only, limit, out, None)


@measure.command()
def learning(only: Only = None, limit: Limit = None, out: Out = None) -> None:
    """Measure what is learned from ratings that people gave (L)."""
    _one("learning", only, limit, out, None)


measure.command()(assistants)
measure.command()(rate)
measure.command()(data)


def _one(
    suite: str, only: list[str] | None, limit: int | None, out: Path | None, cache: Path | None, *, quick: bool = False
) -> None:
    """Measure one suite, show its tables, and write them if that is wanted; raise what is missing."""
    from heedful.cli.screen import stderr
    from heedful.errors import ConfigError
    from heedful.measure.report import write

    outcome = _run(suite, only, _options(limit, cache, quick=quick, examples=False))
    results = [measured.result for measured in outcome.measured.values()]
    for path in write(results, out) if out else ():
        stderr().print(f"written: {path}")
    wanted = {each.upper() for each in only or ()}
    if missing := {name: why for name, why in outcome.missing.items() if not wanted or name.upper() in wanted}:
        told = "\n".join(f"{protocol}: {why}" for protocol, why in missing.items())
        raise ConfigError(f"not everything could be measured.\n{told}")


def _run(suite: str | None, only: Sequence[str] | None, options: Options) -> Outcome:
    """Measure every suite, or one; each table is shown as soon as it is there."""
    from heedful.cli import factory
    from heedful.cli.screen import stdout
    from heedful.cli.suites import all_suites
    from heedful.config import Config
    from heedful.measure.suite import Bench, carry_out

    found = all_suites()
    chosen = [each for each in found if suite in (None, each.name)]
    if not chosen:
        raise InputError(
            f"nothing that measures {suite} is installed here. Known are: {', '.join(x.name for x in found)}."
        )

    def show(measured: Measured) -> None:
        stdout().print(drawn(measured.result))

    with factory.open_heedful(Config.load()) as heedful:
        outcome = carry_out(chosen, Bench(heedful.engine, options), only or (), show)
    mine = {protocol for each in chosen for protocol in each.protocols}
    missing = {name: why for name, why in outcome.missing.items() if suite is None or name in mine}
    return type(outcome)(outcome.measured, missing)


def _options(
    limit: int | None, cache: Path | None, *, quick: bool = False, anew: bool = False, examples: bool = True
) -> Options:
    import json
    from dataclasses import asdict

    from heedful.config import Config
    from heedful.measure.cache import default_folder
    from heedful.measure.runner import MISSES, Options

    settings = {
        name: value for name, value in asdict(Config.load()).items() if name not in ("data_folder", "store_url")
    }
    return Options(
        limit=limit,
        sample=QUICK if quick else None,
        taught=TAUGHT if quick or limit is not None else None,
        examples=MISSES if examples else 0,
        cache=None if anew else cache or default_folder(),
        settings=json.dumps(settings, sort_keys=True),
        track=track,
    )


def _written(outcome: Outcome, folder: Path, opinions: Result | None) -> list[Path]:
    """Write what stands behind the page: each result, the ten tables in Markdown, the audit."""
    import json

    from heedful.measure.report import tables_page, write, write_text
    from heedful.measure.tables import ten

    results = {protocol: measured.result for protocol, measured in outcome.measured.items()}
    write([*results.values(), *([opinions] if opinions else [])], folder / "results")
    files = [write_text(folder / "report.md", tables_page(ten(results, outcome.missing, opinions)))]
    if audits := [audit.to_dict() for measured in outcome.measured.values() for audit in measured.audits]:
        files.append(write_text(folder / "audit.json", json.dumps(audits, indent=1, ensure_ascii=False) + "\n"))
    return files
