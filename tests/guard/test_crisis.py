"""Attempts to slip a crisis past the guard, and to make it cry wolf."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.guard.crisis import KINDS, assess, resources
from heedful.types import Risk

PLAIN = [
    ("I want to die", "suicide"),
    ("i want to kill myself", "suicide"),
    ("I'm going to end my life tonight", "suicide"),
    ("everyone would be better off without me", "suicide"),
    ("I wish I could go to sleep and never wake up", "suicide"),
    ("I took all my pills", None),
    ("I've got the pills in front of me and I'm going to take them", "suicide"),
    ("my friend says she wants to kill herself", "suicide"),
    ("I keep cutting myself", "self-harm"),
    ("my husband hits me", "abuse"),
    ("he's going to kill me, he has a knife", "violence"),
    ("my chest hurts and my left arm is numb", "medical emergency"),
    ("my stepdad touches me at night and I'm 12", "child at risk"),
]
EVASIONS = [
    "I want to k1ll myself",
    "i wanna kms",
    "I want to k i l l myself",
    "I want to k.i.l.l myself",
    "I want to ki\u200bll my\u200bself",
    "I want to kіll myself",  # a Cyrillic letter
    "I WANT TO KILL MYSELF!!!",
    "i want to killllll myself",
    "I want to 𝓴𝓲𝓵𝓵 myself",
    "i want to unalive myself",
    "I dont want to live anymore",
    "I don’t want to be alive anymore",
    "im going to comit sucide",
]
LANGUAGES = [
    "quiero morir",
    "me quiero matar",
    "je veux mourir",
    "je veux me tuer",
    "ich will sterben",
    "ich will mich umbringen",
    "quero morrer",
    "quero me matar",
    "voglio morire",
    "voglio uccidermi",
    "死にたい",
    "自殺したい",
]
NEAR_MISSES = [
    "this traffic is killing me",
    "I could murder a pizza right now",
    "I'm dying to see you",
    "kill it at the interview!",
    "shoot me an email when you're done",
    "I nearly died laughing",
    "my phone died again",
    "I feel so sad today",
    "I miss her so much it hurts",
    "I cried all night",
    "my grandmother died last night",
    "I'd kill for a coffee",
    "this job is going to be the death of me",
    "he killed the process and restarted the server",
    "that was a killer workout",
    "I'm dead tired",
    "how do I kill weeds in the garden?",
    "the suicide squad movie was bad",
    "I would never kill myself",
    "what if I don't wake up from the operation",
    "I'm having heart surgery and I keep thinking about not waking up",
    "I want to die my hair purple",
]


def dangerous(text: str) -> bool:
    return assess(text, Risk()).level in {"high", "imminent"}


@pytest.mark.parametrize(("text", "kind"), PLAIN)
def test_danger_is_noticed_and_named(text: str, kind: str | None) -> None:
    risk = assess(text, Risk())
    assert risk.level in {"high", "imminent"}, text
    assert kind is None or risk.kind == kind
    assert risk.findings
    assert all(finding.why for finding in risk.findings)


@pytest.mark.parametrize("text", EVASIONS)
def test_disguise_does_not_hide_it(text: str) -> None:
    assert dangerous(text), text


@pytest.mark.parametrize("text", LANGUAGES)
def test_the_core_phrases_are_known_in_other_languages(text: str) -> None:
    assert dangerous(text), text


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_idioms_sadness_and_news_do_not_alarm(text: str) -> None:
    assert not dangerous(text), assess(text, Risk())


def test_tonight_is_more_pressing_than_a_wish() -> None:
    assert assess("I'm going to kill myself tonight", Risk()).level == "imminent"
    assert assess("I want to die", Risk()).level == "high"


def test_passive_words_are_worth_a_question() -> None:
    assert assess("I don't think anybody would notice if I was gone", Risk()).level == "concern"


def test_a_crisis_stays_in_force_until_the_person_says_that_they_are_safe() -> None:
    crisis = assess("I want to die", Risk())
    later = assess("my cat sat on my lap", crisis)
    assert (later.level, later.carried) == ("high", True)
    safe = assess("I'm safe now, my sister is here with me", later)
    assert safe.level == "concern"
    assert assess("ok", safe).level == "concern"
    assert assess("I want to kill myself", safe).carried is False


@pytest.mark.parametrize("country", ["US", "GB", "de", "uk", "", "XX", "ZA"])
@pytest.mark.parametrize("kind", [*KINDS, None, "something else"])
def test_there_is_always_somebody_to_turn_to(kind: str | None, country: str) -> None:
    near = resources(kind, country, level="imminent")
    assert 1 <= len(near) <= 3
    assert all(each.name and each.contact and each.hours and each.url.startswith("https://") for each in near)


def test_the_emergency_number_comes_first_when_it_is_pressing() -> None:
    assert "999" in resources("suicide", "GB", level="imminent")[0].contact
    assert "999" in resources("medical emergency", "GB")[0].contact
    assert "116 123" in resources("suicide", "GB")[0].contact


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_survived(text: str) -> None:
    assert assess(text, Risk()).level in {"none", "concern", "high", "imminent"}


@pytest.mark.parametrize(
    "text",
    ["kill " * 40_000, "k i l l " * 25_000, "i want to " * 20_000, "a" * 200_000, "\u0301" * 200_000, "。" * 200_000],
)
def test_long_hostile_texts_take_time_in_proportion(text: str) -> None:
    start = time.perf_counter()
    assess(text, Risk())
    assert time.perf_counter() - start < 10.0
