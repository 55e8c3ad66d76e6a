"""Perceive by every sense there is: which part reads what, what the law refuses, and how it comes together."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING

from heedful.config import Config
from heedful.errors import ConfigError, InputError, PluginError
from heedful.guard.lawful import Law
from heedful.perceive.base import Perceiver
from heedful.perceive.fuse import fuse
from heedful.plugins import PERCEIVERS, load, names
from heedful.types import Image, Message, Modality, Percept, Reading

if TYPE_CHECKING:
    from heedful.perceive.explain import Explanation
    from heedful.perceive.face import Face
    from heedful.perceive.hearing import Hearing
    from heedful.perceive.watching import Watching

_BATCHES_TOGETHER = 4
"""So many batches are drawn at once, so that texts of near-equal length can share one."""


class Senses:
    """What reads text, voices, faces and gestures. Thread-safe; loads each part at its first use.

    Args:
        config: the settings.
        law: says what may be perceived in this setting.
    """

    def __init__(self, config: Config, law: Law) -> None:
        self.config = config
        self._law = law
        self._perceiver = functools.cache(lambda name: load(PERCEIVERS, name)(config))
        self._installed = names(PERCEIVERS)
        self._reliability: dict[Modality, float] = {
            "text": config.reliability_text,
            "voice": config.reliability_voice,
            "face": config.reliability_face,
            "gesture": config.reliability_gesture,
        }

    def perceive(self, messages: Sequence[Message]) -> list[Percept]:
        """Return one percept per message, in order; what the law forbids to perceive is refused, with the reason.

        Raises:
            InputError: a message is empty of everything, or one of its parts is malformed.
        """
        readings: list[list[Reading]] = [[] for _ in messages]
        wanted: dict[Modality, list[int]] = {}
        for row, message in enumerate(messages):
            for modality in modalities(message):
                wanted.setdefault(modality, []).append(row)
        for modality, rows in wanted.items():
            forbidden = self._law.refusal(modality)
            if forbidden:
                found = [self._law.refuse(modality, forbidden) for _ in rows]
            elif modality in self._installed:
                perceiver: Perceiver = self._perceiver(modality)
                found = self._lawful(perceiver.perceive([self._law.admit(messages[row]) for row in rows]))
            else:
                reason = f"no perceiver for {modality} is installed"
                found = [Reading(modality, "none", abstained=reason) for _ in rows]
            for row, reading in zip(rows, found, strict=True):
                readings[row].append(reading)
        return [fuse(each, self._reliability) for each in readings]

    def _lawful(self, readings: Sequence[Reading]) -> list[Reading]:
        """Put a refusal in place of what a plug-in of another name has perceived against the law."""
        reasons = [self._law.refusal(reading.modality) for reading in readings]
        return [
            self._law.refuse(reading.modality, reason) if reason else reading
            for reading, reason in zip(readings, reasons, strict=True)
        ]

    def hear(self) -> Hearing:
        """Return what listens to one person live; where the law forbids reading voices, it only cuts out utterances.

        Raises:
            PluginError: what reads voices here is not our own, and cannot listen live.
        """
        from heedful.perceive.hearing import Hearing  # loads what sound needs
        from heedful.perceive.voice import VoicePerceiver

        if forbidden := self._law.refusal("voice"):
            return Hearing(None, self._law.refuse("voice", forbidden))
        perceiver = self._perceiver("voice")
        if not isinstance(perceiver, VoicePerceiver):
            raise PluginError(f"voices are read by {type(perceiver).__name__}, a plug-in; only our own listens live.")
        return Hearing(perceiver)

    def faces(self, image: Image) -> list[Face]:
        """Return every face of a picture with what it shows, largest first.

        Raises:
            ConfigError: the law forbids it in this setting.
            NetworkError: the network may not load under this configuration.
            PluginError: what reads faces here is not our own.
        """
        from heedful.perceive.face import FacePerceiver  # loads OpenCV, which most callers have no need of

        if reason := self._law.refusal("face"):
            raise ConfigError(f"{reason}.")
        perceiver = self._perceiver("face")
        if not isinstance(perceiver, FacePerceiver):
            raise PluginError(f"faces are read by {type(perceiver).__name__}, a plug-in; it cannot be asked for all.")
        return perceiver.faces(image)

    def watch(self) -> Watching:
        """Return what watches one person live; see `heedful.perceive.watching.Watching`."""
        from heedful.perceive.watching import Watching

        return Watching(self.config, self._law.refusal)

    def explain(self, text: str, label: str | None = None) -> Explanation:
        """Say which words of a text carried a label; by default the strongest feeling.

        Raises:
            InputError: there is no such label, or the text is too long.
            PluginError: what reads text here is not our own, and cannot be explained.
        """
        from heedful.perceive.explain import explain  # loads the network's tools, which a plug-in has no need of
        from heedful.perceive.text import TextPerceiver

        perceiver = self._perceiver("text")
        if not isinstance(perceiver, TextPerceiver):
            raise PluginError(
                f"text is read by {type(perceiver).__name__}, a plug-in; only the reader network can be explained."
            )
        return explain(perceiver, text, label)

    def perceive_many(self, messages: Iterable[Message], batch_size: int = 64) -> Iterator[Percept]:
        """Yield one percept per message, in order, reading only a few batches ahead.

        With `threads` above 1 in the configuration, so many chunks are read side by side. What is read together does
        not depend on it, so neither do the results.
        """
        if batch_size < 1:
            raise InputError(f"batch_size must be at least 1, not {batch_size}.")
        source = iter(messages)
        chunks = iter(lambda: list(islice(source, batch_size * _BATCHES_TOGETHER)), [])
        if self.config.threads == 1:
            for chunk in chunks:
                yield from self.perceive(chunk)
            return
        with ThreadPoolExecutor(self.config.threads) as pool:
            waiting: deque[Future[list[Percept]]] = deque()
            for chunk in chunks:
                waiting.append(pool.submit(self.perceive, chunk))
                if len(waiting) > self.config.threads:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()


def modalities(message: Message) -> tuple[Modality, ...]:
    """Return what a message can be read by; raise InputError if it holds nothing at all."""
    found: list[Modality] = []
    if message.text is not None:
        found.append("text")
    if message.audio is not None:
        found.append("voice")
    if message.image is not None or message.frames:
        found.append("face")
    if message.frames:
        found.append("gesture")
    if not found:
        raise InputError("the message is empty: give it a text, audio, image or frames.")
    return tuple(found)
