"""Start `heedful analyze` again and again, with everything imported, so that a kill strikes the work and not an import.

Reads one order per line, as JSON: `["start", arguments, moment, pause]` starts a run and answers its process id,
`["wait"]` answers its exit code, negative for a signal.
"""

from __future__ import annotations

import json
import os
import sys

import pyarrow.parquet  # noqa: F401 - imported ahead
from typer.testing import CliRunner

from heedful.cli import export, jobs, main, meter, streams  # noqa: F401 - imported ahead
from tests.cli.double import install, kill_at

CHUNK = 64
"""Rows of a chunk here, so that a small file has many of them."""


def start(arguments: list[str], moment: int | None, pause: float) -> int:
    """Start a run in a process of its own, silently; return its id. It kills itself at a moment, if one is given."""
    if child := os.fork():
        return child
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    install(setattr, pause)
    jobs.ROWS = CHUNK
    if moment is not None:
        kill_at(moment)
    main.app(["analyze", *arguments])
    return 0


if __name__ == "__main__":
    install(setattr)
    CliRunner().invoke(main.app, ["analyze", "to have everything loaded"])
    child = 0
    for line in sys.stdin:
        order, *details = json.loads(line)
        if order == "start":
            child = answer = start(*details)
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(answer, flush=True)
