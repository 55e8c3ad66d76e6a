"""Draw the turns of a conversation: what was perceived, the reply, and whom to turn to in danger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich import box
from rich.panel import Panel
from rich.text import Text

from heedful.cli.screen import READABLE, can_draw, paragraph, percept_lines, visible

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from heedful.types import Level, Resource, Turn

EXCERPT: Final = 280
"""Characters shown of an earlier message or reply."""
REACH: Final[dict[Level, str]] = {
    "none": "People you can turn to",
    "concern": "People you can turn to",
    "high": "People you can reach right now",
    "imminent": "Please reach one of them now",
}
"""Level of risk -> what stands above the resources."""
UNSAID: Final = "I have no reply to this that I would stand by. /why says what stood in the way."
"""Shown where the guard stopped a reply."""


def answer(turn: Turn, console: Console, shown: Sequence[Resource] = ()) -> Iterator[RenderableType]:
    """Draw everything that answers a message.

    Args:
        turn: the turn.
        console: where it is drawn.
        shown: resources that were shown in full before; they are repeated in short while the danger lasts.
    """
    yield from percept_lines(turn.percept, console)
    yield Text()
    yield from paragraph(turn.reply.text or UNSAID, console, indent=2, mark=rule(console))
    if turn.plan.resources:
        yield Text()
        yield resources(turn, console, brief=turn.understanding.risk.carried and turn.plan.resources == tuple(shown))
    yield Text(f"  {timing(turn)}", style="dim")
    yield Text()


def resources(turn: Turn, console: Console, *, brief: bool = False) -> Panel:
    """Draw whom a person in danger can turn to, so that it cannot be missed."""
    body = Text()
    for place, resource in enumerate(turn.plan.resources):
        body.append("\n" if place and brief else "\n\n" if place else "")
        body.append(visible(resource.contact), style="bold")
        body.append(f"  {visible(resource.name)}")
        if not brief:
            details = [visible(each) for each in (resource.hours, resource.url) if each]
            body.append("".join(f"\n{each}" for each in details), style="dim")
    return Panel(
        body,
        title=Text(REACH[turn.understanding.risk.level], style="bold"),
        title_align="left",
        box=box.HEAVY if can_draw(console) else box.ASCII2,
        border_style="yellow",
        width=min(console.width, READABLE + 4),
        padding=(0, 1) if brief else (1, 2),
    )


def past(turns: Sequence[Turn], console: Console) -> Iterator[RenderableType]:
    """Draw the end of an earlier conversation, dimmed."""
    for turn in turns:
        yield from paragraph(_excerpt(turn.message.text or ""), console, mark=f"you {rule(console)}", style="dim")
        yield from paragraph(_excerpt(turn.reply.text), console, indent=2, mark=rule(console), style="dim")
        yield Text()
    if turns and turns[-1].plan.resources:
        yield resources(turns[-1], console)


def rule(console: Console) -> str:
    """Return the line that stands before each line of a reply."""
    return "│ " if can_draw(console) else "| "


def timing(turn: Turn) -> str:
    """Say how long the turn took."""
    told = {"perceive": "read in", "total": "answered in"}
    parts = (f"{word} {_milliseconds(turn.timings[stage])}" for stage, word in told.items() if stage in turn.timings)
    return " · ".join(parts)


def _milliseconds(value: float) -> str:
    return f"{value:.1f} ms" if value < 10 else f"{value:,.0f} ms"


def _excerpt(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= EXCERPT else one_line[:EXCERPT].rstrip() + " ..."
