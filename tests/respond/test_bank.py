"""The phrase banks are what people in distress read: these are the rules every phrase must keep."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from heedful.errors import ConfigError
from heedful.guard.honesty import review
from heedful.respond.bank import SLOTS, Phrase, bank, read_bank

NAMES = sorted(
    path.name.removesuffix(".toml")
    for path in files("heedful.respond").joinpath("phrases").iterdir()
    if path.name.endswith(".toml")
)
MAY_ASK = {"explore", "suggest"}
BRIGHT = {
    "success",
    "good_news",
    "recovery",
    "kindness",
    "anticipation",
    "pride_other",
    "contentment",
    "reunion",
    "joy",
}
WORN = re.compile(
    r"happens? for a reason|\bat least\b|time heals|better place|silver lining|stay strong|bright side|could be worse"
    r"|one day at a time|end of the tunnel|you got this|hang in there|that must be so hard|be gentle with yourself"
    r"|hold space|\bvalid\b|journey|trauma|boundaries|self-care|reach out|i hear you|i understand exactly"
    r"|i know how|my heart|i've been there|i'm (?:so )?(?:happy|glad|proud|excited|sad) |i'm here for you"
    r"|just a (?:dog|cat|pet)",
    re.IGNORECASE,
)


def phrases(name: str) -> list[tuple[str, str, Phrase]]:
    return [(t, group, phrase) for t, groups in bank(name).items() for group, many in groups.items() for phrase in many]


@pytest.mark.parametrize("name", NAMES)
def test_every_phrase_is_one_or_two_plain_sentences(name: str) -> None:
    for table, _, phrase in phrases(name):
        assert phrase.text.rstrip(')"')[-1] in ".?!", phrase.text
        assert len(phrase.text.split()) <= (32 if name == "acts" else 26), phrase.text
        assert phrase.text == phrase.text.strip(), phrase.text
        assert "  " not in phrase.text, phrase.text
        assert phrase.text.count("?") <= 1, phrase.text
        if "?" in phrase.text and name != "acts":
            assert table in MAY_ASK, (table, phrase.text)


@pytest.mark.parametrize("name", NAMES)
def test_no_phrase_is_worn_out_or_claims_to_feel(name: str) -> None:
    for _, _, phrase in phrases(name):
        assert not WORN.search(phrase.text), phrase.text
        assert not review(phrase.text), phrase.text


@pytest.mark.parametrize("name", NAMES)
def test_only_good_news_may_have_an_exclamation_mark(name: str) -> None:
    if name not in BRIGHT | {"mood_bright"}:
        assert not [phrase.text for _, _, phrase in phrases(name) if "!" in phrase.text]


@pytest.mark.parametrize("name", NAMES)
def test_every_list_has_phrases_that_need_nothing_filled_in(name: str) -> None:
    for table, groups in bank(name).items():
        for group in ("any", "later"):
            if many := groups.get(group):
                assert sum(not phrase.slots for phrase in many) >= min(3, len(many)), (name, table, group)


def test_no_sentence_stands_in_two_banks() -> None:
    seen: dict[str, str] = {}
    for name in NAMES:
        for table, group, phrase in phrases(name):
            place = f"{name}.{table}.{group}"
            assert phrase.text not in seen, (phrase.text, place, seen[phrase.text])
            seen[phrase.text] = place


def test_a_slot_that_does_not_exist_is_named_with_its_file() -> None:
    with pytest.raises(ConfigError, match=r"loss\.toml, \[console\] any: unknown slot whom"):
        read_bank("loss", '[console]\nany = ["I am sorry about {whom}."]')


def test_a_bank_that_is_not_toml_is_named() -> None:
    with pytest.raises(ConfigError, match=r"loss\.toml is not TOML"):
        read_bank("loss", "[console\n")


def test_a_group_that_does_not_exist_is_named() -> None:
    with pytest.raises(ConfigError, match="expected one of any, strong, mild, later"):
        read_bank("loss", '[console]\nsometimes = ["I am sorry."]')


def test_a_bank_that_is_not_there_is_empty() -> None:
    assert bank("no such thing") == {}


def test_slots_are_known() -> None:
    assert all(phrase.slots <= SLOTS for name in NAMES for _, _, phrase in phrases(name))
