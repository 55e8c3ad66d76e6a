"""Decide whether a statement is empathetic where no message says what it answers: by how it is put.

What people call empathetic then is less what is asked than how: carefully, with leave, with thanks, with comfort. The
ways and what they are worth are in the pack `alone.toml`, fitted to the half of a support bot's rewordings that
protocol E5 does not measure on (Alazraki et al., 2021). Length was left out on purpose: those who rated liked longer
statements, but padding comforts nobody.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from heedful.judge.mechanisms import Cue
from heedful.judge.pack import Matcher, read_pack
from heedful.judge.verdict import WORTH, Opinion, worth_of
from heedful.judge.wording import Wording

BASE: Final = -0.36
"""Where a statement stands that shows nothing at all."""
WARMTH: Final = {"reaction": 0.4, "interpretation": 0.46}
"""What the finds of the rules are worth here, as a share of their `verdict.WORTH`."""


def ways(statement: Wording) -> tuple[str, ...]:
    """Return the ways in which a statement is put to somebody; none for one that speaks to nobody."""
    return tuple(way.rule.name for way in _ways(statement))


def _ways(statement: Wording) -> list[Matcher]:
    """Return the rules of the pack that say so."""
    pack = read_pack("alone")
    if not any(rule.found_in(statement) for rule in pack["somebody"]):
        return []
    return [rule for rule in pack["ways"] if rule.found_in(statement)]


def probability_alone(statement: Wording, found: Mapping[str, Cue], opinion: Opinion | None) -> float:
    """Return the probability, in [0, 1], that people call a statement empathetic that stands alone.

    Args:
        statement: what is said, with nothing wrong in it.
        found: what the rules found of each mechanism.
        opinion: what the network says of it as a whole, if it may load.
    """
    warm = math.fsum(
        share * max((WORTH[rule] for rule in found[name].rules), default=0.0) for name, share in WARMTH.items()
    )
    logit = BASE + warm + math.fsum(way.rule.weight for way in _ways(statement))
    return 1.0 / (1.0 + math.exp(-logit - (worth_of(opinion) if opinion else 0.0)))
