"""Answer what is said within a conversation that goes on: a question, a short answer, a fact in between.

A later message is often no new event and no new feeling. Whatever supposes one is out of place then, so the words come
from a bank of its own, which supposes nothing.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from heedful.respond.bank import Phrase, bank
from heedful.respond.draft import Draft
from heedful.respond.english import grammar, words
from heedful.respond.material import GRIEF, Material
from heedful.respond.scene import scene_words
from heedful.respond.tidy import with_apostrophes
from heedful.types import Turn

_BANK = "frame_follow"
_LOOKED_AT = 600
_DARK = frozenset({"low", "tense", "hot"})
_BY_KIND, _STAYS = 0.8, 0.6
"""How often a question is about the kind of event, and how often a reply that asks nothing says something more."""
_HEAVY, _LIGHT = -0.2, 0.35
"""From this valence on, in [-1, 1], a fact weighs on the person, or is good news."""
_SURE = 0.75
"""A new event that is found with this much confidence is answered as such."""
_SOFT = frozenset({"irritation", "sorrow", "worry", "anger", "joy", "contentment", "disappointment"})
_OF_GRIEF = frozenset({"loneliness", "emptiness", "nostalgia", "change"})
"""Kinds that are part of what was told before rather than something new; the second, after a death."""
_OTHERS = re.compile(r"\b(?:angry|mad|furious|upset|disappointed|annoyed)\b", re.IGNORECASE)
_OWN = re.compile(r"i\b", re.IGNORECASE)
"""A feeling of somebody else's is a fact to the person."""
_MEMORY = re.compile(
    r"\b(?:always|used to|loved to|would (?:always|often)|every (?:sunday|summer|christmas|morning))\b"
)
_DENIES = re.compile(r"\b(?:not|never|nobody|no one|nothing|can't|cannot|\w+n't|without|alone|only|still)\b")
_WEIGHS = re.compile(
    r"\b(?:tumou?r|cancer|cry|cries|cried|hospital|died|laughed|selfish|scared|hurts?|fired|quit|numb|disappointed"
    r"|cut|attack|stroke|terminal|stage|overdose|suicide|crash|accident|kidneys?|pancreas|liver|lungs?|brain|seizures?)\b"
)
_SHOUTS = re.compile(r"!!|\b[A-Z]{4,}\b")
_OF_BODY = frozenset({"illness", "illness_other"})
_MEASURES = re.compile(
    r"\d|\b(?:years?|months?|weeks?|days?|hours?|since|ago|last|next|yesterday|today|tomorrow|on|at|in|my|the)\b"
)
_WORD = re.compile(r"[a-z']+")
_APART = re.compile(r"(?<![\w'])[\w']+(?![\w'])")
_LEAD = re.compile(
    r"(?:yeah|yes|yep|no|nah|nope|well|so|oh|ugh|honestly|tbh|like|and|but|idk|hm+)[,.!]* +(?=\S)", re.IGNORECASE
)
_TRAIL = re.compile(r"[,.]? +(?:tbh|lol|haha(?:ha)*|lmao|tho|though|i guess|anyway|rn|right now)$", re.IGNORECASE)
"""What leads to an answer and what trails after it."""
_OVER = frozenset(
    {
        "intend", "good_cry", "ask_right_thing", "told_diagnosis", "told_orientation", "okay", "relief", "resigned",
        "how_to_tell", "not_now", "but_still", "crying", "service_given", "reference", "lost_whom", "self_harsh",
        "times_bright", "torn", "ask_speak_up",
    }
)  # fmt: skip
"""After these no question is added: they close a thought."""
_SAYS_BACK = ("frame_follow.detail", "frame_follow.memory")
_OPEN = re.compile(
    r"(?:Part of you|Some part|Perhaps|Maybe|It's (?:fair|natural|reasonable|no)|No wonder|Of course|Anyone)\b"
)
"""How a thought begins that claims little."""
_THINKS = ("validate", "reflect", "encourage", "celebrate")


