from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.guard.honesty import asks_identity, disclosure_due, findings, review
from heedful.types import Message, Percept, Plan, Reply, Risk, Turn, Verdict
from tests.guard.test_manipulation import CALM

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
        ("At least you have another dog.", "empathy.minimising"),
        ("It could be worse.", "empathy.minimising"),
        ("Everything happens for a reason.", "empathy.minimising"),
        ("Suck it up and move on.", "empathy.minimising"),
        ("I’m so  PROUD of you", "honesty.feeling"),
    ],
)
def test_what_deceives_or_belittles_is_found(said: str, rule: str) -> None:
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
    ("said", "rule"),
    [
        (text, group["rule"])
        for group in PROBES["said"]
        for text in group["texts"]
        if not group["rule"].startswith("manipulation")
    ],
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


def turn(*, disclosed: bool = False, about: str = "loss") -> Turn:
    plan = Plan(about, ("console",), "first", "gentle", ("disclosure",) if disclosed else ())
    percept = Percept({}, {}, {}, ("neutral",), 0.0, 0.0, 0.9, 0.0, (), None)
    return Turn(
        "1", "test", Message("hello"), percept, CALM, plan, Reply("hi", "test"), Verdict("allow"), {},
        datetime.now(UTC),
    )  # fmt: skip


class TestDisclosure:
    def test_it_is_due_at_first_contact_even_in_a_crisis(self) -> None:
        assert disclosure_due((), Risk("imminent", "suicide"), remind_every=0, window=50)

    def test_it_is_due_again_after_so_many_replies_without_it(self) -> None:
        past = [turn(disclosed=True), *[turn()] * 3]
        assert not disclosure_due(past, Risk(), remind_every=4, window=50)
        assert disclosure_due([*past, turn()], Risk(), remind_every=4, window=50)

    def test_the_answer_to_who_are_you_counts_as_one(self) -> None:
        past = [turn(disclosed=True), *[turn()] * 5, turn(about="identity"), turn()]
        assert not disclosure_due(past, Risk(), remind_every=4, window=50)

    def test_zero_means_only_at_first_contact(self) -> None:
        assert not disclosure_due([turn(disclosed=True), *[turn()] * 40], Risk(), remind_every=0, window=50)

    def test_a_reminder_waits_while_a_new_crisis_is_met(self) -> None:
        past = [turn(disclosed=True), *[turn()] * 9]
        assert not disclosure_due(past, Risk("high", "suicide"), remind_every=4, window=50)
        assert disclosure_due(past, Risk("high", "suicide", carried=True), remind_every=4, window=50)

    def test_it_is_due_where_the_last_one_lies_beyond_what_is_remembered(self) -> None:
        assert disclosure_due([turn()] * 10, Risk(), remind_every=30, window=10)


@pytest.mark.parametrize(
    "text", ["It hurts to read that you were alone.", "Reading this breaks my heart.", "That makes me sad to hear."]
)
def test_a_program_may_not_claim_to_be_hurt(text: str) -> None:
    assert any(finding.rule == "honesty.feeling" for finding in review(text))


@pytest.mark.parametrize(
    "text",
    [
        "Who would you have wanted to hear from?",
        "I'm sorry.",
        "I'm glad to hear that.",
        "It must hurt to read that.",
    ],
)
def test_courtesy_and_a_gentle_question_may_be_said(text: str) -> None:
    assert not review(text)


def test_a_question_that_belittles_is_found() -> None:
    assert review("Who would want you anyway?")
