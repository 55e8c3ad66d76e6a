"""Write docs/results/practise.md: `python -m docs.practise`. Simulated learners, what the partner says, and the coach."""

from __future__ import annotations

import re
import statistics
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from heedful.config import Config
from heedful.engine import Engine
from heedful.judge.base import Judge
from heedful.judge.wording import wording
from heedful.practise.partner import answer
from heedful.practise.pack import scenarios
from heedful.practise.scenario import LEVELS, Level, Scenario
from heedful.practise.session import Session
from heedful.types import Message, Turn

FOLDER: Final = Path(__file__).parent
TURNS: Final = 10
"""Replies in each conversation, at most."""
SCENARIOS: Final = 30
"""So many scenarios, every one of them for each kind of learner; the first ones by name."""
KINDS: Final = (
    "attentive", "advice-giver", "minimiser", "parrot", "keyword-stuffer", "silent", "interrogator", "cold-correct",
)  # fmt: skip
_TURN: Final = {"i": "you", "my": "your", "me": "you", "i'm": "you're", "am": "are", "mine": "yours", "i've": "you've", "i'd": "you'd"}

Learner = Callable[[Scenario, Session, int], str]


def main() -> None:
    """Measure, and write the page."""
    judge = Judge(Config.load(), rules_only=True)
    chosen = sorted(scenarios(), key=lambda each: each.name)[:SCENARIOS]
    for level in LEVELS:
        ended = {kind: [converse(judge, each, level, kind) for each in chosen] for kind in KINDS}
        report(level, ended)


def report(level: Level, ended: Mapping[str, list[Session]]) -> None:
    n = len(ended["attentive"])
    best = [
        place for place in range(n)
        if all(ended["attentive"][place].state.openness > ended[kind][place].state.openness for kind in KINDS[1:])
    ]
    sys.stdout.write(f"{level}: attentive above all in {len(best)}/{n}\n")
    for kind in KINDS:
        values = [each.state.openness for each in ended[kind]]
        sys.stdout.write(f"   {kind:16} mean {statistics.mean(values):.2f} max {max(values):.2f} min {min(values):.2f} turns {statistics.mean(len(e.exchanges) for e in ended[kind]):.1f} {[e.ending for e in ended[kind]].count('well')} well {[e.ending for e in ended[kind]].count('left')} left\n")
    for kind in ("parrot", "keyword-stuffer"):
        worse = [e.scenario for e, s in zip(ended[kind], ended["silent"]) if e.state.openness > s.state.openness + 1e-9]
        if worse: sys.stdout.write(f"   !! {kind} above silent in {worse}\n")
    lost = [ended["attentive"][p].scenario for p in range(n) if p not in best]
    if lost: sys.stdout.write(f"   lost: {lost}\n")


def converse(judge: Judge, scenario: Scenario, level: Level, kind: str) -> Session:
    """Return what comes of a conversation with a simulated learner."""
    session = Session.begin(scenario, level, f"{kind}-{scenario.name}")
    for turn in range(TURNS):
        if session.ending is not None:
            break
        session = answer(judge, scenario, session, says(kind, scenario, session, turn))
    return session


def says(kind: str, scenario: Scenario, session: Session, turn: int) -> str:
    """Return what a learner of a kind says next."""
    if kind == "attentive":
        return attentive(scenario, session, turn)
    heard = session.person_said[-1]
    if kind == "parrot":
        return parrot(heard, turn)
    bank = tomllib.loads((FOLDER / "learners.toml").read_text(encoding="utf-8"))
    line: str = bank[kind][turn % len(bank[kind])]
    word = max(re.findall(r"[a-z]{4,}", heard.lower()) or ["story"], key=len)
    told = scenario.fact(session.told[-1]).learn if session.told else scenario.brief.split(". ")[0] + "."
    return line.format(word=word, learn=told)


def attentive(scenario: Scenario, session: Session, turn: int) -> str:
    """Say back what was understood, as the scenario's author would, and ask one open question about what is untold."""
    feelings = [each for each in scenario.feelings if each.shown] + [each for each in scenario.feelings if not each.shown]
    feeling = feelings[turn // 2 % len(feelings)]
    ahead = [each for each in scenario.facts if each.name not in session.told]
    question = ahead[0].question if ahead else "Is there anything else that you would like to say about it?"
    if turn % 2 == 0 and turn // 2 < len(feelings):
        return f"{feeling.reflect} {question}"
    return f"I'm glad you're telling me. {question}" if turn % 3 else question


def parrot(heard: str, turn: int) -> str:
    """Say back the person's own words."""
    turned = " ".join(_TURN.get(word.lower(), word) for word in heard.split())
    return (f"{turned}", f"So {turned}", f"You're saying: {turned}")[turn % 3]


if __name__ == "__main__":
    main()