@dataclass(frozen=True, slots=True)
class Move:
    """What a message does within a conversation."""

    name: str
    """The table of phrases that answers it."""
    pattern: re.Pattern[str]
    """How it is worded."""
    context: re.Pattern[str] | None
    """What has to occur in what the person wrote so far; None = anything."""
    most: int
    """Words that such a message has at most."""
    first: bool
    """Whether it fits a first message too."""
    cased: bool
    """Whether capitals count."""
    needs: str
    """How the conversation has to have been: dark, bright or "" = either."""
    setting: str
    """The only setting that it fits, or "" = all."""
    part: bool
    """Whether it may be one sentence of a message."""


@functools.cache
def moves() -> tuple[Move, ...]:
    """Return the moves of moves.toml, in order."""
    raw = tomllib.loads(files("heedful.respond").joinpath("moves.toml").read_text(encoding="utf-8"))
    return tuple(
        Move(
            each["name"],
            re.compile(each["pattern"]),
            re.compile(each["context"]) if "context" in each else None,
            each.get("most", 30),
            each.get("first", False),
            each.get("cased", False),
            each.get("needs", ""),
            each.get("setting", ""),
            each.get("part", False),
        )
        for each in raw["move"]
    )


def move_of(text: str, past: Sequence[Turn], setting: str = "companion") -> Move | None:
    """Return what a message does within a conversation, or None where it does nothing of the kind.

    Args:
        text: the message; any string.
        past: the turns before, oldest first.
        setting: where it is said.
    """
    looked_at = mended(" ".join(text[:_LOOKED_AT].replace("’", "'").split()))
    before = " ".join([*(turn.message.text or "" for turn in past), looked_at]).lower()
    course = "" if not past else "dark" if _dark(past) else "bright" if _bright(past) else ""
    forms = [looked_at.rstrip(" .!,…")]
    while match := _LEAD.match(forms[-1]):
        forms.append(forms[-1][match.end() :])
    forms += [bare for form in forms if (bare := _TRAIL.sub("", form)) != form]
    for cased in forms:
        form = cased.lower()
        for move in moves():
            if (not past and not move.first) or move.setting not in ("", setting):
                continue
            if move.needs not in ("", course) or len(form.split()) > move.most:
                continue
            if _meets(move, cased, form) and (not move.context or move.context.search(before)):
                return move
    return None


def _meets(move: Move, cased: str, form: str) -> bool:
    if move.pattern.search(cased if move.cased else form):
        return True
    return move.part and any(move.pattern.search(each) for each in re.split(r"[.!?;]+ +", form))


@functools.cache
def _known_words() -> dict[str, str]:
    return {**grammar()["spelling"], **grammar()["contractions"], "idk": "I don't know", "dunno": "don't know"}


def mended(text: str) -> str:
    """Return a text with apostrophes and common misspellings put right; any string is accepted."""
    known = _known_words()
    return _APART.sub(lambda found: known.get(found[0].lower(), found[0]), with_apostrophes(text))


def goes_on(material: Material, past: Sequence[Turn]) -> bool:
    """Say whether a message goes on about what was told, with neither a new event nor a feeling named."""
    told, event = material.told, material.understanding.event
    if not past or material.plan.about == "thanks" or (told is not None and told.mirror.state):
        return False
    if material.plan.setting == "customer_service" and _dark(past):
        return True  # what adds to a complaint is no news of its own
    before = {turn.understanding.event.kind for turn in past} - {"none"}
    soft = _SOFT | (_OF_GRIEF if before & GRIEF else frozenset())
    if before and (
        event.kind in soft or (told is not None and _OTHERS.search(told.text) and not _OWN.match(told.text))
    ):
        return True
    return not (material.fresh and material.plan.stage == "first" and event.confidence >= _SURE)


def answer_move(move: Move, material: Material, draft: Draft) -> None:
    """Answer a question or a short answer from the move's own table, and go one step further if that is planned."""
    pools = draft.groups(bank(_BANK)[move.name])
    own: list[Sequence[Phrase]] = [[phrase for phrase in pool if phrase.setting] for pool in pools]
    if move.name == "ask_what_to_do" and _may_suggest(material) and not any(own):
        own = draft.groups(bank(material.understanding.event.kind).get("suggest", {}))
    said = [[phrase for phrase in pool if "Echo" in phrase.slots] for pool in pools]
    draft.add(f"answers: {move.name.replace('_', ' ')}", [*own, *said, *pools])
    if move.name.startswith("ask_") or not draft.parts or move.name in _OVER:
        return
    _go_on(material, draft)


