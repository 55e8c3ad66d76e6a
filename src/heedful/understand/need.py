"""Tell what a person does with a message, what they ask, and what they need."""

from __future__ import annotations

import functools
from typing import Literal

from heedful.types import Appraisal, Event, Need, Risk
from heedful.understand.event import NONE, kinds
from heedful.understand.pattern import Patterns, read_pack
from heedful.understand.wording import plain

Asks = Literal["nothing", "a question", "advice", "only to be heard", "who you are"]
Act = Literal["telling", "greeting", "thanks", "goodbye", "answer"]

_LOOKED_AT = 2000
"""Only so many characters at either end are looked at: what is asked stands at the start or the end."""
_PRESSING, _ABLE = 0.75, 0.6
"""From this urgency and this control on, both in [0, 1], what is feared calls for action."""
_SHORT = {"greeting": 5, "thanks": 9, "goodbye": 8, "answer": 4}
"""Words that a message of this act has at most."""
_LONG_THANKS = 25


def asks_of(text: str) -> Asks:
    """Return what a message asks of the listener; a rhetorical question asks nothing."""
    form = _ends(text)
    if _found("asks", "heard", form):
        return "only to be heard"
    if _found("asks", "advice", form):
        return "advice"
    if "?" not in form:
        return "nothing"
    question = next(part for part in reversed(form.split("?")[:-1]) if part is not None)
    sentence = question.replace("!", ".").split(".")[-1].strip(" ,")
    return "nothing" if not sentence or _found("asks", "rhetorical", sentence) else "a question"


def act_of(text: str, told: int, event_told: bool, pleased: bool = False) -> Act:
    """Return what a message does in the conversation.

    Args:
        text: the message.
        told: how many messages the person has written, this one included.
        event_told: whether it tells of an event; then it is "telling" however short it is.
        pleased: whether it reads as pleased; then thanks may be longer.
    """
    form = _ends(text)
    words = len(form.split())
    if event_told:
        return "telling"
    for act in ("greeting", "thanks", "goodbye", "answer"):
        most = _LONG_THANKS if act == "thanks" and pleased and told > 1 else _SHORT[act]
        if act == "greeting" and "how are you" in form:
            most *= 2
        if words <= most and _found("acts", act, form, at_start=act in {"greeting", "answer"}):
            if act == "thanks" and _found("acts", "ungrateful", form):
                continue
            if act in {"answer", "goodbye"} and told < 2:  # nothing was said yet that it could answer or end
                continue
            return act
    return "answer" if told > 1 and words <= 2 and "?" not in form else "telling"


def need_of(event: Event, asks: Asks, risk: Risk, text: str, appraisal: Appraisal | None = None) -> Need:
    """Return what the person needs now: safety first, then what they ask for, then what their event calls for.

    Args:
        event: in force.
        asks: what the latest message asks.
        risk: the danger in force.
        text: the latest message.
        appraisal: how the person takes it; somebody who can do something, and soon has to, needs to act.
    """
    if risk.level in {"high", "imminent"}:
        return "safety"
    if _found("asks", "space", _ends(text)):
        return "space"
    if asks == "only to be heard":
        return "to be heard"
    if asks == "advice":
        return "action"
    if event.kind == NONE:
        return "information" if asks == "a question" else "to be heard"
    if appraisal and event.mood == "tense" and appraisal.urgency >= _PRESSING and appraisal.control >= _ABLE:
        return "action"
    return kinds()[event.kind].need


def _ends(text: str) -> str:
    return plain(text if len(text) <= 2 * _LOOKED_AT else f"{text[:_LOOKED_AT]} {text[-_LOOKED_AT:]}")


def _found(table: str, name: str, form: str, *, at_start: bool = False) -> bool:
    return any(match.start() == 0 or not at_start for _, match in _patterns(table, name).find(form))


@functools.cache
def _patterns(table: str, name: str) -> Patterns:
    place = f"understand/need.toml, [{table}] {name}"
    return Patterns([(place, pattern) for pattern in read_pack("need.toml")[table][name]])
