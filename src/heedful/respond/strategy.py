"""Choose the strategies of a reply to what a person tells, and the order they come in."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from heedful.norm import ALWAYS, Manner, Norm, Tone
from heedful.types import Mood, Strategy, Turn, Understanding

Strategies = tuple[Strategy, ...]
_NOTHING = Manner()


@dataclass(frozen=True, slots=True)
class Choice:
    """The strategies of a reply, and what they rest on."""

    strategies: Strategies
    """In order."""
    first: bool
    """Whether this is the first reply about it."""
    why: str
    """The reason, in a sentence."""
    must: tuple[str, ...] = ()
    """What the reply has to do because of it."""


@functools.cache
def plans() -> Mapping[str, Any]:
    """Return `plans.toml`."""
    return tomllib.loads(files("heedful.respond").joinpath("plans.toml").read_text(encoding="utf-8"))


def choose(understanding: Understanding, past: Sequence[Turn], norm: Norm) -> Choice:
    """Return the strategies for the reply to what the latest message tells.

    Asked for advice: the person is heard first, then asked what they know, then one small step. A direct culture goes
    to it at once, and so does an event at which the next step is what is wanted; at grief it never comes first. Else
    the first reply about an event follows its kind and mood, and later ones the course of the feeling, the network's
    strategy head and what was longest unused.

    Args:
        understanding: of the conversation, the latest message included.
        past: the turns before, oldest first.
        norm: what holds in this setting.
    """
    kind, mood = understanding.event.kind, understanding.event.mood
    before = sum(turn.plan.about == kind for turn in past)
    if not before and kind in plans()["rules"]["felt"]:
        before = listened(past)
    if understanding.mismatch and understanding.mismatch.hides and mood in {"bright", "flat"}:
        strategies: Strategies = ("reflect", "explore") if _may_ask(understanding, past, norm) else ("reflect",)
        return Choice(strategies, not before, "The words are bright, what is heard or seen is not: that is met gently.")
    grieves = kind in norm.advice_asked_only
    if understanding.asks == "advice" and kind not in norm.advice_never and (before or not grieves):
        return _asked_for_advice(kind, past, norm, before)
    if not before:
        strategies = _first(kind, mood, norm)
        strategies = _allowed(strategies, understanding, past, norm)
        if past and strategies == past[-1].plan.strategies and not grieves:
            return replace(_later(understanding, past, norm), first=True)  # a new event, but not the same reply again
        return Choice(strategies, True, f"First reply to this event ({kind}), mood {mood}.")
    return _later(understanding, past, norm)


def listened(past: Sequence[Turn]) -> int:
    """Return how many replies so far listened to what the person told."""
    listens = set(plans()["rules"]["listens"])
    return sum(bool(listens & set(turn.plan.strategies)) for turn in past)


def tone_of(kind: str, mood: Mood, norm: Norm) -> Tone:
    """Return how a reply should sound."""
    tone: Tone = norm.manners.get(kind, _NOTHING).tone or norm.manners.get(mood, _NOTHING).tone or plans()[mood]["tone"]
    return tone


def manners(kind: str, mood: Mood, norm: Norm) -> tuple[Manner, ...]:
    """Return what a norm pack says about an event: always, by its mood, by its kind."""
    return tuple(norm.manners[name] for name in (ALWAYS, mood, kind) if name in norm.manners)


def _asked_for_advice(kind: str, past: Sequence[Turn], norm: Norm, before: int) -> Choice:
    at_once = norm.directness == "direct" or kind in norm.advice_at_once
    if not at_once and not (before and listened(past)):
        why = "They ask what to do: heard first, and asked what they know themselves."
        return Choice(("validate", "explore"), not before, why, ("ask before advising",))
    options: tuple[Strategies, ...] = (("validate", "suggest"), ("reflect", "suggest"))
    why = "They ask what to do: heard, and then one small suggestion."
    return Choice(_longest_unused(options, past), not before, why)


def _first(kind: str, mood: Mood, norm: Norm) -> Strategies:
    own = norm.manners.get(kind, _NOTHING).first or norm.manners.get(mood, _NOTHING).first
    return own or tuple(plans()["first"].get(kind, plans()[mood]["first"]))


def _later(understanding: Understanding, past: Sequence[Turn], norm: Norm) -> Choice:
    kind, mood = understanding.event.kind, understanding.event.mood
    turned = _turned(understanding, past)
    if turned and mood != "bright":
        strategies = _allowed(tuple(plans()["course"][turned]), understanding, past, norm)
        if not past or strategies != past[-1].plan.strategies:
            return Choice(strategies, False, f"The feeling is {turned}: the reply goes with it.")
    own = norm.manners.get(kind, _NOTHING).later or norm.manners.get(mood, _NOTHING).later
    options = own or tuple(tuple(each) for each in plans()[mood]["later"])
    options = tuple(dict.fromkeys(_allowed(each, understanding, past, norm) for each in options))
    fresh = tuple(each for each in options if not past or each != past[-1].plan.strategies) or options
    if supported := _supported(fresh, understanding):
        return Choice(supported, False, f"They go on about it ({kind}); the listener network would do this next.")
    why = f"They go on about it ({kind}): what was done longest ago comes next."
    return Choice(_longest_unused(fresh, past), False, why)


def _turned(understanding: Understanding, past: Sequence[Turn]) -> str | None:
    """Return where the feeling has begun to go with this message, "lifting" or "sinking", or None."""
    now = understanding.course.direction
    if now == "steady" or not past or past[-1].understanding.course.direction == now:
        return None
    return now


def _allowed(strategies: Strategies, understanding: Understanding, past: Sequence[Turn], norm: Norm) -> Strategies:
    """Return the strategies without those that do not fit now, and never none at all."""
    out: set[Strategy] = set()
    if not _may_advise(understanding, past, norm):
        out.add("suggest")
    if not _may_ask(understanding, past, norm):
        out.add("explore")
    kept = tuple(each for each in strategies if each not in out)
    return kept or (("celebrate",) if understanding.event.mood == "bright" else ("validate", "reflect"))


def _may_advise(understanding: Understanding, past: Sequence[Turn], norm: Norm) -> bool:
    """Tell whether advice that was not asked for is welcome now."""
    kind = understanding.event.kind
    if kind in norm.advice_never or kind in norm.advice_asked_only or understanding.asks == "only to be heard":
        return False
    if kind in norm.advice_at_once:
        return True
    in_hand = understanding.appraisal is None or understanding.appraisal.control >= plans()["rules"]["control"]
    return (
        norm.directness != "indirect"
        and listened(past) >= max(1, norm.advice_after)
        and in_hand
        and understanding.course.direction != "sinking"
    )


def _may_ask(understanding: Understanding, past: Sequence[Turn], norm: Norm) -> bool:
    """Tell whether a question is welcome: not too soon after the last one, and not after two that got a word each."""
    every = max(2, norm.ask_every) if norm.directness == "indirect" else norm.ask_every
    if any("explore" in turn.plan.strategies for turn in past[-(every - 1) :] if every > 1):
        return False
    lately = past[-2:]
    return not (
        understanding.act == "answer" and len(lately) == 2 and all("explore" in turn.plan.strategies for turn in lately)
    )


def _supported(options: Sequence[Strategies], understanding: Understanding) -> Strategies | None:
    """Return the option that the strategy head speaks for, or None where it is unsure or not there."""
    support, rules = understanding.support, plans()
    if not support or max(support.values()) < rules["rules"]["support"]:
        return None
    weights: dict[str, float] = {}
    for label, probability in support.items():
        for strategy in rules["support"].get(label, ()):
            weights[strategy] = weights.get(strategy, 0.0) + probability
    scores = [max((weights.get(each, 0.0) for each in option), default=0.0) for option in options]
    best = max(scores, default=0.0)
    return options[scores.index(best)] if best >= rules["rules"]["support"] else None


def _longest_unused(options: Sequence[Strategies], past: Sequence[Turn]) -> Strategies:
    """Return the option that was used longest ago; of those never used, the first."""
    last = {turn.plan.strategies: at for at, turn in enumerate(past, start=1)}
    return min(options, key=lambda option: last.get(option, 0))
