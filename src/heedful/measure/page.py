"""Render a run as one HTML page that needs nothing else: tables, drawings, what is suspect, where figures are from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from heedful.errors import ConfigError
from heedful.measure import draw
from heedful.measure.audit import Audit, Shift
from heedful.measure.metric import Figure
from heedful.measure.suite import Outcome
from heedful.measure.tables import Row, Table, blocks, people_of, rows_of, ten
from heedful.measure.task import Column, Result

TEMPLATES: Final = Path(__file__).parent / "templates"
"""Where the page's template and style lie."""
WEAK: Final = 0.02
"""A word whose absence moves the probability by less is not shaded."""
_REACH: Final = 0.15
"""Half the width of the drawing of shifts between groups."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One interval in a drawing, in percent of its width."""

    column: int
    """Which column, for its color."""
    low: float
    """Where the interval begins."""
    high: float
    """Where it ends."""
    at: float
    """Where the figure is."""
    told: str
    """The figure in words."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of a drawing: a figure, for every column that has it."""

    name: str
    """What is measured."""
    marks: tuple[Mark, ...]
    """The intervals."""
    ends: tuple[str, str]
    """What the left and the right end of the line stand for."""
    zero: float | None
    """Where zero lies, in percent, if it is neither end."""


def page(outcome: Outcome, poll: Result | None = None) -> str:
    """Return the report of a run as HTML.

    Args:
        outcome: what was measured.
        poll: the answers to a poll.

    Raises:
        ConfigError: Jinja is not installed.
    """
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise ConfigError("the HTML report needs Jinja: pip install 'heedful[measure]'.") from error
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.update(
        lanes=lanes, told=told, blocks=blocks, rows_of=rows_of, draw=draw, shading=shading, shift_marks=shift_marks,
        by_axis=by_axis, curves=curves, plain_p=plain_p, n_of=n_of, people_of=people_of,
    )  # fmt: skip
    results = {protocol: measured.result for protocol, measured in outcome.measured.items()}
    details = {p: m.detail for p, m in outcome.measured.items() if m.detail}
    return environment.get_template("report.html").render(
        style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
        tables=ten(results, outcome.missing, poll),
        results=results,
        details=details,
        audits=[audit for measured in outcome.measured.values() for audit in measured.audits],
        missing=outcome.missing,
        networks=networks(results.values()),
        warned=[(p, text) for p, detail in details.items() for text in detail.warnings],
        whole=all(result.n == result.whole for result in results.values()),
        heedful=version("heedful"),
        at=datetime.now(UTC),
    )


def networks(results: Iterable[Result]) -> list[Column]:
    """Return one column per network that was measured, for its name and hash."""
    found = {column.sha256: column for result in results for column in result.columns if column.model and column.sha256}
    return sorted(found.values(), key=lambda column: column.model)


def told(figure: Figure | None, row: Row) -> str:
    """Return a figure with its interval in words; a dash for none."""
    if figure is None:
        return "–"
    places = (
        1 if row.scale == "amount" and figure.high > 10 else 3 if row.scale == "share" or "more than" in row.name else 2
    )
    return f"{figure.value:.{places}f} ({figure.low:.{places}f} to {figure.high:.{places}f})".replace("-", "−")


def n_of(figure: Figure | None, n: int) -> str:
    """Return the items of a figure where they are not those of its table."""
    return "" if figure is None or figure.n == n else f"n = {figure.n:,}"


def lanes(rows: Sequence[Row]) -> list[Lane]:
    """Return rows as lines of intervals; rows of shares go from 0 to 1, signed ones around zero, others from 0 up."""
    found = []
    signed = [figure for row in rows if row.scale == "signed" for figure in row.cells if figure]
    reach = max((max(abs(figure.low), abs(figure.high)) for figure in signed), default=1.0) or 1.0
    for row in rows:
        figures = [figure for figure in row.cells if figure]
        if row.scale == "share":
            left, right = 0.0, 1.0
        elif row.scale == "rating":
            left, right = 1.0, 3.0
        elif row.scale == "signed":
            left, right = -reach, reach
        else:
            left, right = 0.0, max((figure.high for figure in figures), default=1.0) or 1.0
        scaled = [
            Mark(
                number,
                100.0 * (figure.low - left) / (right - left),
                100.0 * (figure.high - left) / (right - left),
                100.0 * (figure.value - left) / (right - left),
                told(figure, row),
            )
            for number, figure in enumerate(row.cells)
            if figure
        ]
        ends = (_end(left), _end(right))
        found.append(Lane(row.name, tuple(scaled), ends, 50.0 if row.scale == "signed" else None))
    return found


def _end(value: float) -> str:
    return f"{value:.0f}" if value == int(value) or abs(value) >= 10 else f"{value:.2f}".replace("-", "−")


def shading(weights: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return words with how strongly they are shaded, in [-1, 1]: what speaks for the answer above 0."""
    most = max((abs(weight) for _, weight in weights), default=0.0)
    return [(word, 0.0 if abs(weight) < WEAK or not most else weight / most) for word, weight in weights]


def shift_marks(shift: Shift) -> Mark:
    """Return a group's shift as an interval, in percent of a line from -0.15 to 0.15; what is beyond ends there."""

    def place(value: float) -> float:
        return 50.0 + 50.0 * max(-1.0, min(1.0, value / _REACH))

    words = f"{shift.mean:+.3f} ({shift.low:+.3f} to {shift.high:+.3f})".replace("-", "−")
    return Mark(0, place(shift.low), place(shift.high), place(shift.mean), words)


def by_axis(audit: Audit, what: str) -> list[tuple[str, list[Shift]]]:
    """Return the shifts of one figure, by axis."""
    found: dict[str, list[Shift]] = {}
    for shift in audit.shifts:
        if shift.what == what:
            found.setdefault(shift.axis, []).append(shift)
    return list(found.items())


def curves(table: Table) -> str:
    """Draw the learning curve of a table whose figures are named after a count ("after 50 feedbacks")."""
    lines = []
    for number, name in enumerate(table.columns):
        points = []
        for row in table.rows:
            digits = "".join(sign for sign in row.name.partition(",")[0] if sign.isdigit())
            figure = row.cells[number]
            if figure and digits and row.scale == "share":
                points.append((float(digits), figure.value, figure.low, figure.high))
        if len(points) > 1:
            lines.append((name, sorted(points)))
    return draw.curve(lines, "feedbacks", "win rate")


def plain_p(p: float) -> str:
    """Return a p in words: never "0.000"."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
