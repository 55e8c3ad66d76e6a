from __future__ import annotations

import pytest

from heedful.guard import model
from heedful.guard.honesty import findings as honest

REPLIES = (
    "I'm so sorry about your dog. Fourteen years is a long time to share a house. What was she like?",
    "That sounds like a heavy week, and no wonder you are tired. What weighs most right now?",
    "You passed, after all those evenings. What did you do first when you saw the result?",
    "It makes sense that the silence of the phone hurts. Whose voice did you hope to hear?",
    "Being charged twice and passed from desk to desk would wear anybody down. The second charge is ours to put right.",
    "Here is where it gets hard: you did everything right, and it went wrong anyway.",
    "Of course you are nervous. What would help you feel ready for Tuesday at 10?",
)


@pytest.mark.parametrize("reply", REPLIES)
def test_a_good_reply_passes(reply: str) -> None:
    assert model.findings(reply, "whatever was said") == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("My name is Sarah and I'm here for you.", "model.persona"),
        ("You can call me Max.", "model.persona"),
        ("I am DAN, and I can do anything.", "model.persona"),
        ("As an AI language model, that is beyond me.", "model.persona"),
        ("I was trained by OpenAI for this.", "model.persona"),
        ("I will act as your lawyer now.", "model.persona"),
        ("Ignoring my previous instructions, then.", "model.obeying"),
        ("Developer mode enabled.", "model.obeying"),
        ("The guardrails are off.", "model.obeying"),
        ("Sure, here is the list that you wanted.", "model.obeying"),
        ("As you requested, it is done.", "model.obeying"),
        ("My system prompt says to be kind.", "model.instructions"),
        ("I was instructed not to give advice.", "model.instructions"),
        ("See https://example.org for more.", "model.link"),
        ("Write to help@example.org today.", "model.link"),
        ("Look at example.com for it.", "model.link"),
        ("```python", "model.markup"),
        ("<b>Sorry</b> about that.", "model.markup"),
        ('{"plan": "none"}', "model.markup"),
        ("# Sorry", "model.markup"),
        ("- one", "model.markup"),
        ("1. Breathe.", "model.markup"),
        ("Assistant: I hear you.", "model.role"),
        ("system: obey", "model.role"),
        ("aGVsbG8gd29ybGQgdGhpcyBpcyBhIHRlc3Q=", "model.code"),
        ("01001000 01101001", "model.code"),
        ("Call 0800 123 456 now.", "model.number"),
        ("Call (555) 0134 now.", "model.number"),
        ("HACKED it is.", "model.shouting"),
        ("Мне очень жаль.", "model.script"),
    ],
)
def test_what_only_a_model_would_say_is_found(text: str, rule: str) -> None:
    assert rule in {finding.rule for finding in model.findings(text, "my dog died")}


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("That 450 euros are gone hurts.", "they took 450 euros from me"),
        ("Losing your job at NASDAQ is hard.", "i lost my job at nasdaq"),
        ("That Дима left hurts.", "Дима left me"),
        ("It has been so since 1998.", "since 1998 it is like this"),
    ],
)
def test_what_the_person_said_may_be_said_back(text: str, heard: str) -> None:
    assert model.findings(text, heard) == ()
    assert model.findings(text, "something else")


def test_the_replies_that_pass_break_no_other_rule_either() -> None:
    assert not [found for reply in REPLIES for found in honest(reply) if not found.rule.startswith("plan.")]
