"""Put a plan into words with our own phrases: specific, plain, never the same twice in a conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from heedful.config import Config
from heedful.respond.bank import Phrase, bank
from heedful.respond.draft import Draft, Said, plain
from heedful.respond.english import words
from heedful.respond.mirror import second_person
from heedful.respond.telling import Told, telling
from heedful.respond.tone import Tone, tone_of
from heedful.respond.topic import Topic, topic_of
from heedful.types import Message, Plan, Reply, Strategy, Turn, Understanding

_STRONG, _MILD = 0.6, 0.45
_SURE = 0.6
"""From this confidence on, what is said fits the kind of event that was found, not only its mood."""
_WORTH = -0.4
"""A clause with less worth than this is a side remark and is not said back."""
_TOLD = 0.5
"""A clause with at least this much worth is answered even where the message also asks something."""
_LONG = 13
FEELINGS: Mapping[str, str] = {
    "anger": "anger", "annoyance": "frustration", "disappointment": "disappointment", "disapproval": "frustration",
    "embarrassment": "embarrassment", "excitement": "excitement", "fear": "fear", "grief": "grief", "joy": "joy",
    "nervousness": "worry", "pride": "pride", "relief": "relief", "remorse": "guilt", "sadness": "sadness",
    "gratitude": "gratitude", "optimism": "hope", "disgust": "anger",
}  # fmt: skip
"""FINE label -> the noun that a reply calls it by; labels without one are not named."""
_VAGUE = frozenset({"none", "sorrow", "worry", "anger", "joy"})
"""Kinds that stand for a feeling with no event told."""
_GRIEF = frozenset({"loss", "pet_loss"})
_ACTS = "acts"
_SETTING_KINDS: Mapping[str, frozenset[str]] = {
    "health_support": frozenset({"illness", "illness_other"}),
    "education": frozenset({"failure"}),
    "workplace": frozenset({"job_loss", "overload", "injustice"}),
}
_SHAPES = (("say", "think", "ask"), ("say", "think", "ask"), ("say", "ask"), ("short", "think", "ask_own"), ("short", "ask_own"))
"""What a reply to an event is made of; the last two only where the event can be asked about by name."""


@dataclass(frozen=True, slots=True)
class _Material:
    """All that the sentences of one reply are made from."""

    plan: Plan
    understanding: Understanding
    tone: Tone
    topic: Topic | None
    told: Told | None
    """The clause that is said back."""
    sure: bool
    """Whether the kind of event is sure enough for what fits no other kind."""
    fresh: bool
    """Whether the message itself tells of the event."""

    @property
    def in_setting(self) -> bool:
        """Whether what the setting itself has to say fits what is talked about."""
        setting = self.plan.setting
        kinds = _SETTING_KINDS.get(setting, frozenset())
        return (self.topic is not None and setting in self.topic.settings) or self.plan.about in kinds


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
        """Return up to `n` different replies that follow the plan, the best built first.

        Args:
            message: the latest message of the person.
            understanding: of the conversation, that message included.
            plan: what the reply should do.
            past: the turns before, oldest first.
            conversation: its name; the wording varies with it.
            n: how many, at least 1; fewer come back only where there is no other way to put it.
        """
        text = message.text or ""
        said = Said.of(past, plan.asked)
        plan = _as_telling(plan, text, understanding, past)
        told = [] if plan.about in bank(_ACTS) else _new_clauses(text, understanding, past)
        found: dict[str, Reply] = {}
        for attempt in range(max(1, n) * 3):
            # Half of the candidates say back the clause that matters most; the others try the next one.
            chosen = told[(attempt % 4 == 3) % len(told)] if told else None
            material = _material(text, understanding, plan, chosen, past)
            seed = f"{conversation}/{len(past)}/{text}/{attempt}" if attempt else f"{conversation}/{len(past)}/{text}"
            strength = understanding.strength
            slots = _slots(material)
            draft = Draft(slots, said, plan, seed, strength >= _STRONG, strength < _MILD)
            reply = self._written(material, draft)
            found.setdefault(reply.text, reply)
            if len(found) >= n:
                break
        return list(found.values())

    def _written(self, material: _Material, draft: Draft) -> Reply:
        plan = material.plan
        if plan.about in bank(_ACTS):
            self._answer_act(plan, draft)
        elif plan.setting == "customer_service" and plan.about not in _GRIEF and "safety question" not in plan.must:
            _answer_customer(material, draft)
        else:
            self._answer_event(material, draft)
        if "disclosure" in plan.must:
            draft.add("says that this is software", [_act("disclose_local" if self._local else "disclose")])
        return draft.reply()

    @property
    def _local(self) -> bool:
        """Whether it is true that what is written stays on this machine."""
        return self._config.writer == "compose" and (
            not self._config.store_url or self._config.store_url.startswith("sqlite")
        )

    def _answer_act(self, plan: Plan, draft: Draft) -> None:
        low = bank("mood_low")
        pools = [
            pool
            for table in (bank(_ACTS)[plan.about], low["validate"], low["reflect"])
            for pool in draft.groups(table)
        ]
        draft.add(f"answers: {plan.about}", pools)
        if "refer" in plan.strategies:
            if plan.stage == "first":
                draft.add("says who can help now", [_act("crisis_refer")])
            draft.list_resources(plan.resources)
        if "explore" in plan.strategies:
            _ask_about_safety(plan, draft)

    def _answer_event(self, material: _Material, draft: Draft) -> None:
        plan = material.plan
        if "safety question" in plan.must:
            draft.add("says that it was heard", _frames(material, draft, "short") + _thoughts(material, draft))
            _ask_about_safety(plan, draft)
            return
        asks = "explore" in plan.strategies
        shape = _shape(material, draft, asks)
        for part in shape[: max(1, plan.sentences)]:
            _PARTS[part](material, draft)
        for strategy in plan.strategies:
            if strategy in {"suggest", "encourage", "inform"} and len(draft.parts) < plan.sentences:
                _say_strategy(strategy, material, draft)
        if asks and "ask before advising" in plan.must and not draft.asked:
            draft.add("asks before advising", [_act("advice_ask")])
        if not draft.parts:
            draft.add("says that it was heard", draft.groups(bank(_ACTS)["short"]))


_TO_US = re.compile(
    r"\b(?:have|did|do|does|are|were|would|how (?:are|was|do)|what (?:do|did|about)|ever) (?:you|your|u|yourself)\b|\byou (?:ever|know)\b",
    re.IGNORECASE,
)


_THANKS = re.compile(
    r"\b(?:thank you|thanks|thank u|thx|appreciate (?:you|it|your|this|the (?:help|advice)))\b(?! (?:to|god|goodness)\b)"
    r"|\bgrateful (?:to you|for your)\b",
    re.IGNORECASE,
)


def _as_telling(plan: Plan, text: str, understanding: Understanding, past: Sequence[Turn]) -> Plan:
    """Answer what is told where a message only opens with a question ("Have you ever ...? It happened to me")."""
    if past and _THANKS.search(text) and len(text.split()) <= _LONG * 2 and understanding.risk.level == "none":
        return replace(plan, about="thanks", strategies=("inform",), must=())
    if plan.about not in {"question", "short"}:
        return plan
    best = next(iter(telling(text, understanding)), None)
    if best is not None and best.score >= (_TOLD if plan.about == "question" else 0.0):
        return replace(plan, about="none", strategies=("reflect", "explore"))
    if plan.about == "question" and _TO_US.search(text):
        return replace(plan, about="question_you")
    return plan


def _shape(material: _Material, draft: Draft, asks: bool) -> tuple[str, ...]:
    """Return which parts the reply has, in order."""
    told, plan = material.told, material.plan
    advises = bool({"suggest", "encourage", "inform"} & set(plan.strategies)) or "ask before advising" in plan.must
    if not told:
        parts: tuple[str, ...] = ("short", "think", "ask")
    else:
        by_name = _can_be_asked_about(told)
        shapes = _SHAPES[1:] if material.tone.mood == "flat" else _SHAPES
        shapes = shapes if by_name and asks and plan.stage == "first" and not material.tone.shade else shapes[:-2]
        parts = shapes[int(draft.lot("shape") * len(shapes))]
    if advises:
        parts = parts[:1]
    if not asks or "ask before advising" in plan.must:
        parts = tuple(part for part in parts if not part.startswith("ask"))
        parts = parts if advises or len(parts) > 1 else (*parts, "think")
    return parts


def _can_be_asked_about(told: Told) -> bool:
    """Say whether "What went through your mind when ...?" reads well: something short that happened at one moment."""
    clause = told.mirror.clause or ""
    moment = told.mirror.sort == "event" and told.mirror.past and not _LASTING.search(clause)
    return moment and len(clause.split()) <= 9


_LASTING = re.compile(
    r"\b(?:was|were|had|wasn't|weren't|couldn't|didn't|used|kept|always|never|just|lived|spent|worked|felt|wanted|thought"
    r"|knew|looked|seemed|would|so much|tried|while)\b|^(?!you|a |an |the |some|one|no)",
)


def _say(material: _Material, draft: Draft) -> None:
    """Say back what happened."""
    told = material.told
    pools: list[Sequence[Phrase]] = []
    if told is not None:
        sort = "feeling" if told.mirror.state else "ongoing" if told.mirror.sort == "feeling" else told.mirror.sort
        kind = _kind_phrases(material, draft)
        frames = [[phrase for phrase in pool if phrase.own] for pool in _frames(material, draft, sort)]
        pools = [*([kind] if kind and draft.lot("kind") < 0.35 else []), *frames]
    why = "says back what was heard"
    draft.add(why, [*pools, *_frames(material, draft, "short")], specific=True)


def _kind_phrases(material: _Material, draft: Draft) -> list[Phrase]:
    """Return what is said to this kind of event alone, with the person's own words in it."""
    span, told = material.understanding.event.span, material.told
    if not (material.sure and material.fresh) or material.plan.stage == "later" or not span or not told:
        return []
    if span.text not in told.text and told.text not in span.text:
        return []
    gerund = told.mirror.gerund or ""
    grieving = material.tone.shade == "loss" and not gerund.startswith("losing")
    own = bank(material.plan.about)
    tables = [table for table in ("console", "celebrate") if table in material.plan.strategies]
    return [
        phrase
        for table in tables
        for pool in draft.groups(own.get(table, {}))[:1]
        for phrase in pool
        if phrase.own and not (grieving and phrase.own & {"gerund", "Gerund"})
    ]


