"""Say what a writer is, and what some writers offer beyond that."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Protocol, runtime_checkable

from heedful.types import Message, Percept, Plan, Reply, Turn, Understanding


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


@runtime_checkable
class OffersCandidates(Protocol):
    """A writer that offers several replies to choose from, quickly."""

    def candidates(
        self,
        message: Message,
        understanding: Understanding,
        plan: Plan,
        past: Sequence[Turn],
        conversation: str,
        n: int,
    ) -> list[Reply]:
        """Return up to `n` different replies, the one that `write` would give first; the rest as for `write`."""
        ...


@runtime_checkable
class WritesAloud(Protocol):
    """A writer that takes its time, may fail, and can be heard while it writes: a language model."""

    def takes(self, plan: Plan) -> bool:
        """Say whether a reply under this plan may be left to it; the built-in writer gives the others."""
        ...

    def stream(
        self,
        message: Message,
        percept: Percept,
        understanding: Understanding,
        plan: Plan,
        history: Sequence[Turn],
        seed: str,
    ) -> Generator[str, None, Reply]:
        """Yield the reply piece by piece, and return it whole; closing the generator ends the writing.

        Args:
            message: as for `write`.
            percept: of that message.
            understanding: as for `write`.
            plan: as for `write`.
            history: as for `write`.
            seed: as for `write`.

        Raises:
            HeedfulError: it cannot go on; some pieces may have come before.
        """
        ...
