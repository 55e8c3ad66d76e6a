"""Analyze what does not come from files: one sentence, or standard input line by line."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich import box
from rich.panel import Panel
from rich.text import Text

from heedful.cli import factory, words
from heedful.cli.chunks import ROWS, Perceiving
from heedful.cli.meter import tally
from heedful.cli.result import is_unicode, summary, to_json, with_result
from heedful.cli.rows import Lines, TextInput
from heedful.cli.screen import READABLE, can_draw, percept_lines, stderr, stdout, visible
from heedful.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from heedful.cli.jobs import Options
    from heedful.config import Config
    from heedful.types import Percept


FRAME: Final = 4
"""Columns that the frame around a sentence takes."""


def analyze_sentence(config: Config, sentence: str, *, as_json: bool) -> None:
    """Print how a sentence sounds: for people on a terminal, as JSON otherwise.

    Raises:
        InputError: the sentence is not valid UTF-8 or too long.
    """
    if not is_unicode(sentence):
        raise InputError("the sentence is not valid UTF-8; expected text in UTF-8.")
    with closing(factory.open_heedful(config)) as heedful:
        percept = heedful.perceive(sentence)
    console = stdout()
    if as_json or not console.is_terminal:
        print_json(with_result(to_json({"text": sentence}), summary(percept)))
    else:
        console.print(portrait(sentence, percept, console))


def analyze_stdin(config: Config, options: Options, out: Path | None) -> None:
    """Read standard input, one message per line; write JSON Lines to standard output, or a file if `out` names one.

    Raises:
        InputError: `options` ask to resume, which a stream cannot.
    """
    if options.resume:
        raise InputError("standard input cannot be read a second time, so --resume is for files only.")
    if sys.stdin.isatty():
        stderr().print("One message per line; Ctrl-D ends.", style="dim")
    source = Lines(TextInput(sys.stdin.buffer))
    with closing(source), closing(factory.open_heedful(config)) as heedful:
        if out is not None:
            from heedful.cli.jobs import Job, run

            run(heedful, config, options, Job(source, "standard input", "standard input", out))
            return
        perceiving = Perceiving(heedful, options.batch_size, config.text_limit)
        # One by one means: answer each line before the next one comes.
        size = 1 if options.batch_size == 1 or sys.stdin.isatty() else ROWS
        rows = set_aside = 0
        for chunk in perceiving.chunks(source.rows(), size):
            print_json(*chunk.good)
            for unread in chunk.bad:
                stderr().print(
                    f"line {unread.number} left out: {visible(unread.reason)}", style="yellow", soft_wrap=True
                )
            rows += chunk.rows
            set_aside += len(chunk.bad)
    if set_aside or not rows:
        stderr().print(tally(rows, set_aside))


def print_json(*lines: str) -> None:
    """Print lines of JSON in UTF-8, whatever the terminal's encoding, and do not keep them waiting."""
    sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode())
    sys.stdout.buffer.flush()


def portrait(sentence: str, percept: Percept, console: Console) -> Panel:
    """Draw everything that was perceived in a sentence."""
    width = min(console.width, READABLE + 4)
    lines = [Text(visible(sentence), style="italic"), Text(), *percept_lines(percept, console, indent=0, frame=FRAME)]
    if not percept.abstained:
        mood = max(percept.sentiment, key=lambda label: percept.sentiment[label])
        figures = {
            "sentiment": f"{mood}, {percept.sentiment[mood]:.0%}",
            "valence": f"{percept.valence:+.2f}, {words.pleasantness(percept.valence)}",
            "arousal": f"{percept.arousal:+.2f}, {words.energy(percept.arousal)}",
            "confidence": f"{percept.confidence:.0%}",
        }
        lines += [Text(), *(Text(f"{name.ljust(11)} {told}", style="dim") for name, told in figures.items())]
    edge = box.ROUNDED if can_draw(console) else box.ASCII
    return Panel(Text("\n").join(lines), width=width, padding=(0, 1), border_style="dim", box=edge)
