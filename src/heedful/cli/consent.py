"""`heedful consent`: keep what a person agreed to."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heedful.store.records import Consent


class Step(StrEnum):
    """What to do about consent."""

    GIVE = "give"
    """Keep that they agree."""
    WITHDRAW = "withdraw"
    """Keep that they agree no more."""
    SHOW = "show"
    """Show what they have agreed to."""


def consent(
    step: Annotated[Step, typer.Argument(help="What to do: keep that they agree, or agree no more, or show it.")],
    person: Annotated[str, typer.Argument(help="Whose consent it is.")],
    *,
    to: Annotated[
        str | None,
        typer.Option("--to", help='What they agree to; "crisis" lets a crisis stay in force in new conversations.'),
    ] = None,
    purpose: Annotated[
        str | None, typer.Option("--purpose", help="What it is for, in the words shown to them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Keep, withdraw or show what a person has agreed to, with the time and the purpose."""
    import contextlib

    from heedful.cli import factory
    from heedful.config import Config
    from heedful.errors import InputError

    if step is Step.GIVE and (to is None or purpose is None):
        raise InputError("consent is given to something and for a purpose: add --to and --purpose.")
    if step is Step.WITHDRAW and to is None:
        raise InputError("say what is withdrawn: add --to.")
    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        if step is Step.GIVE:
            found = [heedful.consent(person, to or "", purpose or "")]
        elif step is Step.WITHDRAW:
            found = heedful.withdraw(person, to or "")
        else:
            found = heedful.consents(person)
    _show(found, as_json=as_json)


def _show(consents: Sequence[Consent], *, as_json: bool) -> None:
    import json

    from heedful.cli.screen import visible

    if as_json:
        typer.echo(json.dumps([each.to_dict() for each in consents], indent=2))
        return
    for each in consents:
        until = "in force" if each.withdrawn is None else f"withdrawn {each.withdrawn:%Y-%m-%d %H:%M} UTC"
        typer.echo(visible(f"{each.given:%Y-%m-%d %H:%M} UTC  {each.what}  ({until})  {each.purpose}"))
    if not consents:
        typer.echo("Nothing has been agreed to.")