def _short(material: _Material, draft: Draft) -> None:
    """React in a few words."""
    draft.add("reacts to what was heard", _frames(material, draft, "short"))


def _think(material: _Material, draft: Draft) -> None:
    """Say one thing that shows that it was understood."""
    draft.add("says that the feeling makes sense", _thoughts(material, draft))


def _thoughts(material: _Material, draft: Draft) -> list[Sequence[Phrase]]:
    mood, plan = material.tone.mood, material.plan
    pools: list[Sequence[Phrase]] = []
    if material.topic is not None and (material.told is not None or plan.stage == "first"):
        pools.append(material.topic.phrases("say", mood, loss=material.tone.shade == "loss"))
    if material.sure:
        validate = bank(plan.about).get("validate", {})
        pools += [[phrase for phrase in pool if not phrase.own] for pool in draft.groups(validate)[:1]]
    if material.in_setting:
        pools.insert(0, [each for pool in draft.groups(bank(f"setting_{plan.setting}").get(mood, {})) for each in pool])
    pools = _shuffled(pools, draft, "think")
    return [*pools, *_frames(material, draft, "think"), *draft.groups(bank(f"mood_{mood}").get("validate", {}))]


def _ask(material: _Material, draft: Draft) -> None:
    """Ask one open question, or leave a door open."""
    mood, plan = material.tone.mood, material.plan
    pools: list[Sequence[Phrase]] = []
    if material.topic is not None:
        pools.append(material.topic.phrases("ask", mood, loss=material.tone.shade == "loss"))
    frames = _frames(material, draft, "open")
    pools.append(frames[0])
    if material.sure:
        pools += [[each for each in pool if "?" in each.text] for pool in draft.groups(bank(plan.about).get("explore", {}))[:1]]
    if draft.lot("topic") < 0.7 or not material.topic:
        pools = [*pools[:1], *_shuffled(pools[1:], draft, "ask")] if material.topic else _shuffled(pools, draft, "ask")
    else:
        pools = _shuffled(pools, draft, "ask")
    if material.in_setting and draft.lot("setting") < 0.6:
        pools = [*draft.groups(bank(f"setting_{plan.setting}").get("ask", {})), *pools]
    pools = [*pools, *frames, *draft.groups(bank(f"mood_{mood}").get("explore", {}))]
    draft.add("invites them to go on", [[phrase for phrase in pool if _timely(phrase, material)] for pool in pools])


