from __future__ import annotations

import contextlib
import io
import zlib
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from heedful.errors import InputError
from heedful.media import Image
from heedful.picture import SIDE, picture_of
from heedful.said import frames_of, message_of

RED_LEFT = np.zeros((20, 40, 3), np.uint8)
RED_LEFT[:, :20, 0] = 250
RED_LEFT[:, 20:, 2] = 250
"""Red on the left, blue on the right: a swapped channel or a turned picture shows."""


def saved(kind: str, pixels: NDArray[np.uint8] = RED_LEFT, **options: object) -> bytes:
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def is_red_left(image: Image) -> bool:
    left, right = image.pixels[:, : image.width // 3], image.pixels[:, -image.width // 3 :]
    return bool(
        left[..., 0].mean() > 200
        and left[..., 2].mean() < 60
        and right[..., 2].mean() > 200
        and right[..., 0].mean() < 60
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF"])
def test_every_kind_of_file_is_read_as_red_green_blue(kind: str, tmp_path: Path) -> None:
    content = saved(kind)
    path = tmp_path / "picture.bin"
    path.write_bytes(content)
    for source in (content, bytearray(content), path, str(path)):
        image = picture_of(source)
        assert (image.height, image.width) == (20, 40)
        assert is_red_left(image)


def test_pillow_pictures_and_arrays_are_read_as_red_green_blue() -> None:
    assert is_red_left(picture_of(PIL.Image.fromarray(RED_LEFT)))
    assert is_red_left(picture_of(RED_LEFT))
    assert is_red_left(picture_of(RED_LEFT.astype(np.uint16) * 257))


def test_a_picture_is_turned_as_its_camera_says() -> None:
    turned = np.ascontiguousarray(np.rot90(RED_LEFT, 1))
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # to be shown turned to the right by a quarter
    image = picture_of(saved("JPEG", turned, exif=exif, quality=95))
    assert (image.height, image.width) == (20, 40)
    assert is_red_left(image)


def test_what_is_transparent_becomes_white() -> None:
    clear = np.zeros((8, 8, 4), np.uint8)
    assert picture_of(saved("PNG", clear)).pixels.min() == 255
    assert picture_of(clear).pixels.min() == 255
    half = np.dstack([np.full((8, 8, 3), 100, np.uint8), np.full((8, 8), 255, np.uint8)])
    assert picture_of(half).pixels.max() == 100


def test_grey_and_sixteen_bits_keep_their_brightness() -> None:
    grey = np.full((9, 9), 130, np.uint8)
    assert np.unique(picture_of(grey).pixels) == [130]
    assert np.unique(picture_of(saved("PNG", grey)).pixels) == [130]
    deep = np.full((9, 9), 130 * 257, np.uint16)
    assert abs(int(picture_of(saved("PNG", deep)).pixels.mean()) - 130) <= 1
    assert abs(int(picture_of(deep).pixels.mean()) - 130) <= 1


def test_a_huge_picture_is_made_smaller_and_keeps_its_shape() -> None:
    wide = np.repeat(np.repeat(RED_LEFT, 120, axis=0), 120, axis=1)
    for source in (wide, saved("JPEG", wide)):
        image = picture_of(source)
        assert max(image.height, image.width) <= SIDE
        assert image.width == pytest.approx(2 * image.height, rel=0.01)
        assert is_red_left(image)


def test_a_single_pixel_is_a_picture() -> None:
    assert picture_of(np.full((1, 1, 3), 7, np.uint8)).pixels.tolist() == [[[7, 7, 7]]]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    whole = saved("PNG", np.zeros((1, 1), np.uint8))
    header = whole[12:16] + (60_000).to_bytes(4, "big") * 2 + whole[24:29]
    bomb = whole[:12] + header + zlib.crc32(header).to_bytes(4, "big") + whole[33:]
    with pytest.raises(InputError, match="million"):
        picture_of(bomb)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"", "empty"),
        (b"GIF89a but no more", "no picture|damaged"),
        (saved("JPEG")[:300], "damaged|no picture"),
        (saved("PNG")[:50], "damaged|no picture"),
        ("/nowhere/at/all.png", "cannot be read"),
        (np.zeros((0, 4, 3), np.uint8), "empty"),
        (np.zeros((4, 4, 2), np.uint8), "shape"),
        (np.zeros((4, 4, 3), np.float32), "float32"),
        (object(), "array"),
        ("a\0b", "cannot be read"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(source: object, told: str) -> None:
    with pytest.raises(InputError, match=told):
        picture_of(source)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=12),
    st.integers(0, 2000),
)
def test_a_damaged_file_gives_a_picture_or_a_clear_error(kind: str, changes: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(saved(kind))
    for at, value in changes:
        content[at % len(content)] = value
    with contextlib.suppress(InputError):
        image = picture_of(bytes(content[: max(1, len(content) - cut % 40)]))
        assert len(image.rgb) == image.height * image.width * 3


def test_a_message_takes_a_picture_of_any_kind(tmp_path: Path) -> None:
    path = tmp_path / "me.png"
    path.write_bytes(saved("PNG"))
    message = message_of(None, None, str(path), [path, RED_LEFT])
    assert message.image is not None
    assert is_red_left(message.image)
    assert len(message.frames) == 2


def test_frames_that_are_a_path_must_be_a_video() -> None:
    with pytest.raises(InputError, match="no ending"):
        frames_of("notes.txt")
