"""Define the ground of every record, and the two kinds of media that a message may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import msgspec

from heedful.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Record:
    """A frozen value that turns into plain JSON types and back."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, tuples, strings and numbers, ready for JSON (bytes as base64, times as ISO 8601)."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild a record from `to_dict()`; raise InputError naming the field that does not fit."""
        try:
            return msgspec.convert(data, cls)
        except msgspec.ValidationError as error:
            raise InputError(
                f"this is not a {cls.__name__}: {error}. Pass what {cls.__name__}.to_dict() gave."
            ) from error


@dataclass(frozen=True, slots=True)
class Audio(Record):
    """Sound of one person, mono."""

    pcm: bytes
    """Samples as little-endian 32-bit floats in [-1, 1]."""
    rate: int
    """Samples per second, in hertz."""

    @classmethod
    def from_array(cls, samples: NDArray[np.floating[Any]], rate: int) -> Self:
        """Wrap a one-dimensional float array in [-1, 1]; raise InputError for any other."""
        import numpy as np  # heavy, and most callers send text

        array = np.asarray(samples)
        if array.ndim != 1 or array.dtype.kind != "f" or rate <= 0 or not np.isfinite(array).all():
            raise InputError(
                f"audio must be a one-dimensional array of finite floats in [-1, 1] with a positive rate in hertz; "
                f"got shape {array.shape}, type {array.dtype}, rate {rate}."
            )
        return cls(array.astype("<f4").tobytes(), rate)

    @property
    def samples(self) -> NDArray[np.float32]:
        """The samples as a float32 array of shape (n,)."""
        import numpy as np

        return np.frombuffer(self.pcm, dtype="<f4")


@dataclass(frozen=True, slots=True)
class Image(Record):
    """One picture, red-green-blue."""

    rgb: bytes
    """Height x width x 3 unsigned bytes, row by row, in RGB order."""
    height: int
    """In pixels."""
    width: int
    """In pixels."""
    at: float | None = None
    """When it was taken, in seconds since the first of its run, where that is known."""

    @classmethod
    def from_array(cls, pixels: NDArray[np.uint8]) -> Self:
        """Wrap an RGB uint8 array of shape (height, width, 3); raise InputError for any other."""
        import numpy as np  # heavy, and most callers send text

        array = np.asarray(pixels)
        if array.ndim != 3 or array.shape[2] != 3 or array.dtype != np.uint8:
            raise InputError(
                f"an image must be an RGB array of unsigned bytes, height x width x 3; "
                f"got shape {array.shape}, type {array.dtype}."
            )
        return cls(array.tobytes(), array.shape[0], array.shape[1])

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The picture as a uint8 array of shape (height, width, 3), RGB."""
        import numpy as np

        return np.frombuffer(self.rgb, dtype=np.uint8).reshape(self.height, self.width, 3)
