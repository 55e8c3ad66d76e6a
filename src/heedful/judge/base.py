"""Judge replies: how empathic each is, what is wrong with it and what would make it better."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from heedful.config import Config
from heedful.errors import InputError, NetworkError
from heedful.judge.alone import probability_alone
from heedful.judge.better import better
from heedful.judge.flags import flags
from heedful.judge.mechanisms import NAMES, Said, cues, from_network, from_rules
from heedful.judge.verdict import Opinion, probability
from heedful.judge.wording import wording
from heedful.types import Judgement

HEADS = frozenset((*NAMES, "rating", "unsafe"))
"""What a network has to say to be a listener."""
RATIONALES = frozenset(f"{name}_rationale" for name in NAMES)
"""Which words of a reply show a mechanism: said where the network can."""
LONGEST = 30_000
"""Characters of a message or a reply that are looked at; nobody replies with more."""
TOGETHER = 64
"""Pairs that are read at once."""


class Listener(Protocol):
    """What the network offers: `heedful.models.encoder.TextEncoder`, or a double."""

    def read(
        self, first: Sequence[str], second: Sequence[str] | None = None, heads: Sequence[str] | None = None
    ) -> Said:
        """Read messages with the replies to them; only what `heads` say is wanted."""
        ...


@dataclass(frozen=True, slots=True)
class _Network:
    """What judges."""

    name: str
    """The network with its version, or "rules"."""
    listener: Listener | None = None
    """The network, if there is one."""
    heads: tuple[str, ...] = ()
    """What it is asked."""
    thresholds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Head -> its thresholds, where it has them."""
    degraded: str | None = None
    """Why there is no network."""


class Judge:
    """Judges replies. Thread-safe; opens the listener network at its first use, and does without where it may not load.

    Args:
        config: the settings; `listener` and `commercial_only` decide which network is used.
        listener: a network with its name, instead of the one in the settings.
        rules_only: judge without a network, in a tenth of the time: where replies of our own are chosen from.
    """

    def __init__(
        self, config: Config, listener: tuple[str, Listener] | None = None, *, rules_only: bool = False
    ) -> None:
        self._config = config
        self._given = listener
        self._rules_only = rules_only

    def judge(self, pairs: Sequence[tuple[str, str]], replier: str = "anyone") -> list[Judgement]:
        """Return one judgement per (message, reply), in order; the message of a statement that stands alone is "".

        Args:
            pairs: messages with the replies to them.
            replier: "software" if a program replies: then it may not claim to feel or to have lived something.

        Raises:
            InputError: a message or a reply is no text, or is too long.
        """
        for pair in pairs:
            self._check(pair)
        judged: list[Judgement] = []
        looked_at = [(message[:LONGEST], reply[:LONGEST]) for message, reply in pairs]
        for start in range(0, len(pairs), TOGETHER):
            some = looked_at[start : start + TOGETHER]
            said = self._said(some)
            judged += [self._one(pair, replier, said, row) for row, pair in enumerate(some)]
        return [
            replace(each, degraded=_with_cut(each.degraded)) if max(map(len, pair)) > LONGEST else each
            for each, pair in zip(judged, pairs, strict=True)
        ]

    def rate(self, pairs: Sequence[tuple[str, str]]) -> list[float] | None:
        """Return how people would rate each reply to its message, in [0, 1], or None without a network."""
        said = self._said([(message[:LONGEST], reply[:LONGEST]) for message, reply in pairs])
        if said is None:
            return None
        return [(1.0 + float(said.values["rating"][row][0])) / 2.0 for row in range(len(pairs))]

    def _said(self, pairs: Sequence[tuple[str, str]]) -> Said | None:
        network = self._network
        if not network.listener:
            return None
        messages, replies = zip(*pairs, strict=True)
        return network.listener.read(messages, replies, network.heads)

    def _one(self, pair: tuple[str, str], replier: str, said: Said | None, row: int) -> Judgement:
        message, reply = wording(pair[0]), wording(pair[1])
        found = cues(reply, message)
        mechanisms = from_network(said, row, reply.text, found, self._network.thresholds) if said else from_rules(found)
        flagged = flags(reply, message, replier)
        opinion = _opinion(said, row)
        likely = 0.0
        if reply.sentences and message.sentences:
            likely = probability(found, mechanisms, flagged, opinion)
        elif reply.sentences:
            likely = probability_alone(reply, found, flagged, opinion)
        empathetic = likely >= 0.5
        return Judgement(
            reaction=mechanisms["reaction"],
            interpretation=mechanisms["interpretation"],
            exploration=mechanisms["exploration"],
            empathetic=empathetic,
            probability=likely,
            flags=tuple(flag.finding for flag in flagged),
            better=better(reply, message, mechanisms, flagged, empathetic=empathetic),
            model=self._network.name,
            degraded=self._network.degraded,
        )

    @functools.cached_property
    def _network(self) -> _Network:
        """What judges."""
        if self._rules_only:
            return _Network("rules")
        if self._given:
            return _Network(*self._given, tuple(sorted(HEADS)))
        from heedful.models.encoder import TextEncoder  # rules alone need no network

        try:
            encoder = TextEncoder.open(self._config.listener, self._config.commercial_only)
        except NetworkError as error:
            return _Network("rules", degraded=f"judged by rules alone: {error}")
        heads = encoder.card.heads
        if lacking := sorted(HEADS - heads.keys()):
            reason = f"the network {self._config.listener} does not say {', '.join(lacking)}"
            return _Network("rules", degraded=f"judged by rules alone: {reason}.")
        wanted = tuple(sorted(HEADS | (RATIONALES & heads.keys())))
        thresholds = {name: heads[name].thresholds for name in wanted if heads[name].thresholds}
        return _Network(encoder.card.version_id, encoder, wanted, thresholds)

    def _check(self, pair: tuple[str, str]) -> None:
        for what, text in zip(("message", "reply"), pair, strict=True):
            if not isinstance(text, str):
                raise InputError(f"the {what} must be a string, not {type(text).__name__}.")
            if len(text) > self._config.text_limit:
                raise InputError(
                    f"the {what} has {len(text):,} characters; at most {self._config.text_limit:,} are read "
                    "(setting text_limit)."
                )


def _with_cut(degraded: str | None) -> str:
    cut = f"only the first {LONGEST:,} characters were looked at"
    return f"{degraded} Also, {cut}." if degraded else f"{cut}."


def _opinion(said: Said | None, row: int) -> Opinion | None:
    if said is None:
        return None
    values: Mapping[str, Sequence[Sequence[float]]] = said.values
    return Opinion(rating=float(values["rating"][row][0]), unsafe=float(values["unsafe"][row][1]))
