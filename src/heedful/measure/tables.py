"""Lay out the ten tables: which figures of which protocol stand in each, and what is said where they are missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from heedful.measure.metric import Figure
from heedful.measure.task import Result


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    name: str
    """What is measured."""
    cells: tuple[Figure | None, ...]
    """One per column; None where the column gives no ground for it."""

    @property
    def scale(self) -> str:
        """What kind of number it is: "share" in [0, 1], "rating" from 1 to 3, "signed" around 0, or "amount"."""
        values = [figure for figure in self.cells if figure]
        if any(word in self.name for word in ("words", "milliseconds")):
            return "amount"
        if any(word in self.name for word in ("strength", "shift", "more than")) or any(
            each.low < 0.0 for each in values
        ):
            return "signed"
        if "mean rating" in self.name and all(each.low >= 1.0 and each.high <= 3.0 for each in values):
            return "rating"
        return "share" if all(each.high <= 1.0 for each in values) else "amount"


@dataclass(frozen=True, slots=True)
class Table:
    """One of the ten tables."""

    number: int
    """1 to 10."""
    title: str
    """What it is about."""
    about: str
    """What it shows, in a sentence or two."""
    columns: tuple[str, ...] = ()
    """Heads of the columns: the machine first, then people, then what else there is."""
    rows: tuple[Row, ...] = ()
    """The figures."""
    result: Result | None = None
    """Where they come from."""
    missing: str = ""
    """Why there are none, if there are none."""
    main: str = ""
    """The row that stands for the table in the overview."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a table is made of."""

    title: str
    about: str
    protocol: str
    wanted: Callable[[str], bool]
    main: str


def _starts(*names: str) -> Callable[[str], bool]:
    return lambda name: name.startswith(names)


def _every(_: str) -> bool:
    return True


PLANS: Final[Mapping[int, _Plan]] = {
    1: _Plan(
        "Emotional recognitions", "People wrote of something that happened to them and said what they felt. Who finds "
        "it out from the text alone: the machine, a single reader, most of five readers?",
        "T2", _starts("recall", "accuracy", "macro-F1"), "accuracy",
    ),
    2: _Plan(
        "Empathy simulation", "What is answered to a loss, a failure, a victory: by the machine, and by the person who "
        "listened at the time, to the very same message.", "R2", _every, "loss: judged empathetic",
    ),
    3: _Plan(
        "Assistants A, B, C", "The same prompts, answered by several assistants and by a person. Strengths are "
        "Bradley-Terry log-odds: one point more wins 73 % of the comparisons.", "A3", _every, "judged empathetic",
    ),
    4: _Plan(
        "Facial expressions", "Photographs with ten votes each. The machine, and a single voter, against what most of "
        "the others see.", "F1",
        lambda name: name.startswith("accuracy") or "recall" in name, "accuracy",
    ),
    5: _Plan(
        "Language processing", "Which statements are empathetic? Each annotator, and the machine, against what the "
        "two others agree on.", "E5", _every, "accuracy",
    ),
    6: _Plan(
        "Sentiment", "Is a sentence positive, negative or neutral to those who read it? The machine, and each reader, "
        "against the mean of the others.", "T3", _starts("recall", "accuracy"), "accuracy",
    ),
    7: _Plan(
        "Generated responses", "What is answered to sadness, anger and joy: by the machine, and by the person who "
        "listened at the time.", "R7", _every, "sadness: judged empathetic",
    ),
    9: _Plan(
        "Real time", "The situation, how the reaction to it is judged, and how long a core worked on it, from the "
        "message to the guarded reply. How long the person took, the data do not say.", "R9", _every,
        "sadness: median milliseconds of one core",
    ),
    10: _Plan(
        "Learning", "Replies are chosen, then people's ratings of them come in, later. How good are the chosen replies "
        "to those who rate them, from 1 to 3, beside a model that does not learn? The win rate is the share of the "
        "other replies that the chosen one is rated above, each chosen before its rating was seen.", "L1", _every,
        "more than with nothing learned",
    ),
}  # fmt: skip
"""Number -> the table; the eighth is the poll's own."""
PEOPLE: Final = ("one ", "a listener", "a person", "most of", "people", "listeners", "raters")
"""What the names of columns begin with that hold people's figures."""
POLL: Final = "Ethics"
NOBODY: Final = (
    "n = 0: nobody has answered yet. `heedful poll create FOLDER` begins a poll, `heedful poll answer FOLDER` takes "
    "answers, and `heedful measure --report OUT --poll FOLDER` shows them here."
)
"""What the eighth table says without answers."""


