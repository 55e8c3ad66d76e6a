"""Let a language model put the person's answer into words, and take it only where it stays within the scenario."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from typing import Final

from heedful.errors import HeedfulError
from heedful.llm.base import ChatMessage, ChatModel
from heedful.practise.scenario import Scenario
from heedful.practise.session import Session
from heedful.practise.stem import stems

LONGEST: Final = 420
"""Characters of an answer; what is longer is not taken."""
_OUT_OF_CHARACTER: Final = re.compile(
    r"\b(?:as an ai|language model|assistant|scenario|role ?play|simulat\w+|prompt|character|instructions?|openness|trust level)\b|[*\[\]{}<>]",
    re.IGNORECASE,
)
_TELLS: Final = 0.5
"""Share of a fact's words from which it counts as told."""
_SAYS: Final = 0.3
"""Share of the meaning of the scenario's own line that has to be in it."""


def in_own_words(model: ChatModel, scenario: Scenario, session: Session) -> Session:
    """Return the session with its latest answer in a model's words, or as it is where they can't be taken.

    The model is told only what the person has said and is about to say: it can't give away what it doesn't know.

    Args:
        model: what writes.
        scenario: whom it plays.
        session: the conversation; its latest answer is the scenario's.
    """
    if not session.exchanges:
        return session
    latest = session.exchanges[-1]
    try:
        with closing(model.stream(_chat(scenario, session))) as pieces:
            written = "".join(pieces)
    except HeedfulError:
        return session
    text = re.sub(r"\s+", " ", written).strip().strip('"“”')
    if not may_be_said(text, scenario, session):
        return session
    spoken = replace(latest, answer=text, writer=model.name)
    return replace(session, exchanges=(*session.exchanges[:-1], spoken))


def may_be_said(text: str, scenario: Scenario, session: Session) -> bool:
    """Tell whether words stay in the part, give nothing untold away, keep the line's meaning and are new."""
    latest = session.exchanges[-1]
    if not text or len(text) > LONGEST or _OUT_OF_CHARACTER.search(text):
        return False
    if text in session.person_said[:-1]:
        return False
    words = stems(text)
    known = frozenset().union(*(stems(each) for each in (*session.person_said, scenario.brief)))
    for fact in scenario.facts:
        own = stems(fact.says) - known
        if fact.name not in session.told and own and len(words & own) / len(own) >= _TELLS:
            return False
    meant = stems(latest.answer)
    return not meant or len(words & meant) / len(meant) >= _SAYS


def _chat(scenario: Scenario, session: Session) -> list[ChatMessage]:
    person, latest = scenario.person, session.exchanges[-1]
    told = " ".join(scenario.fact(name).learn for name in session.told) or "Nothing beyond what was said."
    system = (
        f"You speak as {person.name}, {person.age} ({person.pronoun}). {person.manner} Situation: {scenario.brief} "
        f"You talk to {scenario.you}. Known so far: {told} Invent no facts. Never step out of the part, never help or "
        f"advise. Say the following in your own words, in at most three short sentences, keeping all it says and adding "
        f"nothing: {latest.answer}"
    )
    chat = [ChatMessage("system", system), ChatMessage("assistant", session.opening)]
    for exchange in session.exchanges[:-1]:
        chat += [ChatMessage("user", exchange.said or "(silence)"), ChatMessage("assistant", exchange.answer)]
    return [*chat, ChatMessage("user", latest.said or "(silence)")]
