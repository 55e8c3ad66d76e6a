"""Make messages from what applications have at hand: texts, pairs, arrays of sound and of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heedful.errors import InputError
from heedful.picture import picture_of
from heedful.sound import decode
from heedful.types import Audio, Image, Message
from heedful.video import is_video, pictures_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.picture import Picture
    from heedful.video import Video

    Sound = Audio | tuple[NDArray[np.floating[Any]], int] | str | Path | bytes | bytearray | memoryview
    Pictures = Sequence[Picture] | Video
    Said = str | Message | Sequence[tuple[str, str] | Message]


_MOST_CHANNELS = 64


def message_of(text: str | None, audio: Sound | None, image: Picture | None, frames: Pictures) -> Message:
    """Make a message from loose parts; raise InputError for a part of the wrong kind."""
    if text is not None and not isinstance(text, str):
        raise InputError(f"text must be a string, not {type(text).__name__}.")
    return Message(
        text=text,
        audio=None if audio is None else sound_of(audio),
        image=None if image is None else picture_of(image),
        frames=frames_of(frames),
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


def frames_of(frames: Pictures) -> tuple[Image, ...]:
    """Return a run of pictures: of a video, by path or bytes, or one by one; raise InputError for anything else."""
    if isinstance(frames, bytes) or is_video(frames):
        return tuple(pictures_of(frames))  # type: ignore[arg-type]  # is_video narrows nothing
    if isinstance(frames, str | Path):
        raise InputError(f"frames must be a run of pictures, or a video; {str(frames)!r} has no ending of one.")
    return tuple(picture_of(frame) for frame in frames)


def as_message(said: str | tuple[str, str] | Message) -> Message:
    """Return a text, a (speaker, text) pair or a message as a message; raise InputError for anything else."""
    if isinstance(said, Message):
        return said
    if isinstance(said, str):
        return Message(said)
    if isinstance(said, Sequence) and len(said) == 2 and all(isinstance(part, str) for part in said):
        return Message(said[1], speaker=said[0])
    raise InputError(f"a message is a text, a (speaker, text) pair or a Message, not {said!r:.80}.")
