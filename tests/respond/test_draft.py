from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.respond.bank import Phrase
from heedful.respond.draft import Draft, Said, alike, formal, gist, plain, sentences_of, worn
from heedful.respond.lint import every_phrase
from heedful.types import Plan


def draft(said: Said | None = None, *, formality: str = "neutral", must_not: tuple[str, ...] = ()) -> Draft:
    plan = Plan("joy", ("celebrate",), "first", "warm", must_not=must_not, formality=formality)
    return Draft({"clause": "you won"}, said or Said(), plan, "seed", strong=False, mild=False)


def phrase(text: str, *slots: str, formality: str | None = None, setting: str | None = None) -> Phrase:
    return Phrase(f"own.table.{text}", text, frozenset(slots), formality, setting)


def test_a_slot_is_filled_and_an_unfilled_one_passed_over() -> None:
    written = draft()
    assert written.add("says", [[phrase("Your {who} won.", "who"), phrase("So {clause}.", "clause")]])
    assert written.reply().text == "So you won."
    assert written.reply().why == ("says: So you won.",)


def test_a_sentence_said_before_is_not_said_again_even_from_another_phrase() -> None:
    said = Said(sentences=frozenset({plain("So you won.")}))
    assert not draft(said).add("says", [[phrase("So {clause}!", "clause")]])


def test_a_question_that_asks_nearly_the_same_is_not_asked() -> None:
    said = Said(questions=(gist("What worries you most about the exam?"),))
    written = draft(said)
    assert not written.add("asks", [[phrase("What worries you about this exam most of all?")]])
    assert written.add("asks", [[phrase("Who will be there with you?")]])


def test_only_one_question_is_asked() -> None:
    written = draft()
    assert written.add("asks", [[phrase("How was it?")]])
    assert not written.add("asks", [[phrase("Who was there?")]])


def test_the_event_is_said_back_only_once() -> None:
    written = draft()
    assert written.add("says", [[phrase("So {clause}.", "clause")]])
    assert not written.add("says", [[phrase("How nice that {clause}.", "clause")]])


def test_a_formal_plan_gets_no_casual_phrase_no_exclamation_and_no_contraction() -> None:
    written = draft(formality="formal")
    pool = [phrase("Wow.", formality="casual"), phrase("Great!"), phrase("It's good that you're well.")]
    assert written.add("says", [pool])
    assert written.reply().text == "It is good that you are well."


def test_a_plan_that_forbids_exclamation_gets_none() -> None:
    assert not draft(must_not=("exclamation",)).add("says", [[phrase("Great!")]])


def test_a_phrase_of_another_setting_is_passed_over() -> None:
    assert not draft().add("says", [[phrase("Noted.", setting="workplace")]])


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("I'm sorry you're ill.", "I am sorry you are ill."),
        ("It's been hard, that's clear.", "It has been hard, that is clear."),
        ("You can't, and won't.", "You cannot, and will not."),
        ("Ann's exam", "Ann's exam"),
    ],
)
def test_contractions_are_written_out(short: str, long: str) -> None:
    assert formal(short) == long


@given(st.sampled_from(every_phrase()))
def test_a_question_is_alike_to_itself_and_sentences_lose_no_words(place: object) -> None:
    text = place.phrase.text
    assert alike(gist(text), gist(text))
    assert plain(" ".join(sentences_of(text))) == plain(text)


def test_turns_of_phrase_that_many_share_are_drawn_less_often() -> None:
    assert worn("It sounds as if that's on your mind.") > worn("Bad news, then.") == 1.0
