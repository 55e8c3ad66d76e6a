"""Learn from watching good listeners: what they said, redacted, judged and guarded, and when they said it."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from heedful.config import Config
from heedful.errors import InputError
from heedful.guard.base import lint
from heedful.guard.privacy import find, redact
from heedful.judge.base import Judge
from heedful.learn.meaning import Bridge, bridge_of, large, read_many, small
from heedful.models.encoder import TextEncoder
from heedful.respond.english import words
from heedful.respond.exemplar import Exemplar, Part, stem
from heedful.respond.tone import mood_of_labels
from heedful.respond.topic import topics
from heedful.respond.traits import known
from heedful.types import Mood, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PEOPLE: Final = frozenset("person speaker user customer client seeker patient student caller".split())
"""Names of who is listened to, in transcripts."""
LISTENERS: Final = frozenset("listener assistant agent supporter therapist counselor counsellor helper advisor".split())
"""Names of who listens."""
_SHORTEST, _LONGEST = 3, 18
"""Words of a sentence that may be said to somebody else."""
_SENTENCE = re.compile(r"[^.?!\n]+[.?!]+")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z ,'\u2019-]*[.?!]")
_OWN_LIFE = re.compile(
    r"\b(?:i|my|me|mine|we|our|us)\b(?! (?:hope|am sorry|'m sorry|bet|can imagine|can see|would|understand))",
    re.IGNORECASE,
)
_ALLOWED_I = re.compile(r"^i(?:'m| am) (?:so |very |really )?(?:sorry|glad|happy)\b|^i hope\b|^i bet\b", re.IGNORECASE)
_POINTS = re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their|this one|those|these|there|then)\b", re.IGNORECASE)
"""Words that point at something told before, which a stranger has not told."""
_MISSPELT = frozenset(
    """
    im ive id dont didnt cant couldnt wont isnt wasnt thats whats hows lets youre youve theyre doesnt u ur hi hey ok ya
    yall
    """.split()
)
_TWICE: Final = 500
"""From so many conversations on, a sentence must have been said in two of them: what only one person says is theirs."""
_GENERAL = 0.004
"""A word in this share of the listeners' sentences is nobody's in particular."""
_MOST: Final = 4000
"""Exemplars that are kept: the most often said and best judged of each mood."""
_STRATEGIES: Final = {
    "sorry": "console", "validates": "validate", "weight": "validate", "reflects": "reflect", "feeling": "reflect",
    "praise": "celebrate", "encourages": "encourage", "advice": "suggest", "next_step": "inform",
}  # fmt: skip
"""What shows which strategy."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation between people, as it stands in a transcript."""

    name: str
    """What it is called there."""
    turns: tuple[tuple[bool, str], ...]
    """Whether it is the listener who speaks, and what was said."""
    person: str | None = None
    """Whose it is, if the transcript says so."""


@dataclass(frozen=True, slots=True)
class Seen(Record):
    """What was taken from one conversation: no word that anybody said but sentences that fit anybody."""

    messages: tuple[str, ...]
    """What was told before each of the listener's turns, as vectors."""
    replies: tuple[str, ...]
    """What the listener said to it, as vectors."""
    moods: tuple[Mood, ...]
    """What mood was told of."""
    strategies: tuple[tuple[str, ...], ...]
    """What the listener did."""
    sentences: tuple[tuple[str, Part, Mood, int, float], ...] = ()
    """Sentences: text, part, mood, which of the replies it is from, and how empathic it was judged."""


@dataclass(slots=True)
class Watched:
    """Everything that watching comes to."""

    bridge: Bridge
    """From messages to the space of replies."""
    exemplars: list[Exemplar] = field(default_factory=list)
    """Sentences that may be said to others."""
    habits: dict[str, dict[str, float]] = field(default_factory=dict)
    """Mood -> strategy -> in what share of their turns listeners used it."""
    conversations: int = 0
    """How many were watched."""
    replies: int = 0
    """How many turns of listeners."""


def read_transcripts(path: Path, listener: str = "", person: str = "") -> Iterator[Conversation]:
    """Yield the conversations of a JSON Lines file.

    A line is one turn, `{"conversation", "speaker", "text"}`, the turns of a conversation together; or a whole
    conversation, `{"conversation", "turns": [{"speaker", "text"}]}`. Either may say whose it is under `person`.

    Args:
        path: the file.
        listener: the name of who listens there, if it is none of `LISTENERS`.
        person: the name of who is listened to, if it is none of `PEOPLE`.

    Raises:
        InputError: a line is not one of these.
    """
    listeners, people = {*LISTENERS, listener.lower()} - {""}, {*PEOPLE, person.lower()} - {""}
    name, owner = "", None
    turns: list[tuple[bool, str]] = []
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                called, whose, said = _line(line, f"{path}, line {number}", listeners, people)
                if called != name and turns:
                    yield Conversation(name, tuple(turns), owner)
                    turns = []
                name, owner = called, whose if called != name else owner or whose
                turns += said
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}. Expected is a JSON Lines file in UTF-8.") from error
    if turns:
        yield Conversation(name, tuple(turns), owner)


