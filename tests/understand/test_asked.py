from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.types import Message, Question
from heedful.understand.asked import asks_again, known_after, questions_asked, questions_in, told_in, topics_of
from heedful.understand.need import Act


def assistant(text: str) -> Message:
    return Message(text, speaker="assistant")


def test_questions_and_invitations_are_found_verbatim() -> None:
    said = "I'm sorry. When did it happen? Tell me about her, if you like. Take your time."
    assert questions_in(said) == ("When did it happen?", "Tell me about her, if you like.")


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("When did it happen?", "when"),
        ("How long has this been going on?", "how long"),
        ("Who have you told so far?", "who knows"),
        ("Who's around you in this?", "company"),
        ("What happened?", "what happened"),
        ("What had you been hoping for?", "hopes"),
        ("What have you already tried?", "tried"),
        ("What would help right now?", "what helps"),
        ("What happens next?", "outcome"),
        ("What's the worst part of it?", "worst"),
        ("How are you feeling now?", "feeling"),
    ],
)
def test_what_a_question_asks_for_is_told_from_its_wording(question: str, topic: str) -> None:
    assert topic in topics_of(question)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("My dog died two weeks ago.", "when"),
        ("I've had this for three years.", "how long"),
        ("I told my sister about it", "who knows"),
        ("I have no one to talk to", "company"),
        ("I was hoping for more", "hopes"),
        ("I've already tried everything", "tried"),
        ("I'm going to call them", "outcome"),
        ("the worst part is the silence", "worst"),
    ],
)
def test_what_a_person_tells_unasked_is_known(text: str, topic: str) -> None:
    assert topic in told_in(text)


def test_what_was_told_in_any_message_stays_known() -> None:
    assert known_after(["It happened yesterday.", "I'm tired."])[0] == "when"
    assert known_after(["I'm tired.", ""]) == ()


def test_a_question_is_answered_by_what_it_asks_for_or_by_more_than_a_word() -> None:
    said = [
        Message("My dog died."),
        assistant("I'm sorry. When did it happen?"),
        Message("yesterday"),
        assistant("What was he like?"),
        Message("hm"),
        assistant("Who's with you?"),
        Message("thank you so much"),
        assistant("What do you miss?"),
        Message("His snoring, of all things."),
        assistant("Shall we go on?"),
    ]
    acts: list[Act] = ["telling", "answer", "answer", "thanks", "telling"]
    asked = questions_asked(said, acts)
    assert [(each.text, each.answered) for each in asked] == [
        ("When did it happen?", True),
        ("What was he like?", False),
        ("Who's with you?", False),
        ("What do you miss?", True),
        ("Shall we go on?", False),
    ]


def test_no_question_is_asked_twice_in_the_same_or_in_other_words() -> None:
    asked = (Question("When did it happen?", "when", answered=True),)
    assert asks_again("When did it happen?", asked, ())
    assert asks_again("How long ago was that?", asked, ())
    assert asks_again("Oh. When did that happen?", asked, ())
    assert not asks_again("What was she like?", asked, ())
    assert not asks_again("That happened when you were away.", asked, ())


def test_nothing_is_asked_for_that_was_told_unasked() -> None:
    assert asks_again("When did it happen?", (), ("when",)) == ("When did it happen?",)
    assert not asks_again("When did it happen?", (), ("company",))


def test_how_somebody_feels_may_be_asked_again_in_other_words() -> None:
    asked = (Question("How are you feeling?", "feeling", answered=True),)
    assert not asks_again("And how is it for you this evening?", asked, ())
    assert asks_again("How are you feeling?", asked, ())


@given(st.lists(st.tuples(st.sampled_from(["person", "assistant", "other"]), st.text(max_size=60)), max_size=6))
def test_any_conversation_is_survived(said: list[tuple[str, str]]) -> None:
    messages = [Message(text, speaker=speaker) for speaker, text in said]
    acts: list[Act] = ["telling"] * sum(speaker == "person" for speaker, _ in said)
    asked = questions_asked(messages, acts)
    expected = sum(len(questions_in(text)) for speaker, text in said if speaker == "assistant")
    assert len(asked) == expected
