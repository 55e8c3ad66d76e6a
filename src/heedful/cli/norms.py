"""`heedful norms`: what holds in a setting and a culture, and whether a pack of one's own is right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.table import Table

    from heedful.norm import Manner, Norm

norms = typer.Typer(no_args_is_help=True, help="Show what holds in a setting and a culture; check packs of your own.")


@norms.command()
def check(
    file: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Norm packs, TOML.", show_default=False)],
) -> None:
    """Check norm packs; say on which line something is wrong, and exit with 2 if anything is."""
    from heedful.errors import ConfigError
    from heedful.understand.packs import check_pack

    wrong = []
    for path in file:
        try:
            norm = check_pack(path)
        except ConfigError as error:
            wrong.append(str(error))
        else:
            typer.echo(f"{path}: right. {norm.about}")
    if wrong:
        raise ConfigError("\n".join(wrong))


@norms.command()
def show(
    name: Annotated[str | None, typer.Argument(help="A pack; all of them if not given.", show_default=False)] = None,
    *,
    culture: Annotated[str, typer.Option(help="A culture's pack laid over the setting's.", show_default=False)] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the norm packs, or one with everything that it inherits."""
    import json

    from heedful.cli.screen import stdout
    from heedful.config import Config

    folder = Config.load().norms_folder
    if name is None:
        about = _about(folder)
        if as_json:
            typer.echo(json.dumps(about, indent=2))
        else:
            stdout().print(_overview(about))
        return
    norm = _whole(name, culture, folder)
    if as_json:
        typer.echo(json.dumps(norm.to_dict(), indent=2))
        return
    console = stdout()
    console.print(norm.name, style="bold", highlight=False)
    console.print(norm.about, highlight=False, markup=False)
    console.print(_facts(norm))
    for place, manner in norm.manners.items():
        console.print(f"\n{place}", style="bold", highlight=False)
        console.print(_manner(manner))


def _about(folder: str) -> dict[str, dict[str, str]]:
    from heedful.understand.packs import pack_names, read_pack_file

    packs = {name: read_pack_file(path) for name, path in pack_names(folder).items()}
    return {name: {"use": pack["use"], "about": pack["about"]} for name, pack in packs.items()}


def _whole(name: str, culture: str, folder: str) -> Norm:
    from heedful.errors import InputError
    from heedful.understand.packs import check_pack, norm_for, pack_names

    if culture:
        return norm_for(name, culture, folder)
    found = pack_names(folder)
    if name not in found:
        raise InputError(f"there is no norm pack {name!r}. Known are: {', '.join(found)}.")
    return check_pack(found[name])


def _overview(about: Mapping[str, Mapping[str, str]]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("pack", "for a", "what it is"):
        table.add_column(heading, overflow="fold")
    for name, told in about.items():
        table.add_row(name, told["use"], told["about"])
    return table


def _facts(norm: Norm) -> Table:
    rows = [
        ("formality", norm.formality),
        ("directness", norm.directness),
        ("longest reply", f"{norm.sentences} parts"),
        ("questions", "in any reply" if norm.ask_every == 1 else f"at most one in {norm.ask_every} replies"),
        ("advice unasked", f"after {norm.advice_after} replies that listened"),
        ("next step at once", ", ".join(norm.advice_at_once) or "never"),
        ("advice if asked", ", ".join(norm.advice_asked_only) or "nowhere in particular"),
        ("no advice at", ", ".join(norm.advice_never) or "nothing"),
        *((f"talk of {name}", topic.talk) for name, topic in norm.topics.items()),
    ]
    return _table(rows)


def _manner(manner: Manner) -> Table:
    return _table(_told(manner))


def _told(manner: Manner) -> Iterator[tuple[str, str]]:
    if manner.tone:
        yield "tone", manner.tone
    if manner.first:
        yield "first reply", ", ".join(manner.first)
    for order in manner.later or ():
        yield "later", ", ".join(order)
    for heading, words in (("must", manner.must), ("must not hold", manner.must_not), ("unsaid", manner.avoid)):
        if words:
            yield heading, ", ".join(words)


def _table(rows: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> Table:
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for heading, told in rows:
        table.add_row(heading, told)
    return table
