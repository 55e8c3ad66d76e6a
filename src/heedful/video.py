"""Read the pictures of a video, a few per second, with their times. The sound is another part's; nothing is kept."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError
from heedful.media import Image
from heedful.picture import INSTALL

if TYPE_CHECKING:
    Video = str | Path | bytes

ENDINGS: Final = (".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg")
"""What the names of videos end with."""
RATE: Final = 12.0
"""Pictures per second that are looked at: a nod takes a third of a second."""
SIDE: Final = 640
"""Longest side in pixels that a picture of a video is brought to."""
SECONDS: Final = 60.0
"""Longest video of one message; what is longer is watched bit by bit."""


def is_video(source: object) -> bool:
    """Say whether something names a video: a path with an ending of one.

    Examples:
        >>> is_video("clip.mp4"), is_video("photo.jpg")
        (True, False)
    """
    return isinstance(source, str | Path) and Path(source).suffix.lower() in ENDINGS


def pictures_of(
    source: Video, rate: float = RATE, side: int = SIDE, longest: float | None = SECONDS
) -> Iterator[Image]:
    """Yield the pictures of a video, each with its time, one after the other: memory stays flat.

    Args:
        source: a path, or the bytes of a video file.
        rate: pictures per second at most; those between are skipped.
        side: longest side in pixels; larger pictures are made smaller.
        longest: most seconds; None = however long it is.

    Raises:
        InputError: it is no video, holds no picture, or is longer than that.
    """
    cv2 = _cv2()
    name = "the video" if isinstance(source, bytes) else str(source)
    file = io.BytesIO(source) if isinstance(source, bytes) else source  # must live as long as it is read from
    capture = _opened(cv2, file, name)
    try:
        due, seen, number = 0.0, 0, -1
        pace = float(capture.get(cv2.CAP_PROP_FPS) or 0.0)
        pace = pace if 1.0 <= pace <= 1000.0 else 25.0
        while capture.grab():
            number += 1
            at = number / pace
            if longest is not None and at > longest:
                raise InputError(
                    f"{name} is longer than the {longest:.0f} seconds that one message may have. Cut it, or push its "
                    "pictures one by one into Heedful.watch()."
                )
            if at + 1e-6 < due:
                continue
            got, pixels = capture.retrieve()
            if not got or pixels is None or pixels.ndim != 3:
                continue
            due = max(due + 1.0 / rate, at)
            seen += 1
            yield _smaller(cv2, pixels, side, at)
    finally:
        capture.release()
    if not seen:
        raise InputError(f"{name} holds no picture that can be read. Expected is a video, such as an MP4 file.")


def _smaller(cv2: Any, pixels: Any, side: int, at: float) -> Image:
    share = side / max(pixels.shape[:2])
    if share < 1.0:
        pixels = cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    rgb = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)  # OpenCV reads blue first
    return Image(rgb.tobytes(), rgb.shape[0], rgb.shape[1], at)


def _opened(cv2: Any, source: str | Path | io.BytesIO, name: str) -> Any:
    """Open a video; the bytes of one are read where they are, for nothing may lie on a disk."""
    try:
        if isinstance(source, io.BytesIO):
            capture = cv2.VideoCapture(source, cv2.CAP_FFMPEG, [])
        else:
            if not Path(source).is_file():
                raise InputError(f"there is no video {name!r}. Name a file of a video.")
            capture = cv2.VideoCapture(str(source))
    except cv2.error as error:
        raise InputError(f"{name} is no video that can be read: {error}.") from error
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name!r} cannot be the path of a video: {error}.") from error
    if not capture.isOpened():
        capture.release()
        raise InputError(f"{name} is no video that can be read. Expected is a video, such as an MP4 file.")
    return capture


def _cv2() -> Any:
    try:
        import cv2  # 0.1 s, and only videos and faces need it
    except ImportError as error:
        raise InputError(INSTALL) from error
    return cv2