def ten(results: Mapping[str, Result], missing: Mapping[str, str], poll: Result | None = None) -> tuple[Table, ...]:
    """Return the ten tables.

    Args:
        results: protocol -> what was measured.
        missing: protocol -> why it was not.
        poll: the answers to a poll (table 8).
    """
    found = []
    for number in range(1, 11):
        if number == 8:
            found.append(_poll(poll))
            continue
        plan = PLANS[number]
        result = results.get(plan.protocol)
        if result is None:
            why = missing.get(plan.protocol, "not part of this run")
            found.append(Table(number, plan.title, plan.about, missing=f"{plan.protocol} was not measured: {why}"))
            continue
        found.append(
            Table(
                number, plan.title, plan.about, tuple(column.subject for column in result.columns),
                rows_of(result, plan.wanted), result, main=plan.main,
            )
        )  # fmt: skip
    return tuple(found)


def people_of(columns: Sequence[str]) -> int | None:
    """Return which column is the first with people's figures, or None; "one sentence" is nobody."""
    for number, name in enumerate(columns):
        if name.startswith(PEOPLE) and not name.startswith("one sentence"):
            return number
    return None


def glance(results: Sequence[Result]) -> list[list[str]]:
    """Return one line of cells per result, after a head: its first figure, people's, and the best of the others."""
    lines = [["measured", "figure", "Heedful", "people", "best of the others", "n"]]
    for result in results:
        columns = tuple(column.subject for column in result.columns)
        row = rows_of(result)[0]
        human = people_of(columns)
        others = [
            (figure, columns[number])
            for number, figure in enumerate(row.cells)
            if figure
            and columns[0] == "Heedful"
            and number not in (0, human)
            and not columns[number].startswith("most of")
        ]
        best = max(others, key=lambda each: each[0].value, default=None)
        people = row.cells[human] if human is not None else None
        lines.append(
            [
                result.title, row.name, _short(row.cells[0]), _short(people),
                f"{_short(best[0])} {best[1]}" if best else "-", f"{(row.cells[0] or result).n:,}",
            ]
        )  # fmt: skip
    return lines


def _short(figure: Figure | None) -> str:
    return "-" if figure is None else f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def rows_of(result: Result, wanted: Callable[[str], bool] = _every) -> tuple[Row, ...]:
    """Return the figures of a result that are wanted, one row per name."""
    by_column = [{figure.name: figure for figure in column.figures} for column in result.columns]
    names = dict.fromkeys(name for figures in by_column for name in figures if wanted(name))
    return tuple(Row(name, tuple(figures.get(name) for figures in by_column)) for name in names)


def blocks(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Return rows by what stands before the colon of their names ("loss: words"), in order; "" without one."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        head, colon, rest = row.name.partition(": ")
        found.setdefault(head if colon else "", []).append(Row(rest, row.cells) if colon else row)
    return list(found.items())


def _poll(poll: Result | None) -> Table:
    about = "Whom it would touch was asked whether machines should do this at all."
    if poll is None or not poll.n:
        return Table(8, POLL, about, missing=NOBODY)
    columns = tuple(column.subject for column in poll.columns)
    return Table(8, POLL, about, columns, rows_of(poll), poll)
