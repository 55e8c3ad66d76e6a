from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.errors import ConfigError
from heedful.judge.phrase import read, read_lists
from heedful.judge.wording import wording

LISTS = read_lists({"pain": ["hard", "so (very)? sad"], "more": ["@pain", "lonely"]}, "a test")


def found(phrase: str, text: str) -> str | None:
    said, read_phrase = wording(text), read(phrase, LISTS, "a test")
    for place, word in enumerate(said.words):
        if word in read_phrase.first and (
            match := re.compile(read_phrase.pattern).match(said.plain, said.starts[place])
        ):
            return match[0].strip()
    return None


@pytest.mark.parametrize(
    ("phrase", "text", "match"),
    [
        ("at least", "well, at least that", "at least"),
        ("at least", "at the very least", None),
        ("at <2> least", "at the very least", "at the very least"),
        ("at <2> least", "at. all. least", None),
        ("(you|they) are", "They're here", "they are"),
        ("so? very? hard", "very hard", "very hard"),
        ("is @more", "it is so very sad", "is so very sad"),
        ("feel*", "x", None),
        ("i feel*", "I feeling odd", "i feeling"),
        ("^ so what ^", "Hm. So what?", "so what"),
        ("^ so what ^", "and so what is it", None),
        ("how <3> ?", "How are you?", "how are you ?"),
        ("how <3> ?", "How nice.", None),
        ("sad ^ sorry", "How sad. Sorry!", "sad . sorry"),
        ("art", "party", None),
    ],
)
def test_a_phrase_matches_words(phrase: str, text: str, match: str | None) -> None:
    if phrase == "feel*":
        with pytest.raises(ConfigError, match="begin with any word"):
            read(phrase, LISTS, "a test")
    else:
        assert found(phrase, text) == match


@pytest.mark.parametrize(
    "phrase", ["", "(a|b", "a)", "a||b", "<3> a", "a? b?", "@nothing", "a <12> b", "a $ b", "()", "a b*c", "|"]
)
def test_a_malformed_phrase_is_refused_with_its_place(phrase: str) -> None:
    with pytest.raises(ConfigError, match="a test"):
        read(phrase, LISTS, "a test")


def test_something_that_is_no_text_is_refused() -> None:
    with pytest.raises(ConfigError, match="not a text"):
        read(3, LISTS, "a test")


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(ConfigError, match="'none' is empty"):
        read_lists({"none": []}, "a test")


@given(st.text(alphabet="ab()|?^<>@*19 -.'"))
def test_any_phrase_is_read_or_refused(phrase: str) -> None:
    with contextlib.suppress(ConfigError):
        re.compile(read(phrase, LISTS, "a test").reach.pattern)


def test_an_excuse_reaches_as_far_as_its_last_gap_may() -> None:
    phrase = read("people say <4>", {}, "a test")
    plain = "people say at least you . "
    assert re.compile(phrase.pattern).match(plain)[0] == "people say "
    assert re.compile(phrase.reach.pattern).match(plain)[0] == "people say at least you "
