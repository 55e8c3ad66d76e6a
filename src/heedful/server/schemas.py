"""Define what requests may hold; what is answered are the records of `heedful.types`."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from heedful.config import Config
from heedful.errors import InputError
from heedful.said import message_of
from heedful.types import Audio, Image, Message

Name = Annotated[str, Field(min_length=1, max_length=160)]
Encoded = Annotated[str, Field(description="Base64.")]
_TEXT = "What was written or said."


class Asked(BaseModel):
    """A request: what it does not name is refused."""

    model_config = ConfigDict(extra="forbid")


class Sound(Asked):
    """Sound of one person: a sound file, or bare samples."""

    file: Encoded | None = Field(None, description="A sound file such as WAV or FLAC, in base64.")
    pcm16: Encoded | None = Field(None, description="Mono samples as little-endian 16-bit integers, in base64.")
    rate: int = Field(16_000, ge=4_000, le=192_000, description="Samples per second of `pcm16`.")

    def decoded(self, config: Config) -> Audio | bytes:
        """Return the sound, or the bytes of its file; raise InputError if it is malformed or too long."""
        if (self.file is None) == (self.pcm16 is None):
            raise InputError("sound is either a `file` or `pcm16`: give one of the two.")
        if self.file is not None:
            return _bytes("audio.file", self.file)
        return pcm16(_bytes("audio.pcm16", self.pcm16 or ""), self.rate, config)


class Picture(Asked):
    """A picture of one person, as an image file."""

    file: Encoded = Field(description="An image file such as JPEG or PNG, in base64.")

    def decoded(self) -> bytes:
        """Return the bytes of the file; raise InputError if it is no base64."""
        return _bytes("image.file", self.file)


class Perceive(Asked):
    """A message: any mix of text, sound and pictures."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"text": "I finally passed my exam!"}]})
    text: str | None = Field(None, description=_TEXT)
    audio: Sound | None = Field(None, description="How it sounded; heard, never kept.")
    image: Picture | None = Field(None, description="How the speaker looked; looked at, never kept.")
    frames: list[Picture] = Field(default=[], max_length=64, description="Several pictures, in time order.")

    def message(self, config: Config) -> Message:
        """Return the message; raise InputError if a part is malformed, too long or too large."""
        if self.text is None and self.audio is None and self.image is None and not self.frames:
            raise InputError("the message is empty: give text, audio, image or frames.")
        audio = self.audio.decoded(config) if self.audio else None
        image = self.image.decoded() if self.image else None
        frames = [frame.decoded() for frame in self.frames]
        return admitted(assembled(self.text, audio, image, frames), config)


class Line(Asked):
    """One message of a conversation."""

    text: str = Field(description=_TEXT)
    speaker: Name = Field("person", description='"person" is the one attended to, "assistant" whoever replies.')


class Understand(Asked):
    """A conversation up to a message of the person."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"messages": [{"text": "My dog died last night."}]},
                {"messages": [{"text": "I got the job!"}]},
            ]
        },
    )
    messages: list[Line] = Field(min_length=1, max_length=200, description="Oldest first; the last is the person's.")


class Judge(Asked):
    """A reply to judge, with what it answers."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"message": "I failed my exam.", "reply": "At least you tried."}]},
    )
    reply: str = Field(description="The reply, by whomever; or a statement that stands alone.")
    message: str | None = Field(None, description="What it answers.")
    software: bool = Field(False, description="Whether a program replies: then it may not claim to feel.")
    rewrite: bool = Field(False, description="Whether to offer it in better words where needed; takes longer.")


class NewTurn(Perceive):
    """A message to answer, in a conversation."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "My dog died last night.", "conversation": "sam"}]},
    )
    conversation: Name = Field("default", description="Its name; a new name begins a new one.")
    person: Name | None = Field(None, description="Whom the conversation belongs to, for export and forget.")


class NewFeedback(Asked):
    """What a person thought of a reply; at least one of the fields beside `turn`."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"turn": "18a2b3c4d5e6f708-0123456789ab", "rating": 4}]}
    )
    turn: str = Field(min_length=1, max_length=200, description="The turn's id.")
    rating: int | None = Field(None, ge=1, le=5, strict=True, description="1 (worst) to 5 (best).")
    prefer: str | None = Field(None, max_length=20_000, description="A reply they would rather have had.")
    edit: str | None = Field(None, max_length=20_000, description="The reply in better words.")
    feeling: Name | None = Field(None, description="What they felt in truth.")
    comment: str | None = Field(None, max_length=20_000, description="Anything else.")


