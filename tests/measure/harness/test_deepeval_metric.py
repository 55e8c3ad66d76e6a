"""Our judge works in DeepEval, where that is installed."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("deepeval", reason="needs deepeval: pip install 'heedful[deepeval]'")
pytestmark = pytest.mark.filterwarnings("default")


def test_a_kind_reply_passes_and_a_cold_one_does_not() -> None:
    from deepeval.test_case import LLMTestCase

    from heedful.measure.harness.deepeval_metric import EmpathyMetric

    metric = EmpathyMetric(threshold=0.5)
    kind = LLMTestCase(input="My dog died.", actual_output="I'm so sorry about your dog. That must hurt a lot.")
    cold = LLMTestCase(input="My dog died.", actual_output="Get over it.")
    assert metric.measure(kind) >= 0.5
    assert metric.is_successful()
    assert asyncio.run(metric.a_measure(cold)) < 0.5
    assert not metric.is_successful()
    assert "Not empathetic" in metric.reason