def _may_suggest(material: Material) -> bool:
    """Say whether a step that fits the kind of event may be offered."""
    event = material.understanding.event
    return "suggest" in material.plan.strategies and event.confidence >= _SURE and event.kind not in _SOFT


def answer_meant(material: Material, draft: Draft) -> None:
    """Answer irony for what it is, and a correction by taking back what was wrong."""
    meant = material.understanding.meant
    if meant is None or not (meant.ironic or meant.corrects):
        return
    if meant.corrects:
        draft.add("takes back what was wrong", draft.groups(bank(_BANK)["corrects"]))
        draft.add("says what it is instead", draft.groups(bank(_BANK)["corrected_state"]))
        draft.add("invites them to go on", draft.groups(bank(_BANK)["corrected_ask"]))
        return
    draft.add("takes the irony for what it is", _own_first(draft, "ironic"))
    _go_on(material, draft)


def answer_fact(material: Material, draft: Draft, past: Sequence[Turn]) -> None:
    """Receive a fact in between: say it back where that was not just done, and go one step further."""
    weight = weight_of(material)
    heavy, light = weight == "heavy", weight == "light" or material.tone.mood == "bright"
    pools: list[Sequence[Phrase]] = []
    if "Echo" in draft.slots:
        grave = material.tone.mood != "bright" and _is_grave(material)
        pools += _own_first(draft, "echo_heavy" if grave else "echo_light" if light else "echo")
    elif material.told is not None and material.told.mirror.clause and not _said_back(past):
        table = {"heavy": "detail_heavy", "light": "detail_light", "memory": "memory"}.get(weight, "detail")
        pools += [*_own_first(draft, table), *draft.groups(bank(_BANK)["detail"])]
    if draft.add("receives what was said", pools):
        _go_on(material, draft)
        return
    service = material.plan.setting == "customer_service"
    if heavy or service or weight == "light":
        table = {"heavy": "plain_heavy", "light": "plain_light"}.get(weight, "plain")
        of_mood = bank(_BANK).get(f"{table}_{material.tone.mood}", {}) if not service else {}
        draft.add("receives what was said", [*draft.groups(of_mood), *_own_first(draft, table)])
    _go_on(material, draft)
    if not draft.parts:
        draft.add("receives what was said", _own_first(draft, "plain"))


def _is_grave(material: Material) -> bool:
    """Say whether an answer of few words is bad news by itself: "heart attack", "pancreas"; not how long or when."""
    text = material.text.lower()
    if _WEIGHS.search(text):
        return True
    return material.understanding.event.kind in _OF_BODY and not _MEASURES.search(text)


def _own_first(draft: Draft, table: str) -> list[Sequence[Phrase]]:
    """Return the pools of a table, what is for this setting alone first."""
    pools = draft.groups(bank(_BANK)[table])
    return [*([phrase for phrase in pool if phrase.setting] for pool in pools), *pools]


def _said_back(past: Sequence[Turn]) -> bool:
    """Say whether the reply before said something back: not every time, or it sounds like a parrot."""
    return bool(past) and any(phrase.startswith(_SAYS_BACK) for phrase in past[-1].reply.phrases)


def weight_of(material: Material) -> str:
    """Return what a fact is to the person: heavy, light, memory or plain."""
    text = (material.told.text if material.told else material.text).lower().replace("’", "'")
    if material.plan.about in GRIEF and _MEMORY.search(text):
        return "memory"
    course = material.understanding.course.valence
    valence = course[-1] if course else 0.0
    said = set(_WORD.findall(text))
    if material.tone.mood in _DARK and _SHOUTS.search(material.text):
        return "heavy"
    if said & words("grim") or _WEIGHS.search(text) or (_DENIES.search(text) and valence <= 0) or valence <= _HEAVY:
        return "heavy" if material.tone.mood != "bright" else "plain"
    return "light" if valence >= _LIGHT and not _DENIES.search(text) else "plain"


