"""Make messages from what applications have at hand: texts, pairs, arrays of sound and of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heedful.errors import InputError
from heedful.sound import decode
from heedful.types import Audio, Image, Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = Audio | tuple[NDArray[np.floating[Any]], int] | str | Path | bytes | bytearray | memoryview
    Picture = Image | NDArray[np.uint8]
    Said = str | Message | Sequence[tuple[str, str] | Message]


_MOST_CHANNELS = 64


def message_of(text: str | None, audio: Sound | None, image: Picture | None, frames: Sequence[Picture]) -> Message:
    """Make a message from loose parts; raise InputError for a part of the wrong kind."""
    if text is not None and not isinstance(text, str):
        raise InputError(f"text must be a string, not {type(text).__name__}.")
    return Message(
        text=text,
        audio=None if audio is None else sound_of(audio),
        image=None if image is None else picture_of(image),
        frames=tuple(picture_of(frame) for frame in frames),
    )


def sound_of(audio: Sound) -> Audio:
    """Return sound as it is kept in a message: files are decoded, the channels of an array averaged.

    Raises:
        InputError: it is no sound, or malformed.
    """
    if isinstance(audio, Audio):
        return audio
    if isinstance(audio, str | Path | bytes | bytearray | memoryview):
        return decode(audio)
    if not (isinstance(audio, tuple) and len(audio) == 2):
        raise InputError(
            f"sound is a path, the bytes of a file, a pair (samples, rate) or an Audio, not {type(audio).__name__}."
        )
    samples, rate = audio
    if isinstance(rate, bool) or not isinstance(rate, int):
        raise InputError(f"the rate of a sound is a whole number of samples per second, not {rate!r:.40}.")
    return Audio.from_array(_mono(samples), rate)


def _mono(samples: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Average the channels of an array, samples x channels or channels x samples; a mono one stays as it is."""
    import numpy as np

    array = np.asarray(samples)
    if array.ndim != 2 or array.dtype.kind != "f" or 0 in array.shape or min(array.shape) > _MOST_CHANNELS:
        return array
    mixed: NDArray[np.floating[Any]] = array.mean(axis=int(array.shape[0] > array.shape[1]))
    return mixed


def picture_of(image: Picture) -> Image:
    """Wrap an RGB array; an Image stays as it is."""
    return image if isinstance(image, Image) else Image.from_array(image)


def as_message(said: str | tuple[str, str] | Message) -> Message:
    """Return a text, a (speaker, text) pair or a message as a message; raise InputError for anything else."""
    if isinstance(said, Message):
        return said
    if isinstance(said, str):
        return Message(said)
    if isinstance(said, Sequence) and len(said) == 2 and all(isinstance(part, str) for part in said):
        return Message(said[1], speaker=said[0])
    raise InputError(f"a message is a text, a (speaker, text) pair or a Message, not {said!r:.80}.")
