"""Say what a network reads at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a message that the network reads at once."""

    start: int
    """First character, counted from 0."""
    end: int
    """One past the last character."""
    tokens: tuple[int, ...]
    """Its token ids, with the marks at both ends."""
