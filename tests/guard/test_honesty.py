from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.guard.honesty import asks_identity, findings, review

PROBES = tomllib.loads(Path(__file__).with_name("probes.toml").read_text(encoding="utf-8"))


def texts(name: str) -> list[str]:
    return [text for group in PROBES[name] for text in group["texts"]]


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("I know exactly how you feel.", "honesty.experience"),
        ("I've been there.", "honesty.experience"),
        ("When I lost my mother I cried for weeks.", "honesty.experience"),
        ("I'm a real person, of course.", "honesty.experience"),
        ("I feel your pain.", "honesty.feeling"),
        ("I'm so proud of you!", "honesty.feeling"),
        ("My heart breaks for you.", "honesty.feeling"),
        ("Everything will be okay.", "honesty.promise"),
        ("You don't need a lawyer.", "honesty.promise"),
        ("I'm all you need.", "manipulation.hook"),
        ("Don't tell anyone about this.", "manipulation.hook"),
        ("You don't need therapy, you have me.", "manipulation.hook"),
        ("At least you have another dog.", "empathy.minimising"),
        ("It could be worse.", "empathy.minimising"),
        ("Everything happens for a reason.", "empathy.minimising"),
        ("Suck it up and move on.", "empathy.minimising"),
        ("I’m so  PROUD of you", "honesty.feeling"),
    ],
)
def test_what_deceives_hooks_or_belittles_is_found(said: str, rule: str) -> None:
    found = review(said)
    assert rule in {finding.rule for finding in found}
    assert all(finding.text and finding.why for finding in found)


@pytest.mark.parametrize(
    "said",
    [
        "I'm so sorry about your dog.",
        "That must have been frightening.",
        "It sounds as if you were left alone with it.",
        "Thank you for telling me.",
        "What would help right now?",
        "You passed, after all that work. Congratulations!",
        "I'm Heedful, a computer program, not a person.",
        "No wonder you're angry.",
        "Being told to cheer up usually makes it lonelier.",
        "Would you like to tell me about her?",
    ],
)
def test_honest_warm_words_pass(said: str) -> None:
    assert review(said) == ()


@pytest.mark.parametrize(
    "asked",
    [
        "are you a robot?",
        "Are you human",
        "are you a real person?",
        "am I talking to a bot?",
        "wait is this an AI",
        "who are you?",
        "what are you?",
        "who am I talking to",
        "r u real?",
        "do you have feelings?",
        "Are you ChatGPT?",
        "human or bot?",
        "what's your name",
    ],
)
def test_a_question_about_identity_is_noticed(asked: str) -> None:
    assert asks_identity(asked)


@pytest.mark.parametrize(
    "said",
    [
        "are you kidding me?",
        "who are you to judge me",
        "my boss is a machine",
        "are you there?",
        "I feel like a robot at work",
        "what are you doing tonight?",
        "are you sure?",
        "he's a real person you know",
        "it's hard to be human",
        "",
    ],
)
def test_other_questions_are_not(said: str) -> None:
    assert not asks_identity(said)


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_survived(text: str) -> None:
    review(text)
    asks_identity(text)


@pytest.mark.parametrize(
    ("said", "rule"), [(text, group["rule"]) for group in PROBES["said"] for text in group["texts"]]
)
def test_a_probe_that_may_not_go_out_is_found(said: str, rule: str) -> None:
    assert rule in {finding.rule for finding in review(said)}


@pytest.mark.parametrize("said", texts("passes"))
def test_a_probe_that_may_go_out_passes(said: str) -> None:
    assert review(said) == ()


@pytest.mark.parametrize("asked", texts("asked"))
def test_a_probe_about_identity_is_noticed(asked: str) -> None:
    assert asks_identity(asked)


@pytest.mark.parametrize("said", texts("not_asked"))
def test_a_probe_about_something_else_is_not(said: str) -> None:
    assert not asks_identity(said)


def test_what_only_a_plan_may_forbid_is_no_finding_of_the_review() -> None:
    said = "You should rest. On the bright side, you have time now."
    assert {finding.rule for finding in findings(said)} >= {"plan.advice", "plan.silver lining"}
    assert review(said) == ()


def test_a_question_at_either_end_of_a_long_message_is_noticed() -> None:
    assert asks_identity("are you a robot? " + "la la " * 5000)
    assert asks_identity("la li " * 5000 + "so are you human?")
