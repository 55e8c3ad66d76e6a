"""`heedful judge`: how empathic is a reply, what is wrong with it, and what would make it better?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heedful.cli.analyze import ENDINGS, STDIN, is_file, refuse
from heedful.errors import InputError

if TYPE_CHECKING:
    from heedful.cli.jobs import Options
    from heedful.cli.judged import Columns
    from heedful.config import Config


def judge(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[MESSAGE REPLY | - | FILE...]",
            help="A message and the reply to it; - for standard input, one reply per line; or .jsonl, .csv or "
            ".parquet files.",
            show_default=False,
        ),
    ] = None,
    *,
    reply_only: Annotated[
        bool, typer.Option("--reply-only", help="There is no message: judge statements that stand alone.")
    ] = False,
    software: Annotated[
        bool, typer.Option("--software", help="A program replies: it may not claim to feel or to have lived something.")
    ] = False,
    rewrite: Annotated[
        bool | None,
        typer.Option("--rewrite/--no-rewrite", help="Offer better words.", show_default="for a pair, not for files"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Where to write: .jsonl, .csv or .parquet.", show_default="NAME.judged.jsonl beside a file"),
    ] = None,
    message_column: Annotated[str, typer.Option(help="The field or column that holds the messages.")] = "message",
    reply_column: Annotated[str, typer.Option(help="The field or column that holds the replies.")] = "reply",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a pair: print JSON, also on a terminal.")] = False,
) -> None:
    """Judge replies: emotional reaction, interpretation, exploration, what is wrong, and what would be better.

    Every row of a file keeps its columns and gets its judgement under "heedful" (JSON Lines) or in columns
    "heedful_..." (CSV, Parquet), in place of an older result. Rows that cannot be read go to FILE.bad.jsonl.
    """
    from heedful.cli import jobs, judged
    from heedful.config import Config

    given = inputs or []
    columns = judged.Columns(None if reply_only else message_column, software=software, rewrite=bool(rewrite))
    options = jobs.Options(reply_column, 64, resume=resume, overwrite=overwrite, task=judged.task(columns))
    _check(options, message_column, out)
    files = [each for each in given if is_file(each)]
    if given == [STDIN] or (not given and not sys.stdin.isatty()):
        refuse(out is not None or resume, "standard input is answered on standard output; --out is for files.")
        _lines(Config.load(), columns)
    elif files and (reply_only or len(files) == len(given)):
        if strange := [each for each in given if each not in files]:
            raise InputError(f"{strange[0]!r} is no file. Give files only, or one statement in quotes.")
        jobs.analyze_files(Config.load(), options, [Path(each) for each in files], out)
    else:
        refuse(out is not None or resume, "a pair is answered here; --out and --resume are for files.")
        message, reply = _pair(given, reply_only=reply_only)
        _one(Config.load(), message, reply, columns, as_json=as_json, rewrite=rewrite is not False)


def _check(options: Options, message_column: str, out: Path | None) -> None:
    from heedful.cli.result import is_result

    refuse(options.resume and options.overwrite, "choose --resume (go on) or --overwrite (begin again), not both.")
    for column in (options.text_column, message_column):
        refuse(
            is_result(column),
            f"the column {column!r} is one that Heedful writes; name the ones with the messages and the replies.",
        )
    refuse(
        out is not None and out.suffix.lower() not in ENDINGS,
        f"--out {out}: the ending says what to write; expected {', '.join(ENDINGS)}.",
    )


def _pair(given: list[str], *, reply_only: bool) -> tuple[str, str]:
    if reply_only and given:
        return "", " ".join(given)
    if len(given) == 2:
        return given[0], given[1]
    raise InputError(
        'give a message and the reply to it, each in quotes: heedful judge "I failed." "You must be crushed." '
        "A statement that stands alone goes with --reply-only."
    )


def _one(config: Config, message: str, reply: str, columns: Columns, *, as_json: bool, rewrite: bool) -> None:
    """Judge one reply: drawn for people on a terminal, as JSON otherwise."""
    from contextlib import closing

    from heedful.cli import factory
    from heedful.cli.judged import judgement_of, portrait
    from heedful.cli.result import is_unicode, to_json, with_result
    from heedful.cli.screen import stdout
    from heedful.cli.streams import print_json

    if not is_unicode(message + reply):
        raise InputError("the pair is not valid UTF-8; expected text in UTF-8.")
    with closing(factory.open_heedful(config)) as heedful:
        judgement = heedful.judge(message, reply, software=columns.software, rewrite=rewrite)
    console = stdout()
    if as_json or not console.is_terminal:
        pair = {"message": message, "reply": reply} if message else {"reply": reply}
        print_json(with_result(to_json(pair), judgement_of(judgement)))
    else:
        console.print(portrait(message, reply, judgement, console))


def _lines(config: Config, columns: Columns) -> None:
    """Judge standard input, one reply per line, each before the next one comes; write JSON Lines."""
    from contextlib import closing
    from dataclasses import replace

    from heedful.cli import factory
    from heedful.cli.judged import Judging
    from heedful.cli.meter import tally
    from heedful.cli.rows import Lines, TextInput
    from heedful.cli.screen import stderr, visible
    from heedful.cli.streams import print_json

    source = Lines(TextInput(sys.stdin.buffer))
    rows = set_aside = 0
    with closing(source), closing(factory.open_heedful(config)) as heedful:
        judging = Judging(heedful, 64, config.text_limit, replace(columns, message=None))
        for chunk in judging.chunks(source.rows(), 1):
            print_json(*chunk.good)
            for unread in chunk.bad:
                stderr().print(
                    f"line {unread.number} left out: {visible(unread.reason)}", style="yellow", soft_wrap=True
                )
            rows += chunk.rows
            set_aside += len(chunk.bad)
    if set_aside or not rows:
        stderr().print(tally(rows, set_aside))
