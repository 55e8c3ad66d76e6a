from __future__ import annotations

import pytest

from heedful.guard.numbers import luhn, mod97, nhs, numbers


@pytest.mark.parametrize(
    ("digits", "right"), [("4111111111111111", True), ("4111111111111112", False), ("378282246310005", True)]
)
def test_the_check_digit_of_a_card_is_checked(digits: str, right: bool) -> None:
    assert luhn(digits) is right


@pytest.mark.parametrize(("account", "right"), [("DE89370400440532013000", True), ("DE89370400440532013001", False)])
def test_the_check_digits_of_an_account_are_checked(account: str, right: bool) -> None:
    assert mod97(account) is right


@pytest.mark.parametrize(("digits", "right"), [("9434765919", True), ("9434765918", False), ("943476591", False)])
def test_the_check_digit_of_a_health_number_is_checked(digits: str, right: bool) -> None:
    assert nhs(digits) is right


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("+1 212 555 0187", "phone"),
        ("(212) 555-0187 ext. 12", "phone"),
        ("iban de89370400440532013000", "account"),
        ("order number 48213371", "id"),
        ("mrn 00482913", "health id"),
        ("my ssn is 078-05-1120", "id"),
        ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "account"),
        ("instagram.com/night.owl", "handle"),
        ("20-45-45 55779911", "account"),
        ("ref AB-12345-X", "id"),
        ("51.50735, -0.12776", "address"),
        ("1234567890123", "number"),
    ],
)
def test_a_number_is_known_by_its_form_or_by_what_announces_it(said: str, kind: str) -> None:
    assert kind in {found for _, _, found in numbers(said)}


@pytest.mark.parametrize(
    "said", ["1990 2000 2010", "3-2-1 1 2 3 4 5", "2024-01-15", "10000000", "$12500000", "at 10:30"]
)
def test_dates_counts_and_prices_identify_nobody(said: str) -> None:
    assert not list(numbers(said))
