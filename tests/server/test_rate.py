from __future__ import annotations

import pytest

from heedful.server import rate
from heedful.server.rate import Rate


def test_a_bucket_empties_and_fills_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(rate.time, "monotonic", lambda: now[0])
    limit = Rate(60)
    assert [limit.take("a") for _ in range(6)] == [0.0] * 6
    assert limit.take("a") == pytest.approx(1.0)
    assert limit.take("b") == 0.0, "one key's requests count against another's"
    now[0] += 2.0
    assert [limit.take("a"), limit.take("a")] == [0.0, 0.0]
    assert limit.take("a") > 0.0


def test_without_a_limit_any_number_goes_through() -> None:
    assert not any(Rate(0).take("a") for _ in range(10_000))


def test_only_so_many_keys_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "_KEYS", 10)
    limit = Rate(60)
    for number in range(100):
        limit.take(str(number))
    assert len(limit._buckets) == 10
