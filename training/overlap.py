"""Keep test and dev items, and texts that repeat one, out of every training set."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from training.data import DATASETS, Examples

log = logging.getLogger("training")
_NOT_WORD = re.compile(r"[\W_]+")


def key_of(text: str) -> str:
    """Return the text's letters and digits alone, lower-cased: what two texts share when they say the same."""
    return _NOT_WORD.sub(" ", text.lower()).strip()


def held_out_texts() -> frozenset[str]:
    """Return the keys of every dev and test text of every dataset."""
    texts = (text for read in DATASETS.values() for split in ("dev", "test") for text in read(split).texts)
    return frozenset(map(key_of, texts))


def without_overlap(examples: Examples, held_out: frozenset[str]) -> Examples:
    """Return the examples whose text repeats no held-out one."""
    kept = [row for row, text in enumerate(examples.texts) if key_of(text) not in held_out]
    if len(kept) < len(examples):
        log.info("left out %d examples that repeat a dev or test text", len(examples) - len(kept))
    return replace(examples, texts=tuple(examples.texts[row] for row in kept), targets=examples.targets[kept])
