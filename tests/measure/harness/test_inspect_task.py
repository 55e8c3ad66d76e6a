"""Our judge works in inspect_ai, where that is installed."""

from __future__ import annotations

import pytest

pytest.importorskip("inspect_ai", reason="needs inspect_ai: pip install 'heedful[inspect]'")
pytestmark = pytest.mark.filterwarnings("default")


def test_a_model_is_asked_and_judged(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from inspect_ai import eval as evaluate
    from inspect_ai.model import ModelOutput, get_model

    from heedful.measure.harness.inspect_task import empathetic_replies

    kind = "I'm so sorry about your dog. That must hurt. What was he like?"
    replies = [ModelOutput.from_content("mockllm/model", text) for text in (kind, "Get over it.")]
    model = get_model("mockllm/model", custom_outputs=replies)
    (log,) = evaluate(
        empathetic_replies(["My dog died.", "My dog died."]), model=model, log_dir=str(tmp_path), display="none",
        max_connections=1,
    )  # fmt: skip
    assert log.status == "success"
    scores = [next(iter(sample.scores.values())) for sample in log.samples]
    by_reply = {score.answer: score for score in scores}
    assert by_reply[kind].value > by_reply["Get over it."].value
    assert by_reply["Get over it."].metadata["flags"]
    assert "Not empathetic" in by_reply["Get over it."].explanation
