"""Say which networks are shipped, what each was made from and how well it measures: the cards."""

from __future__ import annotations

import functools
import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from heedful.errors import NetworkError
from heedful.models.own import CARD, is_own, own_folder
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
    own: bool = False
    """True of a head that was trained on labels of the user's own; what it says is shown apart, under `own`."""


@dataclass(frozen=True, slots=True)
class SharedTable(Record):
    """Weights that several networks have alike, kept once."""

    file: str
    """A NumPy file beside the networks' folders."""
    sha256: str
    """Of that file."""


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
    """Of `tokenizer.json`; "" = the network reads no text."""
    max_tokens: int
    """Longest input, in tokens, or frames of a network that hears; longer ones are read in windows. 0 = it has none."""
    heads: Mapping[str, Head]
    """The outputs by name."""
    scores: Mapping[str, Score]
    """What it was measured to do, as shipped."""
    groups: Mapping[str, Mapping[str, float]]
    """Scores apart: per label, per group."""
    limits: tuple[str, ...]
    """What it cannot do, plainly."""
    tables: Mapping[str, SharedTable] = field(default_factory=dict)
    """Name of a weight that is not in the file -> where it is."""
    place: str = ""
    """The folder of a network of one's own, set when its card is read; "" = it is shipped."""

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return Path(self.place) if self.place else WEIGHTS / self.name

    @property
    def version_id(self) -> str:
        """Name, version and the start of the hash: what a reading names as its model."""
        return f"{self.name}-{self.version}-{self.sha256[:8]}"


@functools.cache
def card(name: str) -> Card:
    """Return the card of a network.

    Args:
        name: of a shipped network; or the path of a folder; or "hf:owner/name", a model of the hub.

    Raises:
        NetworkError: there is none of that name, or its card is not one.
    """
    own = is_own(name)
    folder = own_folder(name) if own else WEIGHTS / name
    path = folder / CARD
    try:
        found = Card.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        if own:
            raise NetworkError(f"{folder} has no {CARD}, so it is no network; docs/own.md says what one is.") from None
        known = ", ".join(each.name for each in cards()) or "none"
        raise NetworkError(
            f"there is no network {name!r}. Shipped are: {known}. See `heedful models`. "
            f'A network of your own is named by its path ("./{name}") or as "hf:owner/name".'
        ) from None
    except (OSError, ValueError) as error:
        raise NetworkError(f"the card {path} is damaged: {error}. {_remedy(path)}") from error
    if wrong := next(_wrong(found), None):
        raise NetworkError(f"the card {path} is wrong: {wrong}. {_remedy(path)}")
    return replace(found, place=str(folder) if own else "")


def _wrong(found: Card) -> Iterator[str]:
    """Yield what a card says that cannot be."""
    if Path(found.file).name != found.file or not found.file:
        yield f"its file {found.file!r} must be a plain name, in the card's own folder"
    if found.tokenizer_sha256 and found.max_tokens < 8:
        yield f"max_tokens is {found.max_tokens}, expected at least 8"
    if not found.heads:
        yield "it has no heads"
    for name, head in found.heads.items():
        if not head.labels or len(set(head.labels)) < len(head.labels):
            yield f"the labels of the head {name!r} must be given, each once"
        if len(head.thresholds) not in (0, len(head.labels)):
            yield f"the head {name!r} has {len(head.labels)} labels and {len(head.thresholds)} thresholds"
        if not (math.isfinite(head.temperature) and head.temperature > 0.0):
            yield f"the temperature of the head {name!r} is {head.temperature}, expected a positive number"


def require(found: Card, name: str, kind: str, labels: Sequence[str]) -> Head:
    """Return a head that a part of Heedful cannot do without.

    Args:
        found: the network's card.
        name: of the head.
        kind: what it must be: "multilabel", "single", "regression" or "tokens".
        labels: what it must say, in this order.

    Raises:
        NetworkError: the network has no such head, or one that says something else.
    """
    head = found.heads.get(name)
    told = f"the network {found.name} cannot be used here"
    if head is None:
        raise NetworkError(f"{told}: it has no head {name!r}, only {', '.join(found.heads)}.")
    if head.kind != kind:
        raise NetworkError(f"{told}: its head {name!r} is of the kind {head.kind!r}, expected {kind!r}.")
    if head.labels != tuple(labels):
        missing = [label for label in labels if label not in head.labels]
        strange = [label for label in head.labels if label not in labels]
        apart = [f"missing are {', '.join(missing)}"] * bool(missing) + [f"unknown are {', '.join(strange)}"] * bool(
            strange
        )
        raise NetworkError(
            f"{told}: the labels of its head {name!r} are not those expected: "
            f"{'; '.join(apart) or 'their order is another'}. Expected, in order: {', '.join(labels)}."
        )
    return head


def cards() -> tuple[Card, ...]:
    """Return the cards of all shipped networks, by name."""
    return tuple(card(path.parent.name) for path in sorted(WEIGHTS.glob("*/card.json")))


def verified(path: Path, sha256: str) -> bytes:
    """Read a file whole and return its bytes; raise NetworkError if it is missing or its sha256 is another."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NetworkError(f"{path} cannot be read: {error.strerror}. {_remedy(path)}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise NetworkError(
            f"{path} is not the file its card names: sha256 {found[:12]}..., expected {sha256[:12]}.... "
            f"It is damaged or was replaced. {_remedy(path)}"
        )
    return content


def _remedy(path: Path) -> str:
    """Return what to do about a file that is not as it should be."""
    shipped = path.is_relative_to(WEIGHTS)
    return (
        "Install heedful again." if shipped else "Fetch or make this network again, or correct its card (docs/own.md)."
    )
