from __future__ import annotations

import time
from pathlib import Path

import pytest

from heedful.errors import ConfigError
from heedful.judge import pack
from heedful.judge.flags import flags
from heedful.judge.mechanisms import NAMES, cues, levels_of
from heedful.judge.pack import matchers, read_pack
from heedful.judge.verdict import WORTH
from heedful.judge.wording import wording
from tests.pace import allowed

RULE = {"name": "one", "phrases": ["at least"], "unless": ["at least (one|two) <2>"], "message": ["my @pet"]}


def finds(reply: str, message: str, **changes: object) -> list[str]:
    rules = {"lists": {"pet": ["dog", "cat"]}, "kind": [RULE | changes]}
    (matcher,) = matchers(rules, "a test")["kind"]
    said = wording(reply)
    return [said.span(find.first, find.last).text for find in matcher.find(said, wording(message))]


def test_a_rule_finds_its_words_where_the_message_fits() -> None:
    assert finds("Well, at least it. At LEAST.", "My dog") == ["at least", "At LEAST"]
    assert finds("At least it.", "My house") == []
    assert finds("At least one of them.", "my cat") == []
    assert finds("At least it.", "my cat died", unless_message=["died"]) == []


def test_the_same_again_and_again_is_found_a_few_times_only() -> None:
    assert len(finds("At least. " * 1000, "my dog")) == 16


@pytest.mark.parametrize(
    "rules",
    [
        {"kind": [{"name": "one"}]},
        {"kind": [{"name": "one", "phrases": "at least"}]},
        {"kind": [{"name": "one", "phrases": ["(at"]}]},
        {"kind": [{"name": "one", "phrases": ["a"], "levle": 2}]},
        {"kind": 3},
    ],
)
def test_a_broken_pack_is_refused_with_its_place(rules: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="a test"):
        matchers(rules, "a test")


def test_a_missing_pack_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pack, "_FOLDER", tmp_path)
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        read_pack("nowhere")


def test_every_flag_says_why_and_what_would_be_better() -> None:
    for matcher in read_pack("flags")["flag"]:
        rule = matcher.rule
        assert rule.why.endswith("."), rule.name
        assert rule.better.endswith("."), rule.name
        assert 0 < rule.weight < 6
        assert rule.replier in ("anyone", "software")


def test_every_mechanism_has_its_levels_and_its_worth() -> None:
    assert set(read_pack("mechanisms")) == set(NAMES)
    for name in NAMES:
        for rule in (*(matcher.rule.name for matcher in read_pack("mechanisms")[name]), "none", "prior"):
            assert sum(levels_of(name, rule)) == pytest.approx(1.0)
            assert rule in WORTH or rule in ("none", "prior")


@pytest.mark.parametrize(
    "unit",
    [
        "you are so ", "i am so so so ", "at least ", "it is so very very ", "that must ", "i can ", "do you ", ". ? ",
        "you should have ", "just ", "(a|b) ", "how how ", "people say they say ", "i feel like you feel ",
    ],
)  # fmt: skip
def test_time_grows_with_length_alone(unit: str) -> None:
    nothing = wording("")
    cues(wording(unit * 20), nothing), flags(wording(unit * 20), nothing)  # the patterns are compiled at first use
    text = wording(unit * (30_000 // len(unit)))
    start = time.process_time()
    cues(text, text), flags(text, text)
    assert time.process_time() - start < allowed(1.5)
