"""What is said within a conversation that goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from heedful.guard.base import lint
from heedful.respond.bank import bank
from heedful.respond.follow import move_of, moves
from heedful.respond.telling import hedge_of, telling
from heedful.types import Event, Message, Turn
from tests.samples import sample_turn, sample_understanding


def after(*texts: str) -> list[Turn]:
    """Return a conversation in which the person wrote these messages."""
    return [replace(sample_turn(), message=Message(text)) for text in texts]


@pytest.mark.parametrize(
    ("before", "text", "name"),
    [
        ("my girlfriend broke up with me", "3 years", "long_time"),
        ("my girlfriend broke up with me", "two months ago", "some_time"),
        ("my girlfriend broke up with me", "should I text her?", "ask_contact"),
        ("I can't pay my rent", "about 400", "number"),
        ("I can't pay my rent", "no idea", "unsure"),
        ("I can't pay my rent", "what should I do?", "ask_money"),
        ("my mum has cancer and I don't know how to tell my kids", "they're 5 and 8", "their_age"),
        ("my mum has cancer. my kids love her", "do you think I should tell them everything?", "ask_children"),
        ("my manager piles on work", "how do I tell him no?", "ask_no"),
        ("I feel so alone", "just me", "alone"),
        ("I feel so alone", "my sister", "someone"),
        ("my wife died in March", "Margaret", "name"),
        ("I fought with my boss", "I guess I could call him", "intend"),
        ("I got laid off", "idk how to tell her", "how_to_tell"),
        ("I failed the driving test", "ugh i feel so stupid", "self_harsh"),
        ("my dog was hit by a car", "they say hell be ok", "relief"),
        ("my interview went badly", "its fine. im used to it", "resigned"),
        ("my cat is sick", "i cant stop crying", "crying"),
        ("she left me", "i dont really wanna talk about it tbh", "not_now"),
        ("I yelled at my kid", "yeah i apologized", "made_up"),
        ("we had the funeral on Monday. it was awful", "my dad. six weeks ago", "lost_whom"),
        ("my mother is ill", "she died when i was 19", "they_died"),
        ("my boss yelled at me", "should i say something to my manager", "ask_speak_up"),
        ("my boss yelled at me", "yeah ok", "okay"),
    ],
)
def test_a_message_within_a_conversation_is_known_for_what_it_does(before: str, text: str, name: str) -> None:
    move = move_of(text, after(before))
    assert move is not None
    assert move.name == name


@pytest.mark.parametrize("text", ["I can't sleep", "I'm afraid that it's cancer", "my dad paid for the lessons"])
def test_a_telling_is_no_short_answer_and_a_fear_no_diagnosis(text: str) -> None:
    assert move_of(text, after("I have a scan on Thursday")) is None


def test_a_customer_who_has_given_the_number_is_told_what_comes_next() -> None:
    past = after("my order is late", "#48812")
    given = move_of("fine. what do i do", past, "customer_service")
    asked = move_of("fine. what do i do", after("my order is late"), "customer_service")
    assert given is not None
    assert asked is not None
    assert (given.name, asked.name) == ("service_given", "ask_what_to_do")
    assert all(phrase.setting for phrase in bank("frame_follow")["service_given"]["any"])


def test_a_move_for_customers_fits_no_other_setting() -> None:
    move = move_of("can i talk to a human", after("my order is late"))
    assert move is None or move.setting == ""


def test_a_second_try_is_no_setback_after_good_news() -> None:
    won = [replace(sample_turn(understanding=sample_understanding(event=Event("success", 0.9, "bright"))))]
    move = move_of("second try!!", won)
    assert move is not None
    assert move.name == "times_bright"


def test_nothing_is_an_answer_before_anything_was_asked() -> None:
    assert move_of("3 years", []) is None


@pytest.mark.parametrize("text", ["", "?", "\x00", "a" * 5000, "😀 " * 400])
def test_any_string_is_accepted(text: str) -> None:
    move_of(text, after("my dog died"))


def test_every_move_has_its_phrases() -> None:
    assert not [move.name for move in moves() if not bank("frame_follow").get(move.name)]


@pytest.mark.parametrize(
    "text", ["I think my husband is cheating on me", "Maybe my boss hates me", "It looks like my team is breaking up"]
)
def test_what_is_only_thought_is_known_as_such(text: str) -> None:
    told = telling(text, sample_understanding())
    assert told
    assert told[0].hedge == "thought"


def test_a_fact_is_no_guess_and_a_what_if_is_told() -> None:
    assert hedge_of("my husband cheated on me") == ""
    (told,) = telling("What if I lose my job?", sample_understanding())
    assert (told.hedge, told.mirror.clause) == ("what if", "you lose your job")


def test_a_program_is_not_hurt_by_what_it_reads() -> None:
    assert "honesty.feeling" in {each.rule for each in lint("It hurts to read that you failed.").findings}
    assert not lint("No wonder that it hurts.").findings
