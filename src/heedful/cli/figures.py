"""Show figures on the terminal, and how far a measurement is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from heedful.measure.task import Result


def track(items: Iterable[Any], what: str, count: int) -> Iterable[Any]:
    """Show on the terminal how far a run is."""
    from rich.progress import track as tracked

    from heedful.cli.screen import stderr

    console = stderr()
    return tracked(items, what, count, console=console, transient=True, disable=not console.is_terminal)


def drawn(result: Result) -> Table:
    """Return a result as a table for the terminal."""
    from rich.table import Table

    from heedful.measure.report import rows

    part = "" if result.n == result.whole else f" of {result.whole:,}: a first look, not the protocol"
    table = Table(
        title=f"{result.protocol}  {result.title}",
        caption=f"{result.dataset}, n = {result.n:,}{part}. In brackets: 95 % {result.interval} interval.\n"
        + "\n".join(f"{column.subject}: {column.model}" for column in result.columns if column.model),
        title_justify="left",
        caption_justify="left",
    )
    head, *lines = rows(result)
    for number, cell in enumerate(head):
        table.add_column(cell, justify="right" if number else "left")
    for line in lines:
        table.add_row(*line)
    return table
