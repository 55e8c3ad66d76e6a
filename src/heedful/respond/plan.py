"""Decide what a reply should do, before any word of it is chosen."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from heedful.types import Plan, Resource, Risk, Strategy, Turn, Understanding

_GRIEF = {"loss", "pet_loss"}
_CALM = ("exclamation", "silver lining", "advice")
_OWN = {"suicide", "self-harm"}
_CRISIS = {
    "violence": "crisis_violence",
    "abuse": "crisis_abuse",
    "child at risk": "crisis_child",
    "eating disorder": "crisis_eating",
    "medical emergency": "crisis_medical",
    "overdose": "crisis_medical",
}


@functools.cache
def _plans() -> dict[str, Any]:
    return tomllib.loads(files("heedful.respond").joinpath("plans.toml").read_text(encoding="utf-8"))


def make_plan(
    understanding: Understanding,
    past: Sequence[Turn],
    *,
    disclose: bool,
    resources: tuple[Resource, ...],
) -> Plan:
    """Return the plan for the reply to the latest message.

    A crisis comes first, then what could not be read, then plain acts (a greeting, a question about who this is),
    then the event told.

    Args:
        understanding: of the conversation, the latest message included.
        past: the turns before, oldest first.
        disclose: whether this reply says that this is software.
        resources: whom to refer to if there is danger.
    """
    must = ("disclosure",) if disclose else ()
    if understanding.risk.level in {"high", "imminent"}:
        return _crisis(understanding, past, resources, must)
    if act := _act(understanding):
        stage = _stage(act, past)
        must = () if act == "identity" else must  # that answer is the disclosure
        return Plan(act, ("inform",), stage, "warm", must, _CALM, 3, f"The message is plainly this: {act}.")
    plan = _event(understanding, past, must)
    if understanding.risk.level == "concern" and not understanding.risk.carried:
        own = (
            ("the person themselves",)
            if understanding.risk.kind in _OWN and not _about_another(understanding.risk)
            else ()
        )
        return Plan(
            plan.about, ("validate", "explore"), plan.stage, "calm", (*must, "safety question", *own), _CALM, 3,
            "Something in the message is worth asking about before anything else.", resources,
        )  # fmt: skip
    return plan


def _crisis(
    understanding: Understanding, past: Sequence[Turn], resources: tuple[Resource, ...], must: tuple[str, ...]
) -> Plan:
    risk = understanding.risk
    if risk.carried:
        # Whom to turn to is named again from time to time, not every time: a wall of numbers ends a conversation.
        since = next((ago for ago, turn in enumerate(reversed(past)) if turn.plan.resources), len(past))
        again = since >= 3
        return Plan(
            "crisis_later", ("validate", "refer") if again else ("validate",), "later", "calm",
            (*must, "resources") if again else must, _CALM, 3, "An earlier crisis is still in force.",
            resources if again else (),
        )  # fmt: skip
    kind = risk.kind or ""
    about = "crisis_other" if _about_another(risk) else _CRISIS.get(kind, "crisis_open")
    if about == "crisis_open":
        must = (*must, "the person themselves")
    strategies: tuple[Strategy, ...] = (
        ("validate", "refer") if about == "crisis_medical" else ("validate", "refer", "explore")
    )
    why = f"There is danger ({kind or 'unclear'}, {risk.level}): safety comes before anything else."
    return Plan(about, strategies, _stage(about, past), "calm", (*must, "resources"), _CALM, 4, why, resources)


def _about_another(risk: Risk) -> bool:
    """Whether it is somebody else who may harm themselves."""
    return risk.kind in _OWN and any(".other" in finding.rule for finding in risk.findings[:1])


def _act(understanding: Understanding) -> str | None:
    """Return the act that is answered as such, or None when there is an event or a feeling to answer."""
    if understanding.unread:
        for word, act in (("language", "unread_language"), ("words", "unread_words"), ("empty", "unread_empty")):
            if word in understanding.unread:
                return act
    if understanding.asks == "who you are":
        return "identity"
    if understanding.need == "space":
        return "space"
    if understanding.act in {"greeting", "thanks", "goodbye"}:
        return understanding.act
    if understanding.asks == "only to be heard":
        return "vent"
    if understanding.event.kind == "none":
        if understanding.asks == "a question":
            return "question"
        if understanding.act == "answer":
            return "short"
    return None


def _stage(about: str, past: Sequence[Turn]) -> Any:
    return "later" if any(turn.plan.about == about for turn in past) else "first"


def _event(understanding: Understanding, past: Sequence[Turn], must: tuple[str, ...]) -> Plan:
    kind, mood = understanding.event.kind, understanding.event.mood
    table = _plans()[mood]
    before = sum(turn.plan.about == kind for turn in past)
    if understanding.asks == "advice" and kind not in _GRIEF:
        strategies: tuple[Strategy, ...] = ("validate", "suggest") if before else ("validate", "explore")
        must = must if before else (*must, "ask before advising")
        why = "They ask what to do: heard first, asked what they know, then one small suggestion."
    elif before:
        strategies = tuple(table["later"][(before - 1) % len(table["later"])])
        why = f"They go on about it ({kind}): less is said each time, and never the same."
    else:
        strategies = tuple(_plans()["first"].get(kind, {}).get("strategies", table["first"]))
        why = f"First reply to this event ({kind}), mood {mood}."
    if kind in _GRIEF or understanding.asks == "only to be heard":
        strategies = tuple(each for each in strategies if each != "suggest")
    must_not = tuple(
        each for each in table["must_not"] if each != "advice" or ("suggest" not in strategies and mood != "bright")
    )
    return Plan(kind, strategies, "later" if before else "first", table["tone"], must, must_not, 3, why)
