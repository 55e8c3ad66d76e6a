"""Find what makes a result suspect: swapped labels, test items that were taught, one answer for everything.

A check never changes a figure. What it finds stands in the report, beside the figures it casts doubt on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from heedful.measure.dataset import Dataset
from heedful.measure.detail import Detail
from heedful.measure.subject import Prediction

TELLING: Final = 6
"""Words from which a text counts as the same text and not as a common phrase."""
LEAK: Final = 0.005
"""Share of test items that may stand in the train split before it is said."""
FEW: Final = 3
"""Fewer items than this are said of nobody: in a part of a test set, chance brings one or two."""
ONE_ANSWER: Final = 0.98
"""From this share of items on, the same answer is called one answer for everything."""
TOO_GOOD: Final = 0.995
"""Nobody agrees with people's labels more often than this; who does has seen them."""
_SHIFT, _ENOUGH = 0.25, 20
"""Two labels look swapped if exchanging them were right so much more often, as a share of at least so many items."""
_NOT_WORD = re.compile(r"[\W_]+")


def suspicions(dataset: Dataset, predictions: Sequence[Prediction], found: Detail | None) -> tuple[str, ...]:
    """Return what is suspect about some predictions, in sentences; mostly nothing."""
    told = list(one_answer(dataset, predictions))
    if found and found.confusion:
        told += swapped(found.labels, found.confusion)
        told += too_good(found.confusion)
    return tuple(told)


def one_answer(dataset: Dataset, predictions: Sequence[Prediction]) -> Iterator[str]:
    """Say if nearly every item got the same answer, and people gave more than one."""
    answers = Counter(prediction.labels for prediction in predictions if not prediction.parts)
    if len(dataset) < 2 or not any(answers):  # ratings and spans name no label
        return
    (labels, times), given = answers.most_common(1)[0], Counter(map(repr, dataset.gold))
    share = times / len(dataset)
    if share >= ONE_ANSWER and given.most_common(1)[0][1] < times:
        name = ", ".join(sorted(labels)) or "nothing"
        yield f"It answers {name!r} to {share:.0%} of the items, whatever they say: that is no reading."


def swapped(labels: Sequence[str], confusion: Sequence[Sequence[int]]) -> Iterator[str]:
    """Say which two labels would fit far better if they were exchanged."""
    for a, b in combinations(range(len(labels)), 2):
        kept = confusion[a][a] + confusion[b][b]
        crossed = confusion[a][b] + confusion[b][a]
        both = sum(confusion[a]) + sum(confusion[b])
        if both >= _ENOUGH and min(confusion[a][b], confusion[b][a]) > 0 and crossed - kept > _SHIFT * both:
            yield (
                f"{labels[a]!r} and {labels[b]!r} look swapped: exchanged, {crossed} of {both} items would be right, "
                f"and as they are {kept}."
            )


def too_good(confusion: Sequence[Sequence[int]]) -> Iterator[str]:
    """Say if it agrees with people more often than people's labels allow."""
    items = sum(map(sum, confusion))
    right = sum(row[at] for at, row in enumerate(confusion))
    if items >= 50 and right / items >= TOO_GOOD:
        yield (
            f"It is right on {right} of {items} items, more than labels that people gave allow: "
            "has it seen the answers?"
        )


def leaked(train: Dataset, test: Dataset) -> tuple[str, ...]:
    """Say how many test items stand in the train split too, if they are more than a few; short texts are left out."""
    seen = {_key(train, row) for row in range(len(train))}
    keys = [_key(test, row) for row in range(len(test))]
    telling = [key for key in keys if key.count(" ") >= TELLING - 1]
    twice = sum(key in seen for key in telling)
    if twice < FEW or twice / len(telling) <= LEAK:
        return ()
    return (
        f"{twice:,} of {len(telling):,} test items of {TELLING} words or more stand in the train split too: "
        "what was taught with it may have learned them by heart.",
    )


def _key(dataset: Dataset, row: int) -> str:
    """Return an item's letters and digits alone: what two items share when they say the same."""
    before = dataset.before[row] if dataset.before else ""
    return _NOT_WORD.sub(" ", f"{before} {dataset.texts[row]}".lower()).strip()
