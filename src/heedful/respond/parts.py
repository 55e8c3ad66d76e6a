"""Write the parts of a reply: say back, react, show understanding, ask, offer a step."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from heedful.respond.bank import Phrase, bank
from heedful.respond.draft import Draft
from heedful.respond.follow import ask_about_hedged, hedged_phrases
from heedful.respond.material import Material, is_timely
from heedful.types import Plan, Strategy

ACTS = "acts"
"""The bank of what is said to greetings, questions, thanks, crises: where no event is answered."""

_OWN_DOING = re.compile(
    r"you (?!(?:\w+ )?(?:got|get|were|had to|have to|caught|found|saw|heard|waited|lost|paid|told|asked|trusted"
    r"|bought))"
)
_TOPICAL = 0.6
"""How often what is said and asked is about the topic rather than about what happened."""
_FULLER = 0.6
"""How often a reaction without the person's words is one of the fuller ones."""
_WORD = re.compile(r"[a-z']+")
_LOUD = frozenset(
    """
    sorry sad hard hurt hurts oh lovely wonderful great nice good happy amazing proud kind frightening scary annoyed
    ew yuck ouch gross disgusting horrible ugh angry
    infuriating maddening frustrating unfair fair outrageous wrong
    embarrassing fantastic congratulations news exciting excited surprise
    """.split()
)
"""Words of a reaction; a second sentence with any of them would only repeat it."""
_OPENS = 0.45
"""How often a known situation is met with a first sentence of its own instead of the person's words."""
_CENTRAL = 1.3
"""A clause with less worth than this is not what a known situation is about."""
_MOSTLY = 0.7
_IS_OVER = re.compile(
    r"\bmust have\b|\bhappened\b|went that way|\bthat (?:hurts|stings)\b|\bblow\b|had to (?:deal|see)", re.IGNORECASE
)
"""What is said to a thing that is over and done, not to one that goes on."""
_AT_A_MOMENT = re.compile(r"\b(?:when|since|after) \{clause\}|\bthe day\b")
"""What is said of a moment in the past: "when you've been told" is none."""
_EVENTFUL = re.compile(r"\b(?:sink in|(?:a |some)?things? like (?:that|this)|happened|news|afterward)\b", re.IGNORECASE)


def _say(material: Material, draft: Draft) -> None:
    """Say back what happened."""
    told, scene = material.told, material.scene
    pools: list[Sequence[Phrase]] = []
    own = scene and (told is None or not _is_central(material) or draft.lot("scene") < _OPENS)
    if scene and own and draft.add("shows that it was understood", [_unlike(scene["open"], draft)]):
        return
    if told is not None:
        sort: str = "feeling" if told.mirror.state else "ongoing" if told.mirror.sort == "feeling" else told.mirror.sort
        kind = _kind_phrases(material, draft)
        if material.tone.mood == "hot" and sort == "event" and _OWN_DOING.match(told.mirror.clause or ""):
            sort = "own"  # nobody is told how outrageous it is that they were late
        frames = [[phrase for phrase in pool if phrase.own] for pool in frames_of(material, draft, sort)]
        own_feeling = frames_of(material, draft, "mood") if material.mood_only else []
        if material.guessed:
            frames = [[phrase for phrase in pool if phrase.own] for pool in frames_of(material, draft, "unsure")]
            kind = []
        pools = (
            hedged_phrases(material, draft)
            if told.hedge and not told.mirror.state
            else [*own_feeling, *([kind] if kind and draft.lot("kind") < 0.35 else []), *frames]
        )
        if told.mirror.sort == "event" and not told.mirror.past:
            pools = [[phrase for phrase in pool if not _AT_A_MOMENT.search(phrase.text)] for pool in pools]
    why = "says back what was heard"
    pools = [_unlike(pool, draft) for pool in pools]
    short = [_unlike(pool, draft) for pool in frames_of(material, draft, "short")]
    draft.add(why, [*pools, *short], specific=True)


def _unlike(pool: Sequence[Phrase], draft: Draft) -> list[Phrase]:
    """Return the phrases that do not say again what the reply has begun with: one "sorry" is enough."""
    begun = set(_WORD.findall(" ".join(draft.parts).lower())) & _LOUD
    return [phrase for phrase in pool if not begun or not _LOUD & set(_WORD.findall(phrase.text.lower()))]


def _is_central(material: Material) -> bool:
    """Say whether the clause that can be said back holds what a known situation is about, to its end."""
    told, span = material.told, material.understanding.event.span
    if told is None or told.hedge or told.score < _CENTRAL:
        return False
    who = material.understanding.event.who
    if span is not None and len(told.text) < _MOSTLY * len(span.text):
        return False  # "your boyfriend wants kids", of "my boyfriend wants kids and I don't"
    return span is None or span.text in told.text or span.text.endswith(told.text) or (who or "\0") in told.text


