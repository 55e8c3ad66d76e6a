from __future__ import annotations

from dataclasses import replace

import pytest

from heedful.perceive.prior import adapt
from tests.samples import sample_percept


def test_what_a_person_said_they_felt_weighs_in() -> None:
    read = sample_percept()
    moved = adapt(read, {"fear": 1.5, "sadness": -1.5})
    assert moved.fine["fear"] > read.fine["fear"]
    assert moved.basic["fear"] > read.basic["fear"]
    assert moved.basic["sadness"] < read.basic["sadness"]
    assert sum(moved.basic.values()) == pytest.approx(1.0)
    assert moved.readings == read.readings


def test_nothing_moves_without_a_prior_or_a_reading() -> None:
    read = sample_percept()
    assert adapt(read, {}) is read
    assert adapt(read, {"no such label": 1.0}) is read
    silent = replace(read, abstained="nothing to read")
    assert adapt(silent, {"fear": 1.0}) is silent
