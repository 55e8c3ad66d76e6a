"""Decide whether a statement is empathetic where no message says what it answers: by how it is put.

What people call empathetic then is less what is asked than how: carefully, with leave, with thanks, with comfort. The
weights were fitted to the half of a support bot's rewordings that protocol E5 does not measure on (Alazraki et al.,
2021). Length was left out on purpose: those who rated liked longer statements, but padding comforts nobody.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from heedful.judge.mechanisms import Cue
from heedful.judge.verdict import WORTH, Opinion, worth_of
from heedful.judge.wording import Wording

BASE: Final = -0.36
"""Where a statement stands that shows nothing at all."""
WARMTH: Final = {"reaction": 0.4, "interpretation": 0.46}
"""What the finds of the rules are worth here, as a share of their `verdict.WORTH`."""
WAYS: Final[Mapping[str, tuple[str, float]]] = {
    "asks carefully": (r"might|may|maybe|perhaps|could|sometimes|possibly|seems?|sounds?|at times", 2.12),
    "asks leave": (
        r"would you (?:like|mind|say)|(?:could|can) you|may i|please|i would like|"
        r"if you (?:would )?(?:like|want|prefer|feel)",
        0.92,
    ),
    "thanks": (r"thanks?|glad|appreciate|welcome", 1.93),
    "comforts": (
        r"sorry|(?:that|it) is (?:okay|all right|normal|natural)|understand(?:able)?|i hear you|take your time|no rush",
        0.86,
    ),
    "names feelings": (r"feels?|feelings?|felt|emotions?", 0.59),
}  # fmt: skip
"""How a statement may be put to somebody -> what says so, in plain words, and what it is worth."""
_TO_SOMEBODY: Final = re.compile(r"\byou(?:r|rs|rself|rselves)?\b")
_FOUND: Final = {name: (re.compile(rf"\b(?:{words})\b"), worth) for name, (words, worth) in WAYS.items()}


def ways(statement: Wording) -> tuple[str, ...]:
    """Return the ways in which a statement is put to somebody; none for one that speaks to nobody."""
    if not _TO_SOMEBODY.search(statement.plain):
        return ()
    return tuple(name for name, (words, _) in _FOUND.items() if words.search(statement.plain))


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
    logit = BASE + warm + math.fsum(_FOUND[name][1] for name in ways(statement))
    return 1.0 / (1.0 + math.exp(-logit - (worth_of(opinion) if opinion else 0.0)))
