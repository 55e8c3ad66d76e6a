"""Decide what a reply should do, before any word of it is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from heedful.norm import ALWAYS, Manner, Norm
from heedful.respond.strategy import choose, listened, manners, plans, tone_of
from heedful.types import Plan, Resource, Risk, Strategy, Turn, Understanding

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


def make_plan(
    understanding: Understanding,
    past: Sequence[Turn],
    *,
    disclose: bool,
    resources: tuple[Resource, ...],
    norm: Norm | None = None,
) -> Plan:
    """Return the plan for the reply to the latest message.

    A crisis comes first, then what could not be read, then plain acts (a greeting, a question about who this is),
    then the event told.

    Args:
        understanding: of the conversation, the latest message included.
        past: the turns before, oldest first.
        disclose: whether this reply says that this is software.
        resources: whom to refer to if there is danger.
        norm: what holds in this setting; None = nothing in particular.
    """
    norm = norm or Norm()
    plan = _plan(understanding, past, disclose, resources, norm)
    # Danger is spoken of in whatever words are clearest.
    danger = understanding.risk.level != "none"
    return replace(
        plan,
        formality=norm.formality,
        directness=norm.directness,
        setting=norm.setting,
        asked=tuple(question.text for question in understanding.questions),
        known=understanding.known,
        avoid=() if danger else _unsaid(plan, understanding, norm),
    )


def _mourned(understanding: Understanding) -> bool:
    """Tell whether all that was found is a death or an overdose that is over: a loss, with nobody in danger now."""
    rules = [finding.rule for finding in understanding.risk.findings]
    over = all(rule.endswith(".loss") or rule.startswith(("medical.", "suicide.other")) for rule in rules)
    return bool(rules) and over and understanding.event.kind == "loss"


def _plan(
    understanding: Understanding,
    past: Sequence[Turn],
    disclose: bool,
    resources: tuple[Resource, ...],
    norm: Norm,
) -> Plan:
    must = ("disclosure",) if disclose else ()
    if understanding.risk.level in {"high", "imminent"}:
        return _crisis(understanding, past, resources, must)
    if act := _act(understanding):
        stage = _stage(act, past)
        must = () if act == "identity" else must  # that answer is the disclosure
        return Plan(act, ("inform",), stage, "warm", must, _CALM, 3, f"The message is plainly this: {act}.")
    plan = _event(understanding, past, must, norm)
    risk = understanding.risk
    if risk.level == "concern" and not risk.carried and not _mourned(understanding):
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


def _event(understanding: Understanding, past: Sequence[Turn], must: tuple[str, ...], norm: Norm) -> Plan:
    kind, mood = understanding.event.kind, understanding.event.mood
    choice = choose(understanding, past, norm)
    held = manners(kind, mood, norm)
    gently = understanding.mismatch is not None and understanding.mismatch.hides
    wanted = dict.fromkeys((*must, *choice.must, *(each for manner in held for each in manner.must)))
    unwanted = dict.fromkeys((*plans()[mood]["must_not"], *(each for manner in held for each in manner.must_not)))
    if "suggest" not in choice.strategies and not listened(past) and mood not in {"bright", "flat"}:
        unwanted["advice"] = None  # nobody is advised before they were heard
    if gently:
        unwanted["exclamation"] = None
    return Plan(
        about=kind,
        strategies=choice.strategies,
        stage="first" if choice.first else "later",
        tone="gentle" if gently else tone_of(kind, mood, norm),
        must=tuple(wanted),
        must_not=tuple(
            each for each in unwanted if each != "advice" or ("suggest" not in choice.strategies and mood != "bright")
        ),
        sentences=norm.sentences,
        why=choice.why,
    )


def _unsaid(plan: Plan, understanding: Understanding, norm: Norm) -> tuple[str, ...]:
    """Return the words to be avoided: those of the packs, and those of topics that are not to be brought up."""
    mood = understanding.event.mood if plan.about == understanding.event.kind else None
    held = manners(plan.about, mood, norm) if mood else (norm.manners.get(ALWAYS, Manner()),)
    words = [word for manner in held for word in manner.avoid]
    for name, topic in norm.topics.items():
        if topic.talk == "avoid" or (topic.talk == "if raised" and name not in understanding.raised):
            words += topic.words
    return tuple(dict.fromkeys(words))
