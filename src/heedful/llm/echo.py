"""Stand in for a language model: deterministic, offline, and as slow or as broken as a test wants it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Sequence

from heedful.errors import ModelError
from heedful.llm.base import ChatMessage

URL = "echo:"
"""The value of `llm_url` that chooses it."""
_PIECE = re.compile(r"\s*\S+")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


class Echo:
    """Tells in how many words the last message came, or says what it was made to say.

    Args:
        say: the answer, or what makes it from the messages.
        pause: seconds before each piece.
        fails_after: pieces after which it breaks off with a ModelError; None = never.

    Examples:
        >>> "".join(Echo("I hear you.").stream([ChatMessage("user", "hi")]))
        'I hear you.'
    """

    name = "echo"

    def __init__(
        self,
        say: str | Callable[[Sequence[ChatMessage]], str] | None = None,
        *,
        pause: float = 0.0,
        fails_after: int | None = None,
    ) -> None:
        self._say = say
        self._pause = pause
        self._fails_after = fails_after

    def stream(self, messages: Sequence[ChatMessage]) -> Generator[str, None, None]:
        """Yield the answer word by word; see `heedful.llm.base.ChatModel`."""
        for number, piece in enumerate(_PIECE.findall(self._answer(messages))):
            if number == self._fails_after:
                raise ModelError("the double broke off, as it was told to.")
            if self._pause:
                time.sleep(self._pause)
            yield piece
        if self._fails_after == 0:
            raise ModelError("the double broke off, as it was told to.")

    def _answer(self, messages: Sequence[ChatMessage]) -> str:
        if isinstance(self._say, str):
            return self._say
        if self._say is not None:
            return self._say(messages)
        last = next((each.content for each in reversed(messages) if each.role == "user"), "")
        count = min(len(_WORD.findall(last)), 99)
        return f"That came in {count} words. Which of them weighs most?" if count else "That came without words."