def _kind_phrases(material: Material, draft: Draft) -> list[Phrase]:
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


def _react(material: Material, draft: Draft) -> None:
    """Say in a few words what it must be like."""
    own = draft.groups(bank(material.plan.about).get("react", {})) if material.sure else []
    if material.tone.shade != "loss":  # condolence is said with the loss, not before it
        draft.add("reacts to what was heard", _over(material, [*own, *frames_of(material, draft, "react")]))


def _over(material: Material, pools: Sequence[Sequence[Phrase]]) -> list[Sequence[Phrase]]:
    """Return the pools without what speaks of a thing that is over, where nothing was told that is."""
    told = material.told
    if told is not None and told.mirror.sort == "event":
        return [*pools]
    return [[phrase for phrase in pool if not _IS_OVER.search(phrase.text)] for pool in pools]


def _short(material: Material, draft: Draft) -> None:
    """React in a few words."""
    own: list[Sequence[Phrase]] = [material.scene["open"]] if material.scene else []
    if material.mood_only:
        own += _of_mood(material, draft, "console", "celebrate", "reflect")
    draft.add("reacts to what was heard", _over(material, [*own, *_in_turn(material, draft)]))


def _of_mood(material: Material, draft: Draft, *tables: str) -> list[Sequence[Phrase]]:
    """Return what is said to a feeling of this kind by itself, from the first of the tables that the kind has."""
    own = bank(material.plan.about)
    return [pool for table in [name for name in tables if name in own][:1] for pool in draft.groups(own[table])]


def _in_turn(material: Material, draft: Draft) -> list[Sequence[Phrase]]:
    """Return short reactions and fuller ones, either of them first; at a death condolence alone."""
    if material.tone.shade == "loss":
        return frames_of(material, draft, "short")
    fuller = material.sure or material.scene is not None
    tables = ("react", "short") if fuller and draft.lot("short") < _FULLER else ("short", "react")
    first, then = ([pool for pool in frames_of(material, draft, table) if pool] for table in tables)
    return [*first[:1], *then[:1], *first[1:], *then[1:]]


def _think(material: Material, draft: Draft) -> None:
    """Say one thing that shows that it was understood."""
    if material.told is not None and material.told.hedge and not material.scene:
        return  # what is not known to be so is not commented on
    draft.add("says that the feeling makes sense", thoughts(material, draft))


def thoughts(material: Material, draft: Draft) -> list[Sequence[Phrase]]:
    """Return the pools of thoughts that fit, best first."""
    mood, plan = material.tone.mood, material.plan
    if material.scene:
        return [material.scene["say"], *frames_of(material, draft, "think")]
    if material.mood_only:
        return [*_of_mood(material, draft, "validate"), *frames_of(material, draft, "think")]
    pools: list[Sequence[Phrase]] = []
    if material.topic is not None and draft.lot("topic_say") < _TOPICAL:
        pools.append(material.topic.phrases("say", mood, loss=material.tone.shade == "loss"))
    if material.sure:
        validate = bank(plan.about).get("validate", {})
        pools += [[phrase for phrase in pool if not phrase.own] for pool in draft.groups(validate)[:1]]
    if material.in_setting:
        pools.insert(0, [each for pool in draft.groups(bank(f"setting_{plan.setting}").get(mood, {})) for each in pool])
    pools = _shuffled(pools, draft, "think")
    pools = [*pools, *frames_of(material, draft, "think"), *draft.groups(bank(f"mood_{mood}").get("validate", {}))]
    if material.told is not None and material.told.mirror.sort == "event":
        return pools
    # Where a mood is told and nothing that happened, nothing is spoken of that happened.
    return [[phrase for phrase in pool if not _EVENTFUL.search(phrase.text)] for pool in pools]


def _wish(material: Material, draft: Draft) -> None:
    """Close with a wish, where one fits; else with a thought."""
    told = material.told
    ahead = told is not None and told.mirror.sort == "ahead"
    before = len(draft.parts)
    wishes = frames_of(material, draft, "wish_ahead" if ahead else "wish")
    draft.add("wishes them well", wishes)
    if len(draft.parts) == before:
        _think(material, draft)


