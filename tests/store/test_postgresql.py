from __future__ import annotations

from heedful.store.postgresql import breaks_integrity, explain

MISSING = Exception({"C": "23503", "M": "violates foreign key", "D": "Key (turn)=(what somebody wrote) is not there"})


def test_an_error_is_told_without_the_values_in_its_details() -> None:
    told = explain(MISSING)
    assert told is not None
    assert "violates foreign key (23503)" in told
    assert "somebody" not in told


def test_only_violated_keys_and_references_break_integrity() -> None:
    assert breaks_integrity(MISSING)
    assert not breaks_integrity(Exception({"C": "57014", "M": "canceled"}))


def test_other_errors_are_left_to_others() -> None:
    for other in (None, Exception("no route"), OSError(2, "no such file")):
        assert explain(other) is None
        assert not breaks_integrity(other)
