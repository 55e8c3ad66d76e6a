"""Check the phrases that replies are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

phrases = typer.Typer(no_args_is_help=True, help="The phrases that replies are made of.")


@phrases.command("check")
def check_phrases(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A phrase bank (TOML) of your own; all shipped ones if not given."),
    ] = None,
) -> None:
    """Check phrases: duplicates, clichés, claims to feel, cheer at grief, hard words. Exits with 1 if any are found."""
    from heedful.errors import InputError
    from heedful.respond.bank import read_bank
    from heedful.respond.lint import Place, check, every_phrase

    if path is None:
        places = every_phrase()
    else:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} cannot be read: {error}. Expected is a phrase bank in TOML, UTF-8.") from error
        bank = read_bank(path.stem, text)
        places = [
            Place(path.stem, table, group, phrase)
            for table, groups in bank.items()
            for group, many in groups.items()
            for phrase in many
        ]
    complaints = check(places)
    for each in complaints:
        typer.echo(f"{each.rule}: {each.place}: {each.text}\n  {each.why}")
    typer.echo(f"{len(places):,} phrases, {len(complaints)} complaints.")
    if complaints:
        raise typer.Exit(1)
