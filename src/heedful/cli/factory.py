"""Open what a verb needs: the one place where the command line meets the rest of Heedful."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from heedful.api import Heedful
    from heedful.config import Config
    from heedful.learn.head import Labelled, Trained
    from heedful.models.manifest import Card


def open_heedful(config: Config) -> Heedful:
    """Return a Heedful that works under `config`; the caller closes it."""
    from heedful.api import Heedful  # loads the engine, which `heedful --help` has no need of

    return Heedful(config)


def network_cards() -> tuple[Card, ...]:
    """Return the cards of the shipped networks, and of one's own that the settings name."""
    from heedful.config import Config
    from heedful.models.manifest import card, cards
    from heedful.models.own import is_own

    config = Config.load()
    named = dict.fromkeys(name for name in (config.reader, config.listener) if is_own(name))
    return (*cards(), *map(card, named))


def network_card(name: str) -> Card:
    """Return one network's card; raise NetworkError if there is none of that name."""
    from heedful.models.manifest import card

    return card(name)


def train_head(
    config: Config, given: Labelled, name: str, out: Path, data_class: Literal["open", "research"], *, overwrite: bool
) -> Trained:
    """Train a head on labels of one's own, and write a network with it."""
    from heedful.learn.head import train_head as train  # loads numpy, which the other verbs have no need of

    return train(config, given, name, out, data_class=data_class, overwrite=overwrite)
