"""Drill the recognition of feelings, and ask about oneself, in the terminal."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from heedful.cli.screen import paragraph, visible
from heedful.cli.words import headline

if TYPE_CHECKING:
    from rich.console import Console

    from heedful.api import Heedful
    from heedful.practise.drill import Drill
    from heedful.practise.room import Practise


def recognize(heedful: Heedful, drills: Sequence[Drill], person: str, console: Console, lines: Iterator[str]) -> None:
    """Ask for the feeling in each drill, and say at once what it was and what tells it apart."""
    if not drills:
        console.print("Nothing is due today. Come back tomorrow; what you know needs no repeating.")
        return
    right = asked = 0
    with tempfile.TemporaryDirectory(prefix="heedful-drill-") as folder:
        for number, drill in enumerate(drills, start=1):
            console.print(f"\n{number} of {len(drills)}", style="dim")
            _show(drill, _unnamed(drill, Path(folder), number), console)
            given = _given(drill, lines, console)
            if given is None:
                break
            answered = heedful.practise.answer_drill(drill, given, person)
            asked, right = asked + 1, right + answered.right
            told = "Yes" if answered.right else f"It was {answered.feeling}"
            console.print(f"  {told}.", style="green" if answered.right else "yellow")
            for line in paragraph(answered.why or _heard(heedful, drill), console, indent=2, style="dim"):
                console.print(line)
    if asked:
        console.print(f"\n{right} of {asked}. What you missed comes back soon, what you knew later.")


def ask_about_me(room: Practise, person: str, console: Console, lines: Iterator[str]) -> None:
    """Ask the statements of the self-report; keep the answers if all are given."""
    from heedful.practise.questionnaire import INSTRUCTION, ITEMS, LIMITS, SOURCE

    before = room.reports(person)
    for told in paragraph(f"{INSTRUCTION} Only you see it; /quit leaves, and nothing is kept.", console):
        console.print(told)
    answers: list[int] = []
    for number, (item, _) in enumerate(ITEMS, start=1):
        console.print(f"\n{number:2}. {item}", style="bold")
        for line in lines:
            if line.strip() in ("/quit", "/q"):
                return
            if line.strip() in ("1", "2", "3", "4", "5"):
                answers.append(int(line))
                break
            console.print("  a number from 1 to 5", style="dim")
        else:
            return
    report = room.report(answers, person)
    then = f" The last time it was {before[-1].score:.1f}, on {before[-1].at:%Y-%m-%d}." if before else ""
    console.print(f"\n{report.score:.1f} on a scale from 1 to 5.{then}", style="bold")
    for text in (LIMITS, SOURCE):
        for drawn in paragraph(text, console, style="dim"):
            console.print(drawn)


def _unnamed(drill: Drill, folder: Path, number: int) -> str:
    """Return where to listen or look: a link that does not say the feeling, which the file's own name does."""
    if drill.kind == "text":
        return ""
    link = folder / f"{number}{Path(drill.shown).suffix.lower()}"
    try:
        link.symlink_to(Path(drill.shown).resolve())
    except OSError:
        return drill.shown  # where links are not allowed, better with its name than not at all
    return str(link)


def _show(drill: Drill, place: str, console: Console) -> None:
    if drill.kind == "text":
        for line in paragraph(f"“{drill.shown}”", console, indent=2, style="bold"):
            console.print(line)
    else:
        verb = "Listen to" if drill.kind == "voice" else "Look at"
        console.print(Text(f"  {verb} {visible(place)}", style="bold"), soft_wrap=True)
    for number, choice in enumerate(drill.choices, start=1):
        console.print(f"    {number}  {choice}")


def _given(drill: Drill, lines: Iterator[str], console: Console) -> str | None:
    """Return the answer that was given, or None when the learner leaves."""
    for line in lines:
        said = line.strip().lower()
        if said in ("/quit", "/q"):
            return None
        if said.isdecimal() and 1 <= int(said) <= len(drill.choices):
            return drill.choices[int(said) - 1]
        if said in drill.choices:
            return said
        console.print(f"  a number from 1 to {len(drill.choices)}, or one of these words; /quit leaves", style="dim")
    return None


def _heard(heedful: Heedful, drill: Drill) -> str:
    """Say what Heedful itself perceives in a recording or picture, where it can."""
    path = Path(drill.shown)
    try:
        percept = heedful.perceive(audio=path) if drill.kind == "voice" else heedful.perceive(image=path)
    except Exception as error:  # noqa: BLE001 - whatever a perceiver lacks, the drill goes on
        return f"Heedful could not perceive it: {error}"
    if percept.abstained:
        return f"Heedful itself has no reading of it: {percept.abstained}."
    found = headline(percept)
    return f"Heedful itself: {found.replace('sounds', 'looks', 1) if drill.kind == 'face' else found}."
