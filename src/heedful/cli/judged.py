"""Turn judgements into what `heedful judge` writes and draws."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.panel import Panel
from rich.text import Text

from heedful.cli import factory
from heedful.cli.chunks import Perceiving
from heedful.cli.jobs import Options, Task
from heedful.cli.result import JUDGED_COLUMNS, JUDGED_TEXT, Table
from heedful.cli.rows import Row
from heedful.cli.screen import READABLE, bar, can_draw, paragraph, visible
from heedful.errors import InputError, NetworkError

if TYPE_CHECKING:
    from rich.console import Console

    from heedful.api import Heedful
    from heedful.config import Config
    from heedful.types import Judgement, Mechanism

MECHANISMS: Final[Mapping[str, tuple[str, str]]] = {
    "reaction": ("emotional reaction", "magenta"),
    "interpretation": ("interpretation", "cyan"),
    "exploration": ("exploration", "green"),
}
"""Mechanism -> its name and the color of its words."""
STRENGTH: Final = ("none", "weak", "strong")
"""A mechanism's level in words."""
_FLAGGED: Final = "bold red underline"


@dataclass(frozen=True, slots=True)
class Columns:
    """What is judged of a row."""

    message: str | None
    """The field that holds the message, or None for statements that stand alone."""
    software: bool
    """Whether a program replies."""
    rewrite: bool
    """Whether better words are offered."""


@dataclass(frozen=True, slots=True)
class Judging(Perceiving):
    """How rows are judged."""

    columns: Columns
    """What is judged of a row."""

    def results(self, rows: list[Row]) -> list[dict[str, Any] | InputError]:
        """Return the judgement of each row, as JSON types, or why there is none."""
        results: list[dict[str, Any] | InputError] = []
        pairs: list[tuple[str, str]] = []
        places: list[int] = []
        for place, row in enumerate(rows):
            message = self._message(row)
            if isinstance(message, InputError):
                results.append(message)
            else:
                results.append({})
                pairs.append((message, row.text))
                places.append(place)
        for place, result in zip(places, self._judged(pairs), strict=True):
            results[place] = result
        return results

    def _judged(self, pairs: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        judged = self.heedful.judge_many(
            pairs, software=self.columns.software, rewrite=self.columns.rewrite, batch_size=self.batch_size
        )
        return [judgement_of(each) for each in judged]

    def _message(self, row: Row) -> str | InputError:
        if self.columns.message is None:
            return ""
        fields = json.loads(row.columns)
        if self.columns.message not in fields:
            return InputError(f"has no field {self.columns.message!r} (name it with --message-column)")
        message = fields[self.columns.message] or ""
        if not isinstance(message, str):
            return InputError(f"the field {self.columns.message!r} holds no text")
        if len(message) > self.text_limit:
            return InputError(f"the message has {len(message):,} characters; at most {self.text_limit:,} are read")
        return message


def judgement_of(judgement: Judgement) -> dict[str, Any]:
    """Return a judgement as JSON types, figures to four decimals."""
    plain = judgement.to_dict()
    plain["probability"] = round(judgement.probability, 4)
    for name in MECHANISMS:
        plain[name]["probabilities"] = [round(each, 4) for each in plain[name]["probabilities"]]
    return plain


def flat(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a `judgement_of()` as one value per column of JUDGED_COLUMNS; lists are joined with "|"."""
    values = {
        "empathetic": float(result["empathetic"]),
        "probability": result["probability"],
        **{name: result[name]["level"] for name in MECHANISMS},
        "flags": "|".join(flag["rule"] for flag in result["flags"]),
        "better": "|".join(result["better"]),
        **{name: result[name] for name in ("rewrite", "model", "degraded")},
    }
    return {name: values[name.removeprefix("heedful_")] for name in JUDGED_COLUMNS}


JUDGED: Final = Table(JUDGED_COLUMNS, JUDGED_TEXT, flat)
"""How judgements are written into tables."""


def task(columns: Columns) -> Task:
    """Return the judging of files."""

    def work(heedful: Heedful, config: Config, options: Options) -> Judging:
        return Judging(heedful, options.batch_size, config.text_limit, columns)

    def judges(config: Config) -> str:
        try:
            network = factory.network_card(config.listener).version_id
        except NetworkError:
            network = "rules"
        return f"{network}; {columns}"

    return Task("judge", "judged", "judged", JUDGED, judges, work)


def portrait(message: str, reply: str, judgement: Judgement, console: Console) -> Panel:
    """Draw a reply with the words that matter marked, and everything that is said of it."""
    width = min(console.width, READABLE + 4)
    frame = console.width - width + 4
    lines = list(paragraph(message, console, frame=frame, style="dim")) if message else []
    marked = marked_reply(reply, judgement)
    lines += list(marked.wrap(console, max(8, width - 5)))
    lines += [Text(), _verdict(judgement), *_mechanisms(judgement, console)]
    for flag in judgement.flags:
        lines += [Text(), Text.assemble((flag.rule, "red"), (f": {visible(flag.text)}", "bold"))]
        lines += paragraph(flag.why, console, indent=2, frame=frame, style="dim")
    if judgement.better:
        lines += [Text(), Text("What would make it better", style="bold")]
        for advice in judgement.better:
            lines += paragraph(advice, console, speaker="- ", frame=frame)
    if judgement.rewrite:
        lines += [Text(), Text("In better words", style="bold")]
        lines += paragraph(judgement.rewrite, console, indent=2, frame=frame, style="italic")
    if judgement.degraded:
        lines += [Text(), *paragraph(judgement.degraded, console, frame=frame, style="dim")]
    edge = box.ROUNDED if can_draw(console) else box.ASCII
    return Panel(Text("\n").join(lines), width=width, padding=(0, 1), border_style="dim", box=edge)


def marked_reply(reply: str, judgement: Judgement) -> Text:
    """Return the reply with the words of each mechanism in its color, and flagged words underlined."""
    marks: list[tuple[int, int, str]] = [
        (span.start, span.end, color)
        for name, (_, color) in MECHANISMS.items()
        for span in getattr(judgement, name).rationale
    ]
    marks += [
        (start, start + len(flag.text), _FLAGGED)
        for flag in judgement.flags
        if flag.text and (start := reply.find(flag.text)) >= 0
    ]
    cuts = sorted({0, len(reply), *(start for start, _, _ in marks), *(end for _, end, _ in marks)})
    drawn = Text()
    for start, end in pairwise(cuts):
        style = next((style for first, last, style in reversed(marks) if first <= start and end <= last), "")
        drawn.append(visible(reply[start:end]), style=style)
    return drawn


def _verdict(judgement: Judgement) -> Text:
    if judgement.empathetic:
        return Text(f"empathetic, {judgement.probability:.0%}", style="bold green")
    return Text(f"not empathetic, {1 - judgement.probability:.0%}", style="bold red")


def _mechanisms(judgement: Judgement, console: Console) -> Iterator[Text]:
    longest = max(len(name) for name, _ in MECHANISMS.values())
    for field, (name, color) in MECHANISMS.items():
        mechanism: Mechanism = getattr(judgement, field)
        yield Text.assemble(
            (name.ljust(longest + 2), "dim"),
            (bar(mechanism.level / 2, 8, console), color),
            (f"  {STRENGTH[mechanism.level]}, {mechanism.probabilities[mechanism.level]:.0%}", "dim"),
        )
