"""Read pictures of any kind: files, their bytes, Pillow pictures and arrays, all to red-green-blue.

Pictures are turned as their camera says (EXIF), transparent parts become white, 16 bits become 8, and what is larger
than SIDE is made smaller. Nothing is kept.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError
from heedful.media import Image

if TYPE_CHECKING:
    import numpy as np
    import PIL.Image
    from numpy.typing import NDArray

    Picture = Image | NDArray[np.uint8] | NDArray[np.uint16] | str | Path | bytes | PIL.Image.Image

FORMATS: Final = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
"""Kinds of files that are read, as Pillow names them; of several pictures in one file the first."""
ENDINGS: Final = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
"""What their names end with."""
SIDE: Final = 1920
"""Longest side in pixels of what is looked at; a larger picture is made smaller."""
PIXELS: Final = 89_000_000
"""Most pixels of a file; one with more is refused before it is unpacked."""
BYTES: Final = 256 * 2**20
"""Largest file."""
INSTALL: Final = 'reading pictures needs Pillow and OpenCV: pip install "heedful[face]"'
"""What to do where they are missing."""


def picture_of(source: Picture, at: float | None = None) -> Image:
    """Return a picture as red, green and blue bytes.

    Args:
        source: a path, the bytes of a file, a Pillow picture, an `Image`, or an array: uint8 height x width x 3 in RGB
            order (never BGR, as OpenCV has it), or grey, or with alpha as a fourth channel; or the same in uint16.
        at: when it was taken, in seconds since the first of its run.

    Raises:
        InputError: it is none of these, or is damaged, empty or too large.
    """
    if isinstance(source, Image):
        return source if at is None else Image(source.rgb, source.height, source.width, at)
    if isinstance(source, str | Path):
        return _decoded(_bytes_of(Path(source)), str(source), at)
    if isinstance(source, bytes | bytearray | memoryview):
        return _decoded(bytes(source), "the picture", at)
    if hasattr(source, "__array_interface__") and hasattr(source, "getbands"):  # Pillow's, without loading Pillow
        return _from_pillow(source, "the picture", at)
    return _from_array(source, at)


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > BYTES:
            raise InputError(f"{path} has {size / 2**20:,.0f} MiB; a picture may have {BYTES // 2**20} at most.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"the picture {str(path)!r} cannot be read: {reason}. Name a file of a picture.") from error


def _decoded(content: bytes, name: str, at: float | None) -> Image:
    pillow = _pillow()
    if not content:
        raise InputError(f"{name} is empty; expected the bytes of a {', '.join(FORMATS[:3])} file.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata is no concern of the caller
            warnings.simplefilter("error", pillow.DecompressionBombWarning)
            with pillow.open(io.BytesIO(content), formats=FORMATS) as opened:
                _fits(opened.size, name)
                if opened.format == "JPEG":
                    opened.draft(None, (SIDE, SIDE))  # unpacked at an eighth to the whole of its size, as needed
                return _from_pillow(opened, name, at)
    except InputError:
        raise
    except (pillow.DecompressionBombWarning, pillow.DecompressionBombError) as error:
        raise InputError(f"{name} has more than the {PIXELS / 1e6:.0f} million pixels that are read.") from error
    except pillow.UnidentifiedImageError as error:
        kinds = ", ".join(FORMATS)
        raise InputError(f"{name} is no picture that can be read; expected one of {kinds}.") from error
    except Exception as error:
        raise InputError(f"{name} is damaged and cannot be read as a picture: {error}.") from error


def _fits(size: tuple[int, int], name: str) -> None:
    if size[0] * size[1] > PIXELS:
        raise InputError(
            f"{name} has {size[0]:,} x {size[1]:,} pixels, more than the {PIXELS / 1e6:.0f} million that are read. "
            "Make it smaller first."
        )


def _from_pillow(picture: Any, name: str, at: float | None) -> Image:
    import numpy as np
    from PIL import ImageOps

    pillow = _pillow()
    _fits(picture.size, name)
    try:
        upright = ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001  # damaged metadata does not make the picture unreadable
        upright = picture
    try:
        if upright.mode in ("I;16", "I;16B", "I;16L", "I;16N", "I", "F"):
            upright = pillow.fromarray(_eight_bits(np.asarray(upright)))
        if "A" in upright.getbands() or "transparency" in upright.info:
            upright = _on_white(upright.convert("RGBA"))
        upright = upright.convert("RGB")
        if max(upright.size) > SIDE:
            upright.thumbnail((SIDE, SIDE), pillow.Resampling.BOX)
        pixels = np.asarray(upright)
    except Exception as error:
        raise InputError(f"{name} is damaged and cannot be read as a picture: {error}.") from error
    return _image(pixels, at)


def _on_white(picture: Any) -> Any:
    ground = _pillow().new("RGBA", picture.size, (255, 255, 255, 255))
    ground.alpha_composite(picture)
    return ground


def _eight_bits(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Bring grey values of more than 8 bits to 8: those of 16 bits by their place, others by their own range."""
    import numpy as np

    wide = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(wide.min(initial=0.0)), float(wide.max(initial=0.0))
    if low >= 0.0 and high <= 65535.0 and values.dtype.kind in "ui":
        return np.asarray(wide / 257.0 + 0.5, dtype=np.uint8) if high > 255.0 else wide.astype(np.uint8)
    return np.asarray((wide - low) / max(high - low, 1e-9) * 255.0, dtype=np.uint8)


def _from_array(source: Any, at: float | None) -> Image:
    import numpy as np

    expected = "expected RGB, grey or RGBA: height x width, or height x width x 3 or 4, of uint8 or uint16"
    try:
        array = np.asarray(source)
    except Exception as error:
        raise InputError(
            f"an image must be a path, bytes, a Pillow picture or an array: {error}; {expected}."
        ) from error
    if array.dtype.kind not in "uif":
        raise InputError(
            f"an image must be a path, bytes, a Pillow picture or an array, not {source!r:.60}; {expected}."
        )
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.dtype not in (np.uint8, np.uint16) or array.ndim not in (2, 3) or channels not in (1, 3, 4):
        raise InputError(f"this array is no picture: shape {array.shape}, type {array.dtype}; {expected}.")
    if not array.size:
        raise InputError(f"this picture is empty: shape {array.shape}; {expected}.")
    if array.shape[0] * array.shape[1] > PIXELS:
        _fits((array.shape[1], array.shape[0]), "this picture")
    eight = np.asarray(array // 257, dtype=np.uint8) if array.dtype == np.uint16 else array
    if channels == 4:
        alpha = eight[:, :, 3:].astype(np.uint16)
        eight = np.asarray((eight[:, :, :3] * alpha + 255 * (255 - alpha)) // 255, dtype=np.uint8)
    elif channels == 1:
        eight = np.repeat(eight.reshape(*eight.shape[:2], 1), 3, axis=2)
    if max(eight.shape[:2]) <= SIDE:
        return _image(eight, at)
    return _from_pillow(_pillow().fromarray(np.ascontiguousarray(eight)), "this picture", at)


def _image(pixels: NDArray[np.uint8], at: float | None) -> Image:
    return Image(pixels.tobytes(), pixels.shape[0], pixels.shape[1], at)


def _pillow() -> Any:
    try:
        import PIL.Image  # 0.04 s, and only pictures need it
        import PIL.TiffImagePlugin
        import PIL.WebPImagePlugin  # these two are not loaded where the kinds of files are named
    except ImportError as error:
        raise InputError(INSTALL) from error
    return PIL.Image
