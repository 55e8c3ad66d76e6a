"""Score predictions by the protocols of docs/protocols.md: from a test set and its predictions to figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from heedful.labels import BASIC, EKMAN, SENTIMENT_GROUP
from heedful.measure.corpora import MECHANISMS
from heedful.measure.dataset import Dataset
from heedful.measure.human import SHOWN, recognised
from heedful.measure.metric import (
    Figure,
    Tally,
    accuracy,
    calibration_error,
    indicator,
    macro_f1,
    measured,
    micro_f1,
    span_f1,
)  # fmt: skip
from heedful.measure.subject import Prediction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GROUPS = ("positive", "negative", "ambiguous", "neutral")
"""The four groups of `labels.SENTIMENT_GROUP`."""
COVERAGE = 0.8
"""Share of the items that are answered when the least sure are left out."""
RECALL = 0.9
"""Share of what is harmful that a threshold finds, where false alarms are counted."""


def score_t1(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score text emotion (protocol T1): F1 over 28 labels, Ekman's emotions and sentiment groups; calibration."""
    import numpy as np

    gold = indicator(dataset.gold, dataset.labels)
    named = [prediction.labels for prediction in predictions]
    said = indicator(named, dataset.labels)
    figures = [
        measured("macro-F1, 28 labels", macro_f1(gold, said)),
        measured("micro-F1, 28 labels", micro_f1(gold, said)),
    ]
    for name, coarser, labels in (
        ("macro-F1, Ekman's six and neutral", EKMAN, BASIC),
        ("macro-F1, sentiment groups", SENTIMENT_GROUP, GROUPS),
    ):
        figures.append(
            measured(name, macro_f1(_any_of(dataset.gold, coarser, labels), _any_of(named, coarser, labels)))
        )
    answered = np.array([bool(prediction.probabilities) for prediction in predictions])
    if answered.any():
        stated = np.array([[each.probabilities.get(label, 0.0) for label in dataset.labels] for each in predictions])
        figures.append(measured("expected calibration error, 28 labels", calibration_error(gold, stated, answered)))
    return tuple(figures)


def _any_of(sets: Sequence[frozenset[str]], coarser: Mapping[str, str], labels: Sequence[str]) -> NDArray[np.bool_]:
    return indicator(({coarser[label] for label in each} for each in sets), labels)


