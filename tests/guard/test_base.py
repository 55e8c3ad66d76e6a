from __future__ import annotations

import pytest

from heedful.guard.base import review
from heedful.types import Plan, Reply, Resource

LINE = Resource("A Line", "call 123", "24 hours", "https://example.org")


def plan(**changes: object) -> Plan:
    return Plan("loss", ("console",), "first", "gentle", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "planned", "rule"),
    [
        ("I'm so sorry!", plan(must_not=("exclamation",)), "plan.exclamation"),
        ("You should see a doctor.", plan(must_not=("advice",)), "plan.advice"),
        ("I'm sorry. Have you tried yoga?", plan(must_not=("advice",)), "plan.advice"),
        ("I'm sorry.", plan(must=("disclosure",)), "plan.disclosure"),
        ("Please call somebody.", plan(must=("resources",), resources=(LINE,)), "plan.resources"),
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
        ("However long you need to be sad is all right.", plan(must_not=("advice",))),
    ],
)
def test_a_reply_that_keeps_to_both_may_be_said(said: str, planned: Plan) -> None:
    assert review(Reply(said, "test"), planned).action == "allow"