_WAS = re.compile(r"\b(?:was|were|did|happened)\b")
_WILL = re.compile(r"\b(?:will|going|looking forward|when is|when do you|who's coming|is coming|comes next)\b", re.IGNORECASE)


def _timely(phrase: Phrase, material: _Material) -> bool:
    """Say whether a question fits the time that is spoken of: no "what was the best moment" of what is to come."""
    if material.told is None:
        return True
    said = material.told.mirror
    if said.sort == "event" and said.past:
        return material.tone.mood in {"low", "tense", "hot"} or not _WILL.search(phrase.text) or "next" in phrase.text
    return said.sort == "event" or not _WAS.search(phrase.text) or (said.past and said.sort != "ahead")


def _ask_own(material: _Material, draft: Draft) -> None:
    """Ask about the event by its name."""
    asked = [[phrase for phrase in pool if phrase.own] for pool in _frames(material, draft, "ask")]
    frames = _frames(material, draft, "open")
    draft.add("asks about what was heard", [*asked, *frames], specific=True)


_PARTS = {"say": _say, "short": _short, "think": _think, "ask": _ask, "ask_own": _ask_own}


def _say_strategy(strategy: Strategy, material: _Material, draft: Draft) -> None:
    sources = (bank(material.plan.about) if material.sure else {}, bank(f"mood_{material.tone.mood}"))
    why = {"suggest": "offers one small step", "encourage": "names what they are carrying or doing"}.get(strategy)
    draft.add(why or "answers plainly", [pool for each in sources for pool in draft.groups(each.get(strategy, {}))])


