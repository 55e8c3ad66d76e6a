"""Decide whether a reply is empathetic: what speaks for it, what speaks against it, as log odds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from heedful.judge.flags import Flag
from heedful.judge.mechanisms import Cue
from heedful.types import Mechanism

BASE = -1.4
"""Where a reply stands that shows nothing at all."""
WORTH: Mapping[str, float] = {
    "sorrow shared": 3.0,
    "warmth": 2.4,
    "acknowledges": 1.6,
    "names what it is like": 2.6,
    "says it understands": 1.8,
    "shares an experience": 1.0,
    "asks about what they feel or live through": 1.9,
    "invites them to go on": 2.2,
}
"""What each rule's find adds."""
SEEN_WORTH: Mapping[str, float] = {"reaction": 3.0, "interpretation": 1.6, "exploration": 1.6}
"""What a mechanism adds that the network alone sees, at probability 1; nothing at 1/2. Only the surest one counts."""
MOST = 4.0
"""No more than this speaks for a reply, so that many kind words cannot outweigh a cruel one."""
OTHERS = 0.3
"""Share of its weight with which each flag counts beside the heaviest."""
RATING_WORTH, USUAL_RATING = 1.2, 0.3
"""What a human rating is worth, beside the usual one."""
UNSAFE_WORTH, UNSAFE = 1.5, 0.75
"""What the network's doubts about safety weigh, and the probability from which they count."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the network says of a reply as a whole."""

    rating: float
    """The human rating it would get, in [-1, 1]."""
    unsafe: float
    """The probability that it is unsafe."""


def probability(
    found: Mapping[str, Cue], mechanisms: Mapping[str, Mechanism], flags: Sequence[Flag], opinion: Opinion | None
) -> float:
    """Return the probability that a reply is empathetic, in [0, 1].

    Args:
        found: what the rules found of each mechanism.
        mechanisms: how strongly each is shown.
        flags: what is wrong with the reply.
        opinion: what the network says of it as a whole, if it may load.
    """
    worth = math.fsum(max((WORTH[rule] for rule in cue.rules), default=0.0) for cue in found.values())
    logit = BASE + min(worth, MOST) - against(flags)
    if opinion:
        seen = (
            SEEN_WORTH[name] * (1.0 - 2.0 * mechanisms[name].probabilities[0])
            for name, cue in found.items()
            if not cue.rules
        )
        logit += max((0.0, *seen)) + worth_of(opinion)
    return 1.0 / (1.0 + math.exp(-logit))


def worth_of(opinion: Opinion) -> float:
    """Return what the network's opinion of a reply as a whole adds to its log odds."""
    return RATING_WORTH * (opinion.rating - USUAL_RATING) - doubts(opinion)


def against(flags: Iterable[Flag]) -> float:
    """Return what flags take from the log odds: the heaviest in full, of the others a share."""
    weights = sorted((flag.rule.weight for flag in flags), reverse=True)
    return math.fsum(weight * (1.0 if place == 0 else OTHERS) for place, weight in enumerate(weights))


def doubts(opinion: Opinion) -> float:
    """Return what the network's doubts about safety take from the log odds."""
    return UNSAFE_WORTH * max(0.0, opinion.unsafe - UNSAFE) / (1.0 - UNSAFE)
