"""Gather what a reply is made from: what was told, in what tone to answer, what it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from heedful.respond.bank import Phrase
from heedful.respond.draft import plain
from heedful.respond.english import words
from heedful.respond.person import second_person
from heedful.respond.pronoun import pronoun_slots
from heedful.respond.scene import Words, scene_words
from heedful.respond.telling import Told, telling
from heedful.respond.tone import Tone, names_mood, share_of_mood, suits, tone_of
from heedful.respond.topic import Topic, topic_of
from heedful.types import Mood, Plan, Turn, Understanding

_WAS = re.compile(r"\b(?:was|were|did|made|happened)\b")
_WILL = re.compile(
    r"\b(?:will|going|looking forward|when is|when do you|who's coming|is coming|comes next)\b",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(
    r"\b(?:years? (?:ago|back)|last (?:year|summer|winter|spring|fall)|back (?:when|in)"
    r"|when i was (?:a |in |young|little|younger|[0-9])|as a (?:kid|child|teenager)|one time|once|used to)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:today|tonight|right now|next (?:weeks?|days?)|at the moment|so far|these days|as you write|other half)\b",
    re.IGNORECASE,
)
"""What is asked of a thing that is still going on, not of one that is long over."""
_LASTING = re.compile(
    r"\b(?:was|were|had|wasn't|weren't|couldn't|didn't|used|kept|always|never|just|lived|spent|worked|felt|wanted|thought"
    r"|knew|looked|seemed|would|so much|tried|while)\b|^(?!you|a |an |the |some|one|no)",
)
_SHADE_TOPICS: Mapping[str, frozenset[str]] = {
    "guilt": frozenset({"lie", "cheating"}),
    "embarrassment": frozenset({"presentation", "embarrassing_fall"}),
    "jealousy": frozenset({"promotion"}),
    "disgust": frozenset({"gross", "creature"}),
    "nostalgia": frozenset({"childhood", "grandparent", "concert", "christmas", "videogame"}),
}
"""The topics that fit a shade; what others ask is asked of somebody in another position."""
_DEATH = re.compile(
    r"\b(?:died|dead|dies|dying|death|pass(?:ed|ing)|lost|losing|loss|funeral|miss|gone|killed"
    r"|put (?:him|her|it|\w+) (?:down|to sleep)|buried|grief|grieving)\b",
    re.IGNORECASE,
)
_SOUNDS_LIKE_ADVICE = re.compile(
    r"^you(?:'ll)? (?:\w+ )?(?:have|need|ought|want) to\b|\byou (?:\w+ )?(?:should|must|ought)\b|should|'d better"
)
"""Said back, "I should call her" would read as advice."""
_SOUNDS_LIKE_A_PROMISE = re.compile(
    r"\b(?:'ll|will|going to)\b.{0,20}\b(?:recover|heal|pass|work out|turn out|make it"
    r"|win|beat|survive|succeed|forget|get (?:the|that|your)|find"
    r"|be (?:fine|ok|okay|alright|all right|better)|(?:get|feel|do) (?:better|well|over|through))\b"
    r"|'ll .{0,20}\b(?:recover|be fine|be ok)"
    r"|\b(?:depression|depressed|bipolar|adhd|ptsd|ocd|autis\w+|anorexia|bulimia|schizophreni\w+)\b"
)
_DENIED = re.compile(
    r"\b(?:didn't|couldn't|wasn't|weren't|won't|isn't|aren't|don't|doesn't|haven't|hasn't)\b"
    r"(?! wait| believe| have| be happier| be more)"
)
FEELINGS: Mapping[str, str] = {
    "anger": "anger", "annoyance": "frustration", "disappointment": "disappointment", "disapproval": "frustration",
    "embarrassment": "embarrassment", "excitement": "excitement", "fear": "fear", "grief": "grief", "joy": "joy",
    "nervousness": "worry", "pride": "pride", "relief": "relief", "remorse": "guilt", "sadness": "sadness",
    "gratitude": "gratitude", "optimism": "hope", "disgust": "anger",
}  # fmt: skip
"""FINE label -> the noun that a reply calls it by; labels without one are not named."""
_OWN_DOING = re.compile(r"you(?:'\w+)?\b", re.IGNORECASE)
_VAGUE = frozenset({"none", "sorrow", "worry", "anger", "joy"})
"""Kinds that stand for a feeling with no event told."""
GRIEF = frozenset({"loss", "pet_loss"})
"""Kinds of event in which someone has died."""
_WON = frozenset({"success", "good_news"})
"""Kinds of event for which somebody is congratulated."""
_OWN_WORD = re.compile(r"\b(?:i|i'm|i've|we|we've|we're|me|us)\b", re.IGNORECASE)
_TO_COME = frozenset({"threat", "anticipation", "decision"})
"""Kinds of event whose phrases speak of what lies ahead."""
_SETTING_KINDS: Mapping[str, frozenset[str]] = {
    "health_support": frozenset({"illness", "illness_other"}),
    "education": frozenset({"failure"}),
    "workplace": frozenset({"job_loss", "overload", "injustice"}),
}
_NO_SCENE = frozenset({"service"})
"""Kinds that are answered by the setting's own rules."""
_SURE = 0.75
"""From this confidence on, what is said fits the kind of event that was found, not only its mood."""
_LIKELY = 0.4
"""With less confidence than this an event is too unsure to say plainly how it must have been."""
_GUESSED = 0.5
"""A mood that only the listener network hears is named, with care, from this share of its situations on."""
_WORTH = -0.4
"""A clause with less worth than this is a side remark and is not said back."""
_MAYBE_NOT = re.compile(r"^you (?:\w+ )?(?:believed|thought|hoped|expected|wanted|tried|wished|felt|asked)\b")
"""What may well have turned out otherwise."""
_LONG = 13
_SHORT = 16
"""Words of a message that tells a feeling and nothing else, at most."""
_CAUSE = re.compile(
    r"\b(?:because|cause|since|after|when|about|over|with|at|(?<!kind )(?<!sort )(?<!bit )of|that|if)\b"
    r"(?! (?:it|all)\b)",
    re.IGNORECASE,
)
"""What leads to the cause of a feeling."""


