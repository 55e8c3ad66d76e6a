"""Say what a user would otherwise pick: word lists, and words counted with logistic regression."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import ConfigError
from heedful.measure.dataset import Dataset, Split
from heedful.measure.subject import Prediction, Subject

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Splits = Callable[[Split], Dataset]
"""Reads a split of a task's dataset."""
TFIDF: Final = "TF-IDF + logistic regression"
"""The name of the peer that counts words."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_MOOD: Final = {"happy": "joy", "sad": "sadness", "angry": "anger"}
"""Labels of other sets -> what NRCLex calls them."""
_SILENT: Final = ("neutral", "no-emotion", "others")
"""What a label set calls a text in which no emotion is found."""
_VADER_EDGE: Final = 0.05
"""From this compound score on VADER's authors call a text positive, and below its negative negative."""


def vader(_: Splits) -> Subject:
    """Return VADER, a word list with rules for sentiment (Hutto and Gilbert, 2014), at its authors' thresholds."""

    def predict(dataset: Dataset) -> Iterator[Prediction]:
        try:
            from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
        except ImportError as error:
            raise ConfigError("the peer VADER needs vaderSentiment: pip install 'heedful[measure]'.") from error
        analyzer = SentimentIntensityAnalyzer()
        for text in dataset.texts:
            compound = float(analyzer.polarity_scores(text)["compound"])
            name = "positive" if compound >= _VADER_EDGE else "negative" if compound <= -_VADER_EDGE else "neutral"
            yield Prediction(frozenset({name}))

    return Subject("VADER", predict, basis=_versions("vaderSentiment"))


def nrc(_: Splits) -> Subject:
    """Return NRCLex, a word list of eight emotions and two moods (Mohammad and Turney, 2013).

    It names what most words of the text stand for, in the dataset's own labels; where no word is known, no emotion.
    The list is free for research only, so Heedful itself never uses it.
    """

    def predict(dataset: Dataset) -> Iterator[Prediction]:
        try:
            from nrclex import NRCLex
        except ImportError as error:
            raise ConfigError("the peer NRCLex needs NRCLex: pip install 'heedful[measure]'.") from error
        lexicon = NRCLex()
        silent = next((label for label in _SILENT if label in dataset.labels), dataset.labels[-1])
        known = {label: _MOOD.get(label, label) for label in dataset.labels if label != silent}
        for text in dataset.texts:
            lexicon.load_token_list(_WORD.findall(text.lower()))
            counts: Mapping[str, int] = lexicon.raw_emotion_scores
            found = {label: counts.get(name, 0) for label, name in known.items()}
            best = max(found, key=lambda label: found[label])
            yield Prediction(frozenset({best if found[best] else silent}))

    return Subject("NRCLex", predict, basis=_versions("NRCLex"))


def tfidf(splits: Splits) -> Subject:
    """Return words and pairs of words, weighted by TF-IDF, with logistic regression, taught with the train split.

    Of several labels at once, each has a regression and a threshold of its own, tuned on dev.
    """

    def predict(dataset: Dataset) -> Iterator[Prediction]:
        train = splits("train")
        if dataset.gold and isinstance(dataset.gold[0], frozenset):
            yield from _several(train, splits("dev"), dataset)
        elif dataset.gold and isinstance(dataset.gold[0], Mapping):
            yield from _parts(train, dataset)
        else:
            yield from _one(train.gold, train, dataset)

    return Subject(TFIDF, predict, basis=_versions("scikit-learn"), taught=True)


def tfidf_as_in_dev(splits: Splits) -> Subject:
    """Return `tfidf`, reweighted for a task whose train split has its labels in other shares than dev and test."""

    def predict(dataset: Dataset) -> Iterator[Prediction]:
        train, dev = splits("train"), splits("dev")
        shares = {label: dev.gold.count(label) / len(dev) for label in dataset.labels}
        taught = {label: train.gold.count(label) / len(train) for label in dataset.labels}
        weights = {label: shares[label] / max(taught[label], 1e-9) for label in dataset.labels}
        yield from _one(train.gold, train, dataset, weights)

    return Subject(TFIDF, predict, basis=_versions("scikit-learn") + " reweighted", taught=True)