def _answer_customer(material: _Material, draft: Draft) -> None:
    """Acknowledge, own, and name the next step; thank for good news."""
    own = bank("setting_customer_service")
    if material.tone.mood == "bright":
        draft.add("thanks", draft.groups(own["good"]), specific=True)
        draft.add("asks what else is needed", draft.groups(own["ask"]))
        return
    draft.add("acknowledges", draft.groups(own["acknowledge"]), specific=True)
    draft.add("owns it", draft.groups(own["own"]))
    draft.add("names the next step", [*draft.groups(own["next"]), *draft.groups(own["ask"])])


def _ask_about_safety(plan: Plan, draft: Draft) -> None:
    own = "the person themselves" in plan.must
    gently = "safety question" in plan.must
    table = "crisis_ask" if not own else "crisis_ask_gently" if gently else "crisis_ask_self"
    draft.add("asks about safety", [*draft.groups(bank(_ACTS)[table]), *draft.groups(bank(_ACTS)["crisis_ask"])])


def _act(table: str) -> list[Phrase]:
    return [phrase for group in bank(_ACTS)[table].values() for phrase in group]


def _frames(material: _Material, draft: Draft, table: str) -> list[Sequence[Phrase]]:
    """Return the pools of a table that fit the tone: those of its shade first, then those of its mood."""
    names = [name for name in (material.tone.shade, material.tone.mood) if name]
    return [pool for name in names for pool in draft.groups(bank(f"frame_{name}").get(table, {}))]


def _shuffled(pools: list[Sequence[Phrase]], draft: Draft, name: str) -> list[Sequence[Phrase]]:
    return sorted((pool for pool in pools if pool), key=lambda pool: draft.lot(f"{name}/{pool[0].id}"))


def _new_clauses(text: str, understanding: Understanding, past: Sequence[Turn]) -> list[Told]:
    """Return the clauses worth saying back that were not said back before."""
    before = " ".join(plain(turn.reply.text) for turn in past)
    return [
        told
        for told in telling(text, understanding)
        if told.score > _WORTH and plain(told.mirror.clause or told.mirror.state or told.mirror.gerund or "") not in before
    ]


