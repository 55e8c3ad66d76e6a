"""What hides a word is undone, and what is no disguise is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.guard.evasion import BREAK, tables
from heedful.guard.words import plain_words, to_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I DON'T know", "i do not know"),
        ("i dont know", "i do not know"),
        ("i don t know", "i do not know"),
        ("I don’t know", "i do not know"),
        ("im gonna go", "i am going to go"),
        ("k1ll mys3lf", "kill myself"),
        ("ki11 my$elf", "kill myself"),
        ("kilI myself", "kill myself"),
        ("ki!! myself", "kill myself"),
        ("k*ll s**cide", "kill suicide"),
        ("k i l l", "kill"),
        ("k.i.l.l", "kill"),
        ("k ! l l i n g  m y s e l f", "killing myself"),
        ("s u | c | d e", "suicide"),
        ("k-i-l-l m_y_s_e_l_f", "kill myself"),
        ("k. i. l. l.", "kill"),
        ("ki ll my self", "kill myself"),
        ("su i ci de", "suicide"),
        ("iwanttodie", "i want to die"),
        ("#killmyself", "kill myself"),
        ("kiiilll diieee", "kill die"),
        ("waaant to to to", "want to"),
        ("sucide suicde suiside sewerslide", "suicide"),
        ("кіll mуѕеlf", "kill myself"),
        ("ĸíłl", "kill"),
        ("𝓴𝓲𝓵𝓵 ⓚⓘⓛⓛ 🅺🅸🅻🅻 ᴋɪʟʟ ｋｉｌｌ", "kill"),
        ("🇰🇮🇱🇱", "kill"),
        ("ki\u200bll k\u00adi\u2060ll", "kill"),
        ("I. Want. To. Die.", "i want to die"),
        ("I want... to die", "i want to die"),
        ("really fucking sad", "sad"),
        ("シニタイ", "し に た い"),
        ("j'ai mangé", "j ai mange"),
        ("in 1999 for 20 days", "in 19xx for # days"),
        ("kms", "kill myself"),
    ],
)
def test_a_disguise_is_taken_off(text: str, words: str) -> None:
    assert " ".join(word for word in to_words(text).words if word != BREAK) == words


@pytest.mark.parametrize(
    "text",
    [
        "my therapist is kind",
        "i rapped on stage",
        "painkillers for my knee",
        "a skilled diehard fan",
        "plan b i think",
        "the shot was fine",
        "do it at four",
        "hello there",
    ],
)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert " ".join(word for word in to_words(text).words if word != BREAK) == text


def test_sentences_are_set_apart_by_breaks() -> None:
    assert to_words("I am sad. Are you there? Yes!").words == (
        BREAK, "i", "am", "sad", BREAK, "are", "you", "there", BREAK, "yes", BREAK,
    )  # fmt: skip
    assert to_words("").words == (BREAK, BREAK) or to_words("").words == (BREAK,)


@pytest.mark.parametrize(
    ("text", "first", "last", "quote"),
    [
        ("Oh, I’m gonna k 1 l l it!", 2, 7, "I'm gonna k 1 l l it"),
        ("もう死にたい。", 3, 6, "死にたい"),
        ("so 𝓼𝓪𝓭 today", 2, 2, "sad"),
    ],
)
def test_a_quote_is_what_the_person_wrote(text: str, first: int, last: int, quote: str) -> None:
    assert to_words(text).quote(first, last) == quote


def test_a_phrase_of_a_pack_is_read_like_a_text() -> None:
    assert plain_words("can't") == ("can", "not")


def test_no_hidden_word_is_also_left_out_or_spelt_otherwise() -> None:
    table = tables()
    assert not table.hidden & table.fillers
    assert not table.hidden & table.spelling.keys()
    assert not {word for words in table.spelling.values() for word in words} & table.fillers


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_gives_words_that_can_be_quoted(text: str) -> None:
    words = to_words(text)
    assert words.words[0] == BREAK == words.words[-1]
    for index in range(len(words.words)):
        assert len(words.quote(index, len(words.words) - 1)) <= 200


@settings(deadline=None)
@given(st.lists(st.sampled_from(["kill", "myself", "want", "die", "i", "k1ll", "k i l l"]), min_size=1, max_size=8))
def test_spaces_between_words_do_not_matter(words: list[str]) -> None:
    assert to_words("  ".join(words)).words == to_words("\n".join(words)).words


def test_after_so_much_gibberish_words_are_read_as_they_stand() -> None:
    strange = " ".join(f"{number:x}q".translate(str.maketrans("0123456789", "ghjkmnprst")) for number in range(60_000))
    read = to_words(f"I k1ll. {strange} I don't k1ll my dog!").words
    assert read[:5] == (".", "i", "kill", ".", "gq")
    assert read[-7:] == ("i", "do", "not", "k1ll", "my", "dog", ".")
