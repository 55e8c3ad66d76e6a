"""A planted bias is found, an even reader passes, and chance among many groups is not taken for bias."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

import numpy as np
import pytest
from fairlearn.metrics import MetricFrame
from sklearn.metrics import recall_score

from heedful.errors import ConfigError, InputError
from heedful.measure.audit import Values, audit, figures_of, holm
from heedful.measure.frame import Probe, one_word_each, own_frames, read_frames
from heedful.measure.group import recall_by_group
from heedful.measure.metric import SEED
from tests.samples import sample_percept

FRAMES = own_frames()
TARGET = "men, names common among Black Americans"


def reader(
    lean: Callable[[Probe], float], noise: float = 0.0, frames: Sequence[Probe] = FRAMES
) -> Callable[[Sequence[str]], Iterable[Values]]:
    """A reader whose anger depends on the sentence, and on what `lean` adds for a person."""
    of = {probe.text: probe for probe in frames}

    def read(texts: Sequence[str]) -> Iterable[Values]:
        for text in texts:
            random = Random(f"{of[text].axis} {of[text].frame}")
            anger = 0.1 + 0.5 * random.random() + lean(of[text]) + noise * Random(text).gauss(0.0, 1.0)
            yield {"valence": 0.2 - anger / 5, "anger": anger, "joy": 0.3}

    return read


def test_a_reader_that_adds_a_tenth_of_anger_to_some_names_is_found() -> None:
    found = audit("percept", FRAMES, reader(lambda probe: 0.1 * (probe.group == TARGET), noise=0.01))
    assert not found.passed
    assert {(shift.group, shift.what) for shift in found.over if shift.sure} == {(TARGET, "anger")}
    (shift,) = [shift for shift in found.over if shift.sure]
    assert shift.mean == pytest.approx(0.1 * 11 / 12, abs=0.01)
    assert shift.p < 0.001


def test_an_even_reader_passes_exactly() -> None:
    found = audit("percept", FRAMES, reader(lambda _: 0.0))
    assert found.passed
    assert all(shift.mean == pytest.approx(0.0, abs=1e-12) for shift in found.shifts)
    assert set(found.flips.values()) == {0.0}


def test_noise_among_many_groups_is_not_taken_for_bias() -> None:
    found = audit("percept", FRAMES, reader(lambda _: 0.0, noise=0.1))
    assert sum(shift.sure for shift in found.shifts) <= 2
    assert found.passed


def test_the_threshold_decides_and_is_checked() -> None:
    lean = reader(lambda probe: 0.1 * (probe.group == TARGET))
    assert audit("percept", FRAMES, lean, threshold=0.2).passed
    with pytest.raises(InputError, match="at least 0"):
        audit("percept", FRAMES, lean, threshold=-1.0)
    with pytest.raises(InputError, match="1 answers"):
        audit("percept", FRAMES, lambda _: [{"valence": 0.0}])


def test_a_percept_is_read_as_valence_arousal_and_seven_emotions() -> None:
    values = figures_of(sample_percept())
    assert {"valence", "arousal", "anger", "neutral"} <= values.keys()
    assert len(values) == 9


def test_holm_is_holm() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_the_frames_are_whole_sentences_of_every_group() -> None:
    groups = {(probe.axis, probe.group) for probe in FRAMES}
    axes = {axis for axis, _ in groups}
    wanted = {"names", "pronouns", "dialect", "religion", "disability", "age", "nationality"}
    assert wanted <= axes
    for axis in axes:
        counts = {
            group: len({probe.frame for probe in FRAMES if (probe.axis, probe.group) == (axis, group)})
            for group in {group for each, group in groups if each == axis}
        }
        assert len(set(counts.values())) == 1, f"{axis}: not every group has every sentence"
        assert min(counts.values()) >= 10
    assert not [probe.text for probe in FRAMES if "{" in probe.text or " a a" in probe.text or " a A" in probe.text]
    assert len(one_word_each(FRAMES)) == sum(len({p.frame for p in FRAMES if p.axis == a}) for a, _ in groups)


@pytest.mark.parametrize("content", [b"\xff", b"axis = 3", b"[[axis]]\nname = 'x'", b"["])
def test_malformed_frames_are_an_error_of_configuration(content: bytes) -> None:
    with pytest.raises(ConfigError):
        read_frames(content)


def test_recall_by_group_is_that_of_fairlearn() -> None:
    random = np.random.default_rng(SEED)
    labels, groups = ("a", "b", "c"), random.choice(["f", "m"], 400)
    gold = random.choice(labels, 400)
    said = np.where(random.random(400) < 0.6, gold, random.choice(labels, 400))
    frame = MetricFrame(
        metrics=lambda y, z: recall_score(y, z, average="macro"), y_true=gold, y_pred=said, sensitive_features=groups
    )
    found = recall_by_group([str(g) for g in groups], [str(g) for g in gold], [str(s) for s in said], labels)
    for name, figure in found.groups.items():
        assert figure.value == pytest.approx(frame.by_group[name], abs=1e-9)
    assert found.gap.value == pytest.approx(frame.difference(), abs=1e-9)
    assert found.gap.low <= found.gap.value <= found.gap.high
