"""Put the verbs together into the command `heedful`."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from heedful.cli.analyze import analyze
from heedful.cli.audit import audit_log
from heedful.cli.bias import audit
from heedful.cli.chat import chat
from heedful.cli.consent import consent
from heedful.cli.forget import forget
from heedful.cli.guard import guard
from heedful.cli.handover import export
from heedful.cli.judge import judge
from heedful.cli.keys import keys
from heedful.cli.learn import learn, observe
from heedful.cli.measure import measure
from heedful.cli.models import models
from heedful.cli.norms import norms
from heedful.cli.phrases import phrases
from heedful.cli.poll import poll
from heedful.cli.practise import practise
from heedful.cli.serve import serve
from heedful.errors import HeedfulError

INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 + SIGINT, as shells expect."""


class Verbs(TyperGroup):
    """The group of verbs; turns every failure that a caller can cause into one line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run a verb; exit with 2 on a HeedfulError, with 130 on Ctrl-C, quietly with 1 when the reader has gone."""
        from heedful.cli.screen import speak_plainly  # loads rich, which `heedful --version` has no need of

        speak_plainly()
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()  # else a reader that has gone is met at interpreter exit, noisily
        except HeedfulError as error:
            _complain(str(error))
            raise typer.Exit(2) from error
        except KeyboardInterrupt as error:
            raise typer.Exit(INTERRUPTED) from error
        except BrokenPipeError as error:
            _hush()
            raise typer.Exit(1) from error
        return done


app = typer.Typer(
    cls=Verbs,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Settings: name a TOML file in the environment variable HEEDFUL_CONFIG. Nothing leaves this machine.",
)
for verb in (chat, serve, analyze, judge, export, forget, consent, audit, audit_log, observe):
    app.command()(verb)
app.add_typer(models)
app.add_typer(practise, name="practise")
app.add_typer(phrases, name="phrases")
app.add_typer(norms, name="norms")
app.add_typer(guard, name="guard")
app.add_typer(learn, name="learn")
app.add_typer(measure, name="measure")
app.add_typer(poll, name="poll")
app.add_typer(keys, name="keys")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"heedful {version('heedful')}")
        raise typer.Exit


@app.callback()
def heedful(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Perceive how a person feels, understand why, and answer with care. Offline."""


def _complain(message: str) -> None:
    from heedful.cli.screen import stderr, visible

    stderr().print(f"heedful: {visible(message)}", style="red", markup=False, highlight=False, soft_wrap=True)


def _hush() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
