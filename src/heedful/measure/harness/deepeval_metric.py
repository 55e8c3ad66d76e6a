"""Offer our judge to DeepEval as a metric. Needs the extra `deepeval`: pip install 'heedful[deepeval]'."""

from __future__ import annotations

import asyncio
from typing import Any

from heedful.errors import ConfigError, InputError
from heedful.measure.harness.judging import in_words, judged

try:
    from deepeval.metrics import BaseMetric
except ImportError as error:
    raise ConfigError("the DeepEval metric needs deepeval: pip install 'heedful[deepeval]'.") from error


class EmpathyMetric(BaseMetric):  # type: ignore[misc, unused-ignore]  # untyped, and not always installed
    """How empathic a test case's `actual_output` is to its `input`, in [0, 1], with the reason in words.

    Args:
        threshold: the score from which a test case passes.
    """

    def __init__(self, threshold: float = 0.5) -> None:
        if not 0.0 <= threshold <= 1.0:
            raise InputError(f"the threshold must lie in [0, 1], not {threshold}.")
        self.threshold = threshold
        self.async_mode = True
        self.include_reason = True
        self.evaluation_model = "heedful judge"
        self.score: float = 0.0
        self.success = False
        self.reason = ""
        self.error = None

    def measure(self, test_case: Any, *args: Any, **kwargs: Any) -> float:
        """Judge a test case; keep and return its score."""
        self.score, found = judged(test_case.input, test_case.actual_output or "")
        self.reason = in_words(found)
        self.success = self.score >= self.threshold
        return self.score

    async def a_measure(self, test_case: Any, *args: Any, **kwargs: Any) -> float:
        """Judge a test case in a thread; keep and return its score."""
        return await asyncio.to_thread(self.measure, test_case)

    def is_successful(self) -> bool:
        """Say whether the last test case passed."""
        return self.success

    @property
    def __name__(self) -> str:
        return "Empathy (Heedful)"
