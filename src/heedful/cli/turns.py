"""Draw the turns of a conversation: what was perceived, the reply, and whom to turn to in danger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from heedful.cli.screen import READABLE, can_draw, paragraph, visible

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from heedful.types import Level, Resource, Turn

REMEMBERED: Final = 3
"""Turns shown when a conversation is taken up again."""
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


def replied(turn: Turn, console: Console, shown: Sequence[Resource] = ()) -> Iterator[RenderableType]:
    """Draw the reply of a turn, with what is shown beside it.

    Args:
        turn: the turn.
        console: where it is drawn.
        shown: resources that were shown before; while the danger lasts they are repeated in short.
    """
    before, after = _around_resources(turn)
    level = turn.understanding.risk.level
    if before:
        yield Text()
        yield from paragraph(before, console, indent=2, mark=rule(console))
    if turn.plan.resources:
        yield Text()
        brief = turn.understanding.risk.carried and turn.plan.resources == tuple(shown)
        yield resources(turn.plan.resources, level, console, brief=brief)
    elif shown and level != "none":
        reminder = "At any time: " + " · ".join(resource.contact for resource in shown)
        yield Text()
        yield from paragraph(reminder, console, indent=2, style="yellow")
    if after:
        yield Text()
        yield from paragraph(after, console, indent=2, mark=rule(console))
    yield Text(f"  {timing(turn)}", style="dim")
    yield Text()


def writing(text: str, console: Console) -> RenderableType:
    """Draw a reply as far as it is written."""
    return Group(Text(), *paragraph(text.strip(), console, indent=2, mark=rule(console)))


def resources(found: Sequence[Resource], level: Level, console: Console, *, brief: bool = False) -> Panel:
    """Draw whom a person in danger can turn to, so that it cannot be missed."""
    body = Text()
    for place, resource in enumerate(found):
        name, contact, hours, url = map(visible, (resource.name, resource.contact, resource.hours, resource.url))
        if brief:
            body.append("\n" if place else "").append(contact, style="bold").append(f"  {name}")
            continue
        body.append("\n\n" if place else "").append(contact, style="bold")
        body.append(f"\n{name}" + (f" · {hours}" if hours else ""))
        if url and contact not in url:
            body.append(f"\n{url}", style="dim")
    return Panel(
        body,
        title=Text(REACH[level], style="bold"),
        title_align="left",
        box=box.HEAVY if can_draw(console) else box.ASCII2,
        border_style="yellow",
        width=min(console.width, READABLE + 4),
        padding=(0, 1) if brief else (1, 2),
    )


def in_force(turns: Sequence[Turn]) -> tuple[Resource, ...]:
    """Return the resources that were shown last, if the latest turn is still in danger."""
    if not turns or turns[-1].understanding.risk.level == "none":
        return ()
    return next((turn.plan.resources for turn in reversed(turns) if turn.plan.resources), ())


def past(turns: Sequence[Turn], console: Console) -> Iterator[RenderableType]:
    """Draw the end of an earlier conversation, dimmed; whom to turn to, if there was danger at its end, is not."""
    for turn in turns[-REMEMBERED:]:
        said, replied = _excerpt(turn.message.text or ""), _excerpt(turn.reply.text)
        yield from paragraph(said, console, speaker="you ", mark=rule(console), style="dim")
        yield from paragraph(replied, console, indent=4, mark=rule(console), style="dim")
        yield Text()
    if found := in_force(turns):
        yield resources(found, turns[-1].understanding.risk.level, console)
        yield Text()


def rule(console: Console) -> str:
    """Return the line that stands before each line of a reply."""
    return "│ " if can_draw(console) else "| "


def timing(turn: Turn) -> str:
    """Say how long the turn took."""
    told = {"perceive": "read in", "total": "answered in"}
    parts = (f"{word} {_milliseconds(turn.timings[stage])}" for stage, word in told.items() if stage in turn.timings)
    return " · ".join(parts)


def _around_resources(turn: Turn) -> tuple[str, str]:
    """Return the reply before and after the place where it lists the resources, which are drawn apart."""
    names = tuple(f"{resource.name}:" for resource in turn.plan.resources)
    lines = (turn.reply.text or UNSAID).splitlines()
    listed = [place for place, line in enumerate(lines) if names and line.startswith(names)]
    if not listed:
        return "\n".join(lines), ""
    kept = [line for place, line in enumerate(lines[listed[0] :], start=listed[0]) if place not in listed]
    return "\n".join(lines[: listed[0]]), "\n".join(kept)


def _milliseconds(value: float) -> str:
    return f"{value:.1f} ms" if value < 10 else f"{value:,.0f} ms"


def _excerpt(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= EXCERPT else one_line[:EXCERPT].rstrip() + " ..."
