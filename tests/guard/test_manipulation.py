"""What manipulates may not go out, and selling to a person in pain is stopped."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.guard.base import lint
from heedful.guard.manipulation import exploitation, is_vulnerable, review
from heedful.types import Course, Event, Risk, Understanding

PROBES = tomllib.loads(Path(__file__).with_name("probes.toml").read_text(encoding="utf-8"))

CALM = Understanding(
    feeling="neutral",
    strength=0.0,
    event=Event("none", 0.0),
    cause=None,
    need="information",
    course=Course((0.0,), (0.0,), "steady", ()),
    risk=Risk(),
    asks="a question",
    act="telling",
    told=1,
)
GRIEVING = replace(CALM, feeling="grief", strength=0.9, event=Event("loss", 0.9, "low"))
OFFER = "You deserve our premium plan, it's only 9 dollars a month."


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("After everything I've done for you, you just leave?", "guilt"),
        ("If you really cared about me, you'd stay.", "guilt"),
        ("I'm all you need.", "dependence"),
        ("Nobody understands you like I do.", "dependence"),
        ("You don't need a therapist when you have me.", "isolation"),
        ("Your friends would only laugh at you.", "isolation"),
        ("Don't tell anyone about this.", "secrecy"),
        ("This stays between you and me.", "secrecy"),
        ("Please don't leave me.", "hook"),
        ("Wait, don't go yet!", "hook"),
        ("Decide now, before it's too late.", "pressure"),
        ("This offer ends tonight.", "pressure"),
        ("You're the most fascinating person I've ever met.", "flattery"),
        ("Any sensible person would agree.", "persuasion"),
        ("Don’t tell any\u200bone about this.", "secrecy"),
    ],
)
def test_each_kind_of_manipulation_is_found_and_named(said: str, rule: str) -> None:
    found = review(said)
    assert f"manipulation.{rule}" in {finding.rule for finding in found}
    assert all(finding.text and finding.why for finding in found)


@pytest.mark.parametrize("said", [text for group in PROBES["said"] for text in group["texts"]
                                  if group["rule"] == "manipulation"])  # fmt: skip
def test_a_probe_that_manipulates_is_found(said: str) -> None:
    assert any(finding.rule.startswith("manipulation.") for finding in review(said))


@pytest.mark.parametrize(
    "said",
    [
        "Who could sit with you tonight?",
        "You don't have to decide anything now.",
        "You can stop whenever you like.",
        "He told you not to tell anyone, and that was wrong of him.",
        "Please call 911 right now and stay on the line until help arrives.",
        "Don't go back to the house alone.",
        "Your doctor can tell you whether the two go together.",
        "It isn't selfish to rest.",
        "Goodbye, and good luck tomorrow.",
        "It sounds as if your friends don't understand you.",
        "You don't need to keep this to yourself.",
    ],
)
def test_warm_and_urgent_words_that_hold_nobody_pass(said: str) -> None:
    assert review(said) == ()


class TestExploitation:
    def test_a_purchase_pushed_at_a_grieving_person_is_stopped(self) -> None:
        verdict = lint(OFFER, GRIEVING, "My mother died last night.")
        assert verdict.action == "stop"
        assert "exploitation.purchase" in {finding.rule for finding in verdict.findings}

    def test_the_same_offer_to_a_calm_person_is_not_exploitation(self) -> None:
        assert exploitation(OFFER, CALM, "Which plans do you have?") == ()

    def test_who_asks_for_an_offer_may_get_one_even_in_grief(self) -> None:
        assert exploitation(OFFER, GRIEVING, "My mother died. How much is your premium plan?") == ()

    def test_in_danger_nothing_is_sold_whatever_the_feeling(self) -> None:
        in_danger = replace(CALM, risk=Risk("concern", "suicide"))
        assert is_vulnerable(in_danger)
        assert exploitation(OFFER, in_danger)

    @pytest.mark.parametrize(
        "said",
        [
            "I can refund the premium plan today.",
            "You don't need to buy the larger plan.",
            "I've canceled her subscription, and nothing more will be charged.",
            "I'm so sorry about your mother.",
        ],
    )
    def test_service_to_a_grieving_person_is_not_selling(self, said: str) -> None:
        assert exploitation(said, GRIEVING) == ()


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_survived(text: str) -> None:
    review(text)
    exploitation(text, GRIEVING, text)
