"""A pack that is wrong says where."""

from __future__ import annotations

from typing import Any

import pytest

from heedful.errors import ConfigError
from heedful.guard.rules import read_exclusions, read_more, read_rules

RULE = {"name": "a.b", "kind": "a", "level": "high", "why": "Because.", "patterns": ["kill myself"]}
EXCLUSION = {"name": "no", "why": "Because.", "cancels": ["a.*"], "scope": "words", "patterns": ["never kill myself"]}


def rules(**changes: Any) -> list[Any]:
    entry = {key: value for key, value in (RULE | changes).items() if value is not None}
    return read_rules({"rule": [entry]}, "pack.toml", ("a",), ("concern", "high"))


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"name": None}, "name"),
        ({"name": 3}, "name"),
        ({"kind": "b"}, "kind"),
        ({"level": "imminent"}, "level"),
        ({"level": None}, "level"),
        ({"why": " "}, "why"),
        ({"patterns": []}, "patterns"),
        ({"patterns": ["(a"]}, "bracket"),
        ({"patterns": "kill"}, "patterns"),
        ({"always": "yes"}, "always"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_malformed_rule_names_file_rule_and_key(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError, match=rf"pack\.toml, rule .*{key}"):
        rules(**changes)


def test_a_rule_may_not_be_there_twice() -> None:
    with pytest.raises(ConfigError, match="twice"):
        read_rules({"rule": [RULE, RULE]}, "pack.toml", ("a",), ("high",))


def test_rules_must_be_entries() -> None:
    with pytest.raises(ConfigError, match=r"\[\[rule\]\]"):
        read_rules({"rule": "kill"}, "pack.toml", ("a",), ("high",))
    with pytest.raises(ConfigError, match="lists"):
        read_rules({"rule": [RULE], "lists": ["kill"]}, "pack.toml", ("a",), ("high",))


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"cancels": ["b"]}, "b"),
        ({"scope": "page"}, "scope"),
        ({"leaves": "imminent"}, "leaves"),
        ({"unless": []}, "unless"),
    ],
)
def test_a_malformed_exclusion_names_file_exclusion_and_key(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError, match=rf"pack\.toml, exclusion 'no'.*{key}"):
        read_exclusions({"exclusion": [EXCLUSION | changes]}, "pack.toml", rules())


def test_more_patterns_join_the_rule_that_they_name() -> None:
    more = {"rule": "a.b", "language": "es", "patterns": ["matarme"]}
    (grown,) = read_more({"more": [more]}, "other.toml", rules())
    assert len(grown.phrases) == 2
    with pytest.raises(ConfigError, match=r"other\.toml.*rule must be one of a\.b"):
        read_more({"more": [more | {"rule": "c"}]}, "other.toml", rules())
