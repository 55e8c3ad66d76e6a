import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.respond.pronoun import SLOTS, pronoun_of, pronoun_slots


@pytest.mark.parametrize(
    ("text", "pronoun"),
    [
        ("My daughter read her poem in front of the whole school", "she"),
        ("my son moved out and I miss him", "he"),
        ("My boss took credit for my work", "they"),
        ("My boss took credit for my work and he just smiled", "he"),
        ("My friend stopped answering", "they"),
        ("my friend hasn't answered, she's always so quick", "she"),
        ("a stranger paid for my daughter's lunch", "they"),
        ("my mother and my father are coming", "they"),
        ("my mother and my sister are coming", "she"),
        ("They charged me twice", "they"),
        ("I passed my test", "they"),
        ("", "they"),
    ],
)
def test_the_one_spoken_of_gets_the_pronoun_that_fits(text: str, pronoun: str) -> None:
    assert pronoun_of(text) == pronoun


def test_the_verb_goes_with_the_pronoun() -> None:
    assert "How {are_they} now, and what {do} {they} say?".format(**pronoun_slots("my aunt")) == (
        "How is she now, and what does she say?"
    )
    assert "{Theyre} asleep.".format(**pronoun_slots("my kids")) == "They're asleep."


@given(st.text(alphabet=string.printable + "’é\ud800"))
def test_any_text_fills_every_slot(text: str) -> None:
    filled = pronoun_slots(text)
    assert filled.keys() == SLOTS
    assert all(filled.values())
