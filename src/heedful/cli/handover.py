"""`heedful export`: hand over everything that is kept about a person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    person: Annotated[str, typer.Argument(help="Whom it is about, by the name that their conversations belong to.")],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to write the JSON.", show_default="standard output")
    ] = None,
) -> None:
    """Hand over everything that is kept about a person, as JSON: conversations, feedback, consents."""
    import contextlib
    import json
    import os

    from heedful.cli import factory
    from heedful.config import Config
    from heedful.errors import InputError

    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        told = json.dumps(heedful.export(person).to_dict(), indent=2)
    if out is None:
        typer.echo(told)
        return
    try:
        # For its owner alone: it holds what somebody said in confidence.
        with os.fdopen(os.open(out, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(told + "\n")
    except FileExistsError as error:
        raise InputError(f"{out} already exists, and was left as it is. Name another file.") from error
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error}. Name another file.") from error
