"""Remember what a person was asked and what they have told, so that nothing is asked twice."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Mapping, Sequence

from heedful.errors import ConfigError
from heedful.models.sentences import sentences
from heedful.types import Message, Question
from heedful.understand.need import Act
from heedful.understand.pattern import Patterns, read_pack
from heedful.understand.people import mark
from heedful.understand.wording import plain

_PACK = "asked.toml"
_LOOKED_AT = 2000
_WORDS_OF_AN_ANSWER = 3
_ALIKE = 0.85
"""Two questions whose words agree to this degree are one and the same question."""
_INVITES = re.compile(
    r"(?:if you (?:want|like|feel like it)[^,]*, )?(?:tell me|say more|say a little|describe|walk me)\b"
)
_SILENT: frozenset[Act] = frozenset(("greeting", "thanks", "goodbye"))


def questions_in(text: str) -> tuple[str, ...]:
    """Return the questions of a reply, verbatim, invitations to tell more among them.

    Examples:
        >>> questions_in("I'm sorry. When did it happen? Tell me about her.")
        ('When did it happen?', 'Tell me about her.')
    """
    found = []
    for start, end in sentences(text):
        sentence = text[start:end].strip()
        if sentence.endswith("?") or _INVITES.match(sentence.lower()):
            found.append(sentence)
    return tuple(found)


def topics_of(question: str) -> tuple[str, ...]:
    """Return what a question asks for, by the names of `asked.toml`."""
    return _found("asks", question)


def told_in(text: str) -> tuple[str, ...]:
    """Return what a message of a person tells, by the names of `asked.toml`."""
    return _found("tells", text[:_LOOKED_AT])


def known_after(texts: Sequence[str]) -> tuple[str, ...]:
    """Return everything that a person's messages have told, in the order of `asked.toml`."""
    told = {name for text in texts for name in told_in(text)}
    return tuple(name for name in _pack() if name in told)


def questions_asked(messages: Sequence[Message], acts: Sequence[Act]) -> tuple[Question, ...]:
    """Return every question that the assistant put to the person, and whether it was answered.

    A question counts as answered when the next message of the person tells what it asks for, or says more than a word
    or two and is neither a greeting, thanks nor goodbye.

    Args:
        messages: the conversation so far, all speakers, oldest first.
        acts: what each of the person's messages does, in order.
    """
    found: list[Question] = []
    waiting: list[tuple[str, str | None]] = []
    person = iter(acts)
    for message in messages:
        text = message.text or ""
        if message.speaker == "assistant":
            found += [Question(question, topic, answered=False) for question, topic in waiting]
            waiting = [(question, next(iter(topics_of(question)), None)) for question in questions_in(text)]
        elif message.speaker == "person":
            act = next(person, "telling")
            told = told_in(text) if waiting else ()
            spoke = act not in _SILENT and len(text.split()) >= _WORDS_OF_AN_ANSWER
            found += [Question(question, topic, spoke or topic in told) for question, topic in waiting]
            waiting = []
    return (*found, *(Question(question, topic, answered=False) for question, topic in waiting))


def asks_again(text: str, questions: Sequence[Question], known: Sequence[str]) -> tuple[str, ...]:
    """Return the questions of a reply that were asked before, or that ask for what the person has told already.

    Args:
        text: the reply.
        questions: what the person was asked so far.
        known: what they have told, by topic.
    """
    once = {question.topic for question in questions if question.topic} | set(known)
    again = []
    for question in questions_in(text):
        topics = [topic for topic in topics_of(question) if _pack()[topic]["once"] is True]
        form = plain(question)
        if any(topic in once for topic in topics) or any(_same(form, plain(each.text)) for each in questions):
            again.append(question)
    return tuple(again)


def _same(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= _ALIKE


@functools.lru_cache(maxsize=1024)
def _found(key: str, text: str) -> tuple[str, ...]:
    marked, _ = mark(plain(text))
    names = tuple(_pack())
    patterns, owners = _patterns(key)
    held = {owners[number] for number, _ in patterns.find(marked)}
    return tuple(name for name in names if name in held)


@functools.cache
def _pack() -> Mapping[str, Mapping[str, object]]:
    pack = read_pack(_PACK)
    for name, topic in pack.items():
        if set(topic) != {"once", "asks", "tells"}:
            raise ConfigError(f"understand/{_PACK}, [{name}]: expected once, asks and tells, not {sorted(topic)}.")
    return pack


@functools.cache
def _patterns(key: str) -> tuple[Patterns, list[str]]:
    sources, owners = [], []
    for name, topic in read_pack(_PACK).items():
        for pattern in topic[key]:
            sources.append((f"understand/{_PACK}, [{name}] {key}", pattern))
            owners.append(name)
    return Patterns(sources), owners
