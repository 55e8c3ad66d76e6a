"""`heedful learn`: look at what feedback has taught, use it, take it back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from heedful.learn.feedback import Imported
    from heedful.learn.learning import Outcome

learn = typer.Typer(no_args_is_help=True, help="Look at what feedback has taught, use it, and take it back.")
_AS_JSON = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_MOST_SHOWN = 5
_NOTHING = {
    "preference": "There is nothing to draw yet: no feedback says which of two replies is liked better.",
    "calibration": "No feeling was corrected yet. Say what was really felt with `/felt` in `heedful chat`.",
}


@learn.callback()
def teach() -> None:
    """Look at what feedback has taught, use it, and take it back."""


@learn.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(help="JSON Lines: message, reply, and what was said of the reply.")],
) -> None:
    """Learn from feedback that was given elsewhere; a line that was imported before changes nothing.

    A line holds `message` and `reply`, and at least one of `rating` (1 to 5), `prefer`, `over`, `edit`, `feeling`,
    `helped`, `outcome` (-1 to 1); and, if you like, `person`, `id` and `at`. Only numbers are kept, no words.
    """
    import contextlib

    from heedful.cli import factory
    from heedful.config import Config

    rows = list(_rows(file))
    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        new, taught = heedful.learning.take_in(rows)
    typer.echo(f"Read {len(rows)} lines: {new} were new, and {taught} have something to teach.")


@learn.command()
def status(as_json: _AS_JSON = False) -> None:
    """Show what was learned so far, which versions there are, and what somebody should look at."""
    import contextlib

    from heedful.cli import factory
    from heedful.cli.screen import stdout
    from heedful.config import Config

    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        found = heedful.learning.status()
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False))
        return
    console = stdout()
    used = [number for number in (found.live, found.calibration) if number]
    live = f"version {' and '.join(map(str, used))} in use" if used else "nothing that is shared is in use yet"
    typer.echo(f"{found.feedback} pieces of feedback by {found.people} people; {live}.")
    if found.live:
        typer.echo(f"{found.since} pieces came since what people prefer was last learned.")
    if found.conversations:
        told = f"version {found.watched} is in use" if found.watched else "none of it is in use"
        typer.echo(f"{found.conversations} conversations were watched; {told}.")
    for line in found.prefers:
        console.print(f"  {line}", style="dim", highlight=False)
    for alarm in found.alarms:
        console.print(f"Look at this: {alarm}", style="yellow", highlight=False, soft_wrap=True)
    if found.versions:
        from rich.table import Table

        table = Table("version", "holds", "state", "made", box=None, header_style="dim")
        for number, kind, state, day in found.versions:
            table.add_row(str(number), kind, state, day)
        console.print(table)


@learn.command()
def promote(
    version: Annotated[
        int | None, typer.Argument(help="A candidate; by default one is made from all feedback.")
    ] = None,
    as_json: _AS_JSON = False,
    kind: Annotated[
        Literal["preference", "calibration"],
        typer.Option(help="What a new candidate holds: what people prefer, or how feelings are misread here."),
    ] = "preference",
) -> None:
    """Measure what feedback has taught, and use it from now on if it is better and harms nobody."""
    import contextlib

    from heedful.cli import factory
    from heedful.cli.screen import stderr
    from heedful.config import Config

    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        outcome = heedful.learning.promote(version, lambda told: stderr().print(f"{told} ...", style="dim"), kind)
    if as_json:
        typer.echo(json.dumps(outcome.to_dict(), indent=2, ensure_ascii=False))
    else:
        _tell(outcome)


@learn.command()
def rollback(
    kind: Annotated[
        Literal["preference", "watched", "calibration"],
        typer.Argument(help="What to take back.", metavar="preference|watched|calibration"),
    ] = "preference",
) -> None:
    """Go back to the version that was in use before; without one, to nothing learned in common."""
    import contextlib

    from heedful.cli import factory
    from heedful.config import Config

    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        number = heedful.learning.rollback(kind)
    typer.echo(f"Version {number} is in use again." if number else "Nothing learned in common is in use any more.")


@learn.command()
def why(
    version: Annotated[int, typer.Argument(help="Its number, as `heedful learn status` shows it.")],
    as_json: _AS_JSON = False,
) -> None:
    """Show what a version was made from, how it measured, and what it changes."""
    import contextlib

    from heedful.cli import factory
    from heedful.config import Config
    from heedful.learn.learning import plain_version

    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        found = plain_version(heedful.learning.why(version))
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    typer.echo(f"Version {found['number']} ({found['kind']}, {found['state']}), made {found['made']}.")
    if found["kind"] == "calibration":
        typer.echo(f"Made from {found['lessons']} corrected feelings of {found['raters']} people.")
    elif "lessons" in found:
        typer.echo(f"Made from {found['lessons']} comparisons of {found['raters']} people.")
    else:
        typer.echo(f"Made from {found['replies']} replies in {found['conversations']} conversations.")
    for check in found["checks"]:
        typer.echo(f"  {'passed' if check['passed'] else 'FAILED'}  {check['name']}: {check['told']}")
    for line in found["changes"]:
        typer.echo(f"  - {line}")


@learn.command()
def curve(
    out: Annotated[Path | None, typer.Argument(help="Where to draw it: a .png or .svg file.")] = None,
    as_json: _AS_JSON = False,
    kind: Annotated[
        Literal["preference", "calibration"],
        typer.Option(help="What people prefer, or how feelings are misread here."),
    ] = "preference",
) -> None:
    """Show how much better people's choices are foreseen as feedback comes, or their feelings read."""
    import contextlib

    from heedful.cli import factory
    from heedful.config import Config

    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        found = heedful.learning.curve(kind)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2))
    else:
        for point in found.points:
            typer.echo(f"{point.feedback:6}  learned {point.learned:.2f}  nothing learned {point.frozen:.2f}")
        if not found.points:
            typer.echo(_NOTHING[kind])
    if out is not None:
        from heedful.learn.curve import draw

        typer.echo(f"written: {draw(found, out, kind)}")


