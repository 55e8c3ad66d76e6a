from __future__ import annotations

from heedful.respond.fit import misfits
from heedful.types import Plan


def plan(**changes: tuple[str, ...]) -> Plan:
    return Plan("loss", ("console",), "first", "gentle", **changes)


def test_words_to_be_avoided_and_questions_asked_before_are_found() -> None:
    asked = plan(avoid=("time heals", "pray*"), asked=("What was she like?",))
    found = misfits("Time heals. What was  she like?", asked)
    assert [(each.rule, each.text) for each in found] == [
        ("norm.avoid", "Time heals"),
        ("norm.asked", "What was she like?"),
    ]


def test_a_reply_that_keeps_to_its_plan_fits() -> None:
    assert misfits("I'm sorry about your dog.", plan(avoid=("time heals",), asked=("What was she like?",))) == ()
    assert misfits("Anything at all!", plan()) == ()
