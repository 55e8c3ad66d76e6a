from __future__ import annotations

import contextlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from heedful.errors import InputError
from heedful.said import frames_of
from heedful.video import pictures_of


def write_video(path: Path, seconds: float = 2.0, rate: float = 25.0, size: tuple[int, int] = (96, 128)) -> Path:
    """A video that is red on the left and blue on the right, and grows brighter."""
    code = cv2.VideoWriter.fourcc(*("mp4v" if path.suffix == ".mp4" else "MJPG"))
    writer = cv2.VideoWriter(str(path), code, rate, size[::-1])
    assert writer.isOpened()
    for number in range(round(seconds * rate)):
        frame = np.zeros((*size, 3), np.uint8)
        light = 120 + 100 * number / (seconds * rate)
        frame[:, : size[1] // 2, 2] = light  # OpenCV writes blue first
        frame[:, size[1] // 2 :, 0] = light
        writer.write(frame)
    writer.release()
    return path


@pytest.mark.parametrize("name", ["clip.mp4", "clip.avi"])
def test_a_video_gives_pictures_in_red_green_blue_with_their_times(name: str, tmp_path: Path) -> None:
    path = write_video(tmp_path / name)
    for source in (path, str(path), path.read_bytes()):
        pictures = list(pictures_of(source, rate=10))
        assert 18 <= len(pictures) <= 21
        times = [picture.at for picture in pictures]
        assert times == sorted(times)
        assert times[0] == 0.0
        assert 1.7 < (times[-1] or 0.0) < 2.0
        left = pictures[-1].pixels[:, :40].reshape(-1, 3).mean(0)
        assert left[0] > 150
        assert left[2] < 60


def test_a_large_video_is_made_smaller(tmp_path: Path) -> None:
    path = write_video(tmp_path / "large.avi", seconds=0.2, size=(720, 960))
    assert {(each.height, each.width) for each in pictures_of(path)} == {(480, 640)}


def test_a_video_that_is_too_long_is_refused_unless_it_is_watched_bit_by_bit(tmp_path: Path) -> None:
    path = write_video(tmp_path / "long.avi", seconds=3.0)
    with pytest.raises(InputError, match=r"watch\(\)"):
        list(pictures_of(path, longest=1.0))
    assert len(list(pictures_of(path, rate=5, longest=None))) == 15


def test_what_is_no_video_is_refused_in_words(tmp_path: Path) -> None:
    text = tmp_path / "words.mp4"
    text.write_text("these are words, not a video " * 40)
    for source, told in ((text, "no video"), (tmp_path / "gone.mp4", "there is no video"), (b"x" * 400, "no video")):
        with pytest.raises(InputError, match=told):
            list(pictures_of(source))


def test_a_cut_off_video_gives_what_can_be_read_or_an_error(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.avi").read_bytes()
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole[: len(whole) // 2])
    with contextlib.suppress(InputError):
        assert list(pictures_of(cut))


def test_frames_of_a_message_may_be_a_video(tmp_path: Path) -> None:
    path = write_video(tmp_path / "clip.avi", seconds=1.0)
    assert len(frames_of(str(path))) == 12
    assert len(frames_of(path.read_bytes())) == 12
