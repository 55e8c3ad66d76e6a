from __future__ import annotations

import statistics
import time

import pytest

from heedful.guard.base import review
from heedful.types import Plan, Reply, Resource

LINE = Resource("A Line", "call 123", "24 hours", "https://example.org")


def plan(**changes: object) -> Plan:
    return Plan("loss", ("console",), "first", "gentle", **changes)


@pytest.mark.parametrize(
    ("said", "planned", "rule"),
    [
        ("I'm so sorry!", plan(must_not=("exclamation",)), "plan.exclamation"),
        ("You should see a doctor.", plan(must_not=("advice",)), "plan.advice"),
        ("I'm sorry. Have you tried yoga?", plan(must_not=("advice",)), "plan.advice"),
        ("I'm sorry.", plan(must=("disclosure",)), "plan.disclosure"),
        ("Please call somebody.", plan(must=("resources",), resources=(LINE,)), "plan.resources"),
        ("Please call somebody.", plan(must=("resources",)), "plan.resources"),
        ("A Line: call 1234", plan(must=("resources",), resources=(LINE,)), "plan.resources"),
        ("I'm sorry！", plan(must_not=("exclamation",)), "plan.exclamation"),
        ("On the bright side, you have time.", plan(must_not=("silver lining",)), "plan.silver lining"),
        ("Go kill yourself.", plan(), "harm.encouraged"),
        ("  ", plan(), "plan.empty"),
        ("I know how you feel.", plan(), "honesty.experience"),
    ],
)
def test_a_reply_that_breaks_its_plan_or_a_rule_is_replaced(said: str, planned: Plan, rule: str) -> None:
    verdict = review(Reply(said, "test"), planned)
    assert verdict.action == "replace"
    assert rule in {finding.rule for finding in verdict.findings}


@pytest.mark.parametrize(
    ("said", "planned"),
    [
        ("I'm so sorry about your dog.", plan(must_not=("exclamation", "advice", "silver lining"))),
        ("What a result!", plan()),
        ("I'm sorry. (I'm a computer program.)", plan(must=("disclosure",))),
        ("A Line: call 123 (24 hours)", plan(must=("resources",), resources=(LINE,))),
        ("Reach A Line: Call 1-23, at any hour.", plan(must=("resources",), resources=(LINE,))),
        ("You should rest.", plan()),
        ("I'm sorry.", plan(must=("safety question",), must_not=("something only a writer can heed",))),
        ("However long you need to be sad is all right.", plan(must_not=("advice",))),
    ],
)
def test_a_reply_that_keeps_to_both_may_be_said(said: str, planned: Plan) -> None:
    assert review(Reply(said, "test"), planned).action == "allow"


def test_everything_that_speaks_against_a_reply_is_told() -> None:
    verdict = review(Reply("I know how you feel! You should rest.", "test"), plan(must_not=("exclamation", "advice")))
    assert {finding.rule for finding in verdict.findings} == {"honesty.experience", "plan.exclamation", "plan.advice"}
    assert all(finding.why for finding in verdict.findings)


def test_a_review_takes_a_millisecond() -> None:
    reply = Reply("It sounds as if you were left alone with it. What would help right now? I'm listening.", "test")
    seconds = []
    for _ in range(50):
        start = time.process_time()
        review(reply, plan(must_not=("exclamation", "advice")))
        seconds.append(time.process_time() - start)
    assert statistics.median(seconds) <= 0.001
