"""`heedful analyze`: read the feeling in a sentence, in standard input, or in files of any length."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from heedful.errors import InputError

if TYPE_CHECKING:
    from heedful.cli.jobs import Options
    from heedful.config import Config

ENDINGS: Final = (".jsonl", ".csv", ".parquet")
"""Files that are read and written."""
STDIN: Final = "-"
"""The argument that stands for standard input."""


def analyze(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SENTENCE | - | FILE...]",
            help="A sentence; - for standard input, one message per line; .jsonl, .csv or .parquet files; "
            "pictures, videos and recordings; folders of them; or .jsonl with a field audio that names sound files.",
            show_default=False,
        ),
    ] = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="Where to write: .jsonl, .csv or .parquet.", show_default="NAME.heedful.jsonl beside a file"),
    ] = None,
    text_column: Annotated[str, typer.Option(help="The field or column that holds the messages.")] = "text",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")] = False,
    batch_size: Annotated[
        int, typer.Option(min=1, max=4096, help="Texts per pass; 1 answers each line of a pipe as it comes.")
    ] = 64,
    threads: Annotated[int | None, typer.Option(min=1, help="CPU threads.", show_default="from the settings")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also say which words carried the strongest feeling.")
    ] = False,
    reader: Annotated[
        str | None,
        typer.Option(
            help="Read with this network: a name, a folder, or hf:owner/name.", show_default="from the settings"
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="For a sentence, picture or recording: print JSON, also on a terminal.")
    ] = False,
    plot: Annotated[
        Path | None,
        typer.Option(
            help="Draw here: a recording as .png or .svg; pictures and videos as .png, or into a folder.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Read the feeling in a sentence, in standard input, in files, in recordings, or in faces of pictures and videos.

    Every row keeps its columns and gets what was perceived under "heedful" (JSON Lines) or in columns "heedful_..."
    (CSV, Parquet). Rows that cannot be read go to FILE.bad.jsonl with the reason, and the run goes on.
    """
    from heedful.cli import jobs
    from heedful.config import Config

    options = jobs.Options(text_column, batch_size, resume=resume, overwrite=overwrite, explain=explain)
    _check(options, out)
    chosen: dict[str, Any] = {"threads": threads, "reader": reader}
    config = Config.load(**{name: value for name, value in chosen.items() if value is not None})
    _analyze(config, options, inputs or [], out, plot, as_json=as_json)


def _analyze(
    config: Config, options: Options, given: list[str], out: Path | None, plot: Path | None, *, as_json: bool
) -> None:
    """Hand what was given to what reads it: pictures, recordings, standard input, a sentence, or files."""
    from heedful.cli import jobs, streams
    from heedful.cli.sight import analyze_sight, is_sight
    from heedful.cli.sound import analyze_sound, is_sound

    for is_one, analyze_one in ((is_sight, analyze_sight), (is_sound, analyze_sound)):
        if given and all(each != STDIN and is_one(each) for each in given):
            refuse(options.resume or options.explain, "--resume and --explain are for text; only text has them.")
            refuse(out is not None and out.suffix.lower() != ".jsonl", f"--out {out}: this is written as .jsonl.")
            paths = [Path(each) for each in given]
            analyze_one(config, paths, out=out, plot=plot, as_json=as_json, overwrite=options.overwrite)
            return
    refuse(plot is not None, "--plot draws pictures, videos and recordings; give some.")
    files = [each for each in given if is_file(each)]
    if not given and sys.stdin.isatty():
        raise InputError('give a sentence ("..."), a file, or - for standard input. See `heedful analyze --help`.')
    if given in ([], [STDIN]):
        streams.analyze_stdin(config, options, out)
    elif not files:
        refuse(out is not None or options.resume, "a sentence is answered here; --out and --resume are for files.")
        streams.analyze_sentence(config, " ".join(given), as_json=as_json, explain=options.explain)
    else:
        if strange := [each for each in given if each not in files]:
            raise InputError(f"{strange[0]!r} is no file. Give files only, or one sentence in quotes.")
        jobs.analyze_files(config, options, [Path(each) for each in files], out)


def _check(options: Options, out: Path | None) -> None:
    from heedful.cli.result import is_result

    refuse(options.resume and options.overwrite, "choose --resume (go on) or --overwrite (begin again), not both.")
    refuse(
        is_result(options.text_column),
        f"the column {options.text_column!r} is one that Heedful writes; name the one with the messages.",
    )
    refuse(
        out is not None and out.suffix.lower() not in ENDINGS,
        f"--out {out}: the ending says what to write; expected {', '.join(ENDINGS)}.",
    )


def refuse(wrong: bool, message: str) -> None:
    """Raise InputError with a message if something is wrong."""
    if wrong:
        raise InputError(message)


def is_file(argument: str) -> bool:
    """Say whether an argument names a file rather than being a sentence."""
    if argument == STDIN or not argument.strip():
        return False
    path = Path(argument)
    try:
        return path.exists() or path.suffix.lower() in ENDINGS
    except (OSError, ValueError):  # a sentence may be longer than a path can be
        return False
