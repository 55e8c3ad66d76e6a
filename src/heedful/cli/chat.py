"""`heedful chat`: a conversation in the terminal."""

from __future__ import annotations

import contextlib
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from heedful.api import Heedful
    from heedful.cli.commands import Commands
    from heedful.engine import Event
    from heedful.types import Resource, Turn

NOTICE: Final = "Heedful is software, not a person. {where} /help shows what else you can do."
"""Said once, at the beginning."""
HERE: Final = "It runs on this machine, and what you write stays on it."
"""Where the words go, as long as nothing else is configured."""
ELSEWHERE: Final = "Its settings name a writer or a store of their own, so what you write may leave this machine."
"""Where the words go otherwise."""
NOT_TEXT: Final = "That line was not valid UTF-8, so it was not read. Nothing was kept of it."


def chat(
    *,
    conversation: Annotated[
        str | None,
        typer.Option(
            "--conversation", "-c", help="Take up the conversation of this name, or begin it.", show_default="a new one"
        ),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            "--person", "-p", help="Whom the conversation belongs to, for export and forget.", show_default="nobody"
        ),
    ] = None,
) -> None:
    """Talk with Heedful: write, see what was perceived, get a reply, ask why.

    Reads messages from standard input, one per line, when that is not a terminal.
    """
    from heedful.cli import factory
    from heedful.cli.commands import Commands
    from heedful.cli.screen import stdout, visible
    from heedful.config import Config

    console = stdout()
    name = conversation or _new_name()
    # The notice below tells that this is software; the first reply need not tell it again.
    config = replace(Config.load(), disclose=False)
    with contextlib.closing(factory.open_heedful(config)) as heedful:
        commands = Commands(heedful, console)
        shown = _greet(heedful, name, commands, console)
        _converse(heedful, name, commands, console, shown, person)
    if commands.last is not None:
        console.print(f"This conversation is kept. To take it up again: {visible(_again(name))}", style="dim")


def _greet(heedful: Heedful, name: str, commands: Commands, console: Console) -> tuple[Resource, ...]:
    """Say what this is, show where the conversation stopped, and return the resources that are in force."""
    from heedful.cli.screen import paragraph
    from heedful.cli.turns import in_force, past

    stays = heedful.config.writer == "compose" and heedful.config.store_url.partition(":")[0] in ("", "sqlite")
    for line in paragraph(NOTICE.format(where=HERE if stays else ELSEWHERE), console, style="dim"):
        console.print(line)
    console.print()
    earlier = heedful.turns(name)
    if earlier:
        commands.last = earlier[-1]
    for part in past(earlier, console):
        console.print(part)
    return in_force(earlier)


def _converse(
    heedful: Heedful,
    name: str,
    commands: Commands,
    console: Console,
    shown: tuple[Resource, ...],
    person: str | None,
) -> None:
    from heedful.cli.result import is_unicode
    from heedful.cli.screen import stderr, visible
    from heedful.cli.turns import replied
    from heedful.errors import HeedfulError

    for line in _lines(heedful, console):
        try:
            if not is_unicode(line):
                console.print(f"  {NOT_TEXT}\n", style="yellow")
            elif line.startswith("/"):
                if not commands.run(line):
                    return
            elif message := line.strip():
                turn = commands.last = _listen(heedful.stream(message, conversation=name, person=person), console)
                for part in replied(turn, console, shown):
                    console.print(part)
                shown = turn.plan.resources or shown
        except HeedfulError as error:  # the conversation goes on
            stderr().print(f"  {visible(str(error))}\n", style="red", soft_wrap=True)


def _listen(events: Iterator[Event], console: Console) -> Turn:
    """Show what comes before the end of a turn: how the message sounds, then the reply as it is written."""
    from rich.live import Live

    from heedful.cli.screen import percept_lines
    from heedful.cli.turns import writing
    from heedful.types import Delta, Percept, Turn

    written = ""
    # What is being written goes when the turn is whole: then it is drawn as it stays.
    with Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False) as live:
        for event in events:
            if isinstance(event, Percept):
                for line in percept_lines(event, console):
                    live.console.print(line)
            elif isinstance(event, Delta) and console.is_terminal:
                written = event.text if event.afresh else written + event.text
                live.update(writing(written, console), refresh=True)
            elif isinstance(event, Turn):
                return event
    raise AssertionError("a stream ends with its turn")


def _lines(heedful: Heedful, console: Console) -> Iterator[str]:
    """Yield what the person writes, until they leave."""
    if not sys.stdin.isatty():
        yield from _piped(console)
        return
    heedful.warm()  # loads what a reply needs while the person reads the notice, not while they wait for a reply
    ask = _prompt(console)
    while True:
        try:
            yield ask()
        except UnicodeDecodeError:
            console.print(f"  {NOT_TEXT}\n", style="yellow")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return


def _piped(console: Console) -> Iterator[str]:
    from heedful.cli.rows import TextInput
    from heedful.cli.screen import visible

    with contextlib.closing(TextInput(sys.stdin.buffer)) as source:
        for line in source.lines():
            text = line.text.rstrip("\r\n")
            if text.strip():
                console.print(f"{_mark(console)}{visible(text)}", style="bold", soft_wrap=True)
                yield text


def _prompt(console: Console) -> Callable[[], str]:
    """Return what asks for one line, with line editing, history and completion where the system has them."""
    mark = _mark(console)
    look = "1" if console.no_color else "1;36"
    colored = f"\033[{look}m{mark}\033[0m" if console.color_system else mark
    try:
        import readline  # lets input() edit lines; the history lasts as long as the conversation
    except ImportError:
        return lambda: input(colored)
    from heedful.cli.commands import FEELINGS, NAMES

    def complete(text: str, state: int) -> str | None:
        begun = readline.get_line_buffer()
        choices = FEELINGS if begun.startswith("/felt ") else NAMES if begun.startswith("/") else ()
        fitting = [f"{each} " for each in choices if each.startswith(text)]
        return fitting[state] if state < len(fitting) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" ")
    readline.parse_and_bind("tab: complete")
    # Marks what takes no room on the line, else line editing loses count of the columns.
    measured = re.sub(r"(\033\[[\d;]*m)", "\001\\1\002", colored)
    return lambda: input(measured)


def _mark(console: Console) -> str:
    from heedful.cli.screen import can_draw

    return "you › " if can_draw(console) else "you > "


def _new_name() -> str:
    import secrets
    from datetime import datetime

    return f"{datetime.now().astimezone():%Y-%m-%d-%H%M}-{secrets.token_hex(2)}"


def _again(name: str) -> str:
    import shlex

    return f"heedful chat --conversation {shlex.quote(name)}"
