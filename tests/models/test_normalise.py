from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.models.normalise import normalise, places
from tests.pace import allowed


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("I’m fine…", "I'm fine..."),
        ("soooooooo tired", "sooo tired"),
        ("𝒔𝒂𝒅", "sad"),
        ("😂", "face with tears of joy"),
        ("❤️ you", "red heart you"),
        ("a\x00b\u200bc\ud800d", "abcd"),
        ("  two\n\tlines\u2028here ", "two lines here"),
        ("s\u0336a\u0336d", "s\u0336a\u0336d"),
        ("", ""),
        ("\u2800\u200b", ""),
        ("10000000 dollars", "10000000 dollars"),
    ],
)
def test_odd_text_becomes_plain(odd: str, plain: str) -> None:
    assert normalise(odd) == plain


@given(st.text(alphabet=st.characters(), max_size=400))
def test_any_string_gives_valid_trimmed_utf8(text: str) -> None:
    plain = normalise(text)
    plain.encode("utf-8")
    assert plain == plain.strip()
    assert "\x00" not in plain


def test_ten_thousand_emoji_and_stacked_marks_take_no_time() -> None:
    start = time.process_time()
    normalise("😭" * 10_000)
    normalise("a" + "\u0301" * 100_000)
    assert time.process_time() - start < allowed(1.0)


@given(st.text(alphabet=st.characters(), max_size=200) | st.text(alphabet="ab \u2019.\U0001f622 \t", max_size=60))
def test_every_character_of_the_plain_form_has_its_place_in_the_text(text: str) -> None:
    plain, found = normalise(text), places(text)
    assert len(found) == len(plain)
    assert all(0 <= start <= end <= len(text) for start, end in found)


def test_words_keep_their_places() -> None:
    text = "I\u2019m  so tired \U0001f622 today"
    plain, found = normalise(text), places(text)
    for word, written in (
        ("so", "so"),
        ("tired", "tired"),
        ("I'm", "I\u2019m"),
        ("crying", "\U0001f622"),
        ("today", "today"),
    ):
        at = plain.index(word)
        assert text[found[at][0] : found[at + len(word) - 1][1]] == written


MEGABYTES = {
    "emoji": "\U0001f62d" * 1_000_000,
    "families": "\U0001f468\u200d\U0001f469\u200d\U0001f467 " * 160_000,
    "Cyrillic": "\u043f\u0440\u0438\u0432\u0435\u0442 " * 140_000,
    "Japanese": "\u6b7b\u306b\u305f\u3044\u3002" * 200_000,
    "mixed": "I want \U0001f622 to go \u00e9 " * 55_000,
    "wide": "\uff4b\uff49\uff4c\uff4c " * 200_000,
}


@pytest.mark.parametrize("script", MEGABYTES)
def test_a_megabyte_of_any_script_takes_less_than_a_second(script: str) -> None:
    normalise("warm \U0001f622")
    start = time.process_time()
    normalise(MEGABYTES[script])
    assert time.process_time() - start < allowed(1.0)


def test_a_long_text_names_its_emoji_as_a_short_one_does_and_keeps_every_word() -> None:
    short = "caf\u00e9 \U0001f622 so \u2764\ufe0f tired \U0001f468\u200d\U0001f469\u200d\U0001f467 1\ufe0f\u20e3 "
    long = normalise(short * 800)
    assert long == " ".join([normalise(short)] * 800)
    assert normalise("\U0001f62d" * 30_000 + " the end").endswith(" the end")
