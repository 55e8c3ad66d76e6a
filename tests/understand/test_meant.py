"""How a message is meant beside what it says."""

from __future__ import annotations

import pytest

from heedful.types import Meant, Message
from heedful.understand.event import find_event
from heedful.understand.meant import as_meant, each_meant, meant_of, theirs_in
from tests.samples import sample_percept

GLAD = sample_percept(expressed=("joy",), valence=0.7)
SAD = sample_percept(expressed=("sadness",), valence=-0.6)


@pytest.mark.parametrize(
    "text",
    [
        "oh great, the car won't start again",
        "best birthday ever. nobody remembered",
        "perfect timing, I got fired today",
        "oh wonderful. another week.",
    ],
)
def test_praise_of_trouble_in_the_same_message_is_ironic(text: str) -> None:
    assert meant_of(text, GLAD).ironic


@pytest.mark.parametrize("text", ["great, just great", "love my life", "lucky me"])
def test_bare_praise_is_ironic_only_after_trouble(text: str) -> None:
    assert meant_of(text, GLAD, troubled=True).ironic
    assert not meant_of(text, GLAD).ironic


@pytest.mark.parametrize(
    "text",
    ["I won! oh wow, great", "oh great, thanks, that helps", "best day ever, I got the job", "I love my life", ""],
)
def test_praise_that_is_meant_is_not_ironic(text: str) -> None:
    assert not meant_of(text, GLAD).ironic


def test_trouble_stays_in_the_room_for_a_few_messages() -> None:
    said = [Message("my car broke down and I lost my wallet"), Message("waiting for the bus"), Message("love my life")]
    found = each_meant(said, [SAD, sample_percept(), GLAD])
    assert [each.ironic for each in found] == [False, False, True]


def test_an_ironic_message_is_read_as_unpleasant() -> None:
    read = as_meant(GLAD, Meant(ironic=True))
    assert read.valence < 0
    assert read.expressed == ("annoyance",)
    assert as_meant(GLAD, Meant()) is GLAD


@pytest.mark.parametrize(
    ("answered", "text"),
    [
        ("I'm sorry you're sad.", "I'm not sad, why would you say that"),
        ("How sad.", "no he didn't die"),
        ("How sad.", "that's not what I said"),
        ("What a loss. How are you?", "you misunderstood me"),
        ("I'm sorry to hear it. How are you?", "no I'm happy for her!"),
    ],
)
def test_what_takes_a_reply_back_is_a_correction(answered: str, text: str) -> None:
    assert meant_of(text, GLAD, answered=answered).corrects


@pytest.mark.parametrize(
    ("answered", "text"),
    [
        ("Who knows about it?", "no I haven't told my husband"),
        ("Did you expect it?", "no I had no idea"),
        ("It's a lot.", "nah I'm gonna sleep. thanks for listening"),
        (None, "I'm not sad"),
    ],
)
def test_an_answer_is_no_correction(answered: str | None, text: str) -> None:
    assert not meant_of(text, SAD, answered=answered).corrects


def test_a_corrected_death_is_no_longer_in_force() -> None:
    said = [Message("my uncle died"), Message("no he didn't die")]
    assert find_event(said, [SAD, sample_percept()], (Meant(), Meant(corrects=True))).kind != "loss"


def test_the_anger_of_others_is_found_with_its_words() -> None:
    assert theirs_in("I failed and my parents will be so angry") == ("my parents will be so angry",)
    assert theirs_in("I am so angry") == ()
    assert meant_of("my parents will be so angry", SAD).ahead


@pytest.mark.parametrize("text", ["\x00", "a" * 5000, "😀 " * 400, "?!?", "no" * 900])
def test_any_string_is_accepted(text: str) -> None:
    meant_of(text, SAD, troubled=True, answered="I see.")
