from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.respond.mirror import Mirror, mirror, participle_of_base, second_person


@pytest.mark.parametrize(
    ("said", "clause", "gerund"),
    [
        ("I was fired from my job", "you were fired from your job", "being fired from your job"),
        ("my sister stopped talking to me", "your sister stopped talking to you", None),
        ("I just lost my job", "you just lost your job", "losing your job"),
        ("Failed my driving test again", "you failed your driving test again", "failing your driving test again"),
        ("I'm having surgery tomorrow", "you're having surgery tomorrow", "having surgery tomorrow"),
        ("i didnt get the job", "you didn't get the job", "not getting the job"),
        ("My dog died last night", "your dog died last night", None),
        ("I can't sleep", "you can't sleep", "not being able to sleep"),
        ("we broke up", "you broke up", "breaking up"),
        ("THEY CHARGED ME TWICE", "they charged you twice", None),
        ("I have to tell my mum", "you have to tell your mum", "having to tell your mum"),
        ("I've been waiting for my refund", "you've been waiting for your refund", "waiting for your refund"),
        ("I got promoted today 🎉", "you got promoted today", "getting promoted today"),
        ("ugh, I missed my train lol", "you missed your train", "missing your train"),
        ("I yelled at my kid and he cried", "you yelled at your kid and he cried", "yelling at your kid"),
        ("I never finished school", "you never finished school", None),
        ("I hurt myself at work", "you hurt yourself at work", "hurting yourself at work"),
        ("my brother and I were fighting", "your brother and you were fighting", None),
    ],
)
def test_a_clause_is_said_back_in_second_person(said: str, clause: str, gerund: str | None) -> None:
    assert mirror(said) == Mirror(clause, gerund)


@pytest.mark.parametrize(
    "said",
    [
        "you never listen to me",
        "what should I do?",
        "so fucking tired of my job",
        "everything",
        "see https://example.org for my story",
        'he said "you are nothing" to me',
        "😭😭😭",
        " ".join(["I went and"] * 20),
    ],
)
def test_what_is_not_surely_understood_is_not_said_back(said: str) -> None:
    assert mirror(said) == Mirror()


def test_third_person_verbs_stay_as_they_are() -> None:
    assert second_person("my boss was late and I was cold") == "your boss was late and you were cold"


@pytest.mark.parametrize(
    ("base", "form"),
    [
        ("lose", "losing"),
        ("get", "getting"),
        ("lie", "lying"),
        ("agree", "agreeing"),
        ("be", "being"),
        ("work", "working"),
    ],
)
def test_the_ing_form_is_spelled_right(base: str, form: str) -> None:
    assert participle_of_base(base) == form


@given(st.text(max_size=300))
def test_any_text_is_survived_and_no_first_person_is_left(text: str) -> None:
    said = mirror(text)
    for part in (said.clause, said.gerund):
        if part is not None:
            assert not {"i", "me", "my", "mine", "myself", "i'm"} & set(part.lower().split())


def test_a_very_long_clause_takes_no_time() -> None:
    start = time.perf_counter()
    assert mirror("I was " + "very " * 40_000 + "sad") == Mirror()
    assert time.perf_counter() - start < 1.0
