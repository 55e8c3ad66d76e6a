from __future__ import annotations

from pathlib import Path

import pytest

from heedful.errors import ConfigError, NetworkError
from heedful.perceive.pose import Body, PoseBackend, body_gestures


def body(at: float, **places: tuple[float, float]) -> Body:
    """Somebody whose arms hang down, but for what is told."""
    points = [(0.5, 0.5, 0.0)] * 33
    usual = {
        0: (0.5, 0.2), 11: (0.65, 0.4), 12: (0.35, 0.4), 13: (0.7, 0.6), 14: (0.3, 0.6), 15: (0.7, 0.8), 16: (0.3, 0.8),
    }  # fmt: skip
    names = {"left": 15, "right": 16}
    for place, (x, y) in (usual | {names[name]: where for name, where in places.items()}).items():
        points[place] = (x, y, 0.95)
    return Body(at, tuple(points))


@pytest.mark.parametrize(
    ("places", "kinds"),
    [
        ({}, []),
        ({"left": (0.75, 0.1)}, ["raised hand"]),
        ({"right": (0.47, 0.22)}, ["face covered"]),
        ({"left": (0.36, 0.58), "right": (0.64, 0.58)}, ["crossed arms"]),
    ],
)
def test_what_arms_do_is_told(places: dict[str, tuple[float, float]], kinds: list[str]) -> None:
    found = body_gestures([body(number / 10, **places) for number in range(12)])
    assert [gesture.kind for gesture in found] == kinds


def test_what_is_over_at_once_is_no_gesture() -> None:
    bodies = [body(number / 10, **({"left": (0.75, 0.1)} if number == 4 else {})) for number in range(12)]
    assert body_gestures(bodies) == []


def test_a_pose_file_has_to_be_named_with_its_hash(tmp_path: Path) -> None:
    file = tmp_path / "pose.task"
    file.write_bytes(b"no pose file")
    with pytest.raises(ConfigError, match="pose_model_sha256"):
        PoseBackend(str(file), "")
    with pytest.raises(NetworkError, match="sha256"):
        PoseBackend(str(file), "0" * 64)
    with pytest.raises(NetworkError, match="cannot be read"):
        PoseBackend(str(tmp_path / "gone.task"), "0" * 64)