class NewConsent(Asked):
    """Something a person agrees to."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"what": "microphone", "purpose": "To hear how you sound. Nothing is kept."}]},
    )
    what: Name = Field(description='What they agree to, such as "crisis", "microphone" or "camera".')
    purpose: str = Field(min_length=1, max_length=2_000, description="What it is for, in the words shown to them.")


class ChatMessage(BaseModel):
    """A message as clients of the OpenAI protocol send it; fields that mean nothing here are passed over."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[dict[str, Any]] | None = None

    def text(self) -> str:
        """Return its text; parts of other kinds are refused."""
        if not isinstance(self.content, list):
            return self.content or ""
        if any(part.get("type") not in ("text", "refusal") for part in self.content):
            raise InputError("only parts of the type `text` are read here; sound and pictures go to /v1/turns.")
        return "\n".join(str(part.get("text") or part.get("refusal") or "") for part in self.content)


class Extension(Asked):
    """What Heedful takes beyond the OpenAI protocol, in the field `heedful`."""

    conversation: Name | None = Field(
        None, description="Keep the turn in this conversation; only the last message counts."
    )
    person: Name | None = Field(None, description="Whom that conversation belongs to.")


class Chat(BaseModel):
    """A chat completion as the OpenAI protocol asks for it; other fields are passed over, and named in the answer."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [{"model": "heedful", "messages": [{"role": "user", "content": "My dog died last night."}]}]
        },
    )
    messages: list[ChatMessage] = Field(min_length=1, max_length=2_000)
    model: str = "heedful"
    stream: bool = False
    stream_options: dict[str, Any] | None = None
    n: int = Field(1, ge=1, le=1, description="Only 1.")
    heedful: Extension | None = None


def pcm16(data: bytes, rate: int, config: Config) -> Audio:
    """Return little-endian 16-bit samples as sound; raise InputError if there are none or too many."""
    import numpy as np

    if not data or len(data) % 2:
        raise InputError(f"16-bit samples come in pairs of bytes, not {len(data)} bytes.")
    return admitted_sound(Audio.from_array(np.frombuffer(data, "<i2").astype(np.float32) / 32768.0, rate), config)


def assembled(
    text: str | None,
    audio: Audio | bytes | None,
    image: Image | bytes | None,
    frames: list[Image | bytes] | list[bytes],
) -> Message:
    """Make a message from decoded parts; files are decoded by whatever is installed for that."""
    given: Any = (text, audio, image, frames)
    try:
        return message_of(*given)
    except (TypeError, ImportError) as error:
        raise InputError(
            "sound and image files cannot be read by this installation. Install what reads them "
            "(pip install 'heedful[voice,face]'), or send sound as `pcm16`."
        ) from error


def admitted(message: Message, config: Config) -> Message:
    """Return a message that keeps the limits; raise InputError otherwise."""
    if message.audio:
        admitted_sound(message.audio, config)
    for image in (message.image, *message.frames):
        if image and image.height * image.width > config.serve_image:
            raise InputError(
                f"a picture has {image.width} x {image.height} pixels, and may have {config.serve_image:,} "
                f"(setting serve_image). Send a smaller one."
            )
    return message


def admitted_sound(audio: Audio, config: Config) -> Audio:
    """Return sound that keeps the limit; raise InputError otherwise."""
    seconds = len(audio.pcm) / 4 / audio.rate
    if seconds > config.serve_audio:
        raise InputError(
            f"the sound lasts {seconds:.0f} s, and may last {config.serve_audio:.0f} s (setting serve_audio). Cut it."
        )
    return audio


def _bytes(where: str, encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"{where} is no base64: {error}.") from None
