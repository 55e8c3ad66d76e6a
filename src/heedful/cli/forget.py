"""`heedful forget`: erase what is kept about a person, and make sure that it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from heedful.store.records import Erasure


def forget(
    person: Annotated[
        str | None, typer.Argument(help="Whom to forget, by the name that their conversations belong to.")
    ] = None,
    *,
    older_than: Annotated[
        int | None, typer.Option("--older-than", help="Erase everybody's turns older than so many days.", min=1)
    ] = None,
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Write the files anew, so that no trace of what was erased is left.")
    ] = False,
) -> None:
    """Erase what is kept about a person, or what is old, and search every file for what may be left of it."""
    import contextlib

    from heedful.cli import factory
    from heedful.config import Config
    from heedful.errors import InputError

    if sum((person is not None, older_than is not None, sweep)) != 1:
        raise InputError("say what to forget: a person, --older-than DAYS, or --sweep; one of them at a time.")
    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        if person is not None:
            _tell(heedful.forget(person))
        elif older_than is not None:
            _tell(heedful.expire(older_than))
        else:
            files = heedful.store.people.sweep()
            typer.echo(f"Swept {len(files)} files.")


def _tell(erased: Erasure) -> None:
    told = f"Erased {erased.turns} turns, {erased.feedback} pieces of feedback and {erased.consents} consents."
    if erased.practice:
        told += f" Also {erased.practice} records of practice."
    if erased.files:
        told += f" Nothing of them was found in the {len(erased.files)} files of the data folder."
    typer.echo(told)
