"""`heedful guard`: what the guard finds in a text, with its rule and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.text import Text

    from heedful.guard.check import Check, Hit

guard = typer.Typer(no_args_is_help=True, help="Look into the guard that stands before and behind every reply.")
ACTIONS = {
    "allow": "It may be said.",
    "amend": "It may be said once a part is taken out.",
    "replace": "It may not be said; something else has to be.",
    "stop": "It may not be said at all.",
}
LEVELS = {
    "none": "No danger is noticed.",
    "concern": "Worth asking about: {kind}.",
    "high": "A crisis: {kind}.",
    "imminent": "A crisis that cannot wait: {kind}.",
}


@guard.callback()
def look() -> None:
    """Look into the guard that stands before and behind every reply."""


@guard.command()
def check(
    text: Annotated[str, typer.Argument(help="What a person writes, or with --reply what is about to be said.")],
    reply: Annotated[bool, typer.Option("--reply", help="Check it as something that is about to be said.")] = False,
    to: Annotated[
        str | None, typer.Option(help="The message that the reply answers; implies --reply.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show every finding in a text with its rule and why, and what was let pass and why."""
    from heedful.cli.factory import open_heedful
    from heedful.cli.screen import stdout
    from heedful.config import Config

    with open_heedful(Config.load()) as opened:
        found = opened.check_reply(text, to) if reply or to is not None else opened.check_message(text)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False))
        return
    console = stdout()
    for line in _lines(found, text, console):
        console.print(line)


def _lines(found: Check, text: str, console: Console) -> Iterator[Text]:
    from heedful.cli.screen import paragraph

    if found.what == "reply":
        yield from paragraph(ACTIONS[found.action], console, style="bold")
    else:
        said = LEVELS[found.risk.level].format(kind=found.risk.kind or "not named")
        yield from paragraph(said, console, style="bold")
    if found.read_as != " ".join(text.casefold().split()):
        yield from paragraph(f"read as: {found.read_as or '(no words)'}", console, style="dim")
    for hit in found.hits:
        passed = hit.excuse is not None and hit.level == "none"
        yield from paragraph("", console)
        yield from paragraph(_first(hit), console, indent=2, style="dim" if passed else "")
        yield from paragraph(hit.why, console, indent=4, style="dim" if passed else "")
        if hit.excuse:
            what = "let pass" if passed else f"lowered to {hit.level}"
            yield from paragraph(f"{what}: {hit.excuse_why} ({hit.excuse})", console, indent=4, style="green")


def _first(hit: Hit) -> str:
    level = "" if hit.level == "none" else f", {hit.level}"
    return f"“{hit.text}” ({hit.rule}{level})"
