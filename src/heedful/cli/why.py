"""Explain a reply: what it was meant to do, what it rests on, and what the guard found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from heedful.cli import words
from heedful.cli.screen import READABLE, visible

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from heedful.types import Finding, Turn, Understanding

STRATEGIES: Final[Mapping[str, str]] = {
    "disclose": "say that it is software",
    "refer": "name people who can help",
    "validate": "say that the feeling makes sense",
    "reflect": "give back what was told",
    "console": "offer comfort",
    "celebrate": "share the good news",
    "encourage": "strengthen",
    "inform": "give information",
    "suggest": "suggest a step",
    "explore": "invite to say more",
}
"""Strategy -> what it does."""
ACTIONS: Final[Mapping[str, str]] = {
    "allow": "allowed as written",
    "amend": "a part was taken out",
    "replace": "replaced by a safe reply",
    "stop": "not said",
}
"""A verdict's action in words."""
EVIDENCE: Final = 6
"""Pieces of evidence shown."""


def explain(turn: Turn, console: Console) -> Iterator[RenderableType]:
    """Draw why a reply is as it is."""
    sections = {
        "Perceived": _perceived(turn),
        "Understood": _understood(turn.understanding),
        "Planned": _planned(turn),
        "Written": _written(turn),
        "Guarded": _guarded(turn),
    }
    for name, rows in sections.items():
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0), width=_width(console))
        table.add_column(style="dim", width=10, no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        for label, told in rows:
            table.add_row(label, Text(visible(told)))
        yield Text(f"  {name}", style="bold")
        yield Padding(table, (0, 0, 1, 4))


def _perceived(turn: Turn) -> Iterator[tuple[str, str]]:
    percept = turn.percept
    yield "in short", words.headline(percept)
    if not percept.abstained:
        yield "pleasant", f"valence {percept.valence:+.2f}, {words.pleasantness(percept.valence)}"
        yield "stirred", f"arousal {percept.arousal:+.2f}, {words.energy(percept.arousal)}"
    text = turn.message.text or ""
    evidence = [
        (each.strength, text[int(each.start) : int(each.end)].strip(), each.label)
        for reading in percept.readings
        for each in reading.evidence
        if each.unit == "characters"
    ]
    for place, (strength, quote, label) in enumerate(sorted(evidence, key=lambda each: -each[0])[:EVIDENCE]):
        yield "" if place else "rests on", f"“{_short(quote)}” speaks for {label} ({strength:.0%})"
    if percept.disagreement:
        yield "apart", f"words, voice and face are {percept.disagreement:.0%} apart"
    yield "read by", ", ".join(f"{each.model} ({each.modality})" for each in percept.readings) or "nothing"


def _understood(found: Understanding) -> Iterator[tuple[str, str]]:
    yield (
        "feeling",
        f"{found.feeling}, strength {found.strength:.0%}, {found.course.direction} over {_messages(found.told)}",
    )
    if found.event.kind != "none":
        about = f", about {found.event.who}" if found.event.who else ""
        quote = f": “{_short(found.event.span.text)}”" if found.event.span else ""
        yield "event", f"{_plain(found.event.kind)} ({found.event.confidence:.0%}){about}{quote}"
    if found.cause:
        yield "cause", f"“{_short(found.cause.text)}”"
    if found.unread:
        yield "not read", found.unread
    yield "need", found.need
    if found.asks != "nothing":
        yield "asks", found.asks
    if found.risk.level != "none":
        carried = ", still in force from before" if found.risk.carried else ""
        yield "danger", f"{found.risk.level}: {found.risk.kind or 'not named'}{carried}"
        for finding in found.risk.findings:
            yield "", _finding(finding)


def _planned(turn: Turn) -> Iterator[tuple[str, str]]:
    plan = turn.plan
    yield "about", f"{_plain(plan.about)}, {plan.stage} reply about it"
    for place, strategy in enumerate(plan.strategies, start=1):
        yield "" if place > 1 else "in order", f"{place}. {strategy}: {STRATEGIES.get(strategy, strategy)}"
    yield "tone", f"{plan.tone}, at most {words.counted(plan.sentences, 'sentence')}"
    if plan.must:
        yield "must have", ", ".join(plan.must)
    if plan.must_not:
        yield "may not", ", ".join(plan.must_not)
    if plan.why:
        yield "because", plan.why


def _written(turn: Turn) -> Iterator[tuple[str, str]]:
    yield "by", turn.reply.writer
    for place, part in enumerate(turn.reply.why):
        yield "" if place else "parts", part
    if turn.reply.degraded:
        yield "less than", turn.reply.degraded


def _guarded(turn: Turn) -> Iterator[tuple[str, str]]:
    yield "verdict", ACTIONS[turn.verdict.action]
    for finding in turn.verdict.findings:
        yield "found", _finding(finding)


def _finding(finding: Finding) -> str:
    return f"“{_short(finding.text)}”: {finding.why} ({finding.rule})"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _messages(count: int) -> str:
    return words.counted(count, "message")


def _short(text: str, most: int = 90) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= most else one_line[:most].rstrip() + "..."


def _width(console: Console) -> int:
    return max(20, min(console.width - 4, READABLE))
