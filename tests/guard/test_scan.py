"""Rules, and what excuses what they find."""

from __future__ import annotations

import itertools

from heedful.guard.patterns import parse
from heedful.guard.scan import Exclusion, Rule, Scanner, Scope
from heedful.guard.words import to_words
from heedful.types import Level


def rule(name: str, *phrases: str, level: Level = "high", always: bool = False) -> Rule:
    return Rule(name, "kind", level, "Because.", always, tuple(parse(each, {}, "a pack") for each in phrases))


def exclusion(
    *phrases: str, cancels: str = "harm", scope: Scope = "words", leaves: Level = "none", unless: tuple[str, ...] = ()
) -> Exclusion:
    return Exclusion(
        "an excuse", "Because.", frozenset({cancels}), scope, leaves,
        tuple(parse(each, {}, "a pack") for each in phrases), tuple(parse(each, {}, "a pack") for each in unless),
    )  # fmt: skip


def levels(scanner: Scanner, text: str) -> list[str]:
    return [match.level for match in scanner.scan(to_words(text))]


def test_a_find_carries_its_words_and_why() -> None:
    (match,) = Scanner([rule("harm", "kill myself")], []).scan(to_words("I'd k1ll myself!"))
    assert (match.finding.rule, match.finding.text, match.finding.why) == ("harm", "k1ll myself", "Because.")
    assert match.excuse is None


def test_an_excuse_of_words_must_share_words_with_the_find() -> None:
    scanner = Scanner([rule("harm", "kill myself")], [exclusion("never kill myself")])
    assert levels(scanner, "I would never kill myself") == ["none"]
    assert levels(scanner, "I'd never kill myself but now I will kill myself") == ["none", "high"]


def test_an_excuse_of_a_sentence_holds_for_that_sentence_only() -> None:
    scanner = Scanner([rule("harm", "kill myself")], [exclusion("in the film", scope="sentence", leaves="concern")])
    assert levels(scanner, "in the film he says: kill myself") == ["concern"]
    assert levels(scanner, "It was in the film. I will kill myself.") == ["high"]


def test_an_excuse_far_away_in_an_endless_sentence_does_not_count() -> None:
    scanner = Scanner([rule("harm", "kill myself")], [exclusion("in the film", scope="sentence")])
    assert levels(scanner, f"in the film {'and so on ' * 30} kill myself") == ["high"]


def test_an_excuse_is_void_where_its_unless_is_said() -> None:
    scanner = Scanner([rule("harm", "kill myself")], [exclusion("years ago", scope="sentence", unless=("again",))])
    assert levels(scanner, "I wanted to kill myself years ago") == ["none"]
    assert levels(scanner, "I wanted to kill myself years ago and again today") == ["high"]


def test_an_excuse_covers_all_that_its_last_gap_holds() -> None:
    scanner = Scanner([rule("harm", "kill myself")], [exclusion("as if <4>")])
    assert levels(scanner, "as if I would kill myself") == ["none"]


def test_an_excuse_for_another_rule_excuses_nothing() -> None:
    scanner = Scanner([rule("harm", "kill myself"), rule("other", "sad")], [exclusion("kill myself", cancels="other")])
    assert levels(scanner, "kill myself") == ["high"]


def test_a_phrase_may_go_on_in_the_next_sentence() -> None:
    scanner = Scanner([rule("harm", "i love you ^ goodbye")], [])
    assert levels(scanner, "I love you. Goodbye.") == ["high"]
    assert levels(scanner, "I love you. Not goodbye.") == []


def test_what_stands_at_the_end_of_a_very_long_text_is_found() -> None:
    scanner = Scanner([rule("harm", "kill myself", always=True)], [])
    filler = " ".join(f"and then {number} came by" for number in range(40_000))
    assert levels(scanner, f"{filler} kill myself") == ["high"]
    assert levels(scanner, f"{filler}. {filler} I will kill myself") == ["high"]


def test_a_find_across_the_edge_of_a_window_is_not_lost() -> None:
    scanner = Scanner([rule("harm", "i <9> die")], [])
    for size in range(50, 130):
        assert levels(scanner, f"{'word ' * size} i a b c d e f g h j die"), size


def test_when_patience_is_out_only_the_rules_that_are_always_read_go_on() -> None:
    wide = "a <9> b <9> c <9> d"
    scanner = Scanner(
        [rule("slow", wide), rule("harm", "die", always=True), rule("mild", "sad")], [exclusion("not die")]
    )
    orders = itertools.islice(itertools.product("abcd", repeat=8), 20_000)
    crowd = " ".join(f"{' me '.join(order)}." for order in orders)
    names = {match.rule.name for match in scanner.scan(to_words(f"{crowd} I am sad and I do not die"))}
    assert "harm" in names
    assert "mild" not in names


def test_what_excuses_a_find_may_be_asked_for_words_in_which_no_rule_found_anything() -> None:
    story = exclusion("in a story")
    scanner = Scanner([rule("harm", "die")], [story])
    assert scanner.excuse("she sings in a story".split(), "harm") == scanner.exclusions[0]
    assert scanner.excuse("she sings in a story".split(), "other") is None
    assert scanner.excuse("she sings".split(), "harm") is None
