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
    return _guesses(dataset, _voted(dataset))


def _voted(dataset: Dataset) -> list[tuple[str]]:
    """Return per text the emotion that most of its readers named, "" at a tie."""
    voted = []
    for guesses in dataset.raters:
        (first, times), *others = [*Counter(guesses).most_common(2), ("", 0)]
        voted.append((first if times > others[0][1] else "",))
    return voted


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
    """Return how often one rating's class is that of the mean of the others, also by class (protocol T3)."""
    import numpy as np

    own, rest = _left_out(dataset)
    figures = [measured("accuracy", _shares(credit_of_one_rater(dataset), np.ones(len(dataset))))]
    for label in dataset.labels:
        given = [[each == label for each in others] for others in rest]
        found = [[mine and mine_too == label for mine, mine_too in zip(*pair, strict=True)]
                 for pair in zip(given, own, strict=True)]  # fmt: skip
        part, whole = ([sum(row) / len(row) for row in table] for table in (found, given))
        figures.append(measured(f"recall, {label}", _shares(part, whole)))
    return tuple(figures)


def credit_of_one_rater(dataset: Dataset) -> Floats:
    """Return per text the share of its ratings whose class is that of the mean of the others."""
    import numpy as np

    pairs = (zip(own, rest, strict=True) for own, rest in zip(*_left_out(dataset), strict=True))
    return np.array([_mean([mine == others for mine, others in pair]) for pair in pairs])


def credit_of_one_reader(dataset: Dataset) -> Floats:
    """Return per text the share of its readers who named the writer's emotion."""
    import numpy as np

    pairs = zip(dataset.raters, dataset.gold, strict=True)
    return np.array([_mean([guess == gold for guess in guesses]) for guesses, gold in pairs])


def credit_of_plurality(dataset: Dataset) -> Floats:
    """Return per text whether most of its readers together named the writer's emotion."""
    import numpy as np

    pairs = zip(_voted(dataset), dataset.gold, strict=True)
    return np.array([float(voted == (gold,)) for voted, gold in pairs])


def _left_out(dataset: Dataset) -> tuple[list[list[str]], list[list[str]]]:
    """Return per text the class of each rating, and that of the mean of the others."""
    own = [[valence_class([rating]) for rating in ratings] for ratings in dataset.raters]
    rest = [
        [valence_class([*ratings[:at], *ratings[at + 1 :]]) for at in range(len(ratings))] for ratings in dataset.raters
    ]
    return own, rest


def _mean(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits)


def one_annotator(dataset: Dataset) -> tuple[Figure, ...]:
    """Return how often an annotator recognises what the two others agree on (protocol E5)."""
    return recognised(dataset, dataset.raters)


def recognised(dataset: Dataset, answers: Sequence[Sequence[str]]) -> tuple[Figure, ...]:
    """Return how often answers are what all other annotators of an item agree on: over all, and by label.

    The mean of the labels' recalls is 0.5 for whoever always says the same.

    Args:
        dataset: items with the votes of their annotators as `raters`.
        answers: per item one answer in the place of each annotator.
    """
    import numpy as np

    figures, sums = [], []
    for name, labels in (("accuracy", dataset.labels), *((f"recall, {each}", (each,)) for each in dataset.labels)):
        part, whole = zip(*(_agreed(*pair, labels) for pair in zip(answers, dataset.raters, strict=True)), strict=True)
        figures.append(measured(name, _shares(part, whole)))
        sums.append((part, whole))
    each = np.array(sums[1:]).reshape(2 * len(dataset.labels), -1).T  # hits and agreements, label by label
    mean = Tally(each, lambda told: (told[..., ::2] / np.maximum(told[..., 1::2], 1.0)).mean(axis=-1))
    return (figures[0], measured("mean of the recalls", mean), *figures[1:])


def _agreed(answers: Sequence[str], votes: Sequence[str], labels: Sequence[str]) -> tuple[float, float]:
    """Return how many answers are what the other votes agree on, and how many such agreements there are."""
    right = asked = 0
    for place, answer in enumerate(answers):
        others = {*votes[:place], *votes[place + 1 :]}
        if len(others) == 1 and others <= set(labels):
            asked += 1
            right += answer in others
    return float(right), float(asked)