@dataclass(frozen=True, slots=True)
class Material:
    """All that the sentences of one reply are made from."""

    plan: Plan
    """What the reply should do."""
    understanding: Understanding
    """Of the conversation."""
    tone: Tone
    """In what tone to answer."""
    topic: Topic | None
    """What it is about."""
    told: Told | None
    """The clause that is said back."""
    sure: bool
    """Whether the kind of event is sure enough for what fits no other kind."""
    fresh: bool
    """Whether the message itself tells of the event."""
    text: str = ""
    """The message."""
    guessed: bool = False
    """Whether the mood is only guessed from the whole, with neither a plain event nor a feeling named."""

    @property
    def scene(self) -> Words | None:
        """What is said in the very situation that the message tells of, where that is known."""
        name = self.understanding.event.scene
        if not name or not self.fresh or self.plan.about in _NO_SCENE or self.is_theirs:
            return None
        return scene_words().get(name)

    @property
    def is_theirs(self) -> bool:
        """Whether it is somebody else's success that is told: they are not congratulated for it themselves."""
        event, told = self.understanding.event, self.told
        if self.plan.about not in _WON or not event.who:
            return False
        if told is not None and told.mirror.clause:
            return _OWN_DOING.match(told.mirror.clause) is None
        return event.span is not None and _OWN_WORD.search(event.span.text) is None

    @property
    def mood_only(self) -> bool:
        """Whether a feeling is told by itself, with neither an event nor a cause."""
        if self.plan.about not in _VAGUE or self.tone.mood != self.understanding.event.mood or not self.fresh:
            return False
        if len(self.text.split()) > _SHORT or _CAUSE.search(self.text):
            return False
        return self.told is None or (self.told.mirror.state is not None and len(self.told.mirror.state.split()) <= 4)

    @property
    def in_setting(self) -> bool:
        """Whether what the setting itself has to say fits what is talked about."""
        setting = self.plan.setting
        kinds = _SETTING_KINDS.get(setting, frozenset())
        return (self.topic is not None and setting in self.topic.settings) or self.plan.about in kinds


