"""Hold what every harness needs: the judge, prompts of our own, and a judgement in words."""

from __future__ import annotations

import functools
from typing import Final

from heedful.config import Config
from heedful.judge.base import Judge
from heedful.respond.rank import empathy
from heedful.types import Judgement

PROMPTS: Final = (
    "My grandmother died on Sunday, and I have not told anybody at work.",
    "I failed my driving test for the third time.",
    "I got the job! I start in two weeks.",
    "My sister has stopped answering my messages, and I do not know why.",
    "I have been waiting for my refund for six weeks, and every time I call somebody says something else.",
    "I moved to a new city in March and I still know nobody here.",
    "The doctor wants to see me again about the results.",
    "My son took his first steps today, and I was at work.",
    "My manager took my idea and presented it as hers.",
    "I said something terrible to my brother last night.",
    "We have decided to let our old dog go tomorrow.",
    "I finally finished my thesis, after seven years.",
)
"""What people might write; our own words, for a first look without a dataset."""


@functools.cache
def judge() -> Judge:
    """Return the judge, by the settings in force."""
    return Judge(Config.load())


def judged(message: str, reply: str) -> tuple[float, Judgement]:
    """Judge a program's reply: a score in [0, 1], and the judgement that it comes from."""
    (found,) = judge().judge([(message, reply)], "software")
    return empathy(found), found


def in_words(found: Judgement) -> str:
    """Say how a reply was judged, in a few sentences."""
    levels = ("none", "weak", "strong")
    shown = ", ".join(f"{name} {levels[getattr(found, name).level]}" for name in found.rationales)
    verdict = "Empathetic" if found.empathetic else "Not empathetic"
    told = [f"{verdict}, {found.probability:.0%} likely ({shown})."]
    told += [f"{flag.rule}: {flag.text!r}. {flag.why}" for flag in found.flags]
    return " ".join([*told, *found.better])
