from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
DOUBLE = [sys.executable, "-m", "tests.cli.double"]


def start(*arguments: str, **streams: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*DOUBLE, *arguments], cwd=ROOT, env={**os.environ, "DOUBLE_PAUSE": "0.2"}, **streams)


def test_the_version_is_the_one_of_the_package(heedful: Run) -> None:
    assert heedful("--version").output == f"heedful {version('heedful')}\n"


def test_without_arguments_it_tells_which_verbs_there_are(heedful: Run) -> None:
    shown = heedful().output
    assert all(verb in shown for verb in ("chat", "analyze", "models"))


def test_the_version_is_shown_without_loading_what_verbs_need() -> None:
    code = (
        "import sys\nfrom heedful.cli import main\n"
        "try: main.app(['--version'])\n"
        "except SystemExit: print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"numpy", "onnxruntime", "sqlalchemy", "pyarrow", "rich", "tokenizers"}


def test_the_version_takes_at_most_three_tenths_of_a_second() -> None:
    resource = pytest.importorskip("resource", reason="Windows does not count the time of a child process")

    def seconds() -> float:
        """Return the processor's time: what the clock says on a machine that does nothing else."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*DOUBLE[:2], "tests.cli.version"], cwd=ROOT, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return float(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    assert min(seconds() for _ in range(5)) <= 0.3


def test_an_error_is_one_line_on_standard_error_and_exit_code_2(heedful: Run) -> None:
    done = heedful("models", "nobody")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "heedful: there is no network 'nobody'.\n"


def test_an_error_cannot_steer_the_terminal(heedful: Run) -> None:
    assert "\033" not in heedful("models", "\033[2J").stderr


def test_a_reader_that_goes_away_is_no_error_worth_a_word() -> None:
    with start(
        "analyze", "--batch-size", "1", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdin
        assert run.stdout
        assert run.stderr
        run.stdin.write(b"a sad day\n")
        run.stdin.flush()
        assert b'"sadness"' in run.stdout.readline()
        run.stdout.close()
        run.stdin.write(b"so happy\n" * 20)
        run.stdin.close()
        assert run.stderr.read() == b""
        assert run.wait(20) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_ends_quietly_with_130() -> None:
    with start("analyze", "-", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdin
        assert run.stderr
        run.stdin.write(b"so happy\n" * 5000)
        run.stdin.flush()
        time.sleep(1.5)  # it is at work by then: each batch takes 0.2 s
        run.send_signal(signal.SIGINT)
        assert run.wait(20) == 130
        assert run.stderr.read() == b""
