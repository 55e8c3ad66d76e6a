"""Say which networks are shipped, what each was made from and how well it measures: the cards."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from heedful.errors import NetworkError
from heedful.types import Record

WEIGHTS = Path(__file__).with_name("weights")
"""One folder per network: `card.json`, the network and its tokenizer."""


@dataclass(frozen=True, slots=True)
class Score(Record):
    """One measured figure."""

    value: float
    """The figure."""
    low: float
    """Lower end of its 95 % bootstrap interval."""
    high: float
    """Upper end of its 95 % bootstrap interval."""
    n: int
    """Items it was measured on."""
    protocol: str
    """How it is defined: an id of docs/protocols.md, and the split."""


@dataclass(frozen=True, slots=True)
class Head(Record):
    """One output of a network, and what turns it into calibrated probabilities."""

    kind: Literal["multilabel", "single", "regression", "tokens"]
    """How the logits become values: a sigmoid each, a softmax over all, a hyperbolic tangent each, or a sigmoid for
    each token of the text, which marks words."""
    labels: tuple[str, ...]
    """Names of the columns, in order."""
    temperature: float = 1.0
    """Divides the logits; tuned on dev."""
    thresholds: tuple[float, ...] = ()
    """Per label, tuned on dev: the probability from which it counts as expressed; of a single-label head, what each
    probability is divided by before the largest is chosen. Empty = 0.5 each, or as they are."""
    sharpness: float = 1.0
    """Exponent on the probabilities before they are shared out over BASIC; tuned on dev."""
    confidence: tuple[float, float] = (1.0, 0.0)
    """Slope and offset from the logit of the strongest BASIC probability to the chance that it is right; from dev."""
    floor: float = 0.0
    """Of a single-label head: the probability of the chosen label that 80 % of dev reach. Below it, better abstain."""


@dataclass(frozen=True, slots=True)
class Card(Record):
    """Everything there is to know about one network."""

    name: str
    """The network's name."""
    version: str
    """Date of the training run."""
    description: str
    """What it says, in a sentence."""
    data_class: Literal["open", "research"]
    """open = trained on openly licensed data only; research = some of it may not be used commercially."""
    base: str
    """The weights that training started from, with their licence."""
    data: tuple[str, ...]
    """What it was trained on, with licences."""
    file: str
    """The network's file in its folder."""
    sha256: str
    """Of that file."""
    bytes: int
    """Its size."""
    tokenizer_sha256: str
    """Of `tokenizer.json`."""
    max_tokens: int
    """Longest input, in tokens; longer messages are read in windows."""
    heads: Mapping[str, Head]
    """The outputs by name."""
    scores: Mapping[str, Score]
    """What it was measured to do, as shipped."""
    groups: Mapping[str, Mapping[str, float]]
    """Scores apart: per label, per group."""
    limits: tuple[str, ...]
    """What it cannot do, plainly."""

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return WEIGHTS / self.name

    @property
    def version_id(self) -> str:
        """Name, version and the start of the hash: what a reading names as its model."""
        return f"{self.name}-{self.version}-{self.sha256[:8]}"


@functools.cache
def card(name: str) -> Card:
    """Return the card of a shipped network; raise NetworkError if there is none of that name."""
    path = WEIGHTS / name / "card.json"
    try:
        return Card.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        known = ", ".join(each.name for each in cards()) or "none"
        raise NetworkError(f"there is no network {name!r}. Shipped are: {known}. See `heedful models`.") from None
    except ValueError as error:
        raise NetworkError(f"the card {path} is damaged: {error}. Install heedful again.") from error


def cards() -> tuple[Card, ...]:
    """Return the cards of all shipped networks, by name."""
    return tuple(card(path.parent.name) for path in sorted(WEIGHTS.glob("*/card.json")))


def verified(path: Path, sha256: str) -> bytes:
    """Read a file whole and return its bytes; raise NetworkError if it is missing or its sha256 is another."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NetworkError(f"{path} cannot be read: {error.strerror}. Install heedful again.") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise NetworkError(
            f"{path} is not the file its card names: sha256 {found[:12]}..., expected {sha256[:12]}.... "
            "It is damaged or was replaced; install heedful again."
        )
    return content
