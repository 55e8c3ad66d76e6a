"""What makes a result suspect is found where it is planted, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from heedful.labels import WRITER_EMOTION
from heedful.measure.check import leaked, suspicions
from heedful.measure.dataset import Dataset
from heedful.measure.detail import detail
from heedful.measure.subject import Prediction

RANDOM = np.random.default_rng(3)
GOLD = [str(label) for label in RANDOM.choice(WRITER_EMOTION, 900)]


def dataset(gold: Sequence[str], texts: Sequence[str] = ()) -> Dataset:
    told = tuple(texts or (f"this is the text of number {row} here" for row in range(len(gold))))
    return Dataset("made up", "by hand", "0" * 64, WRITER_EMOTION, told, tuple(gold), len(gold))


def found(said: Sequence[str]) -> str:
    test, predictions = dataset(GOLD), [Prediction(frozenset({label})) for label in said]
    return " ".join(suspicions(test, predictions, detail("T2", "Tester", test, predictions)))


def honest() -> list[str]:
    return [label if RANDOM.random() < 0.6 else str(RANDOM.choice(WRITER_EMOTION)) for label in GOLD]


def test_an_honest_reader_is_not_suspect() -> None:
    assert found(honest()) == ""


def test_a_planted_label_swap_is_exposed() -> None:
    swap = {"joy": "fear", "fear": "joy"}
    told = found([swap.get(label, label) for label in honest()])
    assert "'fear' and 'joy' look swapped" in told


def test_a_planted_majority_class_predictor_is_exposed() -> None:
    assert "answers 'joy' to 100% of the items" in found(["joy"] * len(GOLD))


def test_a_reader_that_has_seen_the_answers_is_exposed() -> None:
    assert "has it seen the answers?" in found(GOLD)


def test_a_planted_leak_between_train_and_test_is_exposed() -> None:
    test = dataset(GOLD)
    apart = dataset(GOLD[:50], [f"a wholly different text, number {row}, stands here" for row in range(50)])
    assert leaked(apart, test) == ()
    copies = [*apart.texts, *(text.upper() + "!" for text in test.texts[:40])]
    (told,) = leaked(dataset(GOLD[:90], copies), test)
    assert "40 of 900 test items" in told


def test_spans_and_ratings_are_no_single_answer() -> None:
    test = Dataset("made up", "", "", ("rating",), ("a", "b"), (("d", 1), ("d", 3)), 2)
    assert suspicions(test, [Prediction(probabilities={"rating": 1.0})] * 2, None) == ()


def test_one_item_of_a_small_part_that_was_taught_is_no_leak() -> None:
    test = dataset(GOLD[:90], [f"this is the test text that has number {row}" for row in range(90)])
    train = dataset(
        GOLD[:90], [f"this is the train text that has number {row}" for row in range(88)] + list(test.texts[:2])
    )
    assert leaked(train, test) == ()
