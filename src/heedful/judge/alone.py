"""Decide whether a statement is empathetic where no message says what it answers: by how it is put.

What people call empathetic then is less what is asked than how: carefully, with leave, with thanks, with comfort, as
something that two do together. The weights were fitted, all at once, to the votes on the half of a support bot's
rewordings that protocol E5 does not measure on (Alazraki et al., 2021), and to a hundred statements of our own. Length
was left out on purpose: those who rated liked longer statements, but padding comforts nobody. What is wrong with a
statement counts against it as in a reply, but for advice: nobody can say that it was not asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final

from heedful.judge.flags import Flag
from heedful.judge.mechanisms import Cue
from heedful.judge.verdict import WORTH, Opinion, against, doubts
from heedful.judge.wording import Wording

BASE: Final = -0.57
"""Where a statement stands that shows nothing at all."""
WARMTH: Final = {"reaction": 0.54, "interpretation": 1.07}
"""What the finds of the rules are worth here, as a share of their `verdict.WORTH`."""
RATING: Final = 1.15
"""What a human rating is worth, as the network foresees it, beside the usual one."""
USUAL: Final = 0.21
"""The usual rating, in [-1, 1], of a statement to which there is no message."""
WAYS: Final[Mapping[str, tuple[str, float]]] = {
    "asks carefully": (r"might|may|maybe|perhaps|could|sometimes|possibly|seems?|sounds?|at times", 1.5),
    "asks leave": (
        r"would you (?:like|mind|say)|(?:could|can) you|may i|please|i would like|"
        r"if you (?:would )?(?:like|want|prefer|feel)",
        0.64,
    ),
    "thanks": (r"thanks?|glad|appreciate|welcome", 2.1),
    "comforts": (
        r"sorry|(?:that|it) is (?:okay|all right|normal|natural)|understand(?:able)?|i hear you|take your time|no rush",
        0.31,
    ),
    "names feelings": (r"feels?|feelings?|felt|emotions?", 0.29),
    "asks": (r"\?", 0.41),
    "goes along": (r"we|us|our|together", 1.19),
    "speaks as somebody": (r"i", 0.56),
}  # fmt: skip
"""How a statement may be put to somebody -> what says so, in plain words, and what it is worth."""
CONTEXT: Final = frozenset({"unsolicited advice"})
"""Flags that say nothing of a statement without the message that it answers."""
_TO_SOMEBODY: Final = re.compile(r"\b(?:you(?:r|rs|rself|rselves)?|let us|thanks?)\b|\?")
_FOUND: Final = {name: (re.compile(rf"(?<!\w)(?:{words})(?!\w)"), worth) for name, (words, worth) in WAYS.items()}


def ways(statement: Wording) -> tuple[str, ...]:
    """Return the ways in which a statement is put to somebody; none for one that speaks to nobody."""
    if not _TO_SOMEBODY.search(statement.plain):
        return ()
    return tuple(name for name, (words, _) in _FOUND.items() if words.search(statement.plain))


def probability_alone(
    statement: Wording, found: Mapping[str, Cue], flags: Sequence[Flag], opinion: Opinion | None
) -> float:
    """Return the probability, in [0, 1], that people call a statement empathetic that stands alone.

    Args:
        statement: what is said.
        found: what the rules found of each mechanism.
        flags: what is wrong with the statement.
        opinion: what the network says of it as a whole, if it may load.
    """
    warm = math.fsum(
        share * max((WORTH[rule] for rule in found[name].rules), default=0.0) for name, share in WARMTH.items()
    )
    logit = BASE + warm + math.fsum(_FOUND[name][1] for name in ways(statement))
    logit -= against(flag for flag in flags if flag.rule.name not in CONTEXT)
    if opinion:
        logit += RATING * (opinion.rating - USUAL) - doubts(opinion)
    return 1.0 / (1.0 + math.exp(-logit))
