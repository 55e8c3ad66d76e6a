"""Find what is wrong with a reply: minimising, blame, advice nobody asked for, and the other flags of the pack."""

from __future__ import annotations

from dataclasses import dataclass

from heedful.judge.pack import Rule, read_pack
from heedful.judge.wording import MARKS, Wording
from heedful.types import Finding

PARROTING = Rule(
    name="parroting",
    why="It hands the person's own words back, which shows that they were heard but not that they were understood.",
    better="Say it in other words and add what it may mean to them, not only what happened.",
    weight=1.2,
    phrases=("",),
)
"""What is found by comparing the reply with the message."""
_TURNED = {
    "i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "am": "are", "we": "you",
    "our": "your", "was": "were", "us": "you",
}  # fmt: skip
_ECHO, _MOSTLY = 4, 0.6
"""Words in a row that make an echo, and the share of the reply that has to be echo."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that a reply breaks."""

    rule: Rule
    """The rule."""
    finding: Finding
    """The words found and why they matter."""
    start: int
    """Where the words begin in the reply."""


def flags(reply: Wording, message: Wording, replier: str = "anyone") -> list[Flag]:
    """Return what is wrong with a reply, one flag per rule, in the order of the words.

    Args:
        reply: the reply.
        message: what it answers; empty for a statement that stands alone.
        replier: "software" if a program replies: then it may not claim to feel or to have lived something.
    """
    found: dict[str, Flag] = {}
    for matcher in read_pack("flags")["flag"]:
        rule = matcher.rule
        if rule.name in found or rule.replier not in ("anyone", replier):
            continue
        if finds := matcher.find(reply, message):
            span = reply.span(finds[0].first, finds[0].last)
            found[rule.name] = Flag(rule, Finding(rule.name, span.text, rule.why), span.start)
    if echo := _echo(reply, message):
        found[PARROTING.name] = Flag(
            PARROTING, Finding(PARROTING.name, reply.text[echo[0] : echo[1]], PARROTING.why), echo[0]
        )
    return sorted(found.values(), key=lambda flag: flag.start)


def _echo(reply: Wording, message: Wording) -> tuple[int, int] | None:
    """Return the stretch of a reply that repeats the message, if it is most of the reply."""
    said = [word for word in reply.words if word not in MARKS]
    if len(said) < _ECHO:
        return None
    heard = set(_runs([_TURNED.get(word, word) for word in message.words]))
    places = [place for place, word in enumerate(reply.words) if word not in MARKS]
    turned = [_TURNED.get(reply.words[place], reply.words[place]) for place in places]
    covered: set[int] = set()
    for number, run in enumerate(_runs(turned)):
        if run in heard:
            covered.update(range(number, number + _ECHO))
    if len(covered) < _MOSTLY * len(said):
        return None
    return reply.spans[places[min(covered)]][0], reply.spans[places[max(covered)]][1]


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + _ECHO]) for at in range(len(words) - _ECHO + 1)]
