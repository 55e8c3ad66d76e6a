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
from heedful.cli.chunks import ROWS
from heedful.cli.meter import tally
from heedful.cli.result import MOST, is_unicode, summary, to_json, with_result
from heedful.cli.rows import Lines, TextInput
from heedful.cli.screen import READABLE, can_draw, percept_lines, stderr, stdout, visible
from heedful.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from heedful.cli.jobs import Options
    from heedful.config import Config
    from heedful.perceive.explain import Explanation
    from heedful.types import OwnReading, Percept


FRAME: Final = 4
"""Columns that the frame around a sentence takes."""
WORTH: Final = 0.08
"""Share of everything that speaks for a label from which a word is worth showing."""
STRONG: Final = 0.3
"""Share from which it is shown most strongly."""


def analyze_sentence(config: Config, sentence: str, *, as_json: bool, explain: bool = False) -> None:
    """Print how a sentence sounds, and on request which words say so: for people on a terminal, as JSON otherwise.

    Raises:
        InputError: the sentence is not valid UTF-8 or too long.
    """
    if not is_unicode(sentence):
        raise InputError("the sentence is not valid UTF-8; expected text in UTF-8.")
    with closing(factory.open_heedful(config)) as heedful:
        percept = heedful.perceive(sentence)
        told = heedful.explain(sentence) if explain and not percept.abstained else None
    console = stdout()
    if as_json or not console.is_terminal:
        print_json(with_result(to_json({"text": sentence}), summary(percept, told)))
    else:
        console.print(portrait(sentence, percept, console, told))


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
        perceiving = options.task.work(heedful, config, options)
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


def portrait(sentence: str, percept: Percept, console: Console, told: Explanation | None = None) -> Panel:
    """Draw everything that was perceived in a sentence."""
    width = min(console.width, READABLE + 4)
    said = highlighted(sentence, told) if told else Text(visible(sentence), style="italic")
    lines = [said, Text(), *percept_lines(percept, console, indent=0, frame=FRAME)]
    if not percept.abstained:
        mood = max(percept.sentiment, key=lambda label: percept.sentiment[label])
        figures = {
            "sentiment": f"{mood}, {percept.sentiment[mood]:.0%}",
            "valence": f"{percept.valence:+.2f}, {words.pleasantness(percept.valence)}",
            "arousal": f"{percept.arousal:+.2f}, {words.energy(percept.arousal)}",
            "confidence": f"{percept.confidence:.0%}",
        }
        shown = [*figures.items(), *((visible(head), visible(_own(said))) for head, said in percept.own.items())]
        wide = max(len(name) for name, _ in shown) + 1
        lines += [Text(), *(Text(f"{name.ljust(wide)} {about}", style="dim") for name, about in shown)]
    if told and not told.abstained:
        lines += [Text(), Text(rests_on(told), style="dim")]
    edge = box.ROUNDED if can_draw(console) else box.ASCII
    return Panel(Text("\n").join(lines), width=width, padding=(0, 1), border_style="dim", box=edge)


def highlighted(sentence: str, told: Explanation) -> Text:
    """Return a sentence in which the words that carry the feeling stand out, the strongest most."""
    carrying = {word: share.strength for word, share in zip(told.strongest, told.evidence, strict=True)}
    text, at = Text(style="italic"), 0
    for word in told.words:
        share = carrying.get(word, 0.0)
        style = f"bold {'reverse ' if share >= STRONG else ''}{words.color(told.label)}" if share >= WORTH else ""
        text.append(visible(sentence[at : word.start]))
        text.append(visible(sentence[max(at, word.start) : word.end]), style=style)
        at = max(at, word.end)
    text.append(visible(sentence[at:]))
    return text


def rests_on(told: Explanation) -> str:
    """Say in one line which words carry a label, and what each of them adds."""
    shares = [(word.text, share.strength) for word, share in zip(told.strongest, told.evidence, strict=True)]
    named = [f"“{visible(word)}” {share:.0%}" for word, share in shares[:MOST] if share >= WORTH]
    part = "" if told.looked_at == 1.0 else f" (of {told.looked_at:.0%} of the words)"
    if not named:
        return f"no single word speaks for {told.label}{part}"
    return f"{told.label} rests on {', '.join(named)}{part}"


def _own(said: OwnReading) -> str:
    if not said.chosen:
        return "none of its labels"
    return ", ".join(f"{label} ({said.probabilities[label]:.0%})" for label in said.chosen)
