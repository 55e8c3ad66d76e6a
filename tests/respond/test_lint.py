from __future__ import annotations

import pytest

from heedful.respond.bank import read_bank
from heedful.respond.lint import Complaint, Place, check, every_phrase, reading_grade


def places(name: str, text: str) -> list[Place]:
    bank = read_bank(name, text)
    return [Place(name, t, g, phrase) for t, groups in bank.items() for g, many in groups.items() for phrase in many]


def test_the_shipped_phrases_are_clean() -> None:
    assert [f"{each.rule}: {each.place}: {each.text}" for each in check(every_phrase())] == []


def test_there_are_thousands_of_shipped_phrases() -> None:
    assert len(every_phrase()) > 5000


@pytest.mark.parametrize(
    ("phrase", "rule"),
    [
        ("Everything happens for a reason.", "cliche"),
        ("I know how you feel about it.", "claim"),
        ("I feel so sad for you.", "claim"),
        ("I'm so sorry for your loss!", "cheer"),
        ("How are you? Who is with you?", "question"),
        ("I'm sorry", "form"),
        ("I'm  sorry.", "form"),
        ("This contemporary bereavement necessitates extraordinary psychological and emotional resilience.", "reading"),
        ("It is a lot. " * 10 + "That is it.", "reading"),
    ],
)  # fmt: skip
def test_a_fault_is_found_with_its_place(phrase: str, rule: str) -> None:
    (complaint,) = check(places("loss", f'[console]\nany = ["{phrase}"]'))
    assert complaint == Complaint(rule, "loss [console] any", phrase, complaint.why)
    assert complaint.why


def test_good_news_may_be_told_with_an_exclamation_mark() -> None:
    assert check(places("good_news", '[celebrate]\nany = ["That is wonderful!"]')) == []


def test_a_phrase_written_twice_is_found() -> None:
    (complaint,) = check(
        places("own", '[short]\nany = ["I see what you mean by that.", "I see what you mean by that."]')
    )
    assert complaint.rule == "duplicate"


def test_a_phrase_written_nearly_twice_is_found() -> None:
    text = '[short]\nany = ["It makes sense that this hurts you now.", "It makes sense this hurts you now."]'
    (complaint,) = check(places("own", text))
    assert complaint.rule == "near-duplicate"


def test_the_same_phrase_under_another_mood_is_no_duplicate() -> None:
    text = '[low]\nany = ["I see what you mean by that now."]\n[hot]\nany = ["I see what you mean by that now."]'
    assert check(places("frame_own", text)) == []


def test_plain_words_read_at_a_low_grade_and_long_ones_at_a_high_one() -> None:
    assert reading_grade("I am so sorry about your dog.") < 4
    assert reading_grade("Psychological accommodation necessitates extraordinary resilience.") > 15
    assert reading_grade("") == 0.0
