"""Say how strongly a reply shows each mechanism of empathy, by rules and by the listener network where it may load."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import msgspec

from heedful.errors import ConfigError
from heedful.judge.pack import Find, read_pack
from heedful.judge.wording import Wording
from heedful.types import Mechanism, Span

NAMES = ("reaction", "interpretation", "exploration")
"""The mechanisms, as fields of a Judgement and heads of the network."""
LEVELS = ("0", "1", "2")
"""The levels, as the network's heads name them."""
Levels = tuple[float, float, float]
"""The probability of each level."""
RULES_SHARE = 0.25
"""Weight of the rules beside the network, as an exponent on what they add to it."""
_OWN = frozenset(("i", "me", "my", "myself", "mine"))
_STORY = 5
"""So many words for oneself make a reply a story of one's own."""
_NONE, _STORY_NAME = "none", "tells of themselves"
_QUESTIONS = frozenset(
    "what how why when where who which do does did is are was were have has can could would will".split()
)


class Said(Protocol):
    """What the network says of texts, or of replies with the messages that they answer."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Head -> calibrated values, items x labels."""
        ...

    @property
    def spans(self) -> Mapping[str, Sequence[Sequence[tuple[int, int, float]]]]:
        """Head -> for each item (first character, one past the last, probability) of each token of its second text."""
        ...


@dataclass(frozen=True, slots=True)
class Cue:
    """What the rules found of one mechanism."""

    rule: str
    """The strongest rule that found something, or "none"."""
    rules: tuple[str, ...]
    """All the rules that found something."""
    rationale: tuple[Span, ...]
    """The clauses that it was found in."""


def cues(reply: Wording, message: Wording) -> dict[str, Cue]:
    """Return what the rules find in a reply, by mechanism."""
    return {name: _cue(name, reply, message) for name in NAMES}


def from_rules(found: Mapping[str, Cue]) -> dict[str, Mechanism]:
    """Return the mechanisms as the rules alone see them."""
    return {name: _mechanism(levels_of(name, found[name].rule), found[name].rationale) for name in NAMES}


def from_network(
    said: Said,
    row: int,
    text: str,
    found: Mapping[str, Cue],
    thresholds: Mapping[str, Sequence[float]] = MappingProxyType({}),
) -> dict[str, Mechanism]:
    """Return the mechanisms as the network sees them, with the rules' part.

    Args:
        said: what the network said.
        row: which of its items this reply is.
        text: the reply.
        found: what the rules found in it.
        thresholds: head -> what the probability of each level is divided by before they are compared, or from which
            probability a token belongs to a rationale; by default the likeliest level, and 0.5.
    """
    mechanisms = {}
    for name in NAMES:
        none, weak, strong = map(float, said.values[name][row])
        levels: Levels = (none, weak, strong)
        cue = found[name]
        marked = f"{name}_rationale"
        likely = thresholds.get(marked, (0.5,))[0]
        spans = _joined(text, said.spans[marked][row], likely) if marked in said.spans else ()
        blended = blend(levels, levels_of(name, cue.rule), levels_of(name, "prior"))
        mechanisms[name] = _mechanism(blended, spans or cue.rationale, thresholds.get(name, (1.0, 1.0, 1.0)))
    return mechanisms


def blend(network: Levels, rules: Levels, prior: Levels) -> Levels:
    """Join what the network and the rules say: what the rules add to the prior counts RULES_SHARE."""
    odds = [max(n, 1e-6) * (r / p) ** RULES_SHARE for n, r, p in zip(network, rules, prior, strict=True)]
    whole = math.fsum(odds)
    return odds[0] / whole, odds[1] / whole, odds[2] / whole


def levels_of(mechanism: str, rule: str) -> Levels:
    """Return how likely each level is, given the strongest rule that found something."""
    return _levels()[mechanism][rule]


def _cue(name: str, reply: Wording, message: Wording) -> Cue:
    strongest, finds = _NONE, list[Find]()
    rules: list[str] = []
    rank = 0
    for matcher in read_pack("mechanisms")[name]:
        found = [find for find in matcher.find(reply, message) if not _asked(name, reply, find)]
        if found and matcher.rule.level >= rank:
            strongest, rank = matcher.rule.name, matcher.rule.level
        finds += found
        rules += [matcher.rule.name] if found else []
    if strongest == _NONE and name == "interpretation" and sum(word in _OWN for word in reply.words) >= _STORY:
        strongest = _STORY_NAME
        finds = [Find(place, place) for place, word in enumerate(reply.words) if word in _OWN]
    clauses = sorted({reply.sentence(find.first) for find in finds})
    return Cue(strongest, tuple(rules), tuple(reply.span(first, max(first, end - 1)) for first, end in clauses))


def _asked(name: str, reply: Wording, find: Find) -> bool:
    """Tell whether words that would interpret stand in a question: it asks, and says nothing."""
    if name != "interpretation":
        return False
    first, end = reply.sentence(find.first)
    return reply.words[end] == "?" and reply.words[first] in _QUESTIONS


def _mechanism(levels: Levels, rationale: Sequence[Span], least: Sequence[float] = (1.0, 1.0, 1.0)) -> Mechanism:
    level = max(range(3), key=lambda each: levels[each] / least[each])
    return Mechanism(level, levels, tuple(rationale) if level else ())


def _joined(text: str, tokens: Sequence[tuple[int, int, float]], likely: float) -> tuple[Span, ...]:
    """Return the stretches of likely tokens; those that only one unlikely token parts are one."""
    spans: list[tuple[int, int]] = []
    gap = 0
    for start, end, probability in tokens:
        if probability < likely:
            gap += 1
        elif spans and gap <= 1:
            spans[-1], gap = (spans[-1][0], end), 0
        else:
            spans.append((start, end))
            gap = 0
    return tuple(Span(start, end, text[start:end]) for start, end in spans if end > start)


@functools.cache
def _levels() -> dict[str, dict[str, Levels]]:
    path = Path(__file__).parent / "packs" / "levels.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), dict[str, dict[str, Levels]])
    except (OSError, ValueError) as error:
        raise ConfigError(f"judge/packs/levels.toml cannot be read: {error}. Restore it from the package.") from error
