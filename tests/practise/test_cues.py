from __future__ import annotations

import pytest

from heedful.practise.cues import cue, hurtful, meant_well, own_story, taken_in


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("It's only a pair of glasses.", "minimising"),
        ("Don\u2019t be so dramatic.", "dismissing"),
        ("Just enjoy every moment!", "toxic positivity"),
        ("It's your own mistake, I'm afraid.", "blame"),
        ("You're a liar and a loser.", "hostility"),
        ("Fine, whatever. Next.", "indifference"),
    ],
)
def test_what_hurts_is_known_by_its_kind(reply: str, kind: str) -> None:
    assert kind in dict(hurtful(reply))


@pytest.mark.parametrize(
    "reply",
    [
        "You wanted to spare her, and now it weighs on you.",
        "So you're alone with it. What are the nights like?",
        "That must have been a shock. I'm so sorry.",
    ],
)
def test_what_was_taken_in_does_not_hurt(reply: str) -> None:
    assert not list(hurtful(reply))


def test_a_sentence_that_only_looks_like_blame_is_meant_well() -> None:
    assert meant_well("You wanted to keep the drawings.")
    assert not meant_well("You wanted this.")
    assert taken_in("You were proud of her, I think.")
    assert not taken_in("Be proud of her.")


def test_ones_own_story_takes_more_than_a_word_about_oneself() -> None:
    assert own_story("When I had my own biopsy I didn't sleep.")
    assert not own_story("When I hear that I get sad.")
    assert not own_story("It must be lonely when we all go home.")


def test_praise_of_the_person_is_known_and_respect_for_a_deed_is_not_praise() -> None:
    assert cue("praise").search("You're such an angel.")
    assert not cue("praise").search("You stood up all the same, and I respect that.")
