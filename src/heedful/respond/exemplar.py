"""Say it as good listeners said it: wording from watched conversations, found by meaning, fitted to this person."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from heedful.respond.draft import alike, formal, gist, plain, sentences_of
from heedful.respond.tone import mood_of_situation
from heedful.types import Message, Mood, Plan, Record, Reply, Turn, Understanding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Part = Literal["think", "ask"]
_LOOKED_AT: Final = 24
"""So many of the nearest are tried; most of the others would not fit the moment."""
_OFFERED: Final = 2
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_STEM: Final = 5
_PARTS: Final[Mapping[str, Part]] = {
    "says that the feeling makes sense": "think",
    "invites them to go on": "ask",
    "asks about what was heard": "ask",
}
"""What a part of the built-in writer's reply does -> what may stand in its place."""


@dataclass(frozen=True, slots=True)
class Exemplar(Record):
    """A sentence of a good listener, without anything that identifies anybody."""

    id: str
    """The beginning of its hash."""
    text: str
    """The sentence."""
    part: Part
    """What it does: says a thought, or asks."""
    mood: Mood
    """What people told when it was said."""
    needs: tuple[str, ...]
    """Beginnings of words that the person must have used, for it to fit."""
    conversations: tuple[str, ...]
    """Where it was said, by name: taken out when the last of them is withdrawn."""
    source: str
    """Which transcripts it comes from."""
    vector: str
    """Where it lies, as kept by `heedful.learn.meaning`."""


class Exemplars:
    """Sentences of good listeners, to be found by meaning. Thread-safe; looking takes a fraction of a millisecond.

    Args:
        known: the sentences.
        vectors: where each lies in the space that messages are brought to, n x width, at length 1.
        mean: what is taken from a message's vector first.
        way: from there to that space.
    """

    def __init__(
        self,
        known: Sequence[Exemplar],
        vectors: NDArray[np.float32],
        mean: NDArray[np.float32],
        way: NDArray[np.float32],
    ) -> None:
        import numpy as np

        self.known = tuple(known)
        self._mean, self._way = mean, way
        moods = np.array([each.mood for each in known])
        self._rows = {mood: np.flatnonzero(moods == mood) for mood in sorted({each.mood for each in known})}
        self._vectors = {mood: np.ascontiguousarray(vectors[rows]) for mood, rows in self._rows.items()}

    @classmethod
    def of(cls, known: Sequence[Mapping[str, Any]], bridge: Mapping[str, Any]) -> Exemplars:
        """Return the exemplars of a version, as it is kept."""
        import numpy as np

        exemplars = [Exemplar.from_dict(each) for each in known]
        width = int(bridge["width"])
        content = b"".join(base64.b64decode(each.vector) for each in exemplars)
        vectors = np.frombuffer(content, dtype=np.int8).reshape(len(exemplars), width).astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        mean, way = (
            np.frombuffer(base64.b64decode(bridge[name]), dtype="<f2").astype(np.float32) for name in ("mean", "way")
        )
        return cls(exemplars, vectors, mean, way.reshape(len(mean), width))

    def nearest(self, meaning: bytes, mood: Mood, most: int = _LOOKED_AT) -> list[Exemplar]:
        """Return the exemplars nearest to a message among those for its mood, the nearest first.

        Args:
            meaning: the message's vector, as `Insight.meaning`.
            mood: of what is told.
            most: how many.
        """
        import numpy as np

        rows = self._rows.get(mood)
        vector = np.frombuffer(meaning, dtype="<f4")
        if rows is None or vector.shape != self._mean.shape:
            return []
        placed = (vector / max(float(np.linalg.norm(vector)), 1e-9) - self._mean) @ self._way
        likeness = self._vectors[mood] @ placed
        most = min(most, len(rows))
        best = np.argpartition(-likeness, most - 1)[:most]
        return [self.known[rows[place]] for place in best[np.argsort(-likeness[best], kind="stable")]]

    def replies(
        self,
        message: Message,
        meaning: bytes,
        understanding: Understanding,
        plan: Plan,
        past: tuple[Turn, ...],
        written: Reply,
    ) -> list[Reply]:
        """Return replies with one sentence in the wording of a good listener; see `heedful.respond.learned.Watched`.

        The rest stays as it was written: the person's own words are said back by the composer, and only a thought or a
        question is said as somebody else has said it.
        """
        if set(plan.must) - {"disclosure"} or understanding.risk.level != "none" or understanding.act != "telling":
            return []
        parts = {
            _PARTS[does]: said for does, _, said in (each.partition(": ") for each in written.why) if does in _PARTS
        }
        mood = mood_of_situation(understanding)
        if not parts or mood is None:
            return []
        stems = stems_of(message.text or "")
        said = _Before.of(past)
        asks = "?" in written.text
        found: list[Reply] = []
        for exemplar in self.nearest(meaning, mood):
            old = parts.get(exemplar.part)
            if old is None or not set(exemplar.needs) <= stems or not said.allows(exemplar, plan):
                continue
            if exemplar.part == "think" and not asks and "explore" in plan.strategies:
                continue  # a good thought must not push out a reply that leaves room
            text = formal(exemplar.text) if plan.formality == "formal" else exemplar.text
            reply = replace(
                written,
                text=written.text.replace(old, text, 1),
                phrases=(*written.phrases, f"watched.{exemplar.id}"),
                why=tuple(
                    f"says it as a listener did ({exemplar.source}): {text}" if each.endswith(f": {old}") else each
                    for each in written.why
                ),
            )
            if reply.text != written.text:
                found.append(reply)
                del parts[exemplar.part]
            if len(found) >= _OFFERED or not parts:
                break
        return found


@dataclass(frozen=True, slots=True)
class _Before:
    """What was said in a conversation before."""

    phrases: frozenset[str]
    sentences: frozenset[str]
    questions: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, past: Sequence[Turn]) -> _Before:
        every = [sentence for turn in past for sentence in sentences_of(turn.reply.text)]
        return cls(
            frozenset(phrase for turn in past for phrase in turn.reply.phrases),
            frozenset(map(plain, every)),
            tuple(gist(sentence) for sentence in every if sentence.endswith("?")),
        )

    def allows(self, exemplar: Exemplar, plan: Plan) -> bool:
        """Say whether a sentence is new here, and fits the plan."""
        if f"watched.{exemplar.id}" in self.phrases or plain(exemplar.text) in self.sentences:
            return False
        if "!" in exemplar.text and ("exclamation" in plan.must_not or plan.formality == "formal"):
            return False
        asked = (*self.questions, *(gist(question) for question in plan.asked))
        return exemplar.part != "ask" or not any(alike(gist(exemplar.text), each) for each in asked)


@functools.lru_cache(maxsize=256)
def stems_of(text: str) -> frozenset[str]:
    """Return the beginnings of the words of a text.

    Examples:
        >>> sorted(stems_of("My dogs barked"))
        ['barke', 'dog', 'my']
    """
    return frozenset(stem(word) for word in _WORD.findall(text.lower().replace("\u2019", "'")))


def stem(word: str) -> str:
    """Return the beginning of a word by which it is found again."""
    return word.removesuffix("'s").removesuffix("s")[:_STEM]
