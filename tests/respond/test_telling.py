from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.respond.telling import telling
from heedful.types import Event, Span, Understanding
from tests.pace import allowed
from tests.samples import sample_understanding


def understood(text: str, told: str | None = None) -> Understanding:
    start = text.find(told) if told else -1
    span = Span(start, start + len(told), told) if told and start >= 0 else None
    event = Event("loss", 0.9, "low", span, 0) if span else Event("none", 0.0)
    return sample_understanding(event=event, told=1)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("I was so excited, but my flight got cancelled.", "your flight got cancelled"),
        ("I am so proud! My son won the race.", "your son won the race"),
        ("My hamster died yesterday. I am so distraught!", "your hamster died yesterday"),
        ("I don't know why. My wife left me.", "your wife has left you"),
        ("my husband and i are moving to Spain", "you and your husband are moving to Spain"),
        ("have lost my job recently, it is hard", "you have lost your job recently"),
    ],
)
def test_what_happened_comes_before_what_was_felt_about_it(text: str, clause: str) -> None:
    assert telling(text, understood(text))[0].mirror.clause == clause


def test_the_clause_of_the_event_comes_first() -> None:
    text = "I bought a new coat and my aunt died."
    assert telling(text, understood(text, "my aunt died"))[0].mirror.clause == "your aunt died"


def test_a_question_is_not_said_back() -> None:
    assert telling("Did I lose my job?", understood("Did I lose my job?")) == ()


@given(st.text(max_size=400))
def test_any_text_is_survived(text: str) -> None:
    for told in telling(text, understood(text)):
        assert told.mirror.clause or told.mirror.gerund or told.mirror.state


def test_a_very_long_message_takes_no_time() -> None:
    start = time.process_time()
    telling("I was sad and my dog barked, but " * 3000, understood("x"))
    assert time.process_time() - start < allowed(0.5)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("I was driving home when a car hit my bike.", "a car hit your bike"),
        ("I was supposed to fly home and the airline canceled my flight.", "the airline has canceled your flight"),
        ("my roommate ate my lunch even though i wrote my name on it", "your roommate ate your lunch"),
        ("i yelled at my kid. i feel like a monster", "you yelled at your kid"),
    ],
)
def test_what_only_leads_up_to_it_or_explains_it_is_not_said_back(text: str, clause: str) -> None:
    assert telling(text, understood(text))[0].mirror.clause == clause
