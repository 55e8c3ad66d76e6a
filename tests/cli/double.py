"""A Heedful that reads no network: the same text in the same company always gives the same percept."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from heedful.cli import factory, main
from heedful.config import Config
from heedful.engine import Event
from heedful.errors import InputError, NetworkError
from heedful.labels import BASIC, FINE, SENTIMENT
from heedful.models.manifest import Card, Head, Score
from heedful.perceive.explain import Explanation, Word
from heedful.types import Delta, Feedback, Message, OwnReading, Percept, Resource, Risk, Turn
from tests.samples import peaked, sample_percept, sample_turn, sample_understanding

UNREADABLE = "cannot be read by the double"
RESOURCE = Resource("Night Line", "0800 000 000", "every day, at any hour", "https://example.org/night-line")
TELLS = {"sad": ("sadness", "negative"), "happy": ("joy", "positive"), "furious": ("anger", "negative")}
CARD = Card(
    name="reader",
    version="2025-03-01",
    description="Says what is felt in a message.",
    data_class="open",
    base="a small encoder (Apache-2.0)",
    data=("Comments (CC BY 4.0)",),
    file="reader.onnx",
    sha256="ab" * 32,
    bytes=23_000_000,
    tokenizer_sha256="cd" * 32,
    max_tokens=128,
    heads={"fine": Head("multilabel", FINE)},
    scores={"macro-F1": Score(0.49, 0.48, 0.5, 5427, "T1, test")},
    groups={"per label": {"joy": 0.6}},
    limits=("English only.",),
)


class Double:
    """Stands in for `heedful.api.Heedful`; as with a real network, a text's figures depend a little on its batch."""

    def __init__(self, config: Config, pause: float = 0.0) -> None:
        self.config = config
        self.kept: dict[str, list[Turn]] = {}
        self.heard: list[Feedback] = []
        self.closed = 0
        self._pause = pause

    def close(self) -> None:
        self.closed += 1

    def warm(self) -> None:
        pass

    def perceive(self, text: str) -> Percept:
        return next(self.perceive_many([text]))

    def perceive_many(self, texts: Iterable[str | Message], batch_size: int = 64) -> Iterator[Percept]:
        source = iter(texts)
        while batch := [str(text) for text in islice(source, batch_size)]:
            if any(UNREADABLE in text for text in batch):
                raise InputError(f"this {UNREADABLE}.")
            time.sleep(self._pause)
            company = _share("".join(batch)) / 100
            yield from (percept_of(text, company) for text in batch)

    def explain(self, text: str) -> Explanation:
        """Say that the words of TELLS carry a text."""
        words, at = [], 0
        for part in text.split():
            at = text.index(part, at)
            weight = 4.0 if part in TELLS else 0.1
            words.append(Word(at, at + len(part), part, 0.5 if part in TELLS else 0.0, weight))
            at += len(part)
        percept = percept_of(text)
        label = percept.expressed[0]
        return Explanation(label, "fine", percept.fine[label], tuple(words), 1.0)

    def turns(self, conversation: str, limit: int = 50) -> list[Turn]:
        return self.kept.get(conversation, [])[-limit:]

    def turn(self, text: str, *, conversation: str, person: str | None = None) -> Turn:
        if len(text) > self.config.text_limit:
            raise InputError(f"the text has {len(text)} characters.")
        turns = self.kept.setdefault(conversation, [])
        turns.append(turn_of(text, len(turns) + 1, conversation, turns[-1] if turns else None))
        return turns[-1]

    def stream(self, text: str, *, conversation: str, person: str | None = None) -> Iterator[Event]:
        turn = self.turn(text, conversation=conversation, person=person)
        yield turn.percept
        yield turn.understanding
        yield turn.plan
        yield Delta("Never mind what ")
        for number, word in enumerate(turn.reply.text.split()):
            yield Delta(f"{word} ", afresh=not number)
        yield turn

    def feedback(self, turn: Turn, **said: Any) -> Feedback:
        self.heard.append(Feedback("feedback", turn.id, **said))
        return self.heard[-1]


def percept_of(text: str, company: float = 0.0) -> Percept:
    """Return the percept of a text: by keyword, with figures that vary with the text."""
    if not text.strip():
        return replace(_uniform(), abstained="the message is empty")
    label, mood = next((told for word, told in TELLS.items() if word in text), ("neutral", "neutral"))
    strength = 0.5 + 0.4 * _share(text) + company
    return sample_percept(
        basic=peaked(BASIC, label, strength),
        fine=dict.fromkeys(FINE, 0.01) | {label: strength},
        sentiment=peaked(SENTIMENT, mood, strength),
        expressed=(label,),
        valence={"positive": 0.7, "negative": -0.7}.get(mood, 0.0),
        confidence=0.2 if "perhaps" in text else strength,
        own={"topic": OwnReading(("pets",), {"pets": 0.9, "work": 0.1})} if "dog" in text else {},
    )


def turn_of(text: str, number: int, conversation: str, before: Turn | None) -> Turn:
    """Return a turn; "end my life" is a crisis, which stays in force, and "unsayable" gets no reply."""
    new = "end my life" in text
    danger = new or (before is not None and before.understanding.risk.level != "none")
    risk = Risk("high", "suicide", carried=not new) if danger else Risk()
    plan = sample_turn().plan
    turn = sample_turn(
        text,
        id=f"turn-{number}",
        conversation=conversation,
        percept=percept_of(text),
        understanding=sample_understanding(
            risk=risk, event=replace(sample_understanding().event, span=None), cause=None
        ),
        plan=replace(plan, strategies=("refer", "validate"), resources=(RESOURCE,)) if danger else plan,
    )
    return replace(turn, reply=replace(turn.reply, text="")) if "unsayable" in text else turn


def install(patch: Callable[[object, str, object], None], pause: float = 0.0) -> list[Double]:
    """Let every verb open doubles; return the list of those opened."""
    opened: list[Double] = []

    def open_heedful(config: Config) -> Double:
        opened.append(Double(config, pause))
        opened[-1].kept = opened[0].kept  # what one run keeps, the next one finds
        return opened[-1]

    def network_card(name: str) -> Card:
        if name != CARD.name:
            raise NetworkError(f"there is no network {name!r}.")
        return CARD

    patch(factory, "open_heedful", open_heedful)
    patch(factory, "network_card", network_card)
    patch(factory, "network_cards", lambda: (CARD,))
    return opened


def kill_at(moment: int) -> None:
    """Kill this process, as SIGKILL does, right before or after a step that changes a file: the `moment`th of all."""
    passed = 0

    def strike() -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def deadly(step: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            strike()
            done = step(*args, **kwargs)
            strike()
            return done

        return wrapped

    for name in ("fsync", "replace", "unlink"):
        setattr(os, name, deadly(getattr(os, name)))


def _uniform() -> Percept:
    return sample_percept(
        basic=dict.fromkeys(BASIC, 1 / len(BASIC)),
        sentiment=dict.fromkeys(SENTIMENT, 1 / len(SENTIMENT)),
        expressed=(),
        valence=0.0,
        arousal=0.0,
        confidence=0.0,
    )


def _share(text: str) -> float:
    """Return a number in [0, 1) that a text alone decides."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:6], "big") / 2**48


if __name__ == "__main__":
    install(setattr, float(os.environ.get("DOUBLE_PAUSE", "0")))
    main.app()
