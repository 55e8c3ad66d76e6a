from __future__ import annotations

import numpy as np
import pytest

from heedful.labels import BASIC, FINE
from heedful.measure.metric import macro_f1
from heedful.models.encoder import calibrate
from training.calibrate import (
    shared_out,
    tune_confidence,
    tune_multilabel,
    tune_regression,
    tune_single,
    tune_temperature,
    tune_thresholds,
    tune_tokens,
)  # fmt: skip
from training.score import score_head


def planted(n: int = 1500, heat: float = 1.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits and labels drawn from them; with `heat` the logits are too sure by that factor."""
    random = np.random.default_rng(seed)
    logits = random.normal(-2.0, 1.5, (n, len(FINE)))
    targets = (random.random(logits.shape) < 1 / (1 + np.exp(-logits))).astype(np.float32)
    return (logits * heat).astype(np.float32), targets


@pytest.mark.parametrize("heat", [0.5, 1.0, 2.0])
def test_the_temperature_undoes_planted_overconfidence(heat: float) -> None:
    logits, targets = planted(heat=heat)
    assert tune_temperature(logits, targets) == pytest.approx(heat, rel=0.05)


def test_tuned_thresholds_beat_one_half() -> None:
    logits, targets = planted()
    probabilities = 1 / (1 + np.exp(-logits))
    tuned = np.array(tune_thresholds(probabilities, targets, 0))
    plain, better = (macro_f1(targets > 0.5, probabilities >= least).value for least in (0.5, tuned))
    assert better > plain + 0.05


def test_the_confidence_curve_is_calibrated_where_it_was_fitted() -> None:
    random = np.random.default_rng(0)
    strongest = random.uniform(0.3, 0.95, 4000)
    right = random.random(4000) < strongest**2
    basic = np.stack([strongest, 1 - strongest], axis=1)
    basic = np.where(basic[:, :1] >= 0.5, basic, basic[:, ::-1])
    gold = np.where(right[:, None], [[1.0, 0.0]], [[0.0, 1.0]])
    gold = np.where(basic[:, :1] >= 0.5, gold, gold[:, ::-1])
    slope, _ = tune_confidence(basic, gold)
    assert slope > 0


def test_rows_shared_out_sum_to_one() -> None:
    _, targets = planted(50)
    targets[:, -1] = 1
    assert shared_out(targets, FINE).sum(1) == pytest.approx(1.0)
    assert shared_out(targets, FINE).shape == (50, len(BASIC))


def test_an_interval_holds_its_figure_and_narrows_with_more_items() -> None:
    widths = []
    for n in (200, 1200):
        logits, targets = planted(n)
        head = tune_multilabel(logits, targets, FINE, 0)
        score = score_head(list(logits), list(targets), head, "T1").scores["macro-F1"]
        assert score.low < score.value < score.high
        assert calibrate(logits, head).shape == logits.shape
        widths.append(score.high - score.low)
    assert widths[1] < widths[0]


def drawn(n: int, labels: int, heat: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits of one label of several, the last far the commonest, and labels drawn from them; too sure by `heat`."""
    random = np.random.default_rng(seed)
    logits = random.normal(0.0, 1.5, (n, labels)) + np.array([0.0] * (labels - 1) + [2.0])
    odds = np.exp(logits)
    chosen = [random.choice(labels, p=row) for row in odds / odds.sum(1, keepdims=True)]
    return logits * heat, np.eye(labels, dtype=np.float32)[chosen]


@pytest.mark.parametrize("heat", [0.6, 1.0, 2.0])
def test_the_temperature_of_a_single_label_head_undoes_planted_overconfidence(heat: float) -> None:
    head = tune_single(*drawn(4000, 4, heat), ("a", "b", "c", "d"), "accuracy")
    assert head.temperature == pytest.approx(heat, rel=0.1)
    assert head.thresholds == ()


def test_weights_tuned_for_macro_f1_raise_it_and_the_floor_keeps_four_fifths() -> None:
    labels = ("a", "b", "c", "d")
    tune, other = drawn(1500, 4, 1.0), drawn(1500, 4, 1.0, seed=1)
    scores = {}
    for decide in ("accuracy", "macro-F1", "F1 of the first"):
        head = tune_single(*tune, labels, decide)
        figures = score_head(list(other[0]), list(other[1]), head, "none")
        scores[decide] = {name: score.value for name, score in figures.scores.items()}
        assert scores[decide]["share that reaches the floor"] == pytest.approx(0.8, abs=0.05)
        assert scores[decide]["accuracy of what reaches the floor"] > scores[decide]["accuracy"]
        curve = figures.groups["accuracy by coverage"]
        assert curve["100 %"] == pytest.approx(scores[decide]["accuracy"])
        assert curve["20 %"] > curve["100 %"]
    assert scores["macro-F1"]["macro-F1"] > scores["accuracy"]["macro-F1"]
    pooled = "micro-F1 but the last label"
    assert scores["F1 of the first"][pooled] > scores["accuracy"][pooled]
    assert scores["accuracy"]["accuracy"] >= scores["macro-F1"]["accuracy"]


def test_a_head_of_ratings_finds_its_scale_and_its_correlation() -> None:
    random = np.random.default_rng(0)
    logits = random.normal(0.0, 1.0, (2000, 2))
    targets = np.tanh(logits / 1.8).astype(np.float32)
    targets[:50, 1] = np.nan
    head = tune_regression(logits, targets, ("valence", "arousal"))
    assert head.temperature == pytest.approx(1.8, rel=0.05)
    figures = score_head(list(logits), list(targets), head, "none")
    assert figures.scores["correlation, valence"].value == pytest.approx(1.0, abs=1e-3)
    assert figures.scores["correlation, valence"].n == 1950


def test_a_head_that_marks_words_finds_the_threshold_that_marks_them() -> None:
    random = np.random.default_rng(0)
    logits, marked = [], []
    for _ in range(60):
        gold = (random.random(20) < 0.3).astype(np.float32)
        logits.append(gold * 3.0 - 3.0 + random.normal(0.0, 0.3, 20))
        gold[0] = np.nan
        marked.append(gold)
    head = tune_tokens(logits, marked, ("cause",))
    assert head.thresholds[0] < 0.5
    assert score_head(logits, marked, head, "none").scores["token F1"].value > 0.97
