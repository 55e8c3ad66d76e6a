"""Hold what was learned, as the stages take it: values that are handed in, so that the stages stay pure."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from heedful.types import Message, Plan, Record, Reply, Turn, Understanding


@dataclass(frozen=True, slots=True)
class Taste(Record):
    """What people prefer in a reply, as far as it is known here."""

    weights: Mapping[str, float] = field(default_factory=dict)
    """Trait -> how much it is liked, in log odds per spread; what is not named is 0."""
    doubt: Mapping[str, float] = field(default_factory=dict)
    """Trait -> standard deviation of its weight; where it is empty nothing is tried out."""
    version: str = ""
    """What it comes from, for "why this reply"."""

    def drawn(self, seed: str) -> Taste:
        """Return a taste drawn from what is possible as far as is known: Thompson sampling.

        Args:
            seed: the same seed gives the same draw.

        Source: Thompson (1933), On the likelihood that one unknown probability exceeds another.
        """
        if not self.doubt:
            return self
        lot = random.Random(seed)
        names = sorted({*self.weights, *self.doubt})
        drawn = {name: self.weights.get(name, 0.0) + self.doubt.get(name, 0.0) * lot.gauss(0.0, 1.0) for name in names}
        return Taste(drawn, {}, self.version)

    def worth(self, traits: Mapping[str, float]) -> float:
        """Return how much a reply with these traits is liked, in log odds."""
        return sum(self.weights.get(name, 0.0) * value for name, value in traits.items())


class Watched(Protocol):
    """What was seen in conversations of good listeners; `heedful.respond.exemplar.Exemplars` is one."""

    def replies(
        self,
        message: Message,
        meaning: bytes,
        understanding: Understanding,
        plan: Plan,
        past: tuple[Turn, ...],
        written: Reply,
    ) -> list[Reply]:
        """Return replies in their wording, fitted to this person, or none."""
        ...


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything learned that a turn may use; nothing of it touches the guard."""

    taste: Taste | None = None
    """What people prefer, this person above all; None while nothing is known."""
    explore: bool = False
    """Whether a taste that is not yet sure may be tried out."""
    watched: Watched | None = None
    """Wording of good listeners, or None."""
    prior: Mapping[str, float] = field(default_factory=dict)
    """FINE label -> what is added to its log odds, from what this person said they felt in truth."""

    def quiet(self) -> Learned:
        """Return what may still be used where nothing may be tried out or adapted: at danger."""
        return Learned(prior=self.prior)


NOTHING = Learned()
"""Before anything was learned."""


def liked(gap: float) -> float:
    """Return how likely a reply is liked better than the others, from its worth above theirs.

    Examples:
        >>> liked(0.0)
        0.5
    """
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, gap))))
