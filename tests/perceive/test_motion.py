from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.perceive.motion import Gesture, Pose, gestures, swings
from tests.perceive.heads import moved

KINDS = ("nod", "shake", "tilt", "walk", "none")


def still(seconds: float = 6.0, rate: float = 20.0) -> list[Pose]:
    return [Pose(number / rate, 0.0, 0.0) for number in range(int(seconds * rate))]


def kinds(found: list[Gesture]) -> list[str]:
    return [gesture.kind for gesture in found]


def test_nods_and_shakes_are_told_from_each_other_and_from_all_else() -> None:
    random = np.random.default_rng(11)
    hit = wrong = missed = 0
    for number in range(200):
        sequence = moved(KINDS[number % len(KINDS)], random)
        found = [gesture for gesture in gestures(sequence.poses) if gesture.kind in {"nod", "shake"}]
        right = [
            gesture
            for gesture in found
            if gesture.kind == sequence.kind and gesture.start < sequence.end and gesture.end > sequence.start
        ]
        wanted = sequence.kind in {"nod", "shake"}
        hit += bool(right)
        missed += wanted and not right
        wrong += len(found) - len(right)
    assert 2 * hit / (2 * hit + wrong + missed) >= 0.95, (hit, wrong, missed)


def test_a_head_that_keeps_still_does_nothing_but_that() -> None:
    assert kinds(gestures(still())) == ["still"]


def test_a_head_that_wanders_all_the_time_is_restless() -> None:
    random = np.random.default_rng(0)
    path = np.cumsum(random.normal(0, 0.05, (180, 2)), axis=0)
    found = gestures([Pose(number / 20, float(x), float(y)) for number, (x, y) in enumerate(path)])
    assert "restless" in kinds(found)
    assert "still" not in kinds(found)


@pytest.mark.parametrize(("by", "kind"), [(0.3, "leaning in"), (-0.3, "leaning away")])
def test_a_face_that_grows_leans_in_and_one_that_shrinks_leans_away(by: float, kind: str) -> None:
    poses = [Pose(at := number / 15, 0.0, 0.0, size=by / (1 + np.exp(-8 * (at - 2)))) for number in range(60)]
    assert [gesture.kind for gesture in gestures(poses) if gesture.kind.startswith("leaning")] == [kind]


def test_a_tilt_is_told_with_its_time() -> None:
    poses = [Pose(number / 15, 0.0, 0.0, roll=22.0 if 30 <= number < 60 else 0.0) for number in range(90)]
    (tilt,) = [gesture for gesture in gestures(poses) if gesture.kind == "tilt"]
    assert tilt.start == pytest.approx(2.0, abs=0.2)
    assert tilt.end == pytest.approx(4.0, abs=0.2)


def test_looking_aside_is_seen_where_the_eyes_are() -> None:
    poses = [Pose(number / 15, 0.0, 0.0, turn=0.7 if number > 45 else 0.0) for number in range(90)]
    assert "looking away" in kinds(gestures(poses))
    assert "looking away" not in kinds(gestures([Pose(number / 15, 0.0, 0.0) for number in range(90)]))


def test_blinks_are_counted_one_by_one_and_closed_eyes_are_none() -> None:
    closed = {30, 31, 62, 63, 95, 96, 97}
    poses = [Pose(number / 30, 0.0, 0.0, eyes=0.1 if number in closed else 1.0) for number in range(150)]
    assert kinds(gestures(poses)).count("blink") == 3
    asleep = [Pose(number / 30, 0.0, 0.0, eyes=0.1 if number > 40 else 1.0) for number in range(75)]
    assert "blink" not in kinds(gestures(asleep))


def test_a_smile_is_told_from_when_it_sets_in() -> None:
    poses = [Pose(number / 10, 0.0, 0.0, smile=0.9 if number >= 20 else 0.1) for number in range(40)]
    (smile,) = [gesture for gesture in gestures(poses) if gesture.kind == "smile"]
    assert smile.start == pytest.approx(2.0, abs=0.25)


def test_a_gap_cuts_a_track_so_that_a_jump_over_it_is_no_movement() -> None:
    before = [Pose(number / 20, 0.0, 0.0) for number in range(60)]
    after = [Pose(5 + number / 20, 3.0, 3.0, size=1.0) for number in range(60)]
    assert set(kinds(gestures([*before, *after]))) <= {"still"}


def test_turning_points_are_found_between_large_enough_movements() -> None:
    found = swings(np.array([0, 1, 2, 1, 0, -1, 0, 0.1, 0, 3.0]), 0.5)
    assert [(swing.start, swing.end, swing.by) for swing in found] == [(0, 2, 2.0), (2, 5, -3.0), (5, 9, 4.0)]


@given(
    st.lists(
        st.tuples(st.floats(0, 60), st.floats(-5, 5), st.floats(-5, 5), st.floats(-2, 2), st.floats(-180, 180)),
        max_size=60,
    )
)
def test_any_path_gives_gestures_in_range_and_in_order(rows: list[tuple[float, float, float, float, float]]) -> None:
    poses = [
        Pose(at, x, y, size, roll, turn=roll / 180, smile=0.5, eyes=abs(x)) for at, x, y, size, roll in sorted(rows)
    ]
    found = gestures(poses)
    assert [gesture.start for gesture in found] == sorted(gesture.start for gesture in found)
    for gesture in found:
        assert 0 <= gesture.strength <= 1
        assert 0 <= gesture.confidence <= 1
        assert gesture.end >= gesture.start
