"""`heedful models`: which networks there are, what each was made from, how well it measures; and heads of one's own."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console, RenderableType
    from rich.table import Table

    from heedful.models.manifest import Card, Score


class DataClass(StrEnum):
    """What labels may be used for."""

    open = "open"
    research = "research"


class Networks(TyperGroup):
    """The group `heedful models`: anything that is no verb of its own is the name of a network to show."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `show` before what names no verb."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["show", *args]
        return super().parse_args(ctx, args)


models = typer.Typer(
    cls=Networks,
    name="models",
    help="Show the networks (`heedful models`), the whole card of one (`heedful models NAME`), or train a head.",
)


@models.command()
def show(
    name: Annotated[
        str | None,
        typer.Argument(
            help="Show the whole card of this network: a name, a folder, or hf:owner/name.", show_default=False
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the networks, or the whole card of one: data, licences, scores, limits."""
    import json

    from heedful.cli import factory
    from heedful.cli.screen import stdout

    cards = (factory.network_card(name),) if name else factory.network_cards()
    if as_json:
        plain = [card.to_dict() for card in cards]
        typer.echo(json.dumps(plain[0] if name else plain, indent=2))
    elif name:
        console = stdout()
        for part in _whole(cards[0], console):
            console.print(part)
    else:
        stdout().print(_overview(cards))


@models.command("train-head")
def train_head(
    labels: Annotated[Path, typer.Argument(metavar="FILE", help="Your labels: .csv, .jsonl or .parquet.")],
    *,
    text: Annotated[str, typer.Option(help="The column that holds the texts.")] = "text",
    label: Annotated[str, typer.Option(help="The column that holds the labels.")] = "label",
    separator: Annotated[
        str | None,
        typer.Option(help='A text may have several labels, with this between them: "|".', show_default=False),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What the head is called.", show_default="the column of the labels")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The folder to write.", show_default="heedful-NAME")] = None,
    data_class: Annotated[
        DataClass, typer.Option(help="Whether your labels may be used commercially (open) or not (research).")
    ] = DataClass.research,
    reader: Annotated[
        str | None, typer.Option(help="The network that gets the head.", show_default="from the settings")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the network in that folder.")] = False,
) -> None:
    """Teach the reader labels of your own: fits one more head in minutes, and writes a network with all heads.

    The texts are split by a hash into those learnt from, tuned on and measured on. Needs heedful[own].
    """
    from heedful.cli.teach import teach

    named = name or "".join(each if each.isalnum() else "_" for each in label.lower())
    folder = out or Path(f"heedful-{named}")
    teach(labels, text, label, separator, named, folder, data_class.value, reader, overwrite=overwrite)


def _overview(cards: tuple[Card, ...]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("network", "what it says", "version", "data", "size", "measured"):
        table.add_column(heading, overflow="fold")
    for card in cards:
        scores = "\n".join(f"{name} {_figure(score)}" for name, score in list(card.scores.items())[:2])
        table.add_row(card.name, card.description, card.version, card.data_class, _size(card.bytes), scores)
    table.caption = None if cards else "No network is installed. Install heedful again."
    return table


def _whole(card: Card, console: Console) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from heedful.cli.screen import paragraph

    yield Text.assemble((card.name, "bold"), f" {card.version}")
    yield Text(card.description)
    facts = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    facts.add_column(style="dim")
    facts.add_column(overflow="fold")
    facts.add_row("data class", _data_class(card))
    facts.add_row("started from", card.base)
    facts.add_row("trained on", "\n".join(card.data))
    facts.add_row("file", f"{card.file}, {_size(card.bytes)}")
    facts.add_row("sha256", card.sha256)
    if card.max_tokens:
        unit, whole = ("tokens", "texts") if card.tokenizer_sha256 else ("frames", "sounds")
        facts.add_row("reads", f"at most {card.max_tokens} {unit} at once; longer {whole} in windows")
    for name, head in card.heads.items():
        facts.add_row(f"says {name}", f"{', '.join(head.labels)} ({head.kind})")
    yield Padding(facts, (1, 0, 0, 0))
    if card.scores:
        yield Padding(_scores(card), (1, 0, 0, 0))
    for group, figures in card.groups.items():
        yield Padding(_group(group, figures), (1, 0, 0, 0))
    if card.limits:
        yield Text("\nWhat it cannot do", style="dim")
        for limit in card.limits:
            yield from paragraph(limit, console, speaker="- ")


def _scores(card: Card) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("score", "value", "95 % interval", "items", "protocol"):
        table.add_column(heading, overflow="fold")
    for name, score in card.scores.items():
        table.add_row(
            name, f"{score.value:.3f}", f"{score.low:.3f} to {score.high:.3f}", f"{score.n:,}", score.protocol
        )
    return table


def _group(group: str, figures: Mapping[str, float]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(group)
    table.add_column("")
    for name, value in figures.items():
        table.add_row(name, f"{value:.3f}")
    return table


def _data_class(card: Card) -> str:
    if card.data_class == "open":
        return "open: trained on openly licensed data only"
    return "research: some of its data may not be used commercially; off with commercial_only = true"


def _figure(score: Score) -> str:
    return f"{score.value:.3f} ({score.low:.3f}-{score.high:.3f})"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"
