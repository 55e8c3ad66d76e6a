from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.judge.flags import PARROTING, flags
from heedful.judge.pack import read_pack
from heedful.judge.wording import wording

REPLIES = tomllib.loads(Path(__file__).with_name("replies.toml").read_text(encoding="utf-8"))


def cases(kind: str) -> list[tuple[str, str]]:
    return [(name, line) for name, lists in REPLIES.items() for line in lists[kind]]


def names(line: str) -> list[str]:
    message, arrow, reply = line.partition(" > ")
    message, reply = (message, reply) if arrow else ("", message)
    return [flag.rule.name for flag in flags(wording(reply), wording(message), "software")]


@pytest.mark.parametrize(("name", "line"), cases("found"))
def test_a_flag_finds_what_it_is_for(name: str, line: str) -> None:
    assert name in names(line)


@pytest.mark.parametrize(("name", "line"), cases("passes"))
def test_a_flag_lets_pass_what_only_comes_close(name: str, line: str) -> None:
    assert name not in names(line)


def test_every_flag_is_tried() -> None:
    assert set(REPLIES) == {matcher.rule.name for matcher in read_pack("flags")["flag"]} | {PARROTING.name}


def test_only_software_is_held_to_have_no_feelings() -> None:
    reply, nothing = wording("I know exactly how you feel."), wording("")
    assert [flag.rule.name for flag in flags(reply, nothing, "software")] == ["false claim"]
    assert flags(reply, nothing) == []


def test_a_finding_has_the_words_as_written_and_its_place() -> None:
    (flag,) = flags(wording("Hm. AT  least you tried."), wording(""))
    assert (flag.finding.rule, flag.finding.text, flag.start) == ("minimising", "AT  least you", 4)
    assert "finds it small" in flag.finding.why


def test_flags_come_in_the_order_of_the_words() -> None:
    found = flags(wording("Everything happens for a reason. Have you tried yoga? Get over it."), wording(""))
    assert [flag.rule.name for flag in found] == ["toxic positivity", "unsolicited advice", "dismissing"]


@given(st.text(), st.text())
def test_any_reply_to_any_message_can_be_looked_at(reply: str, message: str) -> None:
    for flag in flags(wording(reply), wording(message), "software"):
        assert flag.finding.text in reply