def tfidf_rating(splits: Splits) -> Subject:
    """Return words weighted by TF-IDF with ridge regression: how people would rate a reply, from its words."""

    def predict(dataset: Dataset) -> Iterator[Prediction]:
        from sklearn.linear_model import Ridge

        train = splits("train")
        words, told = _words(train, dataset)
        ratings = [rating for _, rating in train.gold]
        for value in Ridge(alpha=1.0, solver="lsqr").fit(words, ratings).predict(told):
            yield Prediction(probabilities={"rating": float(value)})

    return Subject("TF-IDF + ridge regression", predict, basis=_versions("scikit-learn"), taught=True)


def _one(
    gold: Sequence[str], train: Dataset, dataset: Dataset, weights: Mapping[str, float] | None = None
) -> Iterator[Prediction]:
    words, told = _words(train, dataset)
    if len(set(gold)) < 2:
        yield from [Prediction(frozenset(gold[:1]))] * len(dataset)
        return
    classifier = _regression().fit(words, list(gold))
    for row in classifier.predict_proba(told):
        stated = dict.fromkeys(dataset.labels, 0.0) | dict(zip(classifier.classes_, map(float, row), strict=True))
        if weights:
            shares = {label: value * weights[label] for label, value in stated.items()}
            stated = {label: value / (sum(shares.values()) or 1.0) for label, value in shares.items()}
        yield Prediction(frozenset({max(stated, key=lambda label: stated[label])}), stated)


def _several(train: Dataset, dev: Dataset, dataset: Dataset) -> Iterator[Prediction]:
    import numpy as np

    from heedful.measure.metric import indicator

    words, tuned, told = _words(train, dev, dataset)
    given = indicator(train.gold, dataset.labels)
    taught = np.flatnonzero(given.any(axis=0) & ~given.all(axis=0))
    classifier = _regression().fit(words, given[:, taught].astype(int))
    thresholds = _thresholds(indicator(dev.gold, dataset.labels)[:, taught], _stated(classifier, tuned))
    labels = [dataset.labels[column] for column in taught]
    for row in _stated(classifier, told):
        stated = dict.fromkeys(dataset.labels, 0.0) | dict(zip(labels, map(float, row), strict=True))
        said = frozenset(
            label for label, value, least in zip(labels, row, thresholds, strict=True) if float(value) >= least
        )
        yield Prediction(said, stated)


def _stated(classifier: Any, words: Any) -> NDArray[np.float64]:
    import numpy as np

    stated = np.asarray(classifier.predict_proba(words))
    return stated if len(classifier.classes_) > 1 else stated[:, -1:]


def _thresholds(gold: NDArray[np.bool_], stated: NDArray[np.float64]) -> list[float]:
    """Return per label the threshold with the best F1; 0.5 for a label that dev does not have."""
    import numpy as np

    grid = np.linspace(0.03, 0.7, 68)
    chosen = []
    for given, column in zip(gold.T, stated.T, strict=True):
        said = column[:, None] >= grid
        hits = (said & given[:, None]).sum(axis=0)
        scores = 2.0 * hits / np.maximum(said.sum(axis=0) + given.sum(), 1)
        chosen.append(float(grid[scores.argmax()]) if given.any() else 0.5)
    return chosen


def _parts(train: Dataset, dataset: Dataset) -> Iterator[Prediction]:
    """Answer several questions at once, each with a regression of its own; `gold` maps each to (label, ...)."""
    asked = list(train.gold[0])
    answers = [list(_one([gold[name][0] for gold in train.gold], train, dataset)) for name in asked]
    for row in zip(*answers, strict=True):
        yield Prediction(parts=dict(zip(asked, row, strict=True)))


def _words(train: Dataset, *others: Dataset) -> tuple[Any, ...]:
    """Return the weighted words of datasets as sparse matrices; the weights are those of the first."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    counts = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=30_000)
    try:
        return (counts.fit_transform(_inputs(train)), *(counts.transform(_inputs(other)) for other in others))
    except ValueError:  # hardly any text: no word stands in two of them
        counts.set_params(min_df=1)
        return (counts.fit_transform(_inputs(train)), *(counts.transform(_inputs(other)) for other in others))


def _inputs(dataset: Dataset) -> list[str]:
    before = dataset.before or ("",) * len(dataset)
    return [f"{earlier} {text}" for earlier, text in zip(before, dataset.texts, strict=True)]


def _regression() -> Any:
    """Return one logistic regression per label, each against the rest."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    return OneVsRestClassifier(LogisticRegression(C=5.0, solver="liblinear", dual=True, tol=1e-2, random_state=0))


def _versions(*packages: str) -> str:
    return " ".join(f"{name} {version(name)}" for name in packages)
