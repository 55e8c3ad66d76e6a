"""Heedful at home: the engine with its store, its conversations and what people thought of it."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self

from heedful.config import Config
from heedful.engine import Engine
from heedful.errors import InputError
from heedful.types import Audio, Feedback, Image, Message, Percept, Turn, Understanding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.perceive.explain import Explanation
    from heedful.store.store import Store

    Sound = Audio | tuple[NDArray[np.floating[Any]], int]
    Picture = Image | NDArray[np.uint8]
    Said = str | Message | Sequence[tuple[str, str] | Message]


class Heedful:
    """Perceive, understand and answer people; keep what was said and what they thought of it.

    Thread-safe. Nothing leaves the machine.

    Args:
        config: the settings; `Config.load()` if not given.

    Examples:
        >>> h = Heedful()
        >>> h.perceive("I finally passed!").feeling
        'joy'
    """

    def __init__(self, config: Config | None = None) -> None:
        self.config = config or Config.load()
        self.engine = Engine(self.config)
        self._store: Store | None = None
        self._opening = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def store(self) -> Store:
        """Where turns and feedback are kept; opened at first use. Raises StoreError if it cannot be."""
        with self._opening:
            if self._store is None:
                from heedful.store.store import Store, sqlite_url  # reading needs no store

                self._store = Store.open(self.config.store_url or sqlite_url(self.config.data_folder))
            return self._store

    def warm(self) -> None:
        """Load everything that a turn needs, so that the first reply is as quick as the others (about a second)."""
        self.engine.turn(Message("hello"))

    def perceive(
        self,
        text: str | None = None,
        *,
        audio: Sound | None = None,
        image: Picture | None = None,
        frames: Sequence[Picture] = (),
    ) -> Percept:
        """Say how a person feels, from any mix of what they write, how they sound and how they look.

        Args:
            text: what they wrote or said.
            audio: `(samples, rate)`: a mono float array in [-1, 1] and its rate in hertz.
            image: an RGB uint8 array, height x width x 3.
            frames: several of them, in time order.

        Raises:
            InputError: nothing was given, or something is malformed.
        """
        return self.engine.perceive([message_of(text, audio, image, frames)])[0]

    def perceive_many(self, texts: Iterable[str | Message], batch_size: int = 64) -> Iterator[Percept]:
        """Yield one percept per text, in order; texts of near-equal length are read together."""
        return self.engine.perceive_many(map(as_message, texts), batch_size)

    def explain(self, text: str, label: str | None = None) -> Explanation:
        """Say which words of a text carried a reading.

        Args:
            text: what was written.
            label: one of the 28 emotions, or a label of a head of one's own; by default the strongest feeling.

        Raises:
            InputError: there is no such label, or the text is too long.

        Examples:
            >>> [word.text for word in Heedful().explain("Thank you so much for your help").strongest[:1]]
            ['Thank']
        """
        return self.engine.explain(text, label)

    def understand(self, said: Said) -> Understanding:
        """Understand a message, or a conversation as `(speaker, text)` pairs or Messages, oldest first.

        The speaker "person" is the one attended to; the last message must be theirs.
        """
        if isinstance(said, str | Message):
            said = [as_message(said)]
        return self.engine.understand([as_message(each) for each in said])

    def turn(
        self,
        text: str | None = None,
        *,
        conversation: str = "default",
        audio: Sound | None = None,
        image: Picture | None = None,
        frames: Sequence[Picture] = (),
    ) -> Turn:
        """Answer a message in a conversation, and keep the turn: it is durable when this returns.

        Args:
            text: what the person wrote or said.
            conversation: its name; a new name starts a new one.
            audio: as for `perceive`; heard, never kept.
            image: as for `perceive`; looked at, never kept.
            frames: as for `perceive`; looked at, never kept.

        Raises:
            InputError: nothing was given, or something is malformed.
            StoreError: the turn could not be kept.
        """
        message = message_of(text, audio, image, frames)
        history = self.store.turns(conversation, self.config.history_turns)
        turn = self.engine.turn(message, history, conversation)
        self.store.add_turn(turn)
        return turn

    def turns(self, conversation: str, limit: int = 50) -> list[Turn]:
        """Return the latest turns of a conversation, oldest first."""
        return self.store.turns(conversation, limit)

    def feedback(
        self,
        turn: Turn | str,
        *,
        rating: int | None = None,
        prefer: str | None = None,
        edit: str | None = None,
        feeling: str | None = None,
        comment: str | None = None,
    ) -> Feedback:
        """Keep what a person thought of a reply; durable when this returns.

        Args:
            turn: the turn, or its id.
            rating: 1 (worst) to 5 (best).
            prefer: another reply that they would rather have had.
            edit: the reply in better words.
            feeling: what they felt in truth.
            comment: anything else.

        Raises:
            InputError: nothing was said, the rating is out of range, or there is no such turn.
        """
        given = {"rating": rating, "prefer": prefer, "edit": edit, "feeling": feeling, "comment": comment}
        if all(value is None for value in given.values()):
            raise InputError(f"feedback must say something: give one of {', '.join(given)}.")
        if rating is not None and (type(rating) is not int or not 1 <= rating <= 5):
            raise InputError(f"a rating is a whole number from 1 (worst) to 5 (best), not {rating!r}.")
        told = turn if isinstance(turn, str) else turn.id
        feedback = Feedback(
            f"{time.time_ns():016x}-{uuid.uuid4().hex[:12]}", told, rating, prefer, edit, feeling, comment
        )
        self.store.add_feedback(feedback)
        return feedback


def message_of(text: str | None, audio: Sound | None, image: Picture | None, frames: Sequence[Picture]) -> Message:
    """Make a message from loose parts; raise InputError for a part of the wrong kind."""
    if text is not None and not isinstance(text, str):
        raise InputError(f"text must be a string, not {type(text).__name__}.")
    sound = audio if audio is None or isinstance(audio, Audio) else Audio.from_array(*audio)
    return Message(
        text=text,
        audio=sound,
        image=None if image is None else picture_of(image),
        frames=tuple(picture_of(frame) for frame in frames),
    )


def picture_of(image: Picture) -> Image:
    """Wrap an RGB array; an Image stays as it is."""
    return image if isinstance(image, Image) else Image.from_array(image)


def as_message(said: str | tuple[str, str] | Message) -> Message:
    """Return a text, a (speaker, text) pair or a message as a message; raise InputError for anything else."""
    if isinstance(said, Message):
        return said
    if isinstance(said, str):
        return Message(said)
    if isinstance(said, Sequence) and len(said) == 2 and all(isinstance(part, str) for part in said):
        return Message(said[1], speaker=said[0])
    raise InputError(f"a message is a text, a (speaker, text) pair or a Message, not {said!r:.80}.")
