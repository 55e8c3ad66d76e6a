"""Say what a language model is to Heedful: something that goes on with a chat, piece by piece."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from heedful.types import Record


@dataclass(frozen=True, slots=True)
class ChatMessage(Record):
    """One message of a chat with a language model."""

    role: Literal["system", "user", "assistant"]
    """Whose it is: what the model is to do, what the person said, what was answered."""
    content: str
    """The words."""


class ChatModel(Protocol):
    """Goes on with a chat. Thread-safe."""

    name: str
    """What wrote, for the reply's `writer`."""

    def stream(self, messages: Sequence[ChatMessage]) -> Generator[str, None, None]:
        """Yield the answer piece by piece, as it comes; closing the generator ends the request.

        Args:
            messages: the chat so far, the system message first.

        Raises:
            ModelError: the model is late, down, or answers nothing that can be used; some pieces may have come before.
        """
        ...
