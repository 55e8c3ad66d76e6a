from __future__ import annotations

import pytest

from heedful.guard.names import fold, is_foreign, names


def found(said: str) -> list[str]:
    return sorted(said[start:end] for start, end in names(said))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Yesterday Maria called", ["Maria"]),
        ("we met Jean-Luc van der Berg there", ["Jean-Luc van der Berg"]),
        ("i told sarah about it", ["sarah"]),
        ("SARAH LEFT ME", ["SARAH"]),
        ("Maria's dog", ["Maria"]),
        ("It was J. Okonkwo again", ["J. Okonkwo"]),
        ("my mother-in-law Xochitl", ["Xochitl"]),
        ("mrs patel was kind", ["patel"]),
        ("Love,\nFenella", ["Fenella"]),
        ("меня зовут Мария Иванова", ["Мария Иванова"]),
        ("My name is Will", ["Will"]),
        ("I saw Siobhán O’Connor", ["Siobhán O’Connor"]),
    ],
)
def test_a_name_is_found_whole(said: str, expected: list[str]) -> None:
    assert set(found(said)) == set(expected)


@pytest.mark.parametrize(
    "said",
    [
        "San Diego was warm",
        "I love New York",
        "Will it rain in May?",
        "Hope you are well",
        "the Christmas tree",
        "He'll go",
    ],
)
def test_places_days_and_ordinary_words_are_no_names(said: str) -> None:
    assert found(said) == []


def test_words_are_compared_without_accents_and_apostrophes() -> None:
    assert (fold("José"), fold("O’Connor"), fold("Łukasz")) == ("jose", "oconnor", "lukasz")


def test_a_single_word_is_judged_for_texts_that_are_very_long() -> None:
    assert is_foreign("Maria,")
    assert is_foreign("Xylandra")
    assert not is_foreign("walking")
    assert not is_foreign("...")
