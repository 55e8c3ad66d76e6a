"""`heedful practise`: rehearse listening with a simulated person; see what your words did; nobody else sees it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from heedful.api import Heedful
    from heedful.practise.room import Practise
    from heedful.practise.scenario import Scenario

practise = typer.Typer(
    help="Practise listening: talk with a simulated person, get private feedback, see the other side.",
    invoke_without_command=True,
)
Person = Annotated[str, typer.Option("--person", "-p", help="Whose practice it is; nobody sees anybody else's.")]


class Level(StrEnum):
    """How the person meets you."""

    COOPERATIVE = "cooperative"
    """Willing to talk."""
    GUARDED = "guarded"
    """Polite and closed."""
    ANGRY = "angry"
    """Angry before you have said a word."""
    SILENT = "silent"
    """Says next to nothing."""


@practise.callback()
def begin(context: typer.Context) -> None:
    """Choose somebody to talk to, and begin."""
    if context.invoked_subcommand is not None:
        return
    from heedful.cli.rehearse import typed
    from heedful.cli.screen import stdout

    console = stdout()
    with _room() as room:
        scenarios = room.scenarios()
        lines = typed(console)
        chosen = _choose(scenarios, lines, console)
        if chosen is not None:
            _converse(room, chosen.name, Level.COOPERATIVE, "me", console, lines, coaching=True)


@practise.command()
def talk(
    name: Annotated[str, typer.Argument(help="The scenario, as `heedful practise list` shows it.", show_default=False)],
    *,
    level: Annotated[Level, typer.Option(help="How the person meets you.")] = Level.COOPERATIVE,
    coaching: Annotated[bool, typer.Option("--coach/--no-coach", help="Feedback after every reply.")] = True,
    person: Person = "me",
    scenarios: Annotated[
        Path | None, typer.Option(help="A folder with scenarios of your own.", show_default=False)
    ] = None,
) -> None:
    """Talk with the person of a scenario. Reads standard input, one reply per line, when that is no terminal."""
    from heedful.cli.rehearse import typed
    from heedful.cli.screen import stdout

    console = stdout()
    with _room(scenarios) as room:
        _converse(room, name, level, person, console, typed(console), coaching=coaching)


@practise.command("list")
def list_them(
    *,
    scenarios: Annotated[
        Path | None, typer.Option(help="A folder with scenarios of your own.", show_default=False)
    ] = None,
) -> None:
    """List the scenarios."""
    from heedful.cli.screen import stdout

    with _room(scenarios) as room:
        _list(room.scenarios(), stdout(), numbered=False)


@practise.command()
def check(
    file: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenarios, TOML.", show_default=False)],
) -> None:
    """Check scenarios; say on which line something is wrong, and exit with 2 if anything is."""
    from heedful.errors import ConfigError
    from heedful.practise.pack import check_scenario

    wrong = []
    for path in file:
        try:
            found = check_scenario(path)
        except ConfigError as error:
            wrong.append(str(error))
        else:
            lines = sum(map(len, found.lines.values()))
            typer.echo(f"{path}: right. {found.person.name}, {len(found.facts)} things to tell, {lines} lines.")
    if wrong:
        raise ConfigError("\n".join(wrong))


@practise.command()
def drill(
    *,
    count: Annotated[int, typer.Option("--count", "-n", help="How many.", min=1, max=100)] = 10,
    folder: Annotated[
        Path | None,
        typer.Option(help="Recordings or pictures of your own, named for their feeling.", show_default=False),
    ] = None,
    person: Person = "me",
) -> None:
    """Recognize the feeling; each one comes back when you are about to forget it."""
    from heedful.cli.recognize import recognize
    from heedful.cli.rehearse import typed
    from heedful.cli.screen import stdout

    console = stdout()
    with _heedful() as heedful:
        recognize(heedful, heedful.practise.drills(person, folder, count), person, console, typed(console))


@practise.command("about-me")
def about_me(*, person: Person = "me") -> None:
    """Answer ten statements about yourself, if you like; see how your answers moved since the last time."""
    from heedful.cli.recognize import ask_about_me
    from heedful.cli.rehearse import typed
    from heedful.cli.screen import stdout

    console = stdout()
    with _room() as room:
        ask_about_me(room, person, console, typed(console))


@practise.command()
def progress(
    *,
    person: Person = "me",
    picture: Annotated[Path | None, typer.Option("--svg", help="Also draw it here.", show_default=False)] = None,
) -> None:
    """Show your skills over time: to you alone."""
    from heedful.cli.coached import drawn_progress
    from heedful.cli.screen import stdout
    from heedful.practise.chart import svg

    console = stdout()
    with _room() as room:
        found = room.progress(person)
    for line in drawn_progress(found, console):
        console.print(line)
    if picture is not None:
        _write(picture, svg(found))


@practise.command()
def past(*, person: Person = "me") -> None:
    """List the conversations that are kept."""
    with _room() as room:
        sessions = room.sessions(person)
    for each in sessions:
        typer.echo(
            f"{each.id}  {each.at:%Y-%m-%d %H:%M} UTC  {each.scenario}, {each.level}, {len(each.exchanges)} replies, "
            f"{each.ending or 'not ended'}"
        )
    if not sessions:
        typer.echo("Nothing is kept.")


@practise.command()
def side(
    conversation: Annotated[
        str, typer.Argument(help="Its id, as `heedful practise past` shows it.", show_default=False)
    ],
    *,
    person: Person = "me",
) -> None:
    """Show a conversation as the other person lived it."""
    from heedful.cli.coached import other_side
    from heedful.cli.screen import stdout

    console = stdout()
    with _room() as room:
        for line in other_side(room.replay(conversation, person), console):
            console.print(line)


@practise.command()
def export(
    *,
    person: Person = "me",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to write it.", show_default="standard output")
    ] = None,
) -> None:
    """Hand over everything that is kept of your practice, as JSON."""
    import json

    with _room() as room:
        told = json.dumps(room.export(person), indent=2)
    if out is None:
        typer.echo(told)
    else:
        _write(out, told)


@practise.command()
def delete(
    conversation: Annotated[str | None, typer.Argument(help="Only this one.", show_default="everything")] = None,
    *,
    person: Person = "me",
) -> None:
    """Delete a conversation, or everything that is kept of your practice; the file is written anew without it."""
    with _room() as room:
        gone = room.delete(person, conversation)
    typer.echo(f"Deleted {gone} {'record' if gone == 1 else 'records'}.")


def _converse(
    room: Practise, name: str, level: Level, person: str, console: Console, lines: Iterator[str], *, coaching: bool
) -> None:
    from heedful.cli.rehearse import Rehearsal

    Rehearsal(room, room.start(name, level.value, person), person, console, coaching=coaching).run(lines)


def _choose(scenarios: list[Scenario], lines: Iterator[str], console: Console) -> Scenario | None:
    """Return the scenario that is chosen by its number or name, or None if nothing is."""
    import difflib

    _list(scenarios, console, numbered=True)
    console.print("\nWhom would you like to talk to? A number, a name, or Enter for the first one.", style="bold")
    names = {each.name: each for each in scenarios} | {each.person.name.lower(): each for each in scenarios}
    for line in lines:
        said = line.strip().lower()
        if said in ("/quit", "/q", "q"):
            return None
        if not said:
            return scenarios[0]
        if said.isdecimal() and 1 <= int(said) <= len(scenarios):
            return scenarios[int(said) - 1]
        if close := difflib.get_close_matches(said, names, n=1):
            return names[close[0]]
        console.print(f"There is nobody of that name. A number from 1 to {len(scenarios)}, or /quit.", style="dim")
    return None


def _list(scenarios: list[Scenario], console: Console, *, numbered: bool) -> None:
    from rich.text import Text

    from heedful.cli.screen import visible

    area = ""
    for number, each in enumerate(scenarios, start=1):
        if each.area != area:
            area = each.area
            console.print(f"\n{area}", style="bold")
        lead = f"{number:3} " if numbered else f"  {each.name:18}"
        who = f"{each.person.name}, {each.person.age}"
        warned = " (!)" if each.adult else ""
        line = Text.assemble((lead, "dim"), (who, "cyan"), f"  {visible(each.title)}", (warned, "yellow"))
        line.truncate(console.width - 1, overflow="ellipsis")
        console.print(line)


@contextlib.contextmanager
def _heedful() -> Iterator[Heedful]:
    from heedful.cli import factory
    from heedful.config import Config

    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        yield heedful


@contextlib.contextmanager
def _room(scenarios: Path | None = None) -> Iterator[Practise]:
    from heedful.practise.room import Practise

    with _heedful() as heedful:
        yield Practise(heedful.config, lambda: heedful.store, lambda: heedful.engine, scenarios or "")


def _write(path: Path, text: str) -> None:
    import os

    from heedful.errors import InputError

    try:
        # For its owner alone: it holds what somebody practised in confidence.
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    except FileExistsError as error:
        raise InputError(f"{path} already exists, and was left as it is. Name another file.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error}. Name another file.") from error
