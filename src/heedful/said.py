"""Make messages from what applications have at hand: texts, pairs, arrays of sound and of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from heedful.errors import InputError
from heedful.types import Audio, Image, Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sound = Audio | tuple[NDArray[np.floating[Any]], int]
    Picture = Image | NDArray[np.uint8]
    Said = str | Message | Sequence[tuple[str, str] | Message]


def message_of(text: str | None, audio: Sound | None, image: Picture | None, frames: Sequence[Picture]) -> Message:
    """Make a message from loose parts; raise InputError for a part of the wrong kind."""
    if text is not None and not isinstance(text, str):
        raise InputError(f"text must be a string, not {type(text).__name__}.")
    sound = audio if audio is None or isinstance(audio, Audio) else Audio.from_array(*audio)
    return Message(
        text=text,
        audio=sound,
        image=None if image is None else picture_of(image),
        frames=tuple(picture_of(frame) for frame in frames),
    )


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