def is_timely(phrase: Phrase, material: Material) -> bool:
    """Say whether a question fits the time that is spoken of: no "what was the best moment" of what is to come."""
    if material.told is None:
        return not _WAS.search(phrase.text)
    said = material.told.mirror
    if _LONG_AGO.search(material.text) and _NOW.search(phrase.text):
        return False
    if said.sort == "event" and said.past:
        return material.tone.mood in {"low", "tense", "hot"} or not _WILL.search(phrase.text) or "next" in phrase.text
    return said.sort == "event" or not _WAS.search(phrase.text) or (said.past and said.sort != "ahead")


def can_be_asked_about(told: Told) -> bool:
    """Say whether "What went through your mind when ...?" reads well: something short that happened at one moment."""
    clause = told.mirror.clause or ""
    moment = told.mirror.sort == "event" and told.mirror.past and not _LASTING.search(clause)
    return moment and len(clause.split()) <= 9


def new_clauses(text: str, understanding: Understanding, past: Sequence[Turn]) -> list[Told]:
    """Return the clauses worth saying back that were not said back before, the best first.

    A feeling that is named comes before a fact that only frames it: "my baby is six weeks old and I'm so tired".
    """
    before = " ".join(plain(turn.reply.text) for turn in past)
    found = [
        told
        for told in telling(text, understanding)
        if told.score > _WORTH
        and (told.mirror.state or len((told.mirror.clause or "").split()) > 2)
        and plain(told.mirror.clause or told.mirror.state or told.mirror.gerund or "") not in before
    ]
    event = understanding.event
    if event.kind in GRIEF and event.message == understanding.told - 1:
        span = event.span.text if event.span else "\0"
        found = [told for told in found if _DEATH.search(told.text) or told.text in span or span in told.text]
        found.sort(key=lambda told: not _DEATH.search(told.text))  # never: I'm so sorry that she raised you
        return found
    if (
        found
        and found[0].mirror.sort == "ongoing"
        and not (_words_of(found[0].text) & words("grim") or _DENIED.search(found[0].text))
    ):
        found.sort(key=lambda told: not told.mirror.state)
    return found


def material_of(
    text: str, understanding: Understanding, plan: Plan, told: Told | None, past: Sequence[Turn]
) -> Material:
    """Return what a reply is made from.

    Args:
        text: the latest message.
        understanding: of the conversation, that message included.
        plan: what the reply should do.
        told: the clause that is said back, if any.
        past: the turns before, oldest first.
    """
    event = understanding.event
    tone, guessed = _weighed(_tone(text, understanding, plan, told, past), text, understanding, plan, told)
    own = told is None or not told.mirror.clause or _OWN_DOING.match(told.mirror.clause) is not None
    topic = _fitting(topic_of([told.text if told else "", text], own=own), tone, event.who or "")
    fresh = event.message == understanding.told - 1
    over = told is not None and told.mirror.past and plan.about in _TO_COME
    sure = not over and plan.about not in _VAGUE and event.confidence >= _SURE and event.mood == tone.mood
    material = Material(plan, understanding, tone, topic, told, sure or tone.shade == "loss", fresh, text, guessed)
    if material.is_theirs:
        return replace(material, tone=Tone(tone.mood, "pride" if tone.mood == "bright" else tone.shade), sure=False)
    if told is not None and told.hedge:  # nothing is said that takes for a fact what is only feared
        return Material(plan, understanding, tone, None, told, False, fresh, text)
    return material


