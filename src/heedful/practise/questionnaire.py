"""Ask about oneself: the ten items of the BFAS Compassion scale, from the public domain, if somebody wishes to.

Source: DeYoung, C. G., Quilty, L. C., & Peterson, J. B. (2007). Between facets and domains: 10 aspects of the Big Five.
Journal of Personality and Social Psychology, 93, 880-896. The items belong to the International Personality Item Pool
(https://ipip.ori.org/BFASKeys.htm), whose items are in the public domain; the published reliability is alpha = .84.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from heedful.errors import InputError
from heedful.media import Record

SOURCE: Final = (
    "BFAS Compassion, 10 items, alpha = .84 (DeYoung, Quilty & Peterson, 2007); International Personality Item Pool, "
    "ipip.ori.org, public domain"
)
"""Where the items come from, and what permits their use."""
INSTRUCTION: Final = (
    "How accurately does each statement describe you, as you generally are now, not as you wish to be? "
    "1 = very inaccurate, 2 = moderately inaccurate, 3 = neither, 4 = moderately accurate, 5 = very accurate."
)
"""What is said before it (the instruction of the pool, shortened)."""
ITEMS: Final[tuple[tuple[str, bool], ...]] = (
    ("I am not interested in other people's problems.", False),
    ("I feel others' emotions.", True),
    ("I inquire about others' well-being.", True),
    ("I can't be bothered with others' needs.", False),
    ("I sympathize with others' feelings.", True),
    ("I am indifferent to the feelings of others.", False),
    ("I take no time for others.", False),
    ("I take an interest in other people's lives.", True),
    ("I don't have a soft side.", False),
    ("I like to do things for others.", True),
)
"""Each statement, and whether agreeing counts upwards."""
LIMITS: Final = (
    "This is how you see yourself. It is no test of how others experience you, no diagnosis, and it moves slowly: "
    "a difference of less than about half a point between two times may well be chance."
)
"""What it does not say."""


@dataclass(frozen=True, slots=True)
class SelfReport(Record):
    """What somebody said of themselves, once."""

    id: str
    """Unique, sortable by time."""
    answers: tuple[int, ...]
    """1 to 5 per item, in the order of the items."""
    score: float
    """Mean over the items, the reversed ones turned round, from 1 to 5."""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When, in UTC."""


def score(answers: Sequence[int]) -> float:
    """Return the mean of the answers, the reversed items turned round.

    Args:
        answers: 1 to 5 per item.

    Raises:
        InputError: there are too few or too many, or one is out of range.

    Examples:
        >>> score([1, 5, 5, 1, 5, 1, 1, 5, 1, 5])
        5.0
    """
    if len(answers) != len(ITEMS) or any(type(each) is not int or not 1 <= each <= 5 for each in answers):
        raise InputError(f"there are {len(ITEMS)} statements, and each is answered with a whole number from 1 to 5.")
    turned = [each if upwards else 6 - each for each, (_, upwards) in zip(answers, ITEMS, strict=True)]
    return sum(turned) / len(turned)