def _line(
    line: str, where: str, listeners: set[str], people: set[str]
) -> tuple[str, str | None, list[tuple[bool, str]]]:
    form = '{"conversation": NAME, "speaker": "person" or "listener", "text": WORDS}, or with "turns" for a whole one'
    try:
        row = json.loads(line)
        name, whose = str(row["conversation"]), row.get("person")
        turns = row.get("turns", [row])
        said = [(str(each["speaker"]).lower(), each["text"]) for each in turns]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{where}: this is no turn of a conversation ({error!r}). Expected is {form}.") from error
    if not name or not all(isinstance(text, str) for _, text in said) or not isinstance(whose, str | None):
        raise InputError(f"{where}: the name, the text and the person must be texts. Expected is {form}.")
    for speaker, _ in said:
        if speaker not in listeners | people:
            raise InputError(
                f"{where}: who is {speaker!r}, the one who listens or the one who is listened to? Say so with "
                f"--listener or --person; known are {', '.join(sorted(listeners))} and {', '.join(sorted(people))}."
            )
    return name, whose, [(speaker in listeners, text) for speaker, text in said]


def pairs_of(conversation: Conversation) -> list[tuple[str, str]]:
    """Return (what was told, what the listener said to it); turns of one speaker in a row are one."""
    found: list[tuple[str, str]] = []
    told = said = ""
    for listens, text in (*conversation.turns, (False, "")):
        if listens:
            said = f"{said} {text}".strip()
        else:
            if told and said:
                found.append((told, said))
                told = ""
            told, said = (f"{told} {text}".strip() if not said else text.strip()), ""
    return found


def watch(
    conversations: Sequence[Conversation], encoder: TextEncoder, config: Config
) -> list[tuple[Conversation, Seen]]:
    """Return what there is to take from some conversations.

    Args:
        conversations: as they stand in the transcript.
        encoder: the listener network.
        config: the settings.
    """
    pairs = [pairs_of(each) for each in conversations]
    flat = [pair for each in pairs for pair in each]
    if not flat:
        return []
    told, situations = read_many(encoder, [message for message, _ in flat])
    said, _ = read_many(encoder, [reply for _, reply in flat])
    messages, replies = small(told), small(said)
    moods = [mood_of_labels(each) for each in situations]
    judge = Judge(config, rules_only=True)
    found, at = [], 0
    for conversation, own in zip(conversations, pairs, strict=True):
        rows = range(at, at + len(own))
        at += len(own)
        if not own:
            continue
        sentences = [
            (text, part, moods[row], row - rows.start, worth)
            for row, (message, reply) in zip(rows, own, strict=True)
            for text, part, worth in sentences_for_others(message, reply, judge)
        ]
        found.append(
            (
                conversation,
                Seen(
                    tuple(messages[row] for row in rows),
                    tuple(replies[row] for row in rows),
                    tuple(moods[row] for row in rows),
                    tuple(strategies_of(reply) for _, reply in own),
                    tuple(sentences),
                ),
            )
        )
    return found


def sentences_for_others(message: str, reply: str, judge: Judge) -> list[tuple[str, Part, float]]:
    """Return the sentences of a listener's turn that may be said to others, with how empathic each was judged."""
    found: list[tuple[str, Part, float]] = []
    for match in _SENTENCE.finditer(reply):
        sentence = _tidy(match[0])
        if sentence and (judged := _may_be_said(sentence, judge)) is not None:
            found.append((sentence, "ask" if sentence.endswith("?") else "think", judged))
    return found


def _tidy(sentence: str) -> str:
    """Return a sentence as it would be printed, or "" if it is none that stands alone."""
    text = " ".join(sentence.split()).replace("\u2019", "'").replace(" ,", ",")
    text = re.sub(r"([.?!])[.?!]+$", r"\1", text)
    text = text[:1].upper() + re.sub(r"\bi\b", "I", text[1:])
    count = len(text.split())
    if not _SHORTEST <= count <= _LONGEST or not _PLAIN.fullmatch(text) or _POINTS.search(text):
        return ""
    bare = text.lower()
    if _MISSPELT & set(_WORD.findall(bare)):
        return ""
    return "" if _OWN_LIFE.search(bare) and not _ALLOWED_I.search(bare) else text


@functools.lru_cache(maxsize=20_000)
def _may_be_said(sentence: str, judge: Judge) -> float | None:
    """Return how empathic a sentence is, or None if it may not be said by software to whomever."""
    if find(sentence) or redact(sentence) != sentence or lint(sentence).action != "allow":
        return None
    (judged,) = judge.judge([("", sentence)], "software")
    shows = judged.reaction.level + judged.interpretation.level + judged.exploration.level
    if judged.flags or not (shows or sentence.endswith("?")):
        return None
    return round(judged.probability, 3)


