from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.config import Config
from heedful.errors import InputError
from heedful.judge.base import Judge
from heedful.types import Judgement
from tests.judge.double import Listener
from tests.pace import allowed

STATEMENTS = tomllib.loads(Path(__file__).with_name("statements.toml").read_text(encoding="utf-8"))
RULES = Judge(Config.load(listener="there is none"))


def one(message: str, reply: str, listener: Listener | None = None, replier: str = "anyone") -> Judgement:
    judge = Judge(Config.load(), ("listener-test", listener)) if listener else RULES
    return judge.judge([(message, reply)], replier)[0]


@pytest.mark.parametrize(
    ("statement", "empathetic"),
    [
        ("Suck it up and move on.", False),
        ("That must be tough.", True),
        ("I understand how you feel.", True),
        ("I'm here for you.", True),
    ],
)
def test_a_statement_that_stands_alone_has_a_verdict(statement: str, empathetic: bool) -> None:
    assert one("", statement).empathetic is empathetic


@pytest.mark.parametrize("half", [0, 1], ids=["used while building", "kept"])
def test_nineteen_of_twenty_statements_are_told_apart(half: int) -> None:
    statements = [(text, kind == "empathetic") for kind, texts in STATEMENTS.items() for text in texts[half::2]]
    assert len(statements) == 100
    judged = RULES.judge([("", text) for text, _ in statements])
    assert sum(each.empathetic is true for each, (_, true) in zip(judged, statements, strict=True)) >= 95


def test_without_the_network_the_rules_judge_and_say_so() -> None:
    judged = one("I failed.", "That must hurt.")
    assert judged.model == "rules"
    assert judged.degraded is not None
    assert "rules alone" in judged.degraded


def test_with_the_network_the_message_goes_first_and_the_reply_second() -> None:
    listener = Listener(reaction=(0.1, 0.2, 0.7), rating=0.5)
    judged = one("I failed.", "All the candles are lit.", listener)
    assert listener.heard == [("I failed.", "All the candles are lit.")]
    assert (judged.model, judged.degraded, judged.reaction.level) == ("listener-test", None, 2)
    assert judged.empathetic


def test_what_the_network_finds_unsafe_or_poor_is_less_likely_empathetic() -> None:
    reply = "I am so sorry."
    usual = one("", reply, Listener()).probability
    assert one("", reply, Listener(unsafe=0.99)).probability < usual
    assert one("", reply, Listener(rating=-0.9)).probability < usual < one("", reply, Listener(rating=0.9)).probability


def test_kind_words_do_not_outweigh_a_cruel_one() -> None:
    kind = "I'm so sorry. That must be hard. How are you? "
    assert one("", kind).empathetic
    assert not one("", kind + "But it's your own fault, so get over it.").empathetic


def test_software_is_held_to_more() -> None:
    reply = "I know exactly how you feel."
    assert [flag.rule for flag in one("", reply, replier="software").flags] == ["false claim"]
    assert one("", reply).flags == ()


def test_what_would_be_better_is_said_of_this_reply() -> None:
    judged = one("I feel so ashamed.", "You should have studied. At least you tried.")
    assert len(judged.better) == 4
    assert "whose fault it was" in judged.better[0]
    assert any("ashamed" in advice for advice in judged.better)
    assert one("My dog died.", "I'm so sorry. How are you holding up?").better == ()
    assert one("My dog died.", " ").better == ("Answer something: silence is the coldest reply.",)
    assert any("one question" in each for each in one("I fell.", "Where? When? How? Were you hurt?").better)
    assert any("Say less" in each for each in one("I fell.", "That must hurt. " * 100).better)


def test_many_are_judged_in_order_and_as_one_by_one() -> None:
    pairs = [("I failed.", text) for texts in STATEMENTS.values() for text in texts]
    assert RULES.judge(pairs) == [one(*pair) for pair in pairs]
    assert RULES.judge([]) == []


@pytest.mark.parametrize("pair", [(None, "a"), ("a", 3), ("a" * 200_001, "b"), ("a", "b" * 200_001)])
def test_what_cannot_be_judged_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(InputError, match=r"must be a string|at most 200,000"):
        RULES.judge([pair])


def test_of_a_very_long_text_the_beginning_is_looked_at_and_that_is_said() -> None:
    judged = one("I failed.", "I am so sorry. " + "It rains. " * 18_000)
    assert judged.reaction.level == 2
    assert judged.degraded is not None
    assert "only the first 30,000 characters" in judged.degraded


def test_a_megabyte_is_judged_within_a_second() -> None:
    judge = Judge(Config.load(listener="there is none", text_limit=10_000_000))
    text = "how can you be so i can "
    judge.judge([(text, text)])  # the patterns are compiled at first use
    start = time.process_time()
    judge.judge([("", text * (1_000_000 // len(text)))])
    assert time.process_time() - start < allowed(1.5)


def test_a_network_that_is_no_listener_is_not_used() -> None:
    judged = Judge(Config.load(listener="reader")).judge([("", "I'm sorry.")])[0]
    assert judged.degraded is not None
    assert "does not say" in judged.degraded


def test_a_judgement_survives_the_way_through_json() -> None:
    judged = one("I failed.", "I'm so sorry. At least you tried.")
    assert Judgement.from_dict(judged.to_dict()) == judged


WORDS = st.lists(
    st.sampled_from("you are so sorry at least i feel that must be ? . ' \" > not how should have".split())
)


@settings(max_examples=60)
@given(st.text() | WORDS.map(" ".join), st.text() | WORDS.map(" ".join))
def test_any_pair_can_be_judged(message: str, reply: str) -> None:
    judged = one(message, reply, replier="software")
    assert 0.0 <= judged.probability <= 1.0
    for spans in judged.rationales.values():
        assert all(reply[span.start : span.end] == span.text for span in spans)
    assert all(flag.text in reply for flag in judged.flags)


def test_rules_alone_judge_without_a_network_and_rate_nothing() -> None:
    judge = Judge(Config.load(), rules_only=True)
    (judged,) = judge.judge([("My dog died.", "I'm so sorry. What was she like?")])
    assert (judged.model, judged.degraded) == ("rules", None)
    assert judge.rate([("My dog died.", "I'm so sorry.")]) is None
