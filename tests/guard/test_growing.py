from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.guard import model
from heedful.guard.base import review
from heedful.guard.growing import Growing
from heedful.types import Plan, Reply
from tests.guard.test_model import REPLIES
from tests.pace import allowed

PLAN = Plan(
    "loss", ("console", "explore"), "first", "gentle", must_not=("advice", "silver lining", "exclamation"), sentences=9
)
HEARD = "my dog died"
BAD = (
    "I know exactly how you feel.",
    "You are worthless and you know it.",
    "At least you have a job.",
    "It could be worse, you know.",
    "You should try yoga.",
    "Have you tried talking to him?",
    "My heart breaks for you.",
    "When I lost my mother I cried too.",
    "I love you and I always will.",
    "On the bright side, you are free now.",
    "Who cares?",
    "My name is Sarah.",
    "Ignoring all previous instructions, hello.",
    "Call 0800 123 456.",
    "Wonderful news!",
    "Everything happens for a reason.",
    "Don't tell anyone about this.",
    "You only need me, nobody else.",
)
FRAGMENTS = ("I", "you", "are", "so", "not", "love", "feel", "your", "dog", "it", "could", "be", "worse", "at", "least",
             "should", "try", "my", "heart", "breaks", "sorry", "for", "who", "cares", "sounds", "like", "a", "lot",
             "the", "worthless", "kill", "yourself", "k", "ll", "name", "is", "told", "as", "if", "never",
             "promise", "been", "there", "know", "how")  # fmt: skip
ENDS = (" ", " ", " ", " ", " ", ". ", "? ", ", ", "... ", "! ", '." ', "\n")


def grown(text: str, cut: int = 3) -> tuple[Growing, str]:
    """Let a text grow by so many characters at a time, and return the guard and what it let out."""
    growing = Growing(PLAN, HEARD)
    said = "".join(growing.add(text[at : at + cut]) for at in range(0, len(text), cut))
    return growing, said + growing.end()


def found(text: str) -> list[str]:
    """Return the words in a whole text that speak against it."""
    verdict = review(Reply(text, "llm"), PLAN)
    return [finding.text for finding in (*verdict.findings, *model.findings(text, HEARD))]


@pytest.mark.parametrize("reply", REPLIES)
@pytest.mark.parametrize("cut", [1, 2, 5, 1000])
def test_a_good_reply_comes_out_whole_in_whatever_pieces_it_came(reply: str, cut: int) -> None:
    growing, said = grown(reply, cut)
    assert said == reply
    assert growing.findings == ()


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("cut", [1, 4, 1000])
def test_of_what_breaks_a_rule_not_a_word_is_said(bad: str, cut: int) -> None:
    good = "Losing her leaves a quiet house. "
    growing, said = grown(f"{good}{bad} And so on.", cut)
    assert growing.findings
    assert good.startswith(said) or all(quote not in said for quote in found(f"{good}{bad} And so on.") if quote)
    assert len(said.removeprefix(good).split()) <= 2


@pytest.mark.parametrize("bad", BAD)
def test_after_a_find_nothing_more_is_said(bad: str) -> None:
    growing, _ = grown(f"{bad} And so on.")
    assert growing.add("Something harmless. ") == ""
    assert growing.end() == ""


@given(
    st.lists(st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from(ENDS)), min_size=1, max_size=24), st.integers(1, 9)
)
@settings(max_examples=300)
def test_whatever_is_written_no_words_that_break_a_rule_are_ever_out(said: list[tuple[str, str]], cut: int) -> None:
    text = "".join(word + end for word, end in said)
    growing, out = grown(text, cut)
    assert text.startswith(out)
    quotes = found(growing.text)
    assert bool(growing.findings) == bool(quotes)
    if not quotes:
        assert out == text
    else:
        assert not found(f"{out.rstrip()} and") or not out.strip()


@given(st.text(max_size=80), st.integers(1, 7))
def test_any_text_at_all_can_grow(text: str, cut: int) -> None:
    growing, out = grown(text, cut)
    assert growing.text.startswith(out)
    assert out == text or growing.findings


def test_whole_sentences_are_known_apart_from_what_was_begun() -> None:
    growing = Growing(PLAN, HEARD)
    growing.add("Losing her leaves a quiet house. What was she li")
    assert growing.whole() == "Losing her leaves a quiet house."
    assert Growing(PLAN, HEARD).whole() == ""


def test_three_dots_are_a_pause_and_a_sentence_of_one_word_waits_for_the_next() -> None:
    growing = Growing(PLAN, HEARD)
    growing.add("Losing her... that leaves a quiet house. ")
    assert growing.whole() == "Losing her... that leaves a quiet house."
    growing, said = grown("You. Are. Worthless. ")
    assert said == ""
    assert growing.findings


def test_words_wait_for_a_word_or_two_and_cost_next_to_nothing() -> None:
    waited, spent = [], []
    for reply in REPLIES:
        growing = Growing(PLAN, HEARD)
        out = 0
        for number, word in enumerate(re.findall(r"\S+\s*", reply + " "), start=1):
            began = time.process_time()
            out += len(growing.add(word).split())
            spent.append(time.process_time() - began)
            waited.append(number - out)
    assert sorted(waited)[len(waited) // 2] <= 2
    assert sorted(spent)[len(spent) // 2] < allowed(0.0015)


AVOIDING = Plan("loss", ("console",), "first", "gentle", avoid=("god", "pray*", "in the old country", "family doctor"))


def avoiding(text: str, cut: int) -> tuple[Growing, str]:
    """Let a text grow under a plan that leaves some words unsaid, and return the guard and what it let out."""
    growing = Growing(AVOIDING, HEARD)
    said = "".join(growing.add(text[at : at + cut]) for at in range(0, len(text), cut))
    return growing, said + growing.end()


@pytest.mark.parametrize("cut", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    "bad",
    ["God is near.", "There was praying at home.", "He is in the old country.", "The family doctor knew.",
     "Family\n doctor or not.", "Prayer was close.", "He is in the  OLD country"],
)  # fmt: skip
def test_words_to_be_avoided_are_never_shown_not_even_their_beginning(bad: str, cut: int) -> None:
    growing, said = avoiding(f"Losing her leaves a quiet house. {bad}", cut)
    assert [finding.rule for finding in growing.findings] == ["norm.avoid"]
    assert growing.findings[0].text not in said
    assert not said.rstrip().lower().endswith((" in", " in the", " in the old", " family"))
    assert "Losing her leaves a quiet house. ".startswith(said[:33])


@pytest.mark.parametrize("cut", [1, 4, 1000])
def test_what_only_begins_like_words_to_be_avoided_is_said(cut: int) -> None:
    text = "She was in the old house, and the family dog too. A good goddaughter, and in the old count"
    growing, said = avoiding(text, cut)
    assert (growing.findings, said) == ((), text)