@learn.command()
def withdraw(
    conversation: Annotated[
        str | None, typer.Argument(help="A watched conversation, as SOURCE/NAME.", show_default=False)
    ] = None,
    source: Annotated[str | None, typer.Option(help="Everything that was watched under this name.")] = None,
) -> None:
    """Take watched conversations back, with everything that was learned from them."""
    import contextlib

    from heedful.cli import factory
    from heedful.config import Config

    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        gone = heedful.learning.withdraw(conversation, source)
    typer.echo(f"Withdrew {gone} conversations. What was learned from them is gone, too.")


def observe(
    transcripts: Annotated[Path, typer.Argument(help="JSON Lines: a turn a line, with conversation, speaker, text.")],
    *,
    source: Annotated[
        str | None, typer.Option(help="What these are called, to withdraw them by; by default the file's name.")
    ] = None,
    listener: Annotated[str, typer.Option(help="The name of who listens there, such as agent7.")] = "",
    person: Annotated[str, typer.Option(help="The name of who is listened to.")] = "",
) -> None:
    """Learn from watching good listeners: conversations between people, such as an organization's own support logs.

    What the listeners said is redacted, judged and guarded; sentences that fit anybody may then be said where they fit.
    """
    import contextlib

    from heedful.cli import factory
    from heedful.cli.screen import stderr
    from heedful.config import Config
    from heedful.learn.observe import read_transcripts

    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        count, outcome = heedful.learning.observe(
            read_transcripts(transcripts, listener, person),
            source or transcripts.stem,
            lambda told: stderr().print(f"{told} ...", style="dim"),
        )
    typer.echo(f"Watched {count} conversations.")
    if outcome is not None:
        _tell(outcome)


def _tell(outcome: Outcome) -> None:
    for check in outcome.checks:
        typer.echo(f"  {'passed' if check.passed else 'FAILED'}  {check.name}: {check.told}")
    said = "is in use from now on" if outcome.live else "is not used"
    typer.echo(f"Version {outcome.number} {said}.")
    for line in outcome.changes[:_MOST_SHOWN]:
        typer.echo(f"  - {line}")


def _rows(file: Path) -> Iterator[Imported]:
    from heedful.errors import InputError
    from heedful.learn.feedback import read_imported

    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    data = json.loads(line)
                except ValueError as error:
                    raise InputError(f"{file}, line {number}: this is no JSON ({error}).") from error
                yield read_imported(data, f"{file}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}. Expected is a JSON Lines file in UTF-8.") from error
