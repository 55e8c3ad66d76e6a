"""Say what a writer is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from heedful.types import Message, Plan, Reply, Turn, Understanding


class Writer(Protocol):
    """Puts a plan into words. Pure: the same arguments give the same reply."""

    def write(
        self, message: Message, understanding: Understanding, plan: Plan, history: Sequence[Turn], seed: str
    ) -> Reply:
        """Return a reply to `message` that follows `plan` and repeats nothing of `history`.

        Args:
            message: the latest message of the person.
            understanding: of the conversation, that message included.
            plan: what the reply should do.
            history: the turns before, oldest first.
            seed: varies the wording between conversations.
        """
        ...
