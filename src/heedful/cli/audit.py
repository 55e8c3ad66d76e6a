"""`heedful audit-log`: show what happened and may have to be accounted for."""

from __future__ import annotations

from typing import Annotated

import typer


def audit_log(
    *,
    limit: Annotated[int, typer.Option("--limit", help="Only the latest so many entries.", min=1)] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print one entry per line, as JSON.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Check that no entry was changed or removed; exit with 1 if one was.")
    ] = False,
) -> None:
    """Show refusals, crises, disclosures, consents, deletions and model versions; nothing that was said is in it."""
    import contextlib
    import json

    from heedful.cli import factory
    from heedful.cli.screen import visible
    from heedful.config import Config

    with contextlib.closing(factory.open_heedful(Config.load())) as heedful:
        if check:
            broken = heedful.store.audit.broken_at()
            typer.echo("The log is whole." if broken is None else f"The log is broken at entry {broken}.")
            raise typer.Exit(0 if broken is None else 1)
        entries = heedful.audit(limit)
    for each in entries:
        if as_json:
            typer.echo(json.dumps(each.to_dict()))
            continue
        details = ", ".join(f"{key} {value}" for key, value in each.details.items() if value != "")
        whom = f"  about {each.subject[:8]}" if each.subject else ""
        typer.echo(visible(f"{each.number:>6}  {each.at:%Y-%m-%d %H:%M:%S}  {each.kind:<10}  {details}{whom}"))