def _material(
    text: str, understanding: Understanding, plan: Plan, told: Told | None, past: Sequence[Turn]
) -> _Material:
    event = understanding.event
    tone = tone_of(understanding, text, past)
    if plan.about in _GRIEF and (event.who or _DEATH.search(text) or event.message != understanding.told - 1):
        tone = Tone("low", "loss")
    elif tone.mood == "bright" and told is None and not set(text.lower().split()) & words("glad"):
        tone = Tone("flat")
    elif tone.mood == "bright" and told is not None and _DENIED.search(told.mirror.clause or ""):
        tone = Tone("flat")
    elif tone.shade == "guilt" and told is not None and not (told.mirror.clause or "you").startswith("you"):
        tone = Tone(tone.mood)
    fresh = event.message == understanding.told - 1
    sure = plan.about not in _VAGUE and event.confidence >= _SURE and event.mood == tone.mood
    topic = topic_of([told.text if told else "", text])
    if topic is not None and tone.shade in _SHADE_TOPICS and topic.name not in _SHADE_TOPICS[tone.shade]:
        topic = None
    if topic is not None and tone.shade == "loss" and "loss" not in topic.moods:
        topic = next((each for each in (topic_of([sentence]) for sentence in [event.who or ""]) if each and "loss" in each.moods), None)
    return _Material(plan, understanding, tone, topic, told, sure or tone.shade == "loss", fresh)


_SHADE_TOPICS: Mapping[str, frozenset[str]] = {
    "guilt": frozenset({"lie", "cheating"}),
    "embarrassment": frozenset({"presentation", "embarrassing_fall"}),
    "jealousy": frozenset({"promotion"}),
    "disgust": frozenset({"gross", "creature"}),
    "nostalgia": frozenset({"childhood", "grandparent", "concert", "christmas", "videogame"}),
}
"""The topics that fit a shade; what others ask is asked of somebody in another position."""
_DEATH = re.compile(r"\b(?:died|dead|dies|dying|death|pass(?:ed|ing)|lost|losing|loss|funeral|miss|put (?:him|her|it|\w+) (?:down|to sleep)|buried|grief|grieving)\b", re.IGNORECASE)
_SOUNDS_LIKE_ADVICE = re.compile(r"\byou(?:'ll)? (?:\w+ )?(?:have|need|ought|want) to\b|\byou (?:should|must|could|might)\b|'d better")
"""Said back, "I should call her" would read as advice."""
_SOUNDS_LIKE_A_PROMISE = re.compile(
    r"\b(?:'ll|will|going to)\b.{0,20}\b(?:recover|heal|pass|work out|turn out|make it|be (?:fine|ok|okay|alright|all right|better)"
    r"|(?:get|feel|do) (?:better|well|over|through))\b|'ll .{0,20}\b(?:recover|be fine|be ok)"
)
_DENIED = re.compile(r"\b(?:didn't|couldn't|wasn't|weren't|won't|isn't|aren't|don't|doesn't|haven't|hasn't)\b(?! wait| believe| have| be happier| be more)")


def _slots(material: _Material) -> dict[str, str]:
    """Return what the slots of a phrase are filled with; a slot that cannot be filled reliably is left out."""
    slots: dict[str, str] = {}
    event = material.understanding.event
    if event.who and (who := second_person(event.who.strip())) and _is_plain(who):
        slots["who"] = who[:1].lower() + who[1:] if who.lower().startswith(("a ", "an ", "your ", "one ")) else who
    if material.told is not None:
        said = material.told.mirror
        slots |= {name: part for name, part in (("clause", said.clause), ("gerund", said.gerund)) if part}
        if said.clause and (_SOUNDS_LIKE_ADVICE.search(said.clause) or _SOUNDS_LIKE_A_PROMISE.search(said.clause)):
            del slots["clause"]
        if said.gerund and len(said.gerund.split()) > _LONG - 4:
            del slots["gerund"]
        if said.state:
            slots["state"] = said.state
    slots |= {name.capitalize(): text[:1].upper() + text[1:] for name, text in slots.items() if name != "state"}
    slots["are"] = "you were" if material.told and material.told.mirror.past else "you're"
    if slots["are"] == "you're":
        slots["Are"] = "You're"
    if noun := FEELINGS.get(material.understanding.feeling):
        slots["feeling"] = noun
    return slots


def _is_plain(who: str) -> bool:
    return len(who.split()) <= 5 and all(character.isalpha() or character in " '-" for character in who)


