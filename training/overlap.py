"""Keep test and dev items, and texts that repeat one, out of every training set."""

from __future__ import annotations

import logging
import re

from training.data import Examples
from training.datasets import DATASETS

log = logging.getLogger("training")
_NOT_WORD = re.compile(r"[\W_]+")
_TELLING = 6
"""Words from which a text is taken to be the same text and not a common phrase ("thank you so much")."""


def key_of(text: str) -> str:
    """Return the text's letters and digits alone, lower-cased: what two texts share when they say the same."""
    return _NOT_WORD.sub(" ", text.lower()).strip()


def keys_of(examples: Examples) -> list[set[str]]:
    """Return per example the keys by which it can be found again: the whole input, and each text of some length."""
    second = examples.second or ("",) * len(examples)
    found = []
    for pair in zip(examples.first, second, strict=True):
        parts = [key_of(part) for part in pair]
        found.append({"|".join(parts), *(part for part in parts if part.count(" ") >= _TELLING - 1)})
    return found


def held_out_keys() -> frozenset[str]:
    """Return the keys of every dev and test item of every dataset."""
    found: set[str] = set()
    for read in DATASETS.values():
        for split in ("dev", "test"):
            found.update(*keys_of(read(split)))
    return frozenset(found)


def without_overlap(name: str, examples: Examples, held_out: frozenset[str]) -> Examples:
    """Return the examples of which no part repeats a held-out one."""
    kept = [row for row, keys in enumerate(keys_of(examples)) if not keys & held_out]
    if len(kept) < len(examples):
        log.info("%s: left out %d of %d that repeat a dev or test text", name, len(examples) - len(kept), len(examples))
    return examples.take(kept)
