"""Say what a perceiver is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from heedful.types import Message, Modality, Reading


class Perceiver(Protocol):
    """Reads one modality of messages. Stateless, thread-safe; loads what it needs at its first use."""

    modality: Modality

    def perceive(self, messages: Sequence[Message]) -> list[Reading]:
        """Return one reading per message, in order.

        A message without this modality, or one that cannot be judged, gets a reading that abstains with a reason.
        Malformed input raises InputError.
        """
        ...
