from __future__ import annotations

import pytest

from heedful.guard.places import places


@pytest.mark.parametrize(
    "address",
    [
        "12 Elm Street", "221B Baker Street, London NW1 6XE", "742 evergreen terrace", "Flat 3, 22 Acacia Avenue",
        "1600 Pennsylvania Ave NW, Washington, DC 20500", "12 rue de la Paix, 75002 Paris",
        "Calle Mayor 5, 28013 Soria",
        "Hauptstraße 12, 10115 Berlin", "Prinsengracht 263", "PO Box 4417", "ul. Długa 5", "SW1A 1AA", "123 W 4th St",
    ],
)  # fmt: skip
def test_an_address_is_found_whole(address: str) -> None:
    said = f"We live at {address} and it is cold."
    covered = {place for start, end in places(said) for place in range(start, end)}
    begin = said.index(address)
    assert covered >= {place for place in range(begin, begin + len(address)) if said[place].isalnum()}
    assert not covered & set(range(said.index(" and it"), len(said)))


@pytest.mark.parametrize(
    "said",
    [
        "5 miles down the road",
        "2 minutes from the street",
        "I have 3 ways to court",
        "a long drive",
        "20 years on the hill",
    ],
)
def test_ways_and_distances_are_no_addresses(said: str) -> None:
    assert not list(places(said))