def _go_on(material: Material, draft: Draft) -> None:
    """Ask one more thing, or say one thing that fits what was told, as planned."""
    plan = material.plan
    if draft.asked or len(draft.parts) >= plan.sentences:
        return
    mood = material.tone.mood
    if plan.setting == "customer_service":
        if mood in _DARK:
            table = "next" if {"explore", "suggest"} & set(plan.strategies) else "own"
            draft.add("goes one step further", _later_first(bank("setting_customer_service")[table]))
        return
    if "explore" in plan.strategies:
        kind = material.understanding.event.kind
        if mood == "bright" and material.understanding.event.mood != "bright":
            mood = "flat"
        own = bank(_BANK).get(f"next_{kind}", {}) if _asks_by_kind(material, draft) else {}
        general = "next" if mood in {"low", "tense"} else f"next_{mood}"
        draft.add("invites them to go on", [*draft.groups(own), *draft.groups(bank(_BANK)[general])])
    elif mood != "flat" and (not draft.parts or draft.lot("stay") < _STAYS):
        draft.add("says what goes with it", thoughts_on(material, draft))


def _later_first(table: Mapping[str, Sequence[Phrase]]) -> list[Sequence[Phrase]]:
    return [table.get("later", ()), table.get("any", ())]


def thoughts_on(material: Material, draft: Draft) -> list[Sequence[Phrase]]:
    """Return the pools of thoughts that go with what was told before, the nearest to its words first."""
    mood, plan = material.tone.mood, material.plan
    tables = [each for each in plan.strategies if each in _THINKS] or ["validate"]
    event = material.understanding.event
    told = f"{event.span.text if event.span else ''} {material.text}"
    own = bank(event.kind) if event.confidence >= _SURE and event.mood == mood and event.kind not in _SOFT else {}
    near: list[Sequence[Phrase]] = []
    other: list[Sequence[Phrase]] = []
    for source in (own, bank(f"mood_{mood}")):
        pool = [phrase for table in tables for phrase in source.get(table, {}).get("later", ()) if not phrase.own]
        near.append([phrase for phrase in pool if _telling_words(phrase.text) & _telling_words(told)])
        other.append([phrase for phrase in pool if _OPEN.match(phrase.text)])
    scene = scene_words().get(event.scene or "", {}) if event.mood == mood else {}
    return [near[0], scene.get("say", ()), *draft.groups(bank(_BANK).get(f"keep_{mood}", {})), *other]


def _telling_words(text: str) -> set[str]:
    return {word[:6] for word in _WORD.findall(text.lower()) if len(word) > 3 and word not in words("everyday")}


def _asks_by_kind(material: Material, draft: Draft) -> bool:
    known = material.plan.stage == "later" and material.tone.mood in _DARK
    return known and draft.lot("next") < _BY_KIND


def ask_about_hedged(hedge: str, draft: Draft) -> list[Sequence[Phrase]]:
    """Return questions about what is only thought or feared to be so."""
    return draft.groups(bank(_BANK)["next_if" if hedge == "what if" else "next_hedged"])


def hedged_phrases(material: Material, draft: Draft) -> list[Sequence[Phrase]]:
    """Return how something that is only thought or feared to be so is said back."""
    told = material.told
    if told is None or not told.hedge:
        return []
    dark = material.tone.mood in _DARK
    table = "hedged_if" if told.hedge == "what if" else "hedged" if dark else "hedged_calm"
    return draft.groups(bank(_BANK)[table])


def _dark(past: Sequence[Turn]) -> bool:
    moods = [turn.understanding.event.mood for turn in past]
    return any(mood in _DARK for mood in moods) and (moods[0] in _DARK | {"flat"} or moods[-1] in _DARK)


def _bright(past: Sequence[Turn]) -> bool:
    return any(turn.understanding.event.mood == "bright" for turn in past)
