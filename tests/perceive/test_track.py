from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from heedful.errors import InputError
from heedful.media import Image
from heedful.perceive.find import Found
from heedful.perceive.motion import gestures
from heedful.perceive.track import Tracker, times_of
from tests.perceive.heads import drawn

Path = Callable[[float], tuple[float, float, float, float]]
"""Seconds -> centre across and down, side, and roll in degrees."""


def follow(path: Path, seconds: float = 3.0, rate: float = 15.0, *, blinks: tuple[float, ...] = ()) -> Tracker:
    """A tracker that has seen a drawn face move along a path; faces are found a little beside where they are."""
    random = np.random.default_rng(4)
    now = 0.0

    def find(_: NDArray[np.uint8], __: float) -> list[Found]:
        x, y, side, _ = path(now)
        dx, dy, grown = random.normal(0, 0.02, 3)
        side *= 1 + grown
        return [Found(x + dx * side - side / 2, y + dy * side - side / 2, side, 0.9)]

    def eyes(_: NDArray[np.uint8], face: Found) -> Found:
        x, y, side, roll = path(now)
        turned = np.deg2rad(roll)
        places = [
            (
                float(x + side * (a * np.cos(turned) + 0.12 * np.sin(turned))),
                float(y + side * (a * np.sin(turned) - 0.12 * np.cos(turned))),
            )
            for a in (-0.2, 0.2)
        ]
        return Found(face.left, face.top, face.side, face.score, (places[0], places[1]))

    tracker = Tracker(find, eyes)
    for number in range(int(seconds * rate)):
        now = number / rate
        x, y, side, roll = path(now)
        closed = any(start <= now < start + 0.2 for start in blinks)
        picture = drawn((240, 320), (x, y), side, roll=roll, eyes=0.0 if closed else 1.0)
        noisy = np.clip(picture + random.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)
        tracker.push(Image.from_array(noisy), now)
    return tracker


def kinds(tracker: Tracker) -> list[str]:
    (track,) = tracker.tracks
    return [gesture.kind for gesture in gestures(track.poses)]


def wave(now: float, pace: float = 1.6) -> float:
    return float(np.sin(2 * np.pi * pace * now)) if 0.6 < now < 2.4 else 0.0


def test_a_drawn_face_that_moves_up_and_down_nods() -> None:
    found = kinds(follow(lambda now: (160, 120 + 10 * wave(now), 100, 0)))
    assert "nod" in found
    assert "shake" not in found


def test_a_drawn_face_that_moves_to_and_fro_shakes() -> None:
    found = kinds(follow(lambda now: (160 + 10 * wave(now), 120, 100, 0)))
    assert "shake" in found
    assert "nod" not in found


def test_a_drawn_face_that_stays_neither_nods_nor_shakes() -> None:
    assert not {"nod", "shake", "tilt", "leaning in"} & set(kinds(follow(lambda _: (160, 120, 100, 0), 4.0)))


def test_a_drawn_face_that_comes_closer_leans_in() -> None:
    assert "leaning in" in kinds(follow(lambda now: (160, 120, 80 + 40 / (1 + np.exp(-6 * (now - 1.5))), 0)))


def test_a_drawn_face_that_turns_aside_tilts() -> None:
    assert "tilt" in kinds(follow(lambda now: (160, 120, 100, 20 / (1 + np.exp(-8 * (now - 1))))))


def test_a_drawn_face_that_closes_its_eyes_briefly_blinks() -> None:
    found = kinds(follow(lambda _: (160, 120, 120, 0), 4.0, blinks=(1.0, 2.5)))
    assert found.count("blink") == 2


def test_a_face_is_followed_under_one_number_and_given_up_when_it_is_gone() -> None:
    seen = [Found(20, 20, 60, 0.9)]
    tracker = Tracker(lambda _, __: list(seen), lambda _, face: face)
    blank = Image.from_array(np.full((120, 160, 3), 90, np.uint8))
    numbers = {track.number for at in range(10) for track in tracker.push(blank, at / 5)}
    assert numbers == {0}
    seen.clear()
    for at in range(10, 20):
        tracker.push(blank, at / 5)
    assert tracker.tracks == ()
    seen.append(Found(90, 20, 60, 0.9))
    assert [track.number for track in tracker.push(blank, 5.0)] == [1]


def test_two_faces_are_followed_apart() -> None:
    faces = [Found(10, 20, 50, 0.9), Found(90, 20, 60, 0.9)]
    tracker = Tracker(lambda _, __: list(faces), lambda _, face: face)
    blank = Image.from_array(np.full((120, 160, 3), 90, np.uint8))
    for at in range(5):
        tracks = tracker.push(blank, at / 4)
    assert [round(track.found.side) for track in tracks] == [60, 50]


@pytest.mark.parametrize("at", [0.5, 1.0, float("nan"), float("inf")])
def test_time_has_to_go_on(at: float) -> None:
    tracker = Tracker(lambda _, __: [], lambda _, face: face)
    blank = Image.from_array(np.zeros((40, 40, 3), np.uint8))
    tracker.push(blank, 1.0)
    with pytest.raises(InputError, match="time order"):
        tracker.push(blank, at)


def test_a_picture_of_another_size_begins_anew() -> None:
    tracker = Tracker(lambda grey, _: [Found(5, 5, 30, 0.9)], lambda _, face: face)
    tracker.push(Image.from_array(np.zeros((60, 60, 3), np.uint8)), 0.0)
    (track,) = tracker.push(Image.from_array(np.zeros((80, 90, 3), np.uint8)), 0.1)
    assert track.number == 1


def test_pictures_without_times_are_evenly_spaced_and_times_must_rise() -> None:
    blank = Image(b"\0\0\0", 1, 1)
    assert times_of([blank, blank], 10) == [0.0, 0.1]
    assert times_of([Image(b"\0\0\0", 1, 1, 3.0), Image(b"\0\0\0", 1, 1, 4.0)]) == [3.0, 4.0]
    with pytest.raises(InputError, match="time order"):
        times_of([Image(b"\0\0\0", 1, 1, 4.0), Image(b"\0\0\0", 1, 1, 3.0)])