def strategies_of(reply: str) -> tuple[str, ...]:
    """Return what a listener's turn does, by what shows in it."""
    plain = reply.lower().replace("\u2019", "'")
    shown = [
        _STRATEGIES[name]
        for name, trait in known().items()
        if name in _STRATEGIES and trait.pattern and trait.pattern.search(plain)
    ]
    return tuple(dict.fromkeys([*shown, *(["explore"] if "?" in reply else [])]))


def learn(rows: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Watched:
    """Return what the watched conversations come to: the same ones always come to the same.

    Args:
        rows: (name, source, what was taken from it), in the order of their names.
    """
    import numpy as np

    messages: list[str] = []
    replies: list[str] = []
    habits: dict[str, Counter[str]] = defaultdict(Counter)
    turns: Counter[str] = Counter()
    said: dict[str, _Sentence] = {}
    conversations = 0
    for name, source, payload in rows:
        seen = Seen.from_dict(payload)
        conversations += 1
        for text, part, mood, row, worth in seen.sentences:
            said.setdefault(text.lower(), _Sentence(text, part, worth)).add(mood, name, source, len(replies) + row)
        messages += seen.messages
        replies += seen.replies
        for mood, did in zip(seen.moods, seen.strategies, strict=True):
            turns[mood] += 1
            habits[mood].update(did)
    bridge = bridge_of(
        large(messages) if messages else np.zeros((0, 1), np.float32),
        large(replies) if replies else np.zeros((0, 1), np.float32),
    )
    return Watched(
        bridge,
        _exemplars(said, bridge, large(replies), 2 if conversations >= _TWICE else 1),
        {
            mood: {name: round(count / turns[mood], 4) for name, count in sorted(did.items())}
            for mood, did in sorted(habits.items())
        },
        conversations,
        len(replies),
    )


@dataclass(slots=True)
class _Sentence:
    """A sentence, wherever it was said."""

    text: str
    part: Part
    worth: float
    moods: Counter[Mood] = field(default_factory=Counter)
    names: list[str] = field(default_factory=list)
    source: str = ""
    rows: list[int] = field(default_factory=list)

    def add(self, mood: Mood, name: str, source: str, row: int) -> None:
        self.moods[mood] += 1
        self.names.append(name)
        self.source = self.source or source
        self.rows.append(row)


def _exemplars(
    said: Mapping[str, _Sentence], bridge: Bridge, replies: NDArray[np.float32], least: int
) -> list[Exemplar]:
    """Return the sentences that are worth saying again, no two of them alike, each said in `least` conversations."""
    times: Counter[str] = Counter()
    for each in said.values():
        times.update({word: len(each.rows) for word in set(_WORD.findall(each.text.lower()))})
    whole = sum(len(each.rows) for each in said.values())
    named = _topical(times)
    general = {word for word, count in times.items() if count >= max(2.0, _GENERAL * whole) and word not in named}
    general |= words("empty")
    placed = bridge.replies(replies) if len(replies) else replies
    best = sorted(said.values(), key=lambda each: (-len(set(each.names)), -each.worth, each.text))
    kept: list[Exemplar] = []
    seen: set[frozenset[str]] = set()
    for each in best:
        bag = frozenset(_WORD.findall(each.text.lower().replace("i am ", "i'm ").replace("that is ", "that's ")))
        mood = max(sorted(each.moods), key=lambda mood: each.moods[mood])
        if bag in seen or len(set(each.names)) < least or _off_key(bag, mood):
            continue
        seen.add(bag)
        needs = tuple(sorted({stem(word) for word in bag - general}))
        if len(needs) > 2:
            continue  # it tells somebody's own story
        vector = small(placed[each.rows].mean(axis=0, keepdims=True))[0]
        number = hashlib.sha256(each.text.encode()).hexdigest()[:8]
        names = tuple(sorted(set(each.names)))
        kept.append(Exemplar(number, each.text, each.part, mood, needs, names, each.source, vector))
        if len(kept) >= _MOST:
            break
    return sorted(kept, key=lambda each: each.id)


def _off_key(bag: frozenset[str], mood: str) -> bool:
    """Say whether a sentence is dark where good things were told, or glad where bad things were."""
    return bool(bag & words("grim")) if mood == "bright" else mood != "flat" and bool(bag & words("glad"))


def _topical(times: Mapping[str, int]) -> frozenset[str]:
    """Return the words that name a topic: said only to somebody who has named it."""
    patterns = [topic.words for topic in topics()]
    return frozenset(word for word in times if any(pattern.search(word) for pattern in patterns))