def score_named(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score the naming of one label of several: accuracy, macro-F1, calibration, accuracy where the network is sure."""
    import numpy as np

    gold, said = _tables(dataset, predictions)
    right = np.asarray((gold & said).any(axis=1))
    figures = [measured("accuracy", accuracy(right)), measured("macro-F1", macro_f1(gold, said))]
    return (*figures, *_sureness(right, said, dataset, predictions))


def score_t3(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score sentiment (protocol T3): as `score_named`, with the recall of every class apart."""
    gold, said = _tables(dataset, predictions)
    recalls = [
        measured(f"recall, {label}", accuracy((gold & said)[:, column], gold[:, column]))
        for column, label in enumerate(dataset.labels)
    ]
    return (*score_named(dataset, predictions), *recalls)


def score_t2(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score the writer's emotion (protocol T2): as `score_named`, with the recall of four emotions apart."""
    gold, said = _tables(dataset, predictions)
    figures = list(score_named(dataset, predictions))
    for label in SHOWN:
        column = dataset.labels.index(label)
        found = accuracy((gold & said)[:, column], gold[:, column])
        figures.append(measured(f"recall, {label}", found))
    return tuple(figures)


def score_t5(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score emotion in context (protocol T5): micro-F1 over happy, sad and angry, all labels but the last."""
    gold, said = _tables(dataset, predictions)
    figures = [measured("micro-F1, happy, sad, angry", micro_f1(gold[:, :-1], said[:, :-1]))]
    for at, label in enumerate(dataset.labels[:-1]):
        figures.append(measured(f"F1, {label}", macro_f1(gold[:, [at]], said[:, [at]])))
    return tuple(figures)


def _tables(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return (
        indicator(({gold} for gold in dataset.gold), dataset.labels),
        indicator((prediction.labels for prediction in predictions), dataset.labels),
    )


def _sureness(
    right: NDArray[np.bool_], said: NDArray[np.bool_], dataset: Dataset, predictions: Sequence[Prediction]
) -> list[Figure]:
    """Return how well the stated probability of what was named fits, and how accurate the surest answers are."""
    import numpy as np

    if not all(prediction.probabilities for prediction in predictions):
        return []
    stated = np.array([[each.probabilities[label] for label in dataset.labels] for each in predictions])
    sure = np.where(said, stated, 0.0).max(axis=1)
    kept = sure >= np.quantile(sure, 1.0 - COVERAGE)
    return [
        measured("expected calibration error", calibration_error(right[:, None], sure[:, None])),
        measured("accuracy of the surest 80 %", accuracy(right, kept)),
    ]


def score_t6(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score cause spans (protocol T6): F1 over the words of the turn and of all turns before it."""
    gold, said = [], []
    for row, prediction in enumerate(predictions):
        past, spans = dataset.gold[row]
        whole = " / ".join(past)
        unread = len(whole) - len(
            dataset.before[row]
        )  # a subject sees the last turns only; its places count from there
        before = [(start + unread, end + unread) for start, end in prediction.before]
        texts = (whole, dataset.texts[row])
        gold.append(words_marked(texts, spans))
        said.append(_covered(texts, (before, prediction.spans)))
    return (measured("token F1 of the cause", span_f1(gold, said)),)


def words_marked(texts: Sequence[str], spans: Sequence[str]) -> NDArray[np.bool_]:
    """Return, for each word of some texts, whether one of the spans covers it; the last text is looked at first."""
    found: list[list[tuple[int, int]]] = [[] for _ in texts]
    for span in spans:
        for number in reversed(range(len(texts))):
            start = texts[number].lower().find(span.strip().lower())
            if span.strip() and start >= 0:
                found[number].append((start, start + len(span.strip())))
                break
    return _covered(texts, found)


def _covered(texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]) -> NDArray[np.bool_]:
    import numpy as np

    marked: list[bool] = []
    for text, inside in zip(texts, spans, strict=True):
        start = 0
        for word in text.split():
            start = text.index(word, start)
            marked.append(any(first < start + len(word) and last > start for first, last in inside))
            start += len(word)
    return np.array(marked, dtype=np.bool_)


def score_e1(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score the mechanisms of empathy (protocol E1): macro-F1 over three levels of each; token F1 of the rationales."""
    figures = []
    for name in MECHANISMS:
        gold = indicator(({each[name][0]} for each in dataset.gold), dataset.labels)
        said = indicator((prediction.parts[name].labels for prediction in predictions), dataset.labels)
        figures.append(measured(f"macro-F1, {name}", macro_f1(gold, said)))
    for name in MECHANISMS:
        if f"{name}_rationale" not in predictions[0].parts:
            continue
        given = [words_marked([text], each[name][1]) for text, each in zip(dataset.texts, dataset.gold, strict=True)]
        told = [
            _covered([text], [prediction.parts[f"{name}_rationale"].spans])
            for text, prediction in zip(dataset.texts, predictions, strict=True)
        ]
        figures.append(measured(f"token F1 of the rationale, {name}", span_f1(given, told)))
    return tuple(figures)


def score_e2(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score the ranking of replies (protocol E2): pairs of one dialogue with different ratings, ranked as people did.

    The interval is over dialogues.
    """
    import numpy as np

    replies: dict[str, list[tuple[int, float]]] = {}
    for (dialogue, rating), prediction in zip(dataset.gold, predictions, strict=True):
        replies.setdefault(dialogue, []).append((rating, prediction.probabilities["rating"]))
    counts = []
    for rated in replies.values():
        pairs = [(a, b) for a, b in combinations(rated, 2) if a[0] != b[0]]
        won = sum(0.5 if a[1] == b[1] else float((a[1] > b[1]) == (a[0] > b[0])) for a, b in pairs)
        if pairs:
            counts.append((won, float(len(pairs))))
    tally = Tally(np.array(counts).reshape(-1, 2), lambda sums: sums[..., 0] / np.maximum(sums[..., 1], 1.0))
    return (measured("pairs ranked as people ranked them", tally),)


def score_e4(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score what is harmful (protocol E4): macro-F1, and false alarms on the harmless at 90 % recall."""
    import numpy as np

    gold, said = _tables(dataset, predictions)
    figures = [
        measured("macro-F1", macro_f1(gold, said)),
        measured("accuracy", accuracy(np.asarray((gold & said).any(axis=1)))),
    ]
    if all(prediction.probabilities for prediction in predictions):
        stated = np.array([prediction.probabilities[dataset.labels[1]] for prediction in predictions])
        harmful = gold[:, 1]
        alarm = stated >= np.quantile(stated[harmful], 1.0 - RECALL)
        figures.append(measured("false alarms on the harmless at 90 % recall", accuracy(alarm, ~harmful)))
    return tuple(figures)


def score_e5(dataset: Dataset, predictions: Sequence[Prediction]) -> tuple[Figure, ...]:
    """Score what is recognised as empathetic (protocol E5): against each pair of annotators who agree.

    So the machine is held against the very opinions that the third annotator is held against.
    """
    said = [next(iter(prediction.labels), "") for prediction in predictions]
    return recognised(dataset, [(each,) * len(votes) for each, votes in zip(said, dataset.raters, strict=True)])
