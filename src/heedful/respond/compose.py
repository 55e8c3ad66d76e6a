"""Put a plan into words with our own phrases: specific, plain, never the same twice in a conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from heedful.config import Config
from heedful.respond.bank import bank
from heedful.respond.draft import Draft, Said
from heedful.respond.echo import echo_of
from heedful.respond.follow import answer_fact, answer_meant, answer_move, goes_on, move_of
from heedful.respond.material import Material, can_be_asked_about, material_of, new_clauses, slots_of
from heedful.respond.parts import ACTS, PARTS, act, answer_customer, ask_about_safety, frames_of, say_strategy, thoughts
from heedful.respond.telling import telling
from heedful.types import Message, Plan, Reply, Turn, Understanding

_STRONG, _MILD = 0.6, 0.45
_TOLD = 0.5
"""A clause with at least this much worth is answered even where the message also asks something."""
_LONG = 26
"""Thanks in a message longer than this many words are not all that it says."""
_AGAIN = re.compile(r"/[12]$")
"""A seed that ends so asks again after the guard refused a reply: then nothing of the person's is said back."""
_SAY = ("say",)
_FULL, _BRIEF, _THOUGHT, _WISH = ("say", "think", "ask"), ("say", "ask"), ("say", "think"), ("say", "wish")
_REACTS = 0.75
"""How often a first reply says in a few words what it must be like, before it says back what was told."""
_ANSWERED = frozenset({"short", "question", "question_you", "unread_language", "unread_words"})
"""Acts of a message that may be an answer to what was asked, or a question about what was told."""
_PARTING = frozenset({"thanks", "goodbye"})
_BY_NAME = (("short", "think", "ask_own"), ("short", "ask_own"))
"""What a reply to an event is made of; the last two only where the event can be asked about by name."""


