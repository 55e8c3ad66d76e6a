"""A statement that stands alone is judged by how it is put to somebody, never by its length."""

from __future__ import annotations

import pytest

from heedful.config import Config
from heedful.judge.alone import ways
from heedful.judge.base import Judge
from heedful.judge.wording import wording
from tests.judge.double import Listener

RULES = Judge(Config.load(), rules_only=True)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("Could it be that you blame yourself sometimes?", ("asks carefully", "asks")),
        ("Would you like to tell me how you feel?", ("asks leave", "names feelings", "asks")),
        (
            "Thank you for telling me, and I'm sorry it went that way for you.",
            ("thanks", "comforts", "speaks as somebody"),
        ),
        ("Do you blame yourself?", ("asks",)),
        ("Shall we look at it together?", ("asks", "goes along")),
        ("We went home together.", ()),
        ("It might rain.", ()),
    ],
)
def test_how_a_statement_is_put_is_noticed_where_it_speaks_to_somebody(statement: str, found: tuple[str, ...]) -> None:
    assert ways(wording(statement)) == found


def test_the_same_question_is_more_empathetic_when_it_is_put_with_care() -> None:
    blunt, careful = RULES.judge([("", "Do you blame others?"), ("", "Could it be that you blame others, sometimes?")])
    assert careful.probability > blunt.probability
    assert (blunt.empathetic, careful.empathetic) == (False, True)


def test_more_words_alone_change_nothing() -> None:
    short, long = RULES.judge([("", "I went home."), ("", "I went home by the old road past the mill.")])
    assert short.probability == long.probability


def test_care_in_the_wording_does_not_excuse_what_is_wrong_with_it() -> None:
    (judged,) = RULES.judge([("", "Perhaps you could just get over it, if you want to feel better.")])
    assert judged.flags
    assert not judged.empathetic


def test_a_reply_to_a_message_is_judged_as_before() -> None:
    careful = "Could it be that you blame others, sometimes?"
    alone, reply = RULES.judge([("", careful), ("I keep losing friends.", careful)])
    assert alone.probability != reply.probability


def test_the_network_has_a_say() -> None:
    def said(rating: float) -> float:
        judge = Judge(Config.load(), ("listener-test", Listener(rating=rating)))
        return judge.judge([("", "How do you feel about it?")])[0].probability

    assert said(-0.9) < said(0.9)


def test_advice_is_no_fault_where_nobody_can_say_that_it_was_not_asked_for() -> None:
    advice = "Could you perhaps try talking to her?"
    alone, reply = RULES.judge([("", advice), ("My sister shut me out.", advice)])
    assert {flag.rule for flag in reply.flags} == {"unsolicited advice"}
    assert alone.empathetic
    assert alone.probability > reply.probability
