"""Peers read as their authors mean them to, and what is taught is taught with train alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from heedful.labels import FINE, IN_CONTEXT, SENTIMENT, WRITER_EMOTION
from heedful.measure import peer
from heedful.measure.dataset import Dataset, Split
from heedful.measure.subject import Prediction, Subject


def dataset(labels: Sequence[str], texts: Sequence[str], gold: Sequence[object]) -> Dataset:
    return Dataset("made up", "by hand", "0" * 64, tuple(labels), tuple(texts), tuple(gold), len(gold))


def said(subject: Subject, test: Dataset) -> list[str]:
    return [", ".join(sorted(prediction.labels)) for prediction in subject.predict(test)]


def none(_: Split) -> Dataset:
    pytest.fail("a word list was taught")


def test_word_lists_name_what_their_words_stand_for() -> None:
    texts = ("What a wonderful, happy day!", "I hate this horrible mess.", "The shop opens at nine.")
    assert said(peer.vader(none), dataset(SENTIMENT, texts, [""] * 3)) == ["positive", "negative", "neutral"]
    grave = ("my grief and sorrow", "zzz")
    assert said(peer.nrc(none), dataset(WRITER_EMOTION, grave, ["", ""])) == ["sadness", "no-emotion"]
    assert said(peer.nrc(none), dataset(IN_CONTEXT, grave, ["", ""])) == ["sad", "others"]


GOOD, BAD = "sunny lovely warm day", "cold grey wet night"


def splits(split: Split) -> Dataset:
    if split == "test":
        pytest.fail("the test split was read")
    texts = [GOOD, BAD, f"{GOOD} again", f"{BAD} again"] * 3
    return dataset(("good", "bad", "odd"), texts, ["good", "bad"] * 6)


def test_counted_words_learn_from_train_alone() -> None:
    test = dataset(("good", "bad", "odd"), (f"a {GOOD}", f"a {BAD}"), ["", ""])
    predictions = list(peer.tfidf(splits).predict(dataset(test.labels, test.texts, ["good", "bad"])))
    assert [set(each.labels) for each in predictions] == [{"good"}, {"bad"}]
    assert sum(predictions[0].probabilities.values()) == pytest.approx(1.0)
    assert predictions[0].probabilities["odd"] == 0.0


def test_shares_of_dev_move_the_answer_where_train_has_others() -> None:
    def uneven(split: Split) -> Dataset:
        texts, gold = [GOOD, BAD, "something between"] * 4, ["good", "bad", "odd"] * 4
        if split == "dev":
            texts, gold = ["something between"] * 20, ["bad"] * 18 + ["good", "odd"]
        return dataset(("good", "bad", "odd"), texts, gold)

    test = dataset(("good", "bad", "odd"), ("nothing known",), ["good"])
    assert said(peer.tfidf_as_in_dev(uneven), test) == ["bad"]


def test_several_labels_have_thresholds_from_dev() -> None:
    def several(split: Split) -> Dataset:
        return dataset(FINE, [GOOD, BAD, f"{GOOD} {BAD}"] * 4, [frozenset({"joy"}), frozenset({"fear"}),
                                                               frozenset({"joy", "fear"})] * 4)  # fmt: skip

    test = dataset(FINE, (GOOD, BAD, f"{GOOD} {BAD}"), [frozenset({"joy"})] * 3)
    assert said(peer.tfidf(several), test) == ["joy", "fear", "fear, joy"]


def test_ratings_are_foreseen_from_words() -> None:
    def rated(_: Split) -> Dataset:
        return dataset(("rating",), [GOOD, BAD] * 4, [("d", 3), ("d", 1)] * 4)

    good, bad = peer.tfidf_rating(rated).predict(dataset(("rating",), (GOOD, BAD), [("d", 3), ("d", 1)]))
    assert good.probabilities["rating"] > bad.probabilities["rating"]
    assert isinstance(good, Prediction)
