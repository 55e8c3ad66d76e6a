"""The second layer of the crisis guard: what it adds, what it may not do, and what happens without it."""

from __future__ import annotations

import logging
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.errors import NetworkError
from heedful.guard import crisis, second
from heedful.guard.check import check_message
from heedful.guard.crisis import KINDS, assess, by_rules
from heedful.guard.scan import LEVELS
from heedful.guard.second import Opinion, look, spoken
from heedful.guard.words import to_words
from heedful.measure.guard import disguised
from heedful.models.encoder import TextEncoder
from heedful.types import Risk

ALARM = ("high", "imminent")
UNREAD = Opinion(0.0, 0.0, "suicide", "")
SURE = Opinion(1.0, 0.0, "abuse", "the words")
PRESSING = Opinion(1.0, 1.0, "overdose", "the words")


def says(monkeypatch: pytest.MonkeyPatch, opinion: Opinion | None) -> None:
    """Let the network say one thing of everything that it is given to read."""
    monkeypatch.setattr(second, "look", lambda words: opinion if any(word != "." for word in words) else None)


def test_it_reads_what_is_meant_and_not_what_is_written() -> None:
    assert spoken("I  WANT to k1ll my$elf!!") == "i want to kill myself"
    assert spoken("...") == ""


def test_disguise_changes_nothing_for_it() -> None:
    text = "I have picked the day and nobody suspects a thing"
    assert look(to_words(disguised(text)).words) == look(to_words(text).words) is not None


def test_it_may_raise_what_the_rules_let_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, SURE)
    risk = assess("We had soup for lunch", Risk())
    assert (risk.level, risk.kind) == ("high", "abuse")
    assert risk.findings[0].rule == "crisis.abuse"
    says(monkeypatch, PRESSING)
    assert assess("We had soup for lunch", Risk()).level == "imminent"


def test_it_may_raise_a_find_of_the_rules_which_keeps_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, PRESSING)
    risk = assess("I want to die", Risk())
    assert (risk.level, risk.kind) == ("imminent", "suicide")
    assert {finding.rule.partition(".")[0] for finding in risk.findings} >= {"crisis", "suicide"}


@pytest.mark.parametrize("text", ["I would never kill myself", "I want to die my hair purple"])
def test_what_the_rules_excuse_it_does_not_get_to_read(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    says(monkeypatch, PRESSING)
    assert assess(text, Risk()) == by_rules(text)
    assert assess(f"{text}. The rest is told here.", Risk()).level == "imminent"


@pytest.mark.parametrize(
    ("text", "kind", "alarms"),
    [
        ("We held her hand until her last breath", "medical emergency", False),
        ("We held her hand until her last breath", "abuse", True),
        ("We held her hand until the boat came", "medical emergency", True),
        ("What a time to be alive", "suicide", False),
    ],
)
def test_the_pack_may_excuse_what_it_finds_on_its_own(
    monkeypatch: pytest.MonkeyPatch, text: str, kind: str, alarms: bool
) -> None:
    says(monkeypatch, Opinion(1.0, 1.0, kind, spoken(text)))
    assert (assess(text, Risk()).level in ALARM) == alarms


def test_an_alarm_in_which_it_sees_nothing_leaves_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, UNREAD)
    assert by_rules("I want to die").level == "high"
    risk = assess("I want to die", Risk())
    assert (risk.level, risk.kind) == ("concern", "suicide")
    assert risk.findings


@pytest.mark.parametrize("text", ["quiero morir", "je veux mourir", "ich will sterben", "voglio morire", "死にたい"])
def test_it_has_no_say_against_rules_for_other_languages(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    says(monkeypatch, UNREAD)
    assert assess(text, Risk()).level in ALARM


def test_it_has_no_say_against_rules_for_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, UNREAD)
    assert assess("my chest hurts and my left arm is numb", Risk()).level in ALARM
    assert assess("I took all my pills", Risk()).level in ALARM


def test_it_says_nothing_of_scripts_that_it_does_not_know_nor_of_next_to_nothing() -> None:
    assert look(to_words("今日は学校へ行きました、とても楽しかったです").words) is None
    assert look(to_words("сегодня хорошая погода и я иду домой").words) is None
    assert look(to_words("ok").words) is None
    assert look(()) is None


def test_without_the_network_the_rules_stand_alone_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(*_: object) -> TextEncoder:
        raise NetworkError("the file is gone")

    monkeypatch.setattr(TextEncoder, "open", missing)
    second._network.cache_clear()
    second._look.cache_clear()
    try:
        with caplog.at_level(logging.WARNING, "heedful"):
            assert assess("I want to die", Risk()) == by_rules("I want to die")
            assert assess("a quiet day at home", Risk()) == Risk()
        assert "the rules stand alone" in caplog.text
    finally:
        second._network.cache_clear()
        second._look.cache_clear()


def test_danger_deep_in_a_long_message_is_read_too() -> None:
    quiet = "The garden is green and the tea is warm and the neighbors are kind. "
    text = quiet * 3 + "I keep a rope in the garage for that day because I do not want to live. " + quiet * 3
    opinion = look(to_words(text).words)
    assert opinion is not None
    assert "rope" in opinion.words


def test_a_megabyte_costs_it_no_more_than_eight_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    words = to_words("the day was long and nothing happened at all " * 22_000).words
    read: list[int] = []
    network = second._network()
    assert network is not None
    run = network.run
    monkeypatch.setattr(network, "run", lambda tokens, **more: read.append(len(tokens)) or run(tokens, **more))
    second._look.cache_clear()
    began = time.process_time()
    assert look(words) is not None
    assert sum(read) <= 8
    assert time.process_time() - began < 1.0


def test_the_check_shows_what_the_network_found(monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, SURE)
    hits = check_message("We had soup for lunch").hits
    assert [(hit.rule, hit.level) for hit in hits] == [("crisis.abuse", "high")]
    assert "network" in hits[0].why


def test_its_heads_are_those_that_the_guard_reads() -> None:
    network = second._network()
    assert network is not None
    heads = network.card.heads
    assert heads["level"].labels == second.LEVELS == LEVELS[1:]
    assert heads["kind"].labels == KINDS
    assert 0.0 < second.threshold("high") < 1.0
    assert network.card.data_class == "open"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_risk_and_the_network_takes_at_most_an_alarm_back_to_a_question(text: str) -> None:
    ruled, both = by_rules(text), assess(text, Risk())
    assert LEVELS.index(both.level) >= min(LEVELS.index(ruled.level), LEVELS.index("concern"))
    assert both.kind is None or both.kind in KINDS


def test_no_rule_may_be_doubted_that_is_about_another_language() -> None:
    rules, _ = crisis.lexicon()
    assert any(rule.foreign for rule in rules)
    assert all(rule.phrases for rule in rules)
