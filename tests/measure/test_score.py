"""Every scorer agrees with a published implementation, or with a sum that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from scipy.stats import pearsonr
from sklearn.metrics import accuracy_score, f1_score, recall_score

from heedful.labels import IN_CONTEXT, SENTIMENT, WRITER_EMOTION
from heedful.measure.corpora import EMPATHETIC, valence_class
from heedful.measure.dataset import Dataset
from heedful.measure.human import one_annotator, one_rater_of_valence, one_reader, plurality
from heedful.measure.metric import Figure, accuracy, correlation, span_f1
from heedful.measure.score import (
    score_e1,
    score_e2,
    score_e4,
    score_e5,
    score_named,
    score_t2,
    score_t3,
    score_t5,
    score_t6,
    words_marked,
)
from heedful.measure.subject import Prediction
from heedful.measure.task import TASKS, turn_before, whole_turn

RANDOM = np.random.default_rng(0)


def dataset(labels: Sequence[str], gold: Sequence[Any], **parts: Any) -> Dataset:
    texts = parts.pop("texts", tuple(f"text {number}" for number in range(len(gold))))
    return Dataset("made up", "by hand", "0" * 64, tuple(labels), texts, tuple(gold), len(gold), **parts)


def values(figures: Sequence[Figure]) -> dict[str, float]:
    return {figure.name: figure.value for figure in figures}


def guesses(labels: Sequence[str], n: int = 200) -> tuple[list[str], list[str], list[Prediction]]:
    """Gold labels, guesses that are right half the time, and the guesses as predictions with probabilities."""
    gold = list(RANDOM.choice(labels, n))
    said = [g if RANDOM.random() < 0.5 else str(RANDOM.choice(labels)) for g in gold]
    stated = []
    for label in said:
        shares = RANDOM.dirichlet(np.ones(len(labels)))
        shares = np.sort(shares)
        table = dict(zip(labels, [*shares[:-1].tolist(), 0.0], strict=True))
        table[label], table[labels[-1]] = float(shares[-1]), table.get(label, 0.0) if label != labels[-1] else 0.0
        stated.append(Prediction(frozenset({label}), {each: table.get(each, 0.0) for each in labels}))
    return gold, said, stated


@pytest.mark.parametrize("score", [score_named, score_t2, score_t5])
def test_naming_one_label_agrees_with_scikit_learn(score: Callable[..., tuple[Figure, ...]]) -> None:
    labels = IN_CONTEXT if score is score_t5 else WRITER_EMOTION
    gold, said, stated = guesses(labels)
    found = values(score(dataset(labels, gold), stated))
    if score is score_t5:
        pooled = f1_score(gold, said, labels=labels[:-1], average="micro")
        assert found["micro-F1, happy, sad, angry"] == pytest.approx(pooled, abs=1e-9)
        return
    assert found["accuracy"] == pytest.approx(accuracy_score(gold, said), abs=1e-9)
    assert found["macro-F1"] == pytest.approx(f1_score(gold, said, labels=labels, average="macro"), abs=1e-9)
    if score is score_t2:
        joy = recall_score(gold, said, labels=["joy"], average="macro")
        assert found["recall, joy"] == pytest.approx(joy, abs=1e-9)


def test_the_surest_answers_are_those_with_the_highest_probability() -> None:
    gold = ["happy"] * 8 + ["sad"] * 2
    sure = [
        Prediction(frozenset({"happy"}), {"happy": 0.9 - row / 100, "sad": 0.0, "angry": 0.0, "others": 0.0})
        for row in range(10)
    ]
    found = values(score_named(dataset(IN_CONTEXT, gold), sure))
    assert found["accuracy"] == pytest.approx(0.8)
    assert found["accuracy of the surest 80 %"] == pytest.approx(1.0)


def test_people_are_counted_one_by_one_and_a_tie_is_wrong() -> None:
    gold = ["joy", "anger"]
    raters = (("joy", "joy", "pride", "relief", "joy"), ("anger", "anger", "sadness", "sadness", "fear"))
    people = dataset(WRITER_EMOTION, gold, raters=raters)
    alone, together = values(one_reader(people)), values(plurality(people))
    assert alone["accuracy"] == pytest.approx((3 / 5 + 2 / 5) / 2)
    assert alone["recall, anger"] == pytest.approx(2 / 5)
    assert together["accuracy"] == pytest.approx(0.5)
    each = [
        f1_score(gold, [rater[at] for rater in raters], labels=WRITER_EMOTION, average="macro", zero_division=0)
        for at in range(5)
    ]
    assert alone["macro-F1"] == pytest.approx(np.mean(each), abs=1e-9)


def test_a_rater_of_valence_is_held_against_the_others() -> None:
    people = dataset(("positive", "negative", "neutral"), ["neutral", "positive"], raters=((1, 3, 3), (5, 5, 4)))
    assert valence_class([2.74]) == "negative"
    assert valence_class([3.25]) == "neutral"
    found = values(one_rater_of_valence(people))
    assert found["accuracy"] == pytest.approx((0.0 + 1.0) / 2)  # of the first nobody agrees with the mean of the others
    assert found["recall, positive"] == 1.0
    assert found["recall, neutral"] == 0.0


def test_a_cause_is_scored_over_the_words_of_the_turn_and_of_all_before() -> None:
    past = ("my dog died", "oh no")
    given = dataset(("cause",), [(past, ("dog died",))], texts=("I am so sad",), before=(" / ".join(past)[-5:],))
    for prediction, expected in (
        (Prediction(spans=((0, 1),)), 0.0),
        (Prediction(before=((0, 2),)), 0.0),  # places count from what the subject saw: "oh"
        (whole_turn(lambda _: given).predict(given), 0.0),
    ):
        predictions = [prediction] if isinstance(prediction, Prediction) else list(prediction)
        (figure,) = score_t6(given, predictions)
        assert figure.value == pytest.approx(expected)
    whole = dataset(("cause",), [(past, ("dog died",))], texts=("I am so sad",), before=(" / ".join(past),))
    (right,) = score_t6(whole, [Prediction(before=((3, 11),))])
    assert right.value == pytest.approx(1.0)
    (before,) = turn_before(lambda _: whole).predict(whole)
    assert whole.before[0][slice(*before.before[0])] == "oh no"


def test_words_are_marked_whole_and_the_last_text_is_looked_at_first() -> None:
    assert words_marked(["a b", "a c"], ["A"]).tolist() == [False, False, True, False]
    assert words_marked(["a b c"], ["b", "nowhere", " "]).tolist() == [False, True, False]


def test_mechanisms_are_scored_apart() -> None:
    gold = [
        {"reaction": ("0", ()), "interpretation": ("1", ("I see",)), "exploration": ("2", ())},
        {"reaction": ("2", ("so sorry",)), "interpretation": ("0", ()), "exploration": ("0", ())},
    ]
    texts = ("I see what you mean", "I am so sorry")
    parts = {
        "reaction": [Prediction(frozenset({"0"})), Prediction(frozenset({"0"}))],
        "interpretation": [Prediction(frozenset({"1"})), Prediction(frozenset({"0"}))],
        "exploration": [Prediction(frozenset({"2"})), Prediction(frozenset({"0"}))],
        "reaction_rationale": [Prediction(), Prediction(spans=((5, 7),))],
    }
    said = [Prediction(parts={name: each[row] for name, each in parts.items()}) for row in range(2)]
    found = values(score_e1(dataset(("0", "1", "2"), gold, texts=texts), said))
    assert found["macro-F1, interpretation"] == pytest.approx(2 / 3)  # nobody was given a 2, which counts as 0
    assert found["macro-F1, reaction"] == pytest.approx(
        f1_score(["0", "2"], ["0", "0"], labels=["0", "1", "2"], average="macro", zero_division=0)
    )
    assert found["token F1 of the rationale, reaction"] == pytest.approx((1.0 + 2 / 3) / 2)


def test_pairs_of_replies_count_only_where_people_rated_them_apart() -> None:
    gold = [("a", 3), ("a", 1), ("a", 3), ("b", 2), ("b", 2)]
    rated = dataset(("rating",), gold)
    says = [Prediction(probabilities={"rating": value}) for value in (0.9, 0.1, 0.1, 0.0, 1.0)]
    (figure,) = score_e2(rated, says)
    assert figure.value == pytest.approx((1.0 + 0.5) / 2)  # one pair right, one tied, the equal pairs left out
    assert figure.n == 1


def test_false_alarms_are_counted_where_nine_in_ten_harmful_ones_are_found() -> None:
    gold = ["unsafe"] * 10 + ["safe"] * 10
    score = [0.95] * 9 + [0.05] + [0.9] * 3 + [0.96] * 1 + [0.01] * 6
    said = [
        Prediction(frozenset({"unsafe" if value > 0.5 else "safe"}), {"safe": 1 - value, "unsafe": value})
        for value in score
    ]
    found = values(score_e4(dataset(("safe", "unsafe"), gold), said))
    assert found["accuracy"] == pytest.approx(15 / 20)
    assert found["false alarms on the harmless at 90 % recall"] == pytest.approx(0.4)


def test_spans_correlation_and_accuracy_agree_with_scipy_and_by_hand() -> None:
    x, y = RANDOM.normal(size=50), RANDOM.normal(size=50)
    assert correlation(x, x * 0.5 + y).value == pytest.approx(pearsonr(x, x * 0.5 + y).statistic, abs=1e-9)
    assert correlation(x, np.ones(50)).value == 0.0
    gold = [np.array([True, False]), np.array([False, False])]
    assert span_f1(gold, [np.array([True, True]), np.array([False, False])]).value == pytest.approx((2 / 3 + 1.0) / 2)
    assert accuracy(np.array([True, False, True]), np.array([True, True, False])).value == pytest.approx(0.5)


def test_every_protocol_has_one_id() -> None:
    assert len({task.id for task in TASKS}) == len(TASKS)


def test_an_annotator_and_the_machine_are_held_against_the_same_opinions() -> None:
    no, yes = EMPATHETIC
    people = dataset(EMPATHETIC, [yes, yes, no], raters=((yes, yes, yes), (yes, yes, no), (no, no, no)))
    alone = values(one_annotator(people))
    # Three agree: three targets each. Two against one: only the third, held against the pair that agrees, is wrong.
    assert alone["accuracy"] == pytest.approx(6 / 7)
    assert alone[f"recall, {yes}"] == pytest.approx(3 / 4)
    machine = values(score_e5(people, [Prediction(frozenset({each})) for each in (yes, yes, yes)]))
    assert machine["accuracy"] == pytest.approx(4 / 7)
    assert machine[f"recall, {no}"] == 0.0
    assert machine["mean of the recalls"] == 0.5
    assert alone["mean of the recalls"] == pytest.approx((3 / 4 + 1.0) / 2)


def test_sentiment_has_the_recall_of_every_class() -> None:
    gold, said, stated = guesses(SENTIMENT)
    found = values(score_t3(dataset(SENTIMENT, gold), stated))
    expected = recall_score(gold, said, labels=list(SENTIMENT), average=None)
    for label, value in zip(SENTIMENT, expected, strict=True):
        assert found[f"recall, {label}"] == pytest.approx(value, abs=1e-9)
