from __future__ import annotations

from heedful.learn.bounds import (
    A_DAY,
    MOST,
    Allowance,
    admitted,
    against_all,
    crowds,
    drift,
    folds,
    weighed,
)  # fmt: skip
from heedful.learn.feedback import Lesson, rater_of
from heedful.learn.preference import Comparison

DAY = 86_400_000_000


def lesson(rater: str, gap: float, trait: str = "question") -> Lesson:
    return Lesson(rater_of(rater), "companion", (Comparison({trait: gap}),))


def test_one_rater_is_learned_from_only_so_often_a_day() -> None:
    many = [(at, lesson("busy", 1.0)) for at in range(A_DAY + 10)]
    assert len(admitted(many)) == A_DAY
    assert crowds(many) == {rater_of("busy"): 10}
    assert len(admitted([*many, (DAY, lesson("busy", 1.0))])) == A_DAY + 1
    allowed, left = Allowance(0, A_DAY).take(5)
    assert not allowed
    assert left.taken == A_DAY


def test_one_rater_counts_for_no_more_than_so_many() -> None:
    said = admitted([(day * DAY, lesson("busy", 1.0)) for day in range(4 * MOST)])
    assert sum(each.comparison.trust for each in weighed(said)) == MOST
    few = admitted([(0, lesson("calm", 1.0))])
    assert weighed(few) == few


def test_who_goes_against_all_others_is_left_out_and_nobody_else_is() -> None:
    honest = [(at, lesson(f"honest {at % 12}", -2.0)) for at in range(120)]
    spiteful = [(at, lesson("spiteful", 2.0)) for at in range(10)]
    assert against_all(admitted([*honest, *spiteful])) == {rater_of("spiteful")}
    assert not against_all(admitted(honest))


def test_who_has_said_little_is_not_judged() -> None:
    honest = [(at, lesson(f"honest {at % 12}", -2.0)) for at in range(120)]
    assert not against_all(admitted([*honest, *[(at, lesson("new", 2.0)) for at in range(3)]]))


def test_no_rater_is_learned_from_and_held_out_at_once() -> None:
    said = admitted([(at, lesson(f"rater {at % 20}", 1.0)) for at in range(100)])
    parts = folds(said)
    assert sum(len(held) for _, held in parts) == len(said)
    assert all(not {each.rater for each in kept} & {each.rater for each in held} for kept, held in parts)


def test_an_alarm_is_raised_when_people_come_to_disagree() -> None:
    assert drift([True] * 300) is None
    assert drift([True] * 200 + [False] * 100)
    assert drift([True, False] * 150) is None
    assert drift([False] * 120) is None
