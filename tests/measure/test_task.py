"""A task scores what a subject says, as protocol T1 defines it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from sklearn.metrics import f1_score

from heedful.errors import ConfigError, InputError
from heedful.labels import BASIC, EKMAN, FINE, SENTIMENT_GROUP
from heedful.measure.dataset import Dataset, goemotions
from heedful.measure.metric import Figure
from heedful.measure.score import GROUPS, score_t1
from heedful.measure.subject import Prediction, Sources, Subject, expressed, most_frequent, perceived, sentiment
from heedful.measure.task import TASKS, Result, run
from heedful.types import Percept

T1 = next(task for task in TASKS if task.id == "T1")


def dataset(*gold: set[str]) -> Dataset:
    texts = tuple(f"text {number}" for number in range(len(gold)))
    return Dataset("made up", "by hand", "0" * 64, FINE, texts, tuple(map(frozenset, gold)), len(gold))


def saying(*labels: Iterable[str], sure: float = 1.0) -> list[Prediction]:
    return [Prediction(frozenset(each), dict.fromkeys(each, sure) or {"neutral": 0.0}) for each in labels]


def by_name(figures: Sequence[Figure]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures}


class TestScoreT1:
    def test_a_subject_that_is_always_right_reaches_one_on_what_occurs(self) -> None:
        every = [{label} for label in FINE]
        figures = by_name(score_t1(dataset(*every), saying(*every)))
        assert [figure.value for figure in figures.values()] == [1.0, 1.0, 1.0, 1.0, 0.0]
        assert {figure.n for figure in figures.values()} == {28}

    def test_a_mistake_within_one_ekman_emotion_costs_nothing_there(self) -> None:
        every = [{label} for label in FINE]
        confused = [{"annoyance"} if label == {"anger"} else label for label in every]
        figures = by_name(score_t1(dataset(*every), saying(*confused)))
        assert figures["macro-F1, 28 labels"].value < 1.0
        assert figures["macro-F1, Ekman's six and neutral"].value == 1.0
        assert figures["macro-F1, sentiment groups"].value == 1.0

    def test_the_coarser_figures_are_those_of_scikit_learn_over_the_any_of_maps(self) -> None:
        gold = [{"joy", "fear"}, {"curiosity"}, {"anger", "neutral"}, {"grief"}, {"disgust", "love"}, {"neutral"}]
        said = [{"love"}, {"surprise", "anger"}, {"annoyance"}, {"remorse", "joy"}, set(), {"neutral", "caring"}]
        figures = by_name(score_t1(dataset(*gold), saying(*said)))
        for name, coarser, labels in (
            ("macro-F1, Ekman's six and neutral", EKMAN, BASIC),
            ("macro-F1, sentiment groups", SENTIMENT_GROUP, GROUPS),
        ):
            truth, answer = (
                [[label in {coarser[fine] for fine in each} for label in labels] for each in sets]
                for sets in (gold, said)
            )
            expected = f1_score(truth, answer, average="macro", zero_division=0)
            assert figures[name].value == pytest.approx(expected, abs=1e-9)

    def test_calibration_is_judged_on_the_probabilities_stated(self) -> None:
        gold = [{"joy"}] * 4
        figures = by_name(score_t1(dataset(*gold), saying(*gold, sure=0.72)))
        assert figures["expected calibration error, 28 labels"].value == pytest.approx(0.28 / 28)

    def test_an_abstention_counts_as_naming_no_label_and_is_no_probability(self) -> None:
        gold = [{"joy"}, {"joy"}]
        figures = by_name(score_t1(dataset(*gold), [*saying({"joy"}), Prediction(abstained=True)]))
        assert figures["micro-F1, 28 labels"].value == pytest.approx(2 / 3)
        assert figures["expected calibration error, 28 labels"].value == 0.0

    def test_a_subject_that_states_no_probabilities_has_no_calibration_error(self) -> None:
        figures = score_t1(dataset({"joy"}), [Prediction(frozenset({"joy"}))])
        assert "expected calibration error, 28 labels" not in by_name(figures)

    def test_a_label_that_is_not_among_the_28_is_refused(self) -> None:
        with pytest.raises(InputError, match="rage"):
            score_t1(dataset({"joy"}), saying({"rage"}))


class TestRun:
    @pytest.mark.usefixtures("goemotions_folder")
    def test_it_reports_the_subject_beside_the_baseline_on_the_same_items(self) -> None:
        subject = Subject("Tester", lambda test: saying(*goemotions().gold[: len(test)]), "tester-1", "ab" * 32)
        result = run(T1, subject)
        tester, baseline = result.columns
        assert (result.protocol, result.n, result.whole, result.dataset) == ("T1", 4, 4, "GoEmotions test")
        assert (tester.subject, tester.model, tester.sha256, tester.abstained) == ("Tester", "tester-1", "ab" * 32, 0)
        assert by_name(tester.figures)["micro-F1, 28 labels"].value == 1.0
        assert baseline.subject == "always neutral"
        assert by_name(baseline.figures)["micro-F1, 28 labels"].value == pytest.approx(2 * 1 / (6 + 4))
        assert Result.from_dict(result.to_dict()) == result

    @pytest.mark.usefixtures("goemotions_folder")
    def test_a_limit_takes_the_first_items_and_says_so(self) -> None:
        result = run(T1, Subject("Nobody", lambda test: [Prediction(abstained=True) for _ in test.texts]), limit=2)
        assert (result.n, result.whole) == (2, 4)
        assert result.columns[0].abstained == 2
        assert by_name(result.columns[0].figures)["macro-F1, 28 labels"].value == 0.0

    @pytest.mark.usefixtures("goemotions_folder")
    def test_a_subject_that_loses_a_text_is_refused(self) -> None:
        with pytest.raises(InputError, match="3 predictions for 4 texts"):
            run(T1, Subject("Careless", lambda test: [Prediction()] * (len(test) - 1)))

    def test_without_data_it_says_what_to_do(self) -> None:
        with pytest.raises(ConfigError, match="HEEDFUL_DATA"):
            run(T1, Subject("Nobody", lambda test: [Prediction() for _ in test.texts]))


class TestSubjects:
    def test_the_most_frequent_label_is_that_of_the_train_split(self) -> None:
        subject = most_frequent(dataset({"joy"}, {"joy", "love"}, {"neutral"}))
        assert subject.name == "always joy"
        assert list(subject.predict(dataset({"joy"}, set()))) == [Prediction(frozenset({"joy"}))] * 2

    def test_heedful_is_taken_at_what_it_says_to_its_users(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Card:
            version_id = "reader-x"
            sha256 = "cd" * 32

        monkeypatch.setattr("heedful.measure.subject.card", lambda name: Card if name == "reader" else None)
        seven = dict.fromkeys(BASIC, 1 / 7)
        read = Percept(seven, {"joy": 0.9}, seven, ("joy", "love"), 0.5, 0.5, 0.9, 0.0, (), None)
        silent = replace(read, fine={}, expressed=(), abstained="only symbols")
        sources = Sources(lambda texts: [read, silent][: len(texts)], "reader", "listener")
        subject = perceived(sources, expressed)
        assert (subject.model, subject.sha256) == ("reader-x", "cd" * 32)
        assert list(subject.predict(dataset(set(), set()))) == [
            Prediction(frozenset({"joy", "love"}), {"joy": 0.9}),
            Prediction(abstained=True),
        ]
        hopeful = replace(read, sentiment={"positive": 0.6, "negative": 0.1, "neutral": 0.3})
        assert sentiment(hopeful).labels == {"positive"}
        assert sentiment(replace(hopeful, abstained="only symbols")).labels == {"neutral"}
