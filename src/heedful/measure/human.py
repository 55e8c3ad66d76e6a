"""Say how well people do on the same items: the columns that stand beside the machine's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from heedful.measure.corpora import valence_class
from heedful.measure.dataset import Dataset
from heedful.measure.metric import Figure, Tally, indicator, measured

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

SHOWN = ("joy", "anger", "sadness", "fear")
"""The emotions whose recall is shown apart."""


def one_reader(dataset: Dataset) -> tuple[Figure, ...]:
    """Return how often a single reader names the emotion that the writer reported (protocol T2).

    Every reader of a text counts; the interval is over texts.
    """
    return _guesses(dataset, dataset.raters)


def plurality(dataset: Dataset) -> tuple[Figure, ...]:
    """Return how often most readers of a text name the writer's emotion together; a tie counts as wrong."""
    voted = []
    for guesses in dataset.raters:
        (first, times), *others = [*Counter(guesses).most_common(2), ("", 0)]
        voted.append((first if times > others[0][1] else "",))
    return _guesses(dataset, voted)


def _guesses(dataset: Dataset, raters: Sequence[Sequence[str]]) -> tuple[Figure, ...]:
    import numpy as np

    right = np.array([[guess == gold for guess in guesses] for guesses, gold in zip(raters, dataset.gold, strict=True)])
    truth = indicator(({gold} for gold in dataset.gold), dataset.labels)
    figures = [measured("accuracy", _shares(right.mean(axis=1), np.ones(len(right))))]
    said = np.array([[[guess == label for label in dataset.labels] for guess in guesses] for guesses in raters])
    figures.append(measured("macro-F1", _macro_f1_of_one(truth, said.astype(np.float64))))
    for label in SHOWN:
        column = truth[:, dataset.labels.index(label)].astype(np.float64)
        figures.append(measured(f"recall, {label}", _shares(right.mean(axis=1) * column, column)))
    return tuple(figures)


def _shares(part: ArrayLike, whole: ArrayLike) -> Tally:
    """Tally a sum over another."""
    import numpy as np

    counts = np.stack([np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)], axis=1)
    return Tally(counts, lambda sums: sums[..., 0] / np.maximum(sums[..., 1], 1e-12))


def _macro_f1_of_one(truth: ArrayLike, said: ArrayLike) -> Tally:
    """Tally the macro-F1 of each rater in turn, averaged over raters: said is n x raters x labels."""
    import numpy as np

    given, named = np.asarray(truth, dtype=np.float64)[:, None, :], np.asarray(said, dtype=np.float64)
    items, raters, labels = named.shape
    both = given * named
    counts = np.concatenate([both, np.broadcast_to(given, named.shape), named], axis=2).reshape(items, -1)

    def figure(sums: Floats) -> Floats:
        table = sums.reshape(*sums.shape[:-1], raters, 3, labels)
        hits, gold, told = table[..., 0, :], table[..., 1, :], table[..., 2, :]
        return np.asarray((2.0 * hits / np.maximum(gold + told, 1.0)).mean(axis=(-1, -2)))

    return Tally(counts, figure)


def one_rater_of_valence(dataset: Dataset) -> tuple[Figure, ...]:
    """Return how often one rating's class is that of the mean of the others (protocol T3, leave one out)."""
    import numpy as np

    right = []
    for ratings in dataset.raters:
        others = [[*ratings[:at], *ratings[at + 1 :]] for at in range(len(ratings))]
        hits = [valence_class([own]) == valence_class(rest) for own, rest in zip(ratings, others, strict=True)]
        right.append(sum(hits) / len(hits))
    return (measured("accuracy", _shares(right, np.ones(len(right)))),)
