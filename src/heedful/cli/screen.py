"""Say how things look on the terminal: what is printed where, which characters are shown, how a percept is drawn."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from heedful.cli import words

if TYPE_CHECKING:
    from heedful.types import Percept

READABLE = 76
"""Widest column of running text, in characters; longer lines are hard to read."""
BARS = 3
"""Feelings drawn per message."""
FAINT = 0.1
"""Probability below which a feeling is not worth a bar, unless it is the strongest."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
_PLAIN = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "·": "-", "›": ">", "│": "|"}
_REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def stdout() -> Console:
    """Return a console on standard output as it is now."""
    return _console(error=False)


def stderr() -> Console:
    """Return a console on standard error as it is now."""
    return _console(error=True)


def visible(text: str) -> str:
    """Return the text without anything that would steer the terminal: controls, surrogates, reordering marks."""
    if text.isprintable():
        return text
    return "".join(_seen(character) for character in text.replace("\r\n", "\n"))


def speak_plainly() -> None:
    """Let standard output and error write in simpler signs what their encoding does not have, and not fail."""
    codecs.register_error("heedful.plain", _plainer)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="heedful.plain")


def can_draw(console: Console) -> bool:
    """Say whether the console shows block characters."""
    return console.encoding.startswith("utf")


def bar(share: float, width: int, console: Console) -> str:
    """Draw a share in [0, 1] as a bar of `width` characters."""
    if not can_draw(console):
        return ("#" * round(share * width)).ljust(width, ".")
    eighths = round(share * width * 8)
    drawn = "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
    return drawn.ljust(width, "·")


def bars(shares: Mapping[str, float], console: Console, *, indent: int = 0, frame: int = 0) -> Iterator[Text]:
    """Draw the strongest labels, one line each: name, bar, percentage.

    Args:
        shares: label -> share in [0, 1].
        console: where they are drawn.
        indent: blanks before each line.
        frame: columns that something around them takes.
    """
    ranked = sorted(shares.items(), key=lambda item: -item[1])
    kept = [item for place, item in enumerate(ranked[:BARS]) if place == 0 or item[1] >= FAINT]
    names = max((len(label) for label, _ in kept), default=0)
    width = max(4, min(28, console.width - frame - indent - names - 9))
    for label, share in kept:
        yield Text.assemble(
            " " * indent,
            (label.ljust(names + 2), "dim"),
            (bar(share, width, console), words.color(label)),
            (f" {share:4.0%}", "dim"),
        )


def percept_lines(percept: Percept, console: Console, *, indent: int = 2, frame: int = 0) -> Iterator[Text]:
    """Draw what was perceived in a message: how it sounds in words, then its strongest feelings as bars.

    Args:
        percept: what was perceived.
        console: where it is drawn.
        indent: blanks before each line.
        frame: columns that something around it takes.
    """
    leading = next((label for label in percept.expressed if label != "neutral"), percept.feeling)
    unsure = percept.abstained or percept.confidence < words.SURE
    style = "dim italic" if unsure else words.color(leading)
    yield from paragraph(words.headline(percept), console, indent=indent, frame=frame, style=style)
    if not percept.abstained:
        yield from bars(percept.fine or percept.basic, console, indent=indent, frame=frame)


def paragraph(
    text: str, console: Console, *, speaker: str = "", indent: int = 0, frame: int = 0, mark: str = "", style: str = ""
) -> Iterator[Text]:
    """Wrap a text to a readable width and return its lines.

    Args:
        text: one paragraph or several, separated by line ends.
        console: where it is drawn.
        speaker: what stands before the first line; the others are indented as far.
        indent: blanks before each line.
        frame: columns that something around it takes.
        mark: what stands before each line, after the blanks.
        style: of the text.
    """
    lead = " " * indent + speaker
    width = max(8, min(READABLE, console.width - frame - len(lead + mark) - 1))
    for line in Text(visible(text), style=style).wrap(console, width):
        line.rstrip()
        yield Text.assemble((lead + mark, "dim"), line)
        lead = " " * len(lead)


def _console(*, error: bool) -> Console:
    stream = sys.stderr if error else sys.stdout
    return Console(file=stream, highlight=False, emoji=False, markup=False)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(each, "?") for each in error.object[error.start : error.end]), error.end


def _seen(character: str) -> str:
    if character in "\n\t":
        return character
    return "\N{REPLACEMENT CHARACTER}" if _steers(character) else character


def _steers(character: str) -> bool:
    return character in _REORDERING or unicodedata.category(character) in ("Cc", "Cs")
