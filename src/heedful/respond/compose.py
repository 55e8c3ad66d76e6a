"""Put a plan into words with our own phrases: specific, plain, never the same twice in a conversation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from heedful.config import Config
from heedful.respond.bank import Bank, Phrase, bank
from heedful.respond.mirror import Mirror, mirror, second_person
from heedful.types import Message, Plan, Reply, Resource, Turn, Understanding

_STRONG, _MILD = 0.6, 0.45
FEELINGS: Mapping[str, str] = {
    "anger": "anger", "annoyance": "frustration", "disappointment": "disappointment", "disapproval": "frustration",
    "embarrassment": "embarrassment", "excitement": "excitement", "fear": "fear", "grief": "grief", "joy": "joy",
    "nervousness": "worry", "pride": "pride", "relief": "relief", "remorse": "guilt", "sadness": "sadness",
    "gratitude": "gratitude", "optimism": "hope", "disgust": "anger",
}  # fmt: skip
"""FINE label -> the noun that a reply calls it by; labels without one are not named."""
_ACTS = "acts"
_SPECIFIC = {"console", "reflect"}
"""Where the person's own event is said back whenever it can be: once per reply, that is what makes a reply theirs."""


class Composer:
    """Writes replies from phrase banks. Pure and deterministic; needs no network."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def write(
        self, message: Message, understanding: Understanding, plan: Plan, history: Sequence[Turn], seed: str
    ) -> Reply:
        """Return a reply that follows the plan; see `heedful.respond.base.Writer`."""
        draft = _Draft(
            slots=slots_of(understanding),
            said={phrase for turn in history for phrase in turn.reply.phrases},
            seed=f"{seed}/{len(history)}/{message.text}",
            strength=understanding.strength,
            stage=plan.stage,
        )
        if plan.about in bank(_ACTS):
            self._answer_act(plan, draft)
        else:
            self._answer_event(plan, understanding, draft)
        if "disclosure" in plan.must:
            table = [(bank(_ACTS), "disclose_local" if self._local else "disclose")]
            before = len(draft.parts)
            draft.add(_WHY["disclose"], table)
            if len(draft.parts) == before:  # every way of saying it was used: better said again than left out
                draft.said = set()
                draft.add(_WHY["disclose"], table)
        return draft.reply()

    @property
    def _local(self) -> bool:
        """Whether it is true that what is written stays on this machine."""
        return self._config.writer == "compose" and (
            not self._config.store_url or self._config.store_url.startswith("sqlite")
        )

    def _answer_act(self, plan: Plan, draft: _Draft) -> None:
        acts, low = bank(_ACTS), bank("mood_low")
        draft.add(f"answers: {plan.about}", [(acts, plan.about), (low, "validate"), (low, "reflect")])
        if "refer" in plan.strategies:
            if plan.stage == "first":
                draft.add("says who can help now", [(acts, "crisis_refer")])
            draft.list_resources(plan.resources)
        if "explore" in plan.strategies:
            draft.add("asks about safety", self._safety(plan))

    def _safety(self, plan: Plan) -> list[tuple[Bank, str]]:
        own = "the person themselves" in plan.must
        gently = "safety question" in plan.must
        table = "crisis_ask" if not own else "crisis_ask_gently" if gently else "crisis_ask_self"
        return [(bank(_ACTS), table), (bank(_ACTS), "crisis_ask")]

    def _answer_event(self, plan: Plan, understanding: Understanding, draft: _Draft) -> None:
        own, mood, acts = bank(plan.about), bank(f"mood_{understanding.event.mood}"), bank(_ACTS)
        for strategy in plan.strategies[: plan.sentences]:
            if strategy == "explore" and "safety question" in plan.must:
                draft.add("asks about safety", self._safety(plan))
            elif strategy == "explore" and "ask before advising" in plan.must:
                draft.add("asks before advising", [(acts, "advice_ask")])
            else:
                draft.add(_WHY[strategy], [(own, strategy), (mood, strategy)])
        if not draft.parts:
            draft.add(_WHY["validate"], [(mood, "validate"), (mood, "reflect"), (acts, "short")])


_WHY: Mapping[str, str] = {
    "console": "consoles",
    "validate": "says that the feeling makes sense",
    "reflect": "says back what was heard",
    "explore": "invites them to go on",
    "celebrate": "celebrates with them",
    "encourage": "names what they are carrying or doing",
    "suggest": "offers one small step",
    "inform": "answers plainly",
    "refer": "says who can help now",
    "disclose": "says that this is software",
}


@dataclass(slots=True)
class _Draft:
    """A reply being written."""

    slots: Mapping[str, str]
    said: set[str]
    seed: str
    strength: float
    stage: str
    parts: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    reflected: bool = False
    asked: bool = False

    def add(self, why: str, tables: Sequence[tuple[Bank, str]]) -> None:
        """Add a phrase from the first of the tables that still has one that fits."""
        for source, table in tables:
            if choice := self._choose(source.get(table, {}), specific=table in _SPECIFIC):
                text = _SLOT.sub(lambda match: self.slots[match[1]], choice.text)
                self.parts.append(text)
                self.used.append(choice.id)
                self.why.append(f"{why}: {text}")
                self.reflected = self.reflected or bool(choice.slots - {"feeling"})
                self.asked = self.asked or "?" in text
                return

    def list_resources(self, resources: Sequence[Resource]) -> None:
        """Add a line for each resource."""
        lines = [f"{each.name}: {each.contact} ({each.hours})" for each in resources]
        if lines:
            self.parts.append("\n" + "\n".join(lines) + "\n")
            self.why.append("names who can help now")

    def _choose(self, groups: Mapping[str, tuple[Phrase, ...]], specific: bool) -> Phrase | None:
        for tier in self._tiers():
            fitting = [phrase for group in tier for phrase in groups.get(group, ()) if self._fits(phrase)]
            if fitting:
                with_slots = [phrase for phrase in fitting if phrase.slots - {"feeling"}] if specific else []
                return min(with_slots or fitting, key=self._lot)
        return None

    def _fits(self, phrase: Phrase) -> bool:
        return (
            phrase.id not in self.said
            and phrase.id not in self.used
            and phrase.slots <= self.slots.keys()
            and not (self.reflected and phrase.slots - {"feeling"})
            and not (self.asked and "?" in phrase.text)
        )

    def _lot(self, phrase: Phrase) -> bytes:
        return hashlib.sha256(f"{self.seed}/{phrase.id}".encode("utf-8", "replace")).digest()

    def _tiers(self) -> tuple[tuple[str, ...], ...]:
        at = ("any", "strong") if self.strength >= _STRONG else ("any", "mild") if self.strength < _MILD else ("any",)
        return (("later",), at) if self.stage == "later" else (at,)

    def reply(self) -> Reply:
        text = " ".join(self.parts)
        text = re.sub(r" ?\n+ ?", "\n", text).strip()
        return Reply(text=text, writer="compose", why=tuple(self.why), phrases=tuple(self.used))


_SLOT = re.compile(r"\{(\w+)\}")


def slots_of(understanding: Understanding) -> dict[str, str]:
    """Return what the slots of a phrase are filled with; a slot that cannot be filled reliably is left out."""
    event = understanding.event
    slots: dict[str, str] = {}
    if event.who and (who := second_person(event.who.strip())) and _plain(who):
        slots["who"] = who
    if event.span and event.message == understanding.told - 1:
        said: Mirror = mirror(event.span.text)
        if said.clause:
            slots["clause"] = said.clause
        if said.gerund:
            slots["gerund"] = said.gerund
    slots |= {name.capitalize(): text[:1].upper() + text[1:] for name, text in slots.items()}
    if noun := FEELINGS.get(understanding.feeling):
        slots["feeling"] = noun
    return slots


def _plain(who: str) -> bool:
    return len(who.split()) <= 5 and all(character.isalpha() or character in " '-" for character in who)
