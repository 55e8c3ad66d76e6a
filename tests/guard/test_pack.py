"""The packs that are shipped, and what happens to one that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from itertools import chain, pairwise
from pathlib import Path

import pytest

from heedful.errors import ConfigError
from heedful.guard.crisis import lexicon
from heedful.guard.evasion import tables
from heedful.guard.pack import read, read_file
from heedful.guard.patterns import Phrase, Step
from heedful.guard.rules import read_exclusions, read_rules
from heedful.guard.scan import Exclusion, Rule

PACKS = sorted(each.name for each in (resources.files("heedful.guard") / "packs").iterdir())


def phrases() -> list[tuple[str, Phrase]]:
    found: list[tuple[str, Phrase]] = []
    packs: dict[str, Sequence[Rule | Exclusion]] = {"crisis.toml": [*chain.from_iterable(lexicon())]}
    for name in ("honesty.toml", "safety.toml"):
        data = read(name)
        rules = read_rules(data, name, tuple({entry["kind"] for entry in data["rule"]}), ("none",))
        packs[name] = [*rules, *read_exclusions(data, name, rules)]
    for name, owners in packs.items():
        found += [(f"{name}: {owner.name}", phrase) for owner in owners for phrase in owner.phrases]
    return found


def test_every_pack_begins_by_saying_what_it_is() -> None:
    for name in PACKS:
        assert (resources.files("heedful.guard") / "packs" / name).read_text(encoding="utf-8").startswith("# "), name


def test_no_phrase_waits_for_words_that_are_always_put_together() -> None:
    pairs = tables().pairs
    for where, phrase in phrases():
        for first, second in pairwise(phrase):
            if isinstance(first, Step) and isinstance(second, Step) and not (first.optional or second.optional):
                for one in first.words or ():
                    stuck = {other for other in second.words or () if (one, other) in pairs}
                    others = (second.words or frozenset()) - stuck
                    assert not stuck or others or len(first.words or ()) > 1, (where, one, stuck)


def test_no_phrase_waits_for_a_word_that_no_text_ever_has() -> None:
    for where, phrase in phrases():
        for node in phrase:
            if isinstance(node, Step) and node.words:
                assert not node.words & tables().fillers, where


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"a = 1\na = 2"])
def test_a_damaged_pack_is_named(tmp_path: Path, content: bytes) -> None:
    pack = tmp_path / "crisis.toml"
    pack.write_bytes(content)
    with pytest.raises(ConfigError, match=r"crisis\.toml cannot be read"):
        read_file(pack)


def test_a_missing_pack_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml cannot be read"):
        read_file(tmp_path / "gone.toml")
