"""Teach the reader labels of one's own, from a file of rows."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from heedful.cli import factory
from heedful.cli.jobs import READERS
from heedful.cli.rows import Row, Unread, excerpt
from heedful.cli.screen import stderr, stdout, visible
from heedful.cli.words import counted
from heedful.config import Config
from heedful.errors import InputError

if TYPE_CHECKING:
    from heedful.learn.head import Labelled, Trained


def teach(
    path: Path,
    text: str,
    label: str,
    separator: str | None,
    name: str,
    out: Path,
    data_class: Literal["open", "research"],
    reader: str | None,
    *,
    overwrite: bool,
) -> None:
    """Train a head on a file's labels, write the network, and print how well it measures and how to use it.

    Args:
        path: the file.
        text: the column that holds the texts.
        label: the column that holds the labels.
        separator: what stands between several labels of one text; None = each text has one.
        name: of the head.
        out: the folder to write.
        data_class: what the labels may be used for.
        reader: the network that gets the head; None = the configured one.
        overwrite: replace the network in the folder.

    Raises:
        InputError: the file cannot be read, or holds too little.
    """
    config = Config.load() if reader is None else Config.load(reader=reader)
    given, left_out = labelled(path, text, label, separator, config.text_limit)
    if left_out:
        told = stderr()
        told.print(f"left out {counted(len(left_out), 'row')} of {visible(path.name)}:", style="dim")
        for unread in left_out[:3]:
            told.print(f"  {unread.unit} {unread.number}: {visible(unread.reason)}", style="dim", soft_wrap=True)
    trained = factory.train_head(config, given, name, out, data_class, overwrite=overwrite)
    _tell(trained, name)


def labelled(path: Path, text: str, label: str, separator: str | None, longest: int) -> tuple[Labelled, list[Unread]]:
    """Return the texts and labels of a file, and the rows that have none.

    Raises:
        InputError: the file cannot be read, or has no such column.
    """
    from heedful.learn.head import Labelled

    if separator == "":
        raise InputError("--separator must not be empty; leave it out if each text has one label.")
    if path.suffix.lower() not in READERS or not path.is_file():
        raise InputError(f"{path} is not a file that can be read; expected {', '.join(READERS)}.")
    texts: list[str] = []
    labels: list[tuple[str, ...]] = []
    left_out: list[Unread] = []
    with closing(READERS[path.suffix.lower()](path, text)) as source:
        for row in source.rows():
            told = _labels_of(row, label, separator, longest)
            if isinstance(row, Unread) or isinstance(told, str):
                left_out.append(row if isinstance(row, Unread) else row.set_aside(str(told)))
            else:
                texts.append(row.text)
                labels.append(told)
    if not texts:
        why = f" The first: {left_out[0].reason}." if left_out else ""
        raise InputError(f"{path} has no row with a text in {text!r} and a label in {label!r}.{why}")
    return Labelled(tuple(texts), tuple(labels), path.name, separator is not None), left_out


def _labels_of(row: Row | Unread, label: str, separator: str | None, longest: int) -> tuple[str, ...] | str:
    """Return the labels of a row, or why it has none."""
    if isinstance(row, Unread):
        return row.reason
    if len(row.text) > longest:
        return f"the text has {len(row.text):,} characters; at most {longest:,} are read (setting text_limit)"
    columns: dict[str, Any] = json.loads(row.columns)
    if label not in columns:
        return f"has no column {label!r}; its columns: {excerpt(', '.join(columns))}"
    value = columns[label]
    if separator is not None and isinstance(value, str | list):
        parts = value.split(separator) if isinstance(value, str) else [str(each) for each in value]
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if value is None or isinstance(value, list | dict) or not str(value).strip():
        return f"has no label in {label!r}"
    return (str(value).strip(),)


def _tell(trained: Trained, name: str) -> None:
    console = stdout()
    learnt, tuned, tested = trained.texts
    unread = f" {counted(trained.unread, 'text')} had no words." if trained.unread else ""
    console.print(f"{name}: learnt from {learnt:,} texts, tuned on {tuned:,}, measured on {tested:,}.{unread}")
    for score in trained.scores:
        console.print(f"  {score.value:.3f} ({score.low:.3f} to {score.high:.3f})  {score.name}", soft_wrap=True)
    folder = visible(str(trained.folder.resolve()))
    console.print(f"Written to {folder} ({trained.card.data_class}).", soft_wrap=True)
    console.print(f'Try it:     heedful analyze --reader {folder} "..."', soft_wrap=True)
    console.print(f"Keep it:    reader = {json.dumps(str(trained.folder.resolve()))} in your settings", soft_wrap=True)
