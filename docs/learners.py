"""Simulate learners: eight kinds that practise, and Heedful's own writer beside them."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Any, Final

from heedful.engine import Engine
from heedful.judge.base import Judge
from heedful.practise.partner import LONGEST, answer
from heedful.practise.scenario import Level, Scenario
from heedful.practise.session import Session
from heedful.types import Message, Turn

TURNS: Final = 10
"""Replies in each conversation, at most."""
KINDS: Final = (
    "attentive", "advice-giver", "minimiser", "parrot", "keyword-stuffer", "silent", "interrogator", "cold-correct",
)  # fmt: skip
"""The kinds of learner."""
OWN: Final = "Heedful"
"""Heedful's own writer, which sees nothing of the scenario."""
_TURNED: Final = {
    "i": "you", "my": "your", "me": "you", "i'm": "you're", "am": "are", "mine": "yours", "i've": "you've",
    "i'd": "you'd",
}  # fmt: skip


def converse(judge: Judge, engine: Engine | None, scenario: Scenario, level: Level, kind: str) -> Session:
    """Return what comes of a conversation between a person and a simulated learner."""
    session = Session.begin(scenario, level, f"{kind}-{scenario.name}")
    history: list[Turn] = []
    for number in range(TURNS):
        if session.ending is not None:
            break
        if kind == OWN and engine is not None:
            history.append(engine.turn(Message(session.person_said[-1]), history, scenario.name))
            said = history[-1].reply.text[:LONGEST]
        else:
            said = says(kind, scenario, session, number)
        session = answer(judge, scenario, session, said)
    return session


def says(kind: str, scenario: Scenario, session: Session, number: int) -> str:
    """Return what a learner of a kind says next, in their reply of that number, counted from 0."""
    if kind == "attentive":
        return _attentive(scenario, session, number)
    heard = session.person_said[-1]
    if kind == "parrot":
        return _parrot(heard, number)
    line: str = _bank()[kind][number % len(_bank()[kind])]
    word = max(re.findall(r"[a-z]{4,}", heard.lower()) or ["story"], key=len)
    told = scenario.fact(session.told[-1]).learn if session.told else scenario.brief.split(". ")[0] + "."
    return line.format(word=word, learn=told)


def _attentive(scenario: Scenario, session: Session, number: int) -> str:
    """Say back what was understood, as the scenario's author would, or something warm, and ask about what is untold."""
    shown = [each for each in scenario.feelings if each.shown]
    feelings = [*shown, *(each for each in scenario.feelings if not each.shown)]
    ahead = [each for each in scenario.facts if each.name not in session.told]
    question = ahead[0].question if ahead else "Is there anything else that you would like to say about it?"
    if number % 2 == 0 and number // 2 < len(feelings):
        return f"{feelings[number // 2].reflect} {question}"
    return f"I'm glad you're telling me. {question}" if number % 3 else question


def _parrot(heard: str, number: int) -> str:
    turned = " ".join(_TURNED.get(word.lower(), word) for word in heard.split())
    return (turned, f"So {turned}", f"You're saying: {turned}")[number % 3]


@functools.cache
def _bank() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("learners.toml").read_text(encoding="utf-8"))
