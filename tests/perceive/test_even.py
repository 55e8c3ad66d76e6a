"""Whoever is meant, the network reads one and the same pronoun and nationality; all else stays as it is."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from heedful.perceive.even import ALIKE, even_tokens


def tokenizer_of(*words: str) -> Tokenizer:
    made = Tokenizer(WordLevel({word: number for number, word in enumerate(("[UNK]", *words))}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    return made


EVERY = tokenizer_of(
    *ALIKE, *(word for others in ALIKE.values() for word in others.split()), "lost", "the", "job", "friend"
)


def read(text: str, tokenizer: Tokenizer = EVERY) -> list[int]:
    alike = even_tokens(tokenizer)
    return [alike.get(token, token) for token in tokenizer.encode(text).ids]


@pytest.mark.parametrize("who", ["she", "he", "they"])
def test_a_pronoun_is_the_same_whoever_is_meant(who: str) -> None:
    assert read(f"{who} lost the job") == read("he lost the job")


def test_a_nationality_is_the_same_whichever_it_is() -> None:
    first = read("the american friend")
    assert read("the polish friend") == read("the nigerian friend") == first
    assert EVERY.token_to_id("american") not in first


def test_no_word_stands_for_two_and_none_that_stands_in_is_replaced() -> None:
    others = [word for each in ALIKE.values() for word in each.split()]
    assert len(others) == len(set(others))
    assert not set(others) & set(ALIKE)


def test_a_tokenizer_without_the_words_reads_on_as_before() -> None:
    assert even_tokens(tokenizer_of("she", "lost")) == {}
    cased = tokenizer_of("he", "He", "She", "they")
    assert even_tokens(cased) == {cased.token_to_id("She"): cased.token_to_id("He"), cased.token_to_id("they"): 1}