def _ask(material: Material, draft: Draft) -> None:
    """Ask one open question, or leave a door open."""
    if material.scene:
        draft.add("asks about the situation", [material.scene["ask"], *frames_of(material, draft, "open")])
        return
    if material.told is not None and material.told.hedge and not material.told.mirror.state:
        draft.add("asks what they noticed", ask_about_hedged(material.told.hedge, draft))
        return
    if material.guessed:
        frames = draft.groups(bank("frame_flat").get("open", {}))
        if material.topic is not None and draft.lot("topic_ask") < _TOPICAL:
            frames = [material.topic.phrases("ask", "flat"), *frames]
        draft.add("invites them to go on", [[each for each in pool if is_timely(each, material)] for pool in frames])
        return
    if material.mood_only:
        asked = [[each for each in pool if "?" in each.text] for pool in _of_mood(material, draft, "explore")]
        draft.add("invites them to go on", [*asked, *frames_of(material, draft, "open")])
        return
    mood, plan = material.tone.mood, material.plan
    pools: list[Sequence[Phrase]] = []
    if material.topic is not None and draft.lot("topic_ask") < _TOPICAL:
        pools.append(material.topic.phrases("ask", mood, loss=material.tone.shade == "loss"))
    frames = frames_of(material, draft, "open")
    pools.append(frames[0])
    if material.sure:
        pools += [
            [each for each in pool if "?" in each.text]
            for pool in draft.groups(bank(plan.about).get("explore", {}))[:1]
        ]
    if draft.lot("topic") < 0.7 or not material.topic:
        pools = [*pools[:1], *_shuffled(pools[1:], draft, "ask")] if material.topic else _shuffled(pools, draft, "ask")
    else:
        pools = _shuffled(pools, draft, "ask")
    if material.in_setting and draft.lot("setting") < 0.6:
        pools = [*draft.groups(bank(f"setting_{plan.setting}").get("ask", {})), *pools]
    pools = [*pools, *frames, *draft.groups(bank(f"mood_{mood}").get("explore", {}))]
    draft.add("invites them to go on", [[phrase for phrase in pool if is_timely(phrase, material)] for pool in pools])


def _ask_own(material: Material, draft: Draft) -> None:
    """Ask about the event by its name."""
    asked = [[phrase for phrase in pool if phrase.own] for pool in frames_of(material, draft, "ask")]
    frames = frames_of(material, draft, "open")
    draft.add("asks about what was heard", [*asked, *frames], specific=True)


def say_strategy(strategy: Strategy, material: Material, draft: Draft) -> None:
    """Suggest, encourage or inform."""
    if strategy == "encourage" and material.scene:
        draft.add("says that it was understood", [material.scene["say"]])
        return
    sources = (bank(material.plan.about) if material.sure else {}, bank(f"mood_{material.tone.mood}"))
    why = {"suggest": "offers one small step", "encourage": "names what they are carrying or doing"}.get(strategy)
    draft.add(why or "answers plainly", [pool for each in sources for pool in draft.groups(each.get(strategy, {}))])


def answer_customer(material: Material, draft: Draft) -> None:
    """Acknowledge, own, and name the next step; thank for good news."""
    own = bank("setting_customer_service")
    if material.tone.mood == "bright":
        draft.add("thanks", draft.groups(own["good"]), specific=True)
        draft.add("asks what else is needed", draft.groups(own["ask"]))
        return
    draft.add("acknowledges", draft.groups(own["acknowledge"]), specific=True)
    draft.add("owns it", draft.groups(own["own"]))
    draft.add("names the next step", [*draft.groups(own["next"]), *draft.groups(own["ask"])])


def ask_about_safety(plan: Plan, draft: Draft) -> None:
    """Ask whether the person, or the one they speak of, is safe."""
    own = "the person themselves" in plan.must
    gently = "safety question" in plan.must
    table = "crisis_ask" if not own else "crisis_ask_gently" if gently else "crisis_ask_self"
    draft.add("asks about safety", [*draft.groups(bank(ACTS)[table]), *draft.groups(bank(ACTS)["crisis_ask"])])


def act(table: str) -> list[Phrase]:
    """Return everything that may be said as an act."""
    return [phrase for group in bank(ACTS)[table].values() for phrase in group]


def frames_of(material: Material, draft: Draft, table: str) -> list[Sequence[Phrase]]:
    """Return the pools of a table that fit the tone: those of its shade first, then those of its mood."""
    names = [name for name in (material.tone.shade, material.tone.mood) if name]
    return [pool for name in names for pool in draft.groups(bank(f"frame_{name}").get(table, {}))]


def _shuffled(pools: list[Sequence[Phrase]], draft: Draft, name: str) -> list[Sequence[Phrase]]:
    return sorted((pool for pool in pools if pool), key=lambda pool: draft.lot(f"{name}/{pool[0].id}"))


PARTS: Mapping[str, Callable[[Material, Draft], None]] = {
    "react": _react,
    "say": _say,
    "short": _short,
    "think": _think,
    "wish": _wish,
    "ask": _ask,
    "ask_own": _ask_own,
}
"""Part of a reply -> what writes it."""
