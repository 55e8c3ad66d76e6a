"""`heedful measure`: the figures of docs/protocols.md, measured on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from heedful.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from heedful.measure.dataset import Dataset
    from heedful.measure.subject import Prediction, Subject
    from heedful.measure.task import Result


def measure(
    what: Annotated[
        Literal["text", "guard", "face"],
        typer.Argument(
            metavar="text|guard|face",
            help="What to measure: how well text is read, what the guard notices and lets pass, or how faces are read.",
        ),
    ],
    only: Annotated[
        list[str] | None, typer.Option(help="Only this protocol, such as T1; may be given several times.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only so many items, for a first look; not the protocol.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Also write each result here, as JSON and as a Markdown page.")
    ] = None,
) -> None:
    """Measure how good Heedful is, with 95 % intervals, beside a baseline on the same items.

    The test sets are read from the folder that the environment variable HEEDFUL_DATA names.
    """
    from heedful.cli.factory import open_heedful
    from heedful.cli.screen import stderr, stdout
    from heedful.config import Config
    from heedful.measure.report import write
    from heedful.measure.subject import Sources
    from heedful.measure.task import TASKS, run

    wanted = {each.upper() for each in only or ()}
    if what == "face":
        from heedful.cli.measure_face import measure_face

        results = measure_face(Config.load(), wanted, limit)
        for result in results:
            stdout().print(_drawn(result))
        for path in write(results, out) if out else ():
            stderr().print(f"written: {path}")
        return
    protocols = [task.id for task in TASKS] if what == "text" else list(_guard())
    if unknown := wanted - {protocol.upper() for protocol in protocols}:
        known = ", ".join(protocols)
        raise InputError(f"there is no protocol {', '.join(sorted(unknown))} for {what}. Known are: {known}.")
    results = []
    if what == "guard":
        results = [run_it() for name, run_it in _guard().items() if not wanted or name in wanted]
        for result in results:
            stdout().print(_drawn(result))
        for path in write(results, out) if out else ():
            stderr().print(f"written: {path}")
        return
    with open_heedful(Config.load()) as engine:
        config = engine.config
        sources = Sources(engine.perceive_many, config.reader, config.listener)
        for task in TASKS:
            if not wanted or task.id.upper() in wanted:
                results.append(run(task, _with_progress(task.ours(sources)), limit))
                stdout().print(_drawn(results[-1]))
    for path in write(results, out) if out else ():
        stderr().print(f"written: {path}")


def _guard() -> dict[str, Callable[[], Result]]:
    """Return the protocols of the guard."""
    from importlib import import_module
    from importlib.util import find_spec

    from heedful.measure.guard import measure_ordinary, measure_probes

    name = "heedful.guard.privacy"
    redact = import_module(name).redact if find_spec(name) else None
    return {"G1": lambda: measure_probes(redact), "G2": measure_ordinary}


def _with_progress(subject: Subject) -> Subject:
    from dataclasses import replace

    from rich.progress import track

    from heedful.cli.screen import stderr

    def predict(dataset: Dataset) -> Iterator[Prediction]:
        console = stderr()
        yield from track(
            subject.predict(dataset),
            "reading",
            len(dataset),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    return replace(subject, predict=predict)


def _drawn(result: Result) -> Table:
    from rich.table import Table

    from heedful.measure.report import rows

    part = "" if result.n == result.whole else f" of {result.whole:,}: a first look, not the protocol"
    drawn = Table(
        title=f"{result.protocol}  {result.title}",
        caption=f"{result.dataset}, n = {result.n:,}{part}. In brackets: 95 % {result.interval} interval.\n"
        + "\n".join(f"{column.subject}: {column.model}" for column in result.columns if column.model),
        title_justify="left",
        caption_justify="left",
    )
    head, *lines = rows(result)
    for number, cell in enumerate(head):
        drawn.add_column(cell, justify="right" if number else "left")
    for line in lines:
        drawn.add_row(*line)
    return drawn
