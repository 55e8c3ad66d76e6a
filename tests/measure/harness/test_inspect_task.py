"""Our judge works in inspect_ai, where that is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("inspect_ai", reason="needs inspect_ai: pip install 'heedful[inspect]'")
pytestmark = pytest.mark.filterwarnings("default")

KIND, COLD = "I'm so sorry about your dog. That must hurt. What was he like?", "Get over it."


def test_replies_are_judged_within_an_evaluation(tmp_path: Path) -> None:
    from inspect_ai import eval as evaluate
    from inspect_ai.solver import solver

    from heedful.measure.harness.inspect_task import empathetic_replies

    @solver
    def saying() -> Any:  # a model would be asked here; the double of inspect_ai's own fetches a tokenizer
        async def solve(state: Any, generate: Any) -> Any:
            state.output.completion = KIND if "died" in state.input_text else COLD
            return state

        return solve

    task = empathetic_replies(["My dog died.", "My cat is ill."])
    task.solver = saying()
    (log,) = evaluate(task, model="mockllm/model", log_dir=str(tmp_path), display="none")
    assert log.status == "success", log.error
    scores = {score.answer: score for sample in log.samples for score in sample.scores.values()}
    assert scores[KIND].value > scores[COLD].value
    assert scores[COLD].metadata["flags"]
    assert "Not empathetic" in scores[COLD].explanation


def test_the_task_asks_any_model_for_a_reply_and_nothing_else() -> None:
    from heedful.measure.harness.inspect_task import empathetic_replies
    from heedful.measure.harness.judging import PROMPTS

    task = empathetic_replies()
    assert [sample.input for sample in task.dataset] == list(PROMPTS)
