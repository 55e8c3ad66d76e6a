"""The little language that the packs are written in."""

from __future__ import annotations

import pytest

from heedful.errors import ConfigError
from heedful.guard.patterns import Alphabet, Phrase, crosses, parse, parse_lists
from heedful.guard.words import to_words


def found(phrase: str, text: str, **lists: list[str]) -> list[str]:
    parsed = parse(phrase, parse_lists(lists, "a pack"), "a pack")
    alphabet = Alphabet([parsed])
    words = to_words(text)
    return [words.quote(first, end - 1) for first, end in alphabet.compile(parsed).find(alphabet.spell(words.words))]


@pytest.mark.parametrize(
    ("phrase", "text", "quotes"),
    [
        ("kill myself", "I will kill myself", ["kill myself"]),
        ("kill myself", "myself, kill", []),
        ("kill myself", "I kill. Myself too.", []),
        ("(kill|hang|end it) now", "end it now", ["end it now"]),
        ("want to? die", "want die, want to die", ["want die", "want to die"]),
        ("want (so badly)? to die", "want so badly to die", ["want so badly to die"]),
        ("want <2> die", "want to just die", ["want to just die"]),
        ("want <2> die", "want him to just die", []),
        ("took # pills", "I took 40 pills", ["took 40 pills"]),
        ("took # pills", "I took 4 pills", ["took 4 pills"]),
        ("^ goodbye ^", "Goodbye. All is well.", ["Goodbye"]),
        ("^ goodbye ^", "Say goodbye to her.", []),
        ("i (am|feel) (so|very)? sad", "I'm so sad", ["I'm so sad"]),
        ("can't", "I cannot", ["cannot"]),
        ("死にた?い", "死にい、死にたい", ["死にい", "死にたい"]),
    ],
)
def test_a_phrase_finds_what_it_says(phrase: str, text: str, quotes: list[str]) -> None:
    assert found(phrase, text) == quotes


def test_a_list_stands_for_its_phrases_and_may_use_the_ones_before_it() -> None:
    lists = {"fast": ["now", "right now"], "when": ["@fast", "tonight"]}
    assert found("die @when", "I will die right now", **lists) == ["die right now"]
    assert found("die @when", "I will die tonight", **lists) == ["die tonight"]


def test_every_match_is_found_also_those_that_overlap() -> None:
    assert found("sad <3> sad", "sad a sad b sad") == ["sad a sad", "sad b sad"]


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "()",
        "(a|)",
        "(a",
        "a)",
        "a | | b",
        "?",
        "a ? ?",
        "@nothing",
        "<3>",
        "a?",
        "(a? b?) c",
        "really",
        "kill(s|ed)",
        "(a|b)c",
        "<>",
        "!!",
    ],
)
def test_a_malformed_phrase_is_refused_by_name(phrase: str) -> None:
    with pytest.raises(ConfigError, match="a pack, rule 'x'"):
        parse(phrase, {}, "a pack, rule 'x'")


def test_a_phrase_that_goes_on_in_another_sentence_is_known_as_such() -> None:
    def of(phrase: str) -> Phrase:
        return parse(phrase, {}, "a pack")

    assert crosses(of("i love you ^ goodbye"))
    assert not crosses(of("^ goodbye ^"))


def test_what_an_expression_needs_is_in_everything_that_it_matches() -> None:
    parsed = parse("(i|we) <2> (kill|end (it|that)) (now|today)?", {}, "a pack")
    alphabet = Alphabet([parsed])
    line = alphabet.spell(to_words("we will end it").words)
    expression = alphabet.compile(parsed)
    assert list(expression.find(line))
    assert all(not need.isdisjoint(line) for need in expression.needs)
