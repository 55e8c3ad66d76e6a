"""Open what a verb needs: the one place where the command line meets the rest of Heedful."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heedful.api import Heedful
    from heedful.config import Config
    from heedful.models.manifest import Card


def open_heedful(config: Config) -> Heedful:
    """Return a Heedful that works under `config`; the caller closes it."""
    from heedful.api import Heedful  # loads the engine, which `heedful --help` has no need of

    return Heedful(config)


def network_cards() -> tuple[Card, ...]:
    """Return the cards of the shipped networks."""
    from heedful.models.manifest import cards

    return cards()


def network_card(name: str) -> Card:
    """Return one network's card; raise NetworkError if there is none of that name."""
    from heedful.models.manifest import card

    return card(name)