class Composer:
    """Writes replies from phrase banks. Pure and deterministic; needs no network."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def write(
        self, message: Message, understanding: Understanding, plan: Plan, history: Sequence[Turn], seed: str
    ) -> Reply:
        """Return a reply that follows the plan; see `heedful.respond.base.Writer`."""
        return self.candidates(message, understanding, plan, history, seed, 1)[0]

    def candidates(
        self,
        message: Message,
        understanding: Understanding,
        plan: Plan,
        past: Sequence[Turn],
        conversation: str,
        n: int,
    ) -> list[Reply]:
        """Return up to `n` different replies, the best built first; see `heedful.respond.base.OffersCandidates`."""
        text = message.text or ""
        said = Said.of(past, plan.asked)
        plan = _as_telling(plan, text, understanding, past)
        told = [] if plan.about in bank(ACTS) else new_clauses(text, understanding, past)
        found: dict[str, Reply] = {}
        for attempt in range(max(1, n) * 3):
            # Half of the candidates say back the clause that matters most; the others try the next one.
            chosen = told[(attempt % 4 == 3) % len(told)] if told and not _AGAIN.search(conversation) else None
            material = material_of(text, understanding, plan, chosen, past)
            seed = f"{conversation}/{len(past)}/{text}/{attempt}" if attempt else f"{conversation}/{len(past)}/{text}"
            strength = understanding.strength
            slots = slots_of(material)
            draft = Draft(slots, said, plan, seed, strength >= _STRONG, strength < _MILD)
            reply = self._written(material, draft, past)
            found.setdefault(reply.text, reply)
            if len(found) >= n:
                break
        return list(found.values())

    def _written(self, material: Material, draft: Draft, past: Sequence[Turn]) -> Reply:
        plan = material.plan
        if self._follows(material, draft, past):
            pass
        elif plan.about in bank(ACTS):
            self._answer_act(plan, draft)
        elif _is_for_customer(material) and "safety question" not in plan.must:
            answer_customer(material, draft)
        else:
            self._answer_event(material, draft)
        if "disclosure" in plan.must:
            groups = bank(ACTS)["disclose_local" if self._local else "disclose"]
            # "As before" and "a reminder" are for later; at first contact nothing was said before.
            disclosing = [*([groups["later"]] if past else []), groups["any"]]
            before = len(draft.parts)
            draft.add("says that this is software", disclosing)
            if len(draft.parts) == before:  # every way of saying it was used: better said again than left out
                draft.said = Said.of((), ())
                draft.add("says that this is software", disclosing)
        return draft.reply()

    def _follows(self, material: Material, draft: Draft, past: Sequence[Turn]) -> bool:
        """Answer what only goes on about what was told, and say whether it was answered."""
        plan, text = material.plan, material.text
        if material.understanding.risk.level != "none" or "safety question" in plan.must:
            return False
        move = move_of(text, past, plan.setting)
        parting = plan.about in _PARTING and move is not None and move.name == "good_night"
        if plan.about in bank(ACTS) and plan.about not in _ANSWERED and not parting:
            return False
        echo = echo_of(text) if past else None
        if echo:
            draft.slots = {**draft.slots, "Echo": echo}
        if move is not None and move.name == "bit" and not echo:
            move = None
        if past:
            answer_meant(material, draft)
        if draft.parts:
            return True
        if move is not None:
            answer_move(move, material, draft)
        elif (
            (plan.about not in bank(ACTS) or (plan.about == "short" and (echo or material.told is not None)))
            and material.understanding.asks == "nothing"
            and goes_on(material, past)
            and not (material.told is not None and material.told.hedge)
        ):
            answer_fact(material, draft, past)
        return bool(draft.parts)

    @property
    def _local(self) -> bool:
        """Whether it is true that what is written stays on this machine."""
        return self._config.writer == "compose" and (
            not self._config.store_url or self._config.store_url.startswith("sqlite")
        )

    def _answer_act(self, plan: Plan, draft: Draft) -> None:
        low = bank("mood_low")
        pools = [
            pool for table in (bank(ACTS)[plan.about], low["validate"], low["reflect"]) for pool in draft.groups(table)
        ]
        draft.add(f"answers: {plan.about}", pools)
        if "refer" in plan.strategies:
            if plan.stage == "first":
                draft.add("says who can help now", [act("crisis_refer")])
            draft.list_resources(plan.resources)
        if "explore" in plan.strategies:
            ask_about_safety(plan, draft)

    def _answer_event(self, material: Material, draft: Draft) -> None:
        plan = material.plan
        if "safety question" in plan.must:
            draft.add("says that it was heard", frames_of(material, draft, "short") + thoughts(material, draft))
            ask_about_safety(plan, draft)
            return
        asks = "explore" in plan.strategies
        shape = _shape(material, draft, asks)
        for part in shape[: max(1, plan.sentences)]:
            PARTS[part](material, draft)
        for strategy in plan.strategies:
            if strategy in {"suggest", "encourage", "inform"} and len(draft.parts) < plan.sentences:
                say_strategy(strategy, material, draft)
        if asks and "ask before advising" in plan.must and not draft.asked:
            draft.add("asks before advising", [act("advice_ask")])
        if not draft.parts:
            draft.add("says that it was heard", draft.groups(bank(ACTS)["short"]))


def _is_for_customer(material: Material) -> bool:
    """Say whether a company answers: a complaint, or praise for its people."""
    plan = material.plan
    praised = plan.setting == "customer_service" and plan.about == "kindness" and material.tone.mood == "bright"
    return "own the problem" in plan.must or praised


_TO_US = re.compile(
    r"\b(?:have|did|do|does|are|were|would|how (?:are|was|do)|what (?:do|did|about)|ever) (?:you|your|u|yourself)\b"
    r"|\byou (?:ever|know)\b|\btell you\b|\byour (?:experience|day|life|story|favou?rite|opinion|thoughts)\b",
    re.IGNORECASE,
)


_THANKS = re.compile(
    r"\b(?:thank you|thanks|thank u|thx|appreciate (?:you|it|your|this|the (?:help|advice)))\b"
    r"(?! (?:to|god|goodness)\b)"
    r"|\bgrateful (?:to you|for your)\b",
    re.IGNORECASE,
)


def _as_telling(plan: Plan, text: str, understanding: Understanding, past: Sequence[Turn]) -> Plan:
    """Answer what is told where a message only opens with a question ("Have you ever ...? It happened to me")."""
    if past and _THANKS.search(text) and len(text.split()) <= _LONG and understanding.risk.level == "none":
        return replace(plan, about="thanks", strategies=("inform",), must=())
    if plan.about not in {"question", "short"}:
        return plan
    best = next(iter(telling(text, understanding)), None)
    if best is not None and best.score >= (_TOLD if plan.about == "question" else 0.0):
        return replace(plan, about="none", strategies=("reflect", "explore"))
    if plan.about == "question" and _TO_US.search(text):
        return replace(plan, about="question_you")
    return plan


def _shape(material: Material, draft: Draft, asks: bool) -> tuple[str, ...]:
    """Return which parts the reply has, in order."""
    told, plan = material.told, material.plan
    plainly = material.sure or (told is not None and told.mirror.state is not None)
    if material.guessed:
        return _BRIEF if asks else ("say",)
    advises = bool({"suggest", "encourage", "inform"} & set(plan.strategies)) or "ask before advising" in plan.must
    if not told:
        claims = material.tone.mood != "flat" or material.scene is not None
        parts: tuple[str, ...] = ("short", "think", "ask") if claims else ("short", "ask")
    else:
        by_name = can_be_asked_about(told)
        dark = material.tone.mood in {"low", "tense", "hot"}
        shapes: tuple[tuple[str, ...], ...] = (_FULL, _BRIEF, _THOUGHT) if material.scene else (_BRIEF,) * 2
        if material.tone.mood != "flat" and not material.scene:
            shapes += (_THOUGHT, _FULL) if dark else (_THOUGHT,)
            shapes += (_WISH, _WISH, _THOUGHT, _SAY) if plainly else ()
        if by_name and asks and plan.stage == "first" and not material.tone.shade:
            shapes += _BY_NAME if dark else _BY_NAME[1:]
        parts = shapes[int(draft.lot("shape") * len(shapes))]
    if advises:
        parts = parts[:1]
    if not asks or "ask before advising" in plan.must:
        parts = tuple(part for part in parts if not part.startswith("ask"))
        parts = parts if advises or len(parts) > 1 else (*parts, "think")
    # A reaction makes plain what is taken for granted: only what was told clearly gets one.
    plainly = material.sure or material.scene is not None or (told is not None and told.mirror.state is not None)
    claims = material.tone.mood != "flat" and plan.stage == "first" and plainly and not material.mood_only
    if parts[0] == "say" and len(parts) < 3 and claims and draft.lot("react") < _REACTS:
        return ("react", *parts)
    return parts
