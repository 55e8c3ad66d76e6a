"""Make messages from what applications have at hand: texts, pairs, arrays of sound and of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heedful.errors import InputError
from heedful.picture import picture_of
from heedful.types import Audio, Image, Message
from heedful.video import is_video, pictures_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.picture import Picture
    from heedful.video import Video

    Sound = Audio | tuple[NDArray[np.floating[Any]], int]
    Pictures = Sequence[Picture] | Video
    Said = str | Message | Sequence[tuple[str, str] | Message]


def message_of(text: str | None, audio: Sound | None, image: Picture | None, frames: Pictures) -> Message:
    """Make a message from loose parts; raise InputError for a part of the wrong kind."""
    if text is not None and not isinstance(text, str):
        raise InputError(f"text must be a string, not {type(text).__name__}.")
    sound = audio if audio is None or isinstance(audio, Audio) else Audio.from_array(*audio)
    return Message(
        text=text,
        audio=sound,
        image=None if image is None else picture_of(image),
        frames=frames_of(frames),
    )


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
