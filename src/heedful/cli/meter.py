"""Show on standard error how far a long run is; nothing where nobody is watching."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from heedful.cli.screen import stderr, visible
from heedful.cli.words import counted

if TYPE_CHECKING:
    from rich.progress import TaskID

    from heedful.cli.rows import Source


class Meter:
    """A line that says what share is done, how fast it goes and how long it will take."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._began = time.monotonic()
        self._rows = 0

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    @property
    def speed(self) -> float:
        """Rows per second, on average."""
        return self._rows / max(self.seconds, 1e-9)

    def advance(self, source: Source, rows: int, set_aside: int) -> None:
        """Show that `rows` more are done, and how many were set aside in all."""
        self._rows += rows
        aside = f" · {set_aside:,} set aside" if set_aside else ""
        self._progress.update(self._task, completed=source.done, speed=f"{self.speed:,.0f} rows/s{aside}")


@contextmanager
def meter(name: str, source: Source) -> Iterator[Meter]:
    """Show a meter while a source is read; it goes when done."""
    console = stderr()
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield Meter(progress, progress.add_task(visible(name), total=source.total, speed="starting"))


def tally(rows: int, set_aside: int) -> str:
    """Say how many rows were read and how many were not."""
    aside = f", {counted(set_aside, 'row')} set aside" if set_aside else ""
    return f"{counted(rows - set_aside, 'row')} read{aside}"
