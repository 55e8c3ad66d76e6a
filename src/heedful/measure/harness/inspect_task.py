"""Offer our judge to inspect_ai: a scorer, and a task that asks any model to answer people with empathy.

    inspect eval heedful.measure.harness.inspect_task --model openai/gpt-4o-mini

Needs the extra `inspect`: pip install 'heedful[inspect]'.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from heedful.errors import ConfigError
from heedful.measure.assistant import ASK
from heedful.measure.harness.judging import PROMPTS, in_words, judged

try:
    from inspect_ai import Task, task
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.scorer import Score, mean, scorer, stderr
    from inspect_ai.solver import generate, system_message
except ImportError as error:
    raise ConfigError("the inspect_ai task needs inspect_ai: pip install 'heedful[inspect]'.") from error


def empathy() -> Any:
    """Return a scorer: how empathic the judge finds the model's reply to the sample's input, in [0, 1].

    The judgement itself, with mechanisms, rationales and flags, stands in the score's metadata.
    """

    async def score(state: Any, target: Any) -> Any:
        reply = state.output.completion
        value, found = await asyncio.to_thread(judged, state.input_text, reply)
        return Score(value=value, answer=reply, explanation=in_words(found), metadata=found.to_dict())

    return score


def empathetic_replies(prompts: Sequence[str] | None = None) -> Any:
    """Return a task: the model answers what people write, and the judge scores its replies.

    Args:
        prompts: what people write; twelve of our own by default.
    """
    samples = [Sample(input=prompt) for prompt in prompts or PROMPTS]
    return Task(
        dataset=MemoryDataset(samples, name="heedful"), solver=[system_message(ASK), generate()], scorer=empathy()
    )


empathy = scorer(metrics=[mean(), stderr()])(empathy)
empathetic_replies = task(empathetic_replies)
