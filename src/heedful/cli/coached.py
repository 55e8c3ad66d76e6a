"""Draw what practice shows in the terminal: the person's words, the coach, the other side, progress."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.text import Text

from heedful.cli.judged import MECHANISMS
from heedful.cli.screen import READABLE, can_draw, paragraph, visible
from heedful.cli.words import counted

if TYPE_CHECKING:
    from rich.console import Console

    from heedful.practise.actions import Action
    from heedful.practise.coach import Coaching
    from heedful.practise.perspective import Replay
    from heedful.practise.progress import Progress
    from heedful.practise.scenario import Level, Scenario

_PUT_IN: Final = "green"
_INDENT: Final = 18
"""Columns before what the coach says, so that it stands apart from what was said."""


def invitation(scenario: Scenario, level: Level, console: Console) -> Iterator[Text]:
    """Draw who one is about to talk to."""
    from heedful.practise.scenario import LEVELS

    yield Text(visible(scenario.title), style="bold")
    yield from paragraph(scenario.brief, console)
    you = "" if "You are " in scenario.brief else f"You are {scenario.you}. "
    yield from paragraph(f"{you}{scenario.person.name} is {LEVELS[level]}.", console, style="dim")
    if scenario.warning:
        yield from paragraph(scenario.warning, console, style="yellow")


def spoken(name: str, text: str, console: Console) -> Iterator[Text]:
    """Draw what the person says."""
    bar = "│" if can_draw(console) else "|"
    yield from paragraph(text, console, indent=2, speaker=f"{name} {bar} ")


def coached(said: str, coaching: Coaching, console: Console) -> Iterator[Text]:
    """Draw what the coach says about a reply."""
    if coaching.landed:
        marked = _marked(said, coaching) if said else Text("(you said nothing)", style="dim italic")
        for number, line in enumerate(marked.wrap(console, max(20, min(READABLE, console.width) - _INDENT))):
            line.rstrip()
            yield Text.assemble((("  landed" if not number else "").ljust(_INDENT), "green"), line)
        for each in coaching.landed:
            yield from paragraph(f"{each.what}.", console, indent=_INDENT, style="dim")
    if coaching.fault:
        yield from _headed("got in the way", f"{coaching.fault.says}. {coaching.fault.why}", console, "red")
        if coaching.fault.words:
            yield from paragraph(f"“{coaching.fault.words}”", console, indent=_INDENT, style="dim italic")
    for missed in coaching.missed:
        yield from _headed("missed", f"{missed}.", console, "yellow")
    if coaching.better:
        yield Text("  in better words", style="cyan")
        yield from changed(coaching, console)
    yield from _headed("try next", coaching.next, console, "cyan")


def changed(coaching: Coaching, console: Console) -> Iterator[Text]:
    """Draw the better words, then what was put in, changed and left out."""
    yield from paragraph(coaching.better, console, indent=4, style="italic")
    for edit in coaching.edits:
        if not edit.before:
            yield from paragraph(f"+ {edit.after}", console, indent=6, style=_PUT_IN)
        elif not edit.after:
            yield from paragraph(f"- {edit.before}", console, indent=6, style="red")
        else:
            yield from paragraph(f"- {edit.before}", console, indent=6, style="red")
            yield from paragraph(f"+ {edit.after}", console, indent=6, style=_PUT_IN)


def other_side(replay: Replay, console: Console) -> Iterator[Text]:
    """Draw a conversation as the person lived it."""
    yield Text(f"How {visible(replay.name)} lived it", style="bold")
    yield from paragraph(replay.before, console, indent=2, style="italic")
    for moment in replay.moments:
        yield Text()
        yield from paragraph(moment.said or "(silence)", console, indent=2, speaker="you: ", style="dim")
        yield from paragraph(moment.felt, console, indent=4, style="italic")
        yield from paragraph(moment.why, console, indent=4, style="dim")
        if moment.kept:
            yield from paragraph(moment.kept, console, indent=4, style="yellow")
    yield Text()
    yield from _headed("needed", replay.needed, console, "cyan")
    for untold in replay.untold:
        yield from _headed("untold", untold, console, "yellow")
    for lesson in replay.lessons:
        yield from _headed("to learn", lesson, console, "green")


def deeds(actions: list[Action], console: Console) -> Iterator[Text]:
    """Draw what would help and what would not, with reasons."""
    for kind, heading, style in (("do", "What would help", "green"), ("leave", "What would not", "red")):
        some = [each for each in actions if each.kind == kind]
        if some:
            yield Text(heading, style=f"bold {style}")
        for each in some:
            yield from paragraph(each.what, console, speaker="- ", indent=2)
            source = "" if each.source == "this person" else f" (norms: {each.source})"
            yield from paragraph(f"{each.why}{source}", console, indent=4, style="dim")


def drawn_progress(progress: Progress, console: Console) -> Iterator[Text]:
    """Draw the skills over time, one line each."""
    from heedful.practise.chart import sparkline
    from heedful.practise.progress import SKILLS

    if not progress.points:
        yield from paragraph("Nothing to show yet: a conversation of at least three replies comes first.", console)
        return
    people = "1 person" if progress.scenarios == 1 else f"{progress.scenarios:,} people"
    replies = f"{progress.replies:,} {'reply' if progress.replies == 1 else 'replies'}"
    yield Text(f"{counted(len(progress.points), 'conversation')}, {people}, {replies}", style="dim")
    widest = max(map(len, SKILLS.values()))
    for skill, name in SKILLS.items():
        values = [point.skills.get(skill) for point in progress.points]
        latest = next((value for value in reversed(values) if value is not None), None)
        line = (
            sparkline(values[-40:])
            if can_draw(console)
            else " ".join("-" if v is None else f"{v:.0%}" for v in values[-8:])
        )
        told = "no occasion yet" if latest is None else f"{latest:.0%} of your replies, the last time"
        if skill == "repairing" and latest is not None:
            told = f"{latest:.0%} of your slips, the last time"
        yield Text.assemble((name.ljust(widest + 2), "dim"), (line, "cyan"), f"  {told}")


def _headed(heading: str, text: str, console: Console, style: str) -> Iterator[Text]:
    lines = list(paragraph(text, console, indent=_INDENT))
    first = lines[0].plain.strip() if lines else ""
    yield Text.assemble((f"  {heading}".ljust(_INDENT), style), first)
    yield from lines[1:]


def _marked(said: str, coaching: Coaching) -> Text:
    """Return the reply with the words that landed underlined."""
    drawn = Text(visible(said), style="dim")
    colors = [color for _, color in MECHANISMS.values()]
    for number, each in enumerate(coaching.landed):
        for span in each.words:
            drawn.stylize(f"not dim {colors[number % len(colors)]} underline", span.start, span.end)
    return drawn
