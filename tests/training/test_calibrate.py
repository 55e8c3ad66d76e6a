from __future__ import annotations

import numpy as np
import pytest

from heedful.labels import BASIC, FINE
from heedful.measure.metric import macro_f1
from heedful.models.encoder import calibrate
from training.calibrate import shared_out, tune_confidence, tune_multilabel, tune_temperature, tune_thresholds
from training.data import Examples
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
        examples = Examples(FINE, ("",) * n, targets, "by hand")
        head = tune_multilabel(logits, targets, FINE, 0)
        score = score_head(logits, examples, head).scores["macro-F1"]
        assert score.low < score.value < score.high
        assert calibrate(logits, head).shape == logits.shape
        widths.append(score.high - score.low)
    assert widths[1] < widths[0]