def _weighed(tone: Tone, text: str, understanding: Understanding, plan: Plan, told: Told | None) -> tuple[Tone, bool]:
    """Return the tone, and whether it is only guessed: then it is said tentatively, and nothing more is built on it.

    A feeling that the person names, or an event that is plain, is no guess. Where event and feeling point in opposite
    directions nothing is claimed at all.
    """
    event = understanding.event
    plainly = (event.scene is not None and event.message == understanding.told - 1) or tone.shade == "loss"
    plainly = plainly or (understanding.meant is not None and understanding.meant.ironic)
    named = told is not None and told.mirror.state is not None
    if plan.stage != "first" or plainly or named or tone.mood == "flat":
        return tone, False
    against = event.kind != "none" and (event.mood == "bright") != (tone.mood == "bright") and event.mood != "flat"
    if against and (event.confidence >= _SURE or not names_mood(text, tone.mood)):
        return Tone("flat"), False
    if names_mood(text, tone.mood):
        return tone, False
    least = _SURE if event.kind in _VAGUE else _LIKELY
    if event.kind == "none" or event.confidence < least or event.mood != tone.mood:
        if told is None or (tone.mood == "bright" and _MAYBE_NOT.search(told.mirror.clause or "")):
            return Tone("flat"), False
        if event.kind == "none" and not _likely(understanding, tone.mood):
            return Tone("flat"), False
        return Tone(tone.mood), True
    return tone, False


def _likely(understanding: Understanding, mood: Mood) -> bool:
    """Say whether the listener network is sure enough of a mood that neither an event nor a word speaks for."""
    heard = understanding.situation
    return heard is None or share_of_mood(heard, mood) >= _GUESSED


def _tone(text: str, understanding: Understanding, plan: Plan, told: Told | None, past: Sequence[Turn]) -> Tone:
    """Return the tone, checked against what is going to be said back."""
    event = understanding.event
    tone = tone_of(understanding, text, past)
    if event.scene and event.message == understanding.told - 1:
        return tone
    clause = (told.mirror.clause or "") if told is not None else ""
    if plan.about in GRIEF and (event.who or _DEATH.search(text) or event.message != understanding.told - 1):
        return Tone("low", "loss")
    plain_news = event.mood == "bright" and event.confidence >= _SURE and event.message == understanding.told - 1
    unspoken = told is None and not plain_news and not words("glad") & _words_of(text)
    if tone.mood == "bright" and (_DENIED.search(clause) or unspoken):
        return Tone("flat")
    own = _OWN_DOING.match(clause) is not None
    if clause and ((tone.shade == "guilt" and not own) or (tone.shade == "pride" and own)):
        return Tone(tone.mood)
    return tone


def _words_of(text: str) -> set[str]:
    return {word.strip(".,!?") for word in text.lower().split()}


def _fitting(topic: Topic | None, tone: Tone, who: str) -> Topic | None:
    """Return the topic if what is said about it fits the shade of the tone."""
    if tone.shade == "loss" and (topic is None or "loss" not in topic.moods):
        lost = topic_of([who])
        return lost if lost is not None and "loss" in lost.moods else None
    if topic is not None and topic.name not in _SHADE_TOPICS.get(tone.shade or "", {topic.name}):
        return None
    return topic


def slots_of(material: Material) -> dict[str, str]:
    """Return what the slots of a phrase are filled with; a slot that cannot be filled reliably is left out."""
    event = material.understanding.event
    slots = pronoun_slots(f"{event.who or ''} {material.text}")
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
    noun = FEELINGS.get(material.understanding.feeling)
    if noun and (suits(material.understanding.feeling, material.tone.mood) or material.plan.about in _VAGUE):
        slots["feeling"] = noun
    return slots


def _is_plain(who: str) -> bool:
    return len(who.split()) <= 5 and all(character.isalpha() or character in " '-" for character in who)
