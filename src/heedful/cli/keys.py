"""`heedful keys`: the keys that open the server."""

from __future__ import annotations

from typing import Annotated

import typer

keys = typer.Typer(no_args_is_help=True, help="Make, revoke and list the keys that open the server.")


@keys.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for, in words.")],
    *,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            help="What it allows: perceive, converse, people, learn or observe; may be given several times.",
            show_default="perceive, converse, people",
        ),
    ] = None,
    owner: Annotated[
        str,
        typer.Option(
            "--owner",
            help="Whose conversations it opens: name the owner of an old key to replace that key.",
            show_default="a new owner",
        ),
    ] = "",
) -> None:
    """Make a key. It is shown now and never again; only its hash is kept."""
    from heedful.cli import factory
    from heedful.cli.screen import stderr, visible
    from heedful.config import Config

    with factory.open_heedful(Config.load()) as heedful:
        key, token = heedful.store.keys.create(name, scope or (), owner)
    typer.echo(token)
    told = f"key {key.id} for {visible(key.name)}: {', '.join(key.scopes)}; owner {key.owner}. It is not shown again."
    stderr().print(told, style="dim", soft_wrap=True)


@keys.command()
def revoke(
    number: Annotated[str, typer.Argument(metavar="KEY", help="The key's id, as `heedful keys list` shows it.")],
) -> None:
    """Revoke a key: from now on it opens nothing."""
    from heedful.cli import factory
    from heedful.cli.screen import visible
    from heedful.config import Config

    with factory.open_heedful(Config.load()) as heedful:
        key = heedful.store.keys.revoke(number)
    typer.echo(visible(f"Revoked: {key.id}, {key.name}."))


@keys.command("list")
def list_keys(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print one key per line, as JSON.")] = False
) -> None:
    """List the keys, revoked ones included; none can be used from what is shown."""
    import json

    from heedful.cli import factory
    from heedful.cli.screen import visible
    from heedful.config import Config

    with factory.open_heedful(Config.load()) as heedful:
        found = heedful.store.keys.all()
    for key in found:
        if as_json:
            typer.echo(json.dumps(key.to_dict()))
            continue
        state = f"revoked {key.revoked:%Y-%m-%d %H:%M}" if key.revoked else "works"
        typer.echo(
            visible(f"{key.id}  {key.at:%Y-%m-%d}  {state:<24}  {', '.join(key.scopes):<28}  {key.owner}  {key.name}")
        )
    if not found and not as_json:
        typer.echo("There are no keys. `heedful keys create NAME` makes one.")
