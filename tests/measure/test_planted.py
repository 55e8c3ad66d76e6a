"""What is planted in a measurement, its report exposes: swapped labels, a leak, one answer for everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from heedful.measure import peer
from heedful.measure.dataset import Dataset, Split
from heedful.measure.page import page
from heedful.measure.runner import Options, measure_task
from heedful.measure.score import score_named
from heedful.measure.subject import Prediction, Sources, Subject
from heedful.measure.suite import Outcome
from heedful.measure.task import Task, commonest

LABELS = ("joy", "fear", "anger")
SOURCES = Sources(lambda texts: [], "reader", "listener")
Answer = Callable[[int, str], str]


def honest(row: int, gold: str) -> str:
    """Right on four of five items."""
    return gold if row % 5 else LABELS[(LABELS.index(gold) + 1) % 3]


def swapped(row: int, gold: str) -> str:
    return {"joy": "fear", "fear": "joy"}.get(honest(row, gold), honest(row, gold))


def report(answer: Answer, *, leak: bool = False) -> str:
    """Return the report of a measurement, as `heedful measure --report` writes it."""

    def dataset(split: Split) -> Dataset:
        name = "test" if leak and split == "train" else split
        texts = tuple(f"on {name} day {row} I met number {row * 7} by the river" for row in range(120))
        gold = tuple(LABELS[row % 3] for row in range(120))
        return Dataset(f"made up {split}", "by hand", "0" * 64, LABELS, texts, gold, 120)

    def predict(test: Dataset) -> Iterator[Prediction]:
        for row, gold in enumerate(test.gold):
            said = answer(row, gold)
            yield Prediction(frozenset({said}), {label: 0.8 if label == said else 0.1 for label in LABELS})

    ours = Subject("Heedful", predict, "net-1", "ab" * 32)
    task = Task("T4", "made up", dataset, score_named, lambda _: ours, (commonest,), peers=(peer.tfidf,))
    return page(Outcome({"T4": measure_task(task, SOURCES, Options(cache=None, examples=0))}, {}))


@pytest.mark.parametrize(
    ("html", "told"),
    [
        (lambda: report(swapped), "look swapped"),
        (lambda: report(honest, leak=True), "stand in the train split too"),
        (lambda: report(lambda *_: "joy"), "whatever they say: that is no reading"),
        (lambda: report(lambda _, gold: gold), "has it seen the answers?"),
    ],
    ids=["a label swap", "a leak", "a majority predictor", "the answers themselves"],
)
def test_what_is_planted_is_exposed_before_the_first_figure(html: Callable[[], str], told: str) -> None:
    shown = html()
    assert told in shown
    assert shown.index(told) < shown.index("At a glance")


def test_an_honest_measurement_is_suspected_of_nothing() -> None:
    shown = report(honest)
    for told in ("look swapped", "stand in the train split too", "that is no reading", "has it seen the answers?"):
        assert told not in shown
