"""Build a reply sentence by sentence, so that nothing is said twice and no question is asked twice."""

from __future__ import annotations

import functools
import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from heedful.respond.bank import Phrase
from heedful.respond.english import grammar, words
from heedful.types import Plan, Reply, Resource, Turn

_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"[^.?!\n]+[.?!]*")
_WORD = re.compile(r"[a-z']+")
_WEAR = 1.0
"""How much each worn turn of phrase counts against a phrase."""
_ALIKE = 0.6
"""Two questions that share this much of their words that carry meaning ask the same."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in a conversation before."""

    phrases: frozenset[str] = frozenset()
    """Ids of the phrases used."""
    sentences: frozenset[str] = frozenset()
    """The sentences, without case and punctuation."""
    questions: tuple[frozenset[str], ...] = ()
    """The words that carry meaning, of each question asked."""

    @classmethod
    def of(cls, past: Sequence[Turn], asked: Sequence[str]) -> Said:
        """Return what was said in the turns before, with the questions that a plan names as asked."""
        texts = [turn.reply.text for turn in past]
        every = [sentence for text in texts for sentence in sentences_of(text)]
        questions = [sentence for sentence in every if sentence.endswith("?")] + list(asked)
        return cls(
            frozenset(phrase for turn in past for phrase in turn.reply.phrases),
            frozenset(map(plain, every)) | frozenset(map(plain, asked)),
            tuple(gist(question) for question in questions),
        )


@functools.cache
def worn(text: str) -> float:
    """Return how worn the wording of a phrase is: 1 plus the turns of phrase in it that many others share.

    Examples:
        >>> worn("It sounds as if that hurt.") > worn("What a blow.")
        True
    """
    many = _WORD.findall(text.lower().replace("{clause}", "you"))
    shared = words("worn")
    return 1.0 + _WEAR * sum(f"{one}_{other}" in shared for one, other in pairwise(many))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a reply."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip(" .?!)")]


def plain(sentence: str) -> str:
    """Return a sentence without case and punctuation."""
    return " ".join(_WORD.findall(sentence.lower()))


def gist(question: str) -> frozenset[str]:
    """Return the words of a question that carry its meaning."""
    found = {word.removesuffix("'s") for word in _WORD.findall(question.lower())}
    return frozenset(found - words("empty")) or frozenset(found)


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two questions ask nearly the same, by their gists."""
    together = len(one | other)
    return bool(together) and len(one & other) / together >= _ALIKE


@dataclass(slots=True)
class Draft:
    """A reply being written."""

    slots: Mapping[str, str]
    """What the slots of a phrase are filled with."""
    said: Said
    """What was said before."""
    plan: Plan
    """What the reply should do."""
    seed: str
    """Decides between phrases that fit equally well."""
    strong: bool
    """Whether the feeling is strong."""
    mild: bool
    """Whether it is mild."""
    parts: list[str] = field(default_factory=list)
    """The sentences so far."""
    used: list[str] = field(default_factory=list)
    """Ids of their phrases."""
    why: list[str] = field(default_factory=list)
    """What each of them does."""
    reflected: bool = False
    """Whether the person's own words were said back."""
    asked: bool = False
    """Whether a question was asked."""

    def add(self, why: str, pools: Iterable[Sequence[Phrase]], *, specific: bool = False) -> bool:
        """Add a phrase from the first of the pools that has one that fits, and say whether there was one.

        Args:
            why: what the phrase does.
            pools: lists of phrases, the best first.
            specific: take one that holds the person's own words if there is any.
        """
        for pool in pools:
            fitting = [phrase for phrase in pool if self._fits(phrase)]
            if fitting:
                own = [phrase for phrase in fitting if phrase.own] if specific else []
                self._take(why, min(own or fitting, key=self.lot_of))
                return True
        return False

    def groups(self, table: Mapping[str, Sequence[Phrase]]) -> list[Sequence[Phrase]]:
        """Return the pools of a table, best first, for this strength and stage."""
        at = [*table.get("any", ()), *table.get("strong" if self.strong else "mild" if self.mild else "", ())]
        return [table.get("later", ()), at] if self.plan.stage == "later" else [at, table.get("later", ())]

    def list_resources(self, resources: Sequence[Resource]) -> None:
        """Add a line for each resource."""
        lines = [f"{each.name}: {each.contact} ({each.hours})" for each in resources]
        if lines:
            self.parts.append("\n" + "\n".join(lines) + "\n")
            self.why.append("names who can help now")

    def lot(self, name: str) -> float:
        """Return a number in [0, 1) that depends on the seed and a name alone."""
        return int.from_bytes(self._hash(name)[:6], "big") / 2**48

    def lot_of(self, phrase: Phrase) -> float:
        """Return what decides between phrases that fit equally well, the least first.

        Turns of phrase that many phrases share come up less often, so that replies to different people don't all sound
        the same: a weighted draw, with exponentially distributed keys (Efraimidis and Spirakis, 2006).
        """
        return -math.log(max(self.lot(phrase.id), 1e-12)) * worn(phrase.text)

    def _hash(self, name: str) -> bytes:
        return hashlib.sha256(f"{self.seed}/{name}".encode("utf-8", "replace")).digest()

    def _take(self, why: str, choice: Phrase) -> None:
        text = self._fill(choice)
        self.parts.append(text)
        self.used.append(choice.id)
        self.why.append(f"{why}: {text}")
        self.reflected = self.reflected or bool(choice.own)
        self.asked = self.asked or "?" in text

    def _fill(self, phrase: Phrase) -> str:
        text = _SLOT.sub(lambda match: self.slots[match[1]], phrase.text)
        return formal(text) if self.plan.formality == "formal" else text

    def _fits(self, phrase: Phrase) -> bool:
        if (
            phrase.id in self.said.phrases
            or phrase.id in self.used
            or not phrase.slots <= self.slots.keys()
            or (self.reflected and phrase.own)
            or (self.asked and "?" in phrase.text)
            or phrase.setting not in (None, self.plan.setting)
            or (phrase.formality is not None and (phrase.formality == "formal") != (self.plan.formality == "formal"))
            or ("!" in phrase.text and (self.plan.formality == "formal" or "exclamation" in self.plan.must_not))
        ):
            return False
        return self._is_new(self._fill(phrase))

    def _is_new(self, text: str) -> bool:
        here = {plain(sentence) for part in self.parts for sentence in sentences_of(part)}
        for sentence in sentences_of(text):
            if plain(sentence) in self.said.sentences or plain(sentence) in here:
                return False
            if sentence.endswith("?") and any(alike(gist(sentence), asked) for asked in self.said.questions):
                return False
        return True

    def reply(self) -> Reply:
        """Return what was written."""
        text = re.sub(r" ?\n+ ?", "\n", " ".join(self.parts)).strip()
        return Reply(text=text, writer="compose", why=tuple(self.why), phrases=tuple(self.used))


def formal(text: str) -> str:
    """Write contractions out: "I'm sorry you're" -> "I am sorry you are"."""
    for short, long in grammar()["written_out"].items():
        pattern = rf"(?i)(?<![\w']){re.escape(short)}(?!\w)"
        text = re.sub(pattern, functools.partial(_written_out, long=long), text)
    return text


def _written_out(short: re.Match[str], long: str) -> str:
    return long[:1].upper() + long[1:] if short[0][:1].isupper() else long
