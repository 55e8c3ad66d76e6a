"""Define what a client of the live WebSocket may send; docs/live.md says what each message means."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Final, Literal

import msgspec

from heedful.errors import InputError

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=160)]
_Short = Annotated[str, msgspec.Meta(max_length=200)]


class Resume(msgspec.Struct, forbid_unknown_fields=True):
    """Where a session goes on that lost its connection."""

    session: _Short
    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    turn: _Short | None = None


class SessionSettings(msgspec.Struct, tag="session_settings", tag_field="type", forbid_unknown_fields=True):
    """Begin a session, take one up again, or change its settings."""

    key: _Short | None = None
    conversation: Name | None = None
    person: Name | None = None
    transcript: Literal["server", "client", "none"] | None = None
    speaks: bool = False
    resume: Resume | None = None


class UserInput(msgspec.Struct, tag="user_input", tag_field="type", forbid_unknown_fields=True):
    """Something that the person wrote, or the words of an utterance that was heard."""

    text: str = ""
    id: _Short | None = None
    utterance: int | None = None


class AudioInput(msgspec.Struct, tag="audio_input", tag_field="type", forbid_unknown_fields=True):
    """About a tenth of a second of sound: 16-bit samples, mono, 16 kHz, in base64; `end` says that it stops here."""

    data: str = ""
    end: bool = False


class VideoFrame(msgspec.Struct, tag="video_frame", tag_field="type", forbid_unknown_fields=True):
    """A picture of the person: an image file in base64."""

    data: str = ""
    end: bool = False


class AssistantStop(msgspec.Struct, tag="assistant_stop", tag_field="type", forbid_unknown_fields=True):
    """Stop the reply."""


Sent = SessionSettings | UserInput | AudioInput | VideoFrame | AssistantStop
"""Everything that a client may send."""
SENT: Final = ("session_settings", "user_input", "audio_input", "video_frame", "assistant_stop")
"""The types of it."""
_DECODER: Final[msgspec.json.Decoder[Sent]] = msgspec.json.Decoder(Sent)


def read(text: str) -> Sent:
    """Return what a client sent; raise InputError saying what does not fit."""
    try:
        return _DECODER.decode(text.encode("utf-8", "surrogatepass"))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InputError(
            f"this message cannot be read: {str(error)[:200]}. A message is a JSON object whose `type` is one of "
            f"{', '.join(SENT)}."
        ) from None


def decoded(data: str) -> bytes:
    """Return the bytes behind base64; raise InputError if it is none."""
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"`data` is no base64: {error}.") from None
