"""The phrase banks are what people in distress read: these are the rules every phrase must keep."""

from __future__ import annotations

import pytest

from heedful.errors import ConfigError
from heedful.guard.honesty import review
from heedful.respond.bank import SLOTS, bank, read_bank
from heedful.respond.lint import bank_names, every_phrase
from heedful.respond.pronoun import SLOTS as PRONOUNS

FRAMES = ("frame_", "setting_")


def test_no_phrase_claims_to_feel_promises_or_belittles() -> None:
    broken = {str(place): place.phrase.text for place in every_phrase() if review(place.phrase.text)}
    assert not broken


@pytest.mark.parametrize("name", [name for name in bank_names() if not name.startswith(FRAMES)])
def test_every_list_has_phrases_that_need_nothing_filled_in(name: str) -> None:
    for table, groups in bank(name).items():
        for group in ("any", "later"):
            if many := groups.get(group):
                assert sum(not phrase.slots - PRONOUNS for phrase in many) >= min(3, len(many)), (name, table, group)


@pytest.mark.parametrize("mood", ["low", "tense", "hot", "bright", "flat"])
def test_every_mood_can_say_back_every_sort_of_clause_and_go_on_without_one(mood: str) -> None:
    frames = bank(f"frame_{mood}")
    for sort in ("event", "ongoing", "ahead", "stance", "feeling"):
        assert sum(bool(phrase.own) for many in frames[sort].values() for phrase in many) >= 5, sort
    for table in ("short", "think", "open"):
        assert sum(not phrase.slots for many in frames[table].values() for phrase in many) >= 6, table


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
    assert all(place.phrase.slots <= SLOTS for place in every_phrase())


def test_a_phrase_may_be_marked_for_a_formality_or_a_setting() -> None:
    many = read_bank(
        "own", '[short]\nany = [{text = "Ew.", formality = "casual"}, {text = "Noted.", setting = "workplace"}]'
    )
    casual, noted = many["short"]["any"]
    assert (casual.formality, casual.setting) == ("casual", None)
    assert (noted.formality, noted.setting) == (None, "workplace")


@pytest.mark.parametrize("phrase", ['{text = "Ew.", formality = "posh"}', '{words = "Ew."}', "3"])
def test_a_phrase_that_is_none_is_refused_with_its_place(phrase: str) -> None:
    with pytest.raises(ConfigError, match=r"own\.toml, \[short\] any: expected a sentence"):
        read_bank("own", f"[short]\nany = [{phrase}]")
