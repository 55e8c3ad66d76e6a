from __future__ import annotations

import pytest

from heedful.errors import ModelError
from heedful.llm.breaker import Breaker


def made(now: list[float]) -> Breaker:
    return Breaker(failures=3, rest=30.0, clock=lambda: now[0])


def test_it_lets_pass_until_so_many_failures_in_a_row() -> None:
    breaker = made([0.0])
    for _ in range(2):
        breaker.enter()
        breaker.failed()
    breaker.worked()
    for _ in range(3):
        breaker.enter()
        breaker.failed()
    with pytest.raises(ModelError, match=r"failed 3 times in a row\. It is tried again in 30 s"):
        breaker.enter()


def test_after_its_rest_it_lets_one_pass_and_the_others_wait_for_it() -> None:
    now = [0.0]
    breaker = made(now)
    for _ in range(3):
        breaker.failed()
    now[0] = 30.5
    breaker.enter()
    with pytest.raises(ModelError):
        breaker.enter()
    breaker.worked()
    breaker.enter()


def test_a_trial_that_fails_opens_it_again() -> None:
    now = [0.0]
    breaker = made(now)
    for _ in range(3):
        breaker.failed()
    now[0] = 40.0
    breaker.enter()
    breaker.failed()
    now[0] = 69.0
    with pytest.raises(ModelError, match=r"failed 4 times in a row\. It is tried again in 1 s"):
        breaker.enter()
