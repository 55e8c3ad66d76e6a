"""`heedful measure data`: where each dataset comes from, what you accept by using it, and whether it is here."""

from __future__ import annotations

from typing import Annotated

import typer


def data(
    name: Annotated[str | None, typer.Argument(help="One dataset: everything about it.", show_default=False)] = None,
) -> None:
    """Show the datasets that are measured on: where to get each, its licence, and whether the right file is here.

    Heedful fetches nothing: whether you may use a dataset is between you and its owners. Put its Parquet file where
    this says; "the same file" has the sha256 that the published figures were measured on.
    """
    from rich.table import Table

    from heedful.cli.screen import stdout
    from heedful.errors import InputError
    from heedful.measure.source import catalog, path_of, state

    found = catalog()
    if name is not None:
        if name not in found:
            raise InputError(f"there is no dataset {name!r} here. Known are: {', '.join(found)}.")
        source = found[name]
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
        return
    table = Table(caption="`heedful measure data NAME` shows where to get one.", caption_justify="left")
    for head in ("name", "dataset", "licence", "measured", "here"):
        table.add_column(head)
    for each, source in found.items():
        table.add_row(each, source.title, source.licence, ", ".join(source.protocols), state(each, source))
    stdout().print(table)
