"""Put results into words and files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from heedful.errors import InputError
from heedful.measure.metric import Figure
from heedful.measure.tables import Table
from heedful.measure.task import Result


def in_words(figure: Figure) -> str:
    """Return a figure with its interval.

    Examples:
        >>> in_words(Figure("macro-F1", 0.4811, 0.4702, 0.4917, 5427))
        '0.481 (0.470 to 0.492)'
    """
    places = 1 if max(abs(figure.low), abs(figure.high)) > 10.0 else 3  # words, milliseconds: a thousandth says nothing
    return f"{figure.value:.{places}f} ({figure.low:.{places}f} to {figure.high:.{places}f})"


def rows(result: Result) -> list[list[str]]:
    """Return a result as lines of cells: the head, then one line per figure, with one column per subject."""
    found = [{figure.name: _cell(figure, result) for figure in column.figures} for column in result.columns]
    names = dict.fromkeys(name for figures in found for name in figures)
    head = ["figure", *(column.subject for column in result.columns)]
    return [head, *([name, *(figures.get(name, "-") for figures in found)] for name in names)]


def _cell(figure: Figure, result: Result) -> str:
    """Return a figure in words, with its n where that is not the n of the whole result."""
    return in_words(figure) + ("" if figure.n == result.n else f", n = {figure.n:,}")


def table(lines: Sequence[Sequence[str]]) -> str:
    """Return lines of cells, the first being the head, as a Markdown table."""
    head, *others = lines
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *others))


def page(result: Result) -> str:
    """Return a result as a Markdown page that says all there is to know about how it was measured."""
    part = result.n < result.whole
    lines = [
        f"# {result.protocol}: {result.title}",
        "",
        f"Measured {result.at:%Y-%m-%d} with Heedful {result.heedful} on {result.dataset}, n = {result.n:,}; "
        f"95 % {result.interval} intervals over items in brackets.",
        *(["", f"**A first look at {result.n:,} of {result.whole:,} items: not the protocol.**"] if part else []),
        "",
        table(rows(result)),
        "",
        *_compared(result),
        *(
            f"- {column.subject}: {column.model}, sha256 `{column.sha256}`; "
            f"declined to answer on {column.abstained:,} of {result.n:,} (counted as naming no label)."
            for column in result.columns
            if column.model
        ),
        f"- Data: {result.source}; sha256 of the file `{result.dataset_sha256}`.",
        f"- How each figure is defined: [protocol {result.protocol}](../protocols.md).",
        "",
    ]
    return "\n".join(lines)


def _compared(result: Result) -> list[str]:
    """Return the differences on the same items as lines of a page."""
    if not result.differences:
        return []
    cells = [
        [each.beside, each.what, f"{each.value:+.3f} ({each.low:+.3f} to {each.high:+.3f})", f"{max(each.p, 1e-4):.4f}"]
        for each in result.differences
    ]
    head = ["beside", "what an item counts for", "difference", "p"]
    return ["Heedful less the others, on the same items:", "", table([head, *cells]), ""]


def write(results: Iterable[Result], folder: Path) -> list[Path]:
    """Write each result as JSON and as a Markdown page, named after its protocol; return the files.

    Raises:
        InputError: the folder cannot be written to.
    """
    files: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for result in results:
            record = json.dumps(result.to_dict(), indent=2, ensure_ascii=False) + "\n"
            for suffix, text in ((".json", record), (".md", page(result))):
                files.append(folder / f"{result.protocol}{suffix}")
                files[-1].write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"the results cannot be written to {folder}: {error.strerror}. Name another folder."
        ) from error
    return files


def tables_page(tables: Sequence[Table]) -> str:
    """Return the ten tables as a Markdown page."""
    lines = [
        "# The ten tables", "",
        "The machine's figure, people's on the same items wherever they answered them, and what else there is; in "
        "brackets 95 % intervals.",
    ]  # fmt: skip
    for each in tables:
        lines += ["", f"## {each.number}. {each.title}", "", each.about, ""]
        if each.result is None:
            lines.append(f"*{each.missing}*")
            continue
        cells = [[row.name, *(_told(figure, each.result) for figure in row.cells)] for row in each.rows]
        lines += [
            table([["figure", *each.columns], *cells]), "",
            f"Protocol {each.result.protocol}, {each.result.dataset}, n = {each.result.n:,}, "
            f"{each.result.at:%Y-%m-%d}; {each.result.source}.",
        ]  # fmt: skip
    return "\n".join([*lines, ""])


def _told(figure: Figure | None, result: Result) -> str:
    return "-" if figure is None else _cell(figure, result)


def write_text(path: Path, text: str) -> Path:
    """Write a text file, its folder too, and return its path; raise InputError if that cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}. Name another folder.") from error
    return path


def read(path: Path) -> Result:
    """Read a result that `write` wrote; raise InputError if the file is none."""
    try:
        return Result.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is no result of `heedful measure`: {error}") from error
