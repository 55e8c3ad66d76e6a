"""`heedful measure data`: where each dataset is from, what you accept by using it, whether it is here; and fetch it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from heedful.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from heedful.measure.source import Source


def data(
    name: Annotated[str | None, typer.Argument(help="One dataset: everything about it.", show_default=False)] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch it to this machine, once you accept its licence.")
    ] = False,
    mirror: Annotated[
        str,
        typer.Option("--from", metavar="URL", help="Where its Parquet file lies, instead of its owners' repository."),
    ] = "",
    accept: Annotated[bool, typer.Option("--accept", help="You have read the licence, and accept it.")] = False,
) -> None:
    """Show the datasets that are measured on: where each is from, its licence, and whether the right file is here.

    Whether you may use a dataset is between you and its owners, so nothing is fetched unasked. --fetch gets what they
    publish, at the state that was measured, as one archive. --fetch --from URL gets the Parquet file itself, from
    wherever you keep it, and takes no other than the one that the published figures were measured on. A fetch that was
    interrupted goes on where it stopped.
    """
    from heedful.measure.source import catalog

    found = catalog()
    if name is None:
        if fetch or mirror:
            raise InputError("name the dataset to fetch: `heedful measure data goemotions --fetch`.")
        _listed(found)
        return
    if name not in found:
        raise InputError(f"there is no dataset {name!r} here. Known are: {', '.join(found)}.")
    _told(name, found[name])
    if fetch or mirror:
        _fetched(name, found[name], mirror, accepted=accept)


def _listed(found: dict[str, Source]) -> None:
    from rich.table import Table

    from heedful.cli.screen import stdout
    from heedful.measure.source import state

    table = Table(caption="`heedful measure data NAME` shows where to get one.", caption_justify="left")
    for head in ("name", "dataset", "licence", "measured", "here"):
        table.add_column(head)
    for each, source in found.items():
        table.add_row(each, source.title, source.licence, ", ".join(source.protocols), state(each, source))
    stdout().print(table)


def _told(name: str, source: Source) -> None:
    from heedful.cli.screen import stdout
    from heedful.measure.source import path_of, state

    for head, told in (
        ("dataset", source.title),
        ("from", source.url),
        ("you accept", source.licence),
        ("columns", source.columns),
        ("sha256", source.sha256),
        ("measured", ", ".join(source.protocols)),
        ("file", str(path_of(name, source) or f"HEEDFUL_DATA/{source.folder}/{name}.parquet")),
        ("here", state(name, source)),
    ):
        stdout().print(f"{head:<12}{told}", soft_wrap=True)


def _fetched(name: str, source: Source, mirror: str, *, accepted: bool) -> None:
    from heedful.cli.screen import stdout
    from heedful.measure.fetch import owners_archive, target

    url, path = mirror or owners_archive(source), target(name, source, table=bool(mirror))
    stdout().print(f"\nThis fetches {url}\nto {path}", soft_wrap=True)
    if not accepted and not _asked(source):
        raise InputError(f"nothing was fetched. With --accept you say that you accept the licence: {source.licence}.")
    sha256 = _carried_out(url, path, source.sha256 if mirror else "")
    stdout().print(f"{path} is here, sha256 {sha256}.", soft_wrap=True)
    if not mirror:
        stdout().print(
            f"It is what its owners publish. `heedful measure` reads {source.folder}/{name}.parquet with the columns "
            f"{source.columns}: make that file from it, or fetch it with --from.", soft_wrap=True,
        )  # fmt: skip


def _asked(source: Source) -> bool:
    """Ask whether the licence is accepted; where nobody can be asked, it is not."""
    try:
        return typer.confirm(f"Do you accept its licence ({source.licence})?", default=False)
    except typer.Abort:
        return False


def _carried_out(url: str, path: Path, sha256: str) -> str:
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    from heedful.cli.screen import stderr
    from heedful.measure.fetch import fetch

    console = stderr()
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("fetching", total=None)
        return fetch(
            url, path, sha256, lambda here, whole: progress.update(task, completed=here, total=whole or None)
        )  # fmt: skip
