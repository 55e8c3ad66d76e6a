"""Offer the protocols of learning (L) to `heedful measure`."""

from __future__ import annotations

import functools
from typing import Final

from heedful.errors import ConfigError
from heedful.learn.protocol import measure_people, measure_ratings, measure_watching
from heedful.learn.trial import SEEDS
from heedful.measure.runner import Measured
from heedful.measure.suite import Bench, Suite

_LEAST_WATCHED: Final = 2_000
"""Conversations in a first look: meanings are not learned from fewer."""
_SEEDS: Final = 3
"""Orders, and simulated people of each kind, in a first look."""
_MESSAGES: Final = 50
"""Messages that they are answered then."""
_people = functools.lru_cache(maxsize=1)(measure_people)
"""Both protocols of simulated people come from one run."""


def measure_learning(bench: Bench, protocol: str) -> Measured:
    """Measure what learning is worth: L1, L1s, L1p or L1o.

    Raises:
        ConfigError: the dataset, or a package that reads it, is not there.
    """
    items = bench.options.limit or bench.options.sample
    if protocol == "L1":
        return Measured(measure_ratings(bench.engine, limit=items, seeds=_SEEDS if items else SEEDS)[0])
    if protocol == "L1o":
        if bench.options.sample:
            raise ConfigError(f"a first look leaves it out: {_LEAST_WATCHED:,} conversations are watched.")
        return Measured(measure_watching(bench.engine, limit=max(_LEAST_WATCHED, items) if items else None))
    part = {"messages": min(items, _MESSAGES), "seeds": _SEEDS} if items else {}
    return Measured(next(each for each in _people(bench.engine, **part) if each.protocol == protocol))


SUITE: Final = Suite("learning", ("L1", "L1s", "L1p", "L1o"), measure_learning)
"""What `heedful measure learning` measures."""
