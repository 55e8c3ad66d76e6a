"""Everything that can be measured is in one registry; what is missing is said and stops nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from heedful.errors import InputError, NetworkError
from heedful.measure import peer
from heedful.measure.cache import TOGETHER
from heedful.measure.dataset import Dataset, Split
from heedful.measure.runner import Measured, Options, measure_task
from heedful.measure.score import score_named
from heedful.measure.source import catalog, state
from heedful.measure.subject import Prediction, Sources, Subject
from heedful.measure.suite import OURS, Bench, Suite, carry_out, suites
from heedful.measure.task import TASKS, Task, commonest

LABELS = ("good", "bad")
BENCH: Any = Bench(SimpleNamespace(), Options(cache=None))


def made(split: Split) -> Dataset:
    size = {"train": 60, "dev": 20, "test": TOGETHER + 40}[split]
    texts = tuple(f"{split} number {row} is a {LABELS[row % 3 == 0]} one indeed" for row in range(size))
    gold = tuple(LABELS[row % 3 == 0] for row in range(size))
    return Dataset(f"made up {split}", "by hand", "0" * 64, LABELS, texts, gold, size)


def task(asked: list[int]) -> Task:
    def predict(dataset: Dataset) -> Iterator[Prediction]:
        for text in dataset.texts:
            asked.append(1)
            label = "good" if "good" in text else "bad"
            yield Prediction(frozenset({label}), {each: 0.7 if each == label else 0.3 for each in LABELS})

    subject = Subject("Heedful", predict, "net-1", "ab" * 32)
    return Task("X1", "made up", made, score_named, lambda _: subject, (commonest,), peers=(peer.tfidf,))


SOURCES = Sources(lambda texts: [], "reader", "listener")


def test_a_task_is_measured_whole_beside_everybody_on_the_same_items(tmp_path: Path) -> None:
    asked: list[int] = []
    found = measure_task(task(asked), SOURCES, Options(cache=tmp_path, examples=0))
    assert [column.subject for column in found.result.columns] == ["Heedful", "always good", peer.TFIDF]
    assert [each.beside for each in found.result.differences] == ["always good", peer.TFIDF]
    assert found.result.differences[0].value == pytest.approx(1 - found.result.columns[1].figures[0].value)
    assert found.detail
    assert found.detail.confusion == ((197, 0), (0, 99))
    assert "has it seen the answers?" in found.detail.warnings[0]
    again = measure_task(task(asked), SOURCES, Options(cache=tmp_path, examples=0))
    assert len(asked) == TOGETHER + 40
    assert again.result.columns == found.result.columns
    assert again.result.differences == found.result.differences


def test_a_run_that_is_interrupted_and_resumed_gives_the_same(tmp_path: Path) -> None:
    def stop_early(items: Any, what: str, count: int) -> Iterator[Any]:
        for number, item in enumerate(items):
            if number == TOGETHER + 10 and what.endswith("Heedful"):
                raise KeyboardInterrupt
            yield item

    asked: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        measure_task(task(asked), SOURCES, Options(cache=tmp_path, examples=0, track=stop_early))
    resumed = measure_task(task([]), SOURCES, Options(cache=tmp_path, examples=0))
    whole = measure_task(task([]), SOURCES, Options(cache=None, examples=0))
    assert resumed.result.columns == whole.result.columns


def test_errors_are_shown_with_the_words_that_led_to_them() -> None:
    def predict(dataset: Dataset) -> Iterator[Prediction]:
        for text in dataset.texts:
            yield Prediction(frozenset({"bad"}), {"good": 0.1, "bad": 0.9 if "number" in text else 0.4})

    wrong = Task("X1", "made up", made, score_named, lambda _: Subject("Heedful", predict, "net", "cd" * 32))
    found = measure_task(wrong, SOURCES, Options(cache=None, limit=30))
    assert found.detail
    (miss,) = found.detail.misses
    assert (miss.gold, miss.said, miss.probability) == ("good", "bad", 0.9)
    assert max(miss.weights, key=lambda each: each[1])[0] == "number"


def test_a_part_has_every_label_and_whole_groups() -> None:
    part = made("test").sample(30)
    assert set(part.gold) == set(LABELS)
    assert 28 <= len(part) <= 32
    assert part == made("test").sample(30)
    whole = made("test")
    grouped = Dataset(**{name: getattr(whole, name) for name in ("name", "source", "sha256", "labels", "texts", "gold",
                      "whole")}, groups=tuple(str(row // 3) for row in range(len(whole))))  # fmt: skip
    kept = grouped.sample(30)
    assert all(kept.groups.count(group) == grouped.groups.count(group) for group in kept.groups)


def test_what_is_missing_is_said_and_stops_nothing() -> None:
    def measure(bench: Bench, protocol: str) -> Measured:
        if protocol == "X1":
            raise NetworkError("its network is not here.")
        return Measured(measure_task(task([]), SOURCES, Options(cache=None, limit=20)).result)

    seen: list[Measured] = []
    suite = Suite("made up", ("X1", "X2"), measure)
    outcome = carry_out([suite], BENCH, (), seen.append)
    assert list(outcome.measured) == ["X2"]
    assert outcome.missing["X1"] == "its network is not here."
    assert "F1" in outcome.missing
    assert len(seen) == 1
    assert list(carry_out([suite], BENCH, ["x2"]).measured) == ["X2"]
    with pytest.raises(InputError, match="X9"):
        carry_out([suite], BENCH, ["X9"])


def test_every_protocol_is_in_the_registry_once_and_on_the_page_of_protocols() -> None:
    protocols = [protocol for suite in suites() for protocol in suite.protocols]
    assert len(set(protocols)) == len(protocols)
    assert {task.id for task in TASKS} <= set(protocols)
    page = (Path(__file__).parents[2] / "docs" / "protocols.md").read_text(encoding="utf-8")
    for suite in OURS:
        for protocol in suite.protocols:
            assert f" {protocol}" in page or f"{protocol}:" in page, protocol


def test_the_catalog_says_where_every_dataset_is_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = catalog()
    assert {"goemotions", "crowd_envent_readers", "empathetic_dialogues", "fer2013plus"} <= found.keys()
    for name, source in found.items():
        assert source.url.startswith("https://github.com/"), name
        assert len(source.sha256) == 64
        assert source.licence
    assert state("goemotions", found["goemotions"]) == "missing"
    monkeypatch.setenv("HEEDFUL_DATA", str(tmp_path))
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "goemotions.parquet").write_bytes(b"something else")
    assert state("goemotions", found["goemotions"]) == "another file"
