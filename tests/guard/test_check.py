from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.guard.check import Check, check_message, check_reply


def test_a_message_shows_what_was_found_and_what_was_let_pass_and_why() -> None:
    found = check_message("I would never k1ll myself. But the pills are in front of me.")
    assert (found.what, found.risk.level, found.risk.kind) == ("message", "imminent", "suicide")
    by_rule = {hit.rule: hit for hit in found.hits}
    assert by_rule["suicide.act"].excuse == "negation"
    assert by_rule["suicide.act"].level == "none"
    assert by_rule["suicide.act"].excuse_why
    assert by_rule["suicide.means"].level == "imminent"
    assert by_rule["suicide.means"].excuse is None


def test_disguises_are_shown_as_they_were_read() -> None:
    assert check_message("I want to kіll mysеlf").read_as == "i want to kill myself"
    assert check_message("la li lo " * 500).read_as.endswith("...")


def test_a_question_about_who_is_answering_and_words_of_safety_are_shown() -> None:
    rules = {hit.rule for hit in check_message("Are you a robot? I'm safe now.").hits}
    assert {"identity.asked", "safe.said"} <= rules


def test_a_reply_shows_every_rule_and_whether_it_may_be_said() -> None:
    found = check_reply("I know how you feel. Don't tell anyone about this.")
    assert (found.what, found.action) == ("reply", "replace")
    assert {"honesty.experience", "manipulation.secrecy"} <= {hit.rule for hit in found.hits}


def test_advice_is_shown_and_may_be_said() -> None:
    found = check_reply("You should rest.")
    assert found.action == "allow"
    assert "plan.advice" in {hit.rule for hit in found.hits}


@pytest.mark.parametrize("check", [check_message, check_reply])
def test_it_survives_its_own_json(check: object) -> None:
    assert callable(check)
    found = check("I want to die, and I know how you feel")
    assert Check.from_dict(found.to_dict()) == found


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_is_survived(text: str) -> None:
    check_message(text)
    check_reply(text)
