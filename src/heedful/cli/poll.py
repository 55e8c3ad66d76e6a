"""`heedful poll`: ask people whether machines should do this at all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heedful.errors import InputError

poll = typer.Typer(no_args_is_help=True, help="Ask whom it touches whether machines should respond with empathy.")
Folder = Annotated[Path, typer.Argument(help="The folder of the poll.")]


@poll.command()
def create(
    folder: Folder,
    question: Annotated[str, typer.Option(help="What it is about.", show_default=False)] = "",
) -> None:
    """Begin a poll: a question, statements to be for or against, and the groups of people who are asked."""
    from heedful.measure.poll import create as begin

    path = begin(folder, question)
    typer.echo(f"written: {path}. Change its statements and groups if you like, then: heedful poll answer {folder}")


@poll.command()
def answer(
    folder: Folder,
    group: Annotated[str, typer.Option(help="In what role you answer, or its number.", show_default=False)] = "",
    choice: Annotated[
        list[str] | None,
        typer.Option(help="for, against or undecided, one per statement in order; asked for if not given."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, in your own words.", show_default=False)] = "",
) -> None:
    """Answer a poll. No name is asked for or kept."""
    from heedful.measure.poll import CHOICES, Answer, read_poll
    from heedful.measure.poll import answer as keep

    asked = read_poll(folder)
    if not group:
        typer.echo(f"{asked.question}\n\nIn what role do you answer?")
        for number, name in enumerate(asked.groups, start=1):
            typer.echo(f"  {number}  {name}")
        group = str(typer.prompt("Number"))
    if group.isdigit():
        if not 1 <= int(group) <= len(asked.groups):
            raise InputError(f"there is no group {group}; they go from 1 to {len(asked.groups)}.")
        group = asked.groups[int(group) - 1]
    chosen = list(choice or ())
    letters = {name[0]: name for name in CHOICES}
    if not chosen:
        typer.echo("\nFor each: f for, a against, u undecided.")
        for statement in asked.statements:
            said = ""
            while said not in CHOICES:
                said = str(typer.prompt(f"\n{statement}\n  f, a or u")).strip().lower()
                said = letters.get(said, said)
            chosen.append(said)
        reason = reason or str(typer.prompt("\nWhy, if you like", default="", show_default=False))
    keep(folder, Answer(group, tuple(letters.get(each, each) for each in chosen), reason.strip()))
    typer.echo("Kept. Thank you.")


@poll.command()
def results(folder: Folder) -> None:
    """Show how many are for and against, all together and by group."""
    from heedful.cli.figures import drawn
    from heedful.cli.screen import stdout
    from heedful.measure.poll import result_of

    found = result_of(folder)
    if not found.n:
        typer.echo(f"n = 0: nobody has answered yet. Answer with: heedful poll answer {folder}")
        return
    stdout().print(drawn(found))
    stdout().print("Those who answer a poll are not people chosen at random: read it as who answered.", style="dim")
