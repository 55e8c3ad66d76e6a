"""Look for a text that the guard trips over: `python -m benchmarks.fuzz --seconds 600`, coverage-guided.

Atheris (libFuzzer for Python) makes up texts that reach code which no text before has reached. Each must be survived
by everything that reads what people write and what is answered, in a short time; now and then one is repeated up to
LONG characters, whose time must stay in proportion. The first failure ends the run and is written to a file.
"""

from __future__ import annotations

import argparse
import sys
import time
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHORT_SECONDS = 0.3
"""A text of up to LENGTH bytes takes at most so long, likewise."""
LONG_SECONDS = 6.0
"""A text of LONG characters takes at most so long, in processor time, while every line is being watched."""
LENGTH = 2_000
LONG = 100_000
EVERY = 2_000
"""One text in so many is repeated up to LONG characters."""
SEEDS = (
    "I want to k1ll myself tonight",
    "my friend says she'd never hurt herself, but the pills are in front of her",
    "Don't tell anyone. I'm all you need! Everything will be okay.",
    "are you a robot? 死にたい quiero morir je veux mourir",
    "I. WANT. TO. D.I.E ... wanna die, k m s",
    "ｉ want to кіll\u200b myself \U0001d4f4 \u202e \ud83d",
)


def main() -> None:
    """Fuzz for the time given; exit with 0 if nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="how long; ten minutes by default")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices")
    arguments = parser.parse_args()
    import atheris  # only this script needs it

    with atheris.instrument_imports(include=["heedful.guard", "heedful.models.normalise"]):
        from heedful.guard.base import lint
        from heedful.guard.check import check_message, check_reply
        from heedful.guard.crisis import assess
        from heedful.guard.honesty import asks_identity
        from heedful.types import Risk
    readers: tuple[Callable[[str], object], ...] = (
        lambda text: assess(text, Risk()),
        asks_identity,
        lint,
        check_message,
        check_reply,
    )
    for text in SEEDS:  # the packs are read once, before any time is taken
        for read in readers:
            read(text)
    flags = [sys.argv[0], f"-max_total_time={arguments.seconds}", f"-max_len={LENGTH}", f"-seed={arguments.seed}"]
    atheris.Setup([*flags, "-print_final_stats=1", "-timeout=300"], Fuzzer(readers))
    atheris.Fuzz()


class Fuzzer:
    """Turns bytes into a text and lets every reader read it.

    Args:
        readers: each takes any text.
    """

    def __init__(self, readers: tuple[Callable[[str], typing.Any], ...]) -> None:
        self._readers = readers
        self._runs = 0

    def __call__(self, data: bytes) -> None:
        """Read one text; raise AssertionError if it takes too long."""
        text = _text(data)
        for read in self._readers:
            with _within(SHORT_SECONDS, text):
                read(text)
        self._runs += 1
        if self._runs % EVERY == 0 and text:
            long = (text * (LONG // len(text) + 1))[:LONG]
            for read in self._readers[:3]:
                with _within(LONG_SECONDS, text):
                    read(long)


def _text(data: bytes) -> str:
    """Return UTF-8 where it is valid; what is not becomes lone surrogates, which people can send too."""
    return data.decode("utf-8", "surrogateescape")


@contextmanager
def _within(seconds: float, text: str) -> Iterator[None]:
    start = time.process_time()
    yield
    spent = time.process_time() - start
    if spent > seconds:
        raise AssertionError(f"{spent:.3f} s for {text!r:.300}")


if __name__ == "__main__":
    main()
