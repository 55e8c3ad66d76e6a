"""Draw what the crisis network learns from: authored texts, what the rules know, and ordinary messages.

Every text is brought to the plain words in which the guard reads (`heedful.guard.words`), disguises undone.
"""

from __future__ import annotations

import functools
import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from heedful.guard.crisis import by_rules, examine, lexicon
from heedful.guard.evasion import BREAK
from heedful.guard.patterns import Phrase, Step
from heedful.guard.second import spoken
from heedful.types import Level
from training.data import Split, own_split, read_rows

FOLDER = Path(__file__).with_name("crisis")
_NAME = re.compile(r"@(\w+)")
_CHOICE = re.compile(r"\{([^{}]*)\}")
_TRIES = 4
"""So many times as many draws as wanted are made of a text, before it is taken to have no more to give."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text to learn from."""

    words: str
    """In plain words."""
    level: Level
    """How pressing it is."""
    kind: str | None
    """What the danger is, one of `heedful.guard.crisis.KINDS`; None where there is none."""


def authored(name: str, each: int, seed: int) -> list[Told]:
    """Return what is drawn from one of the files of authored texts.

    Args:
        name: the file's; after its last "_" it says which entries it has: danger, near or ordinary.
        each: so many different texts are drawn of an entry at most.
        seed: the same draws again for the same seed.
    """
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    lists, dice = data["lists"], random.Random(seed)
    found: dict[str, Told] = {}
    for entry in data[name.rpartition("_")[-1]]:
        for text in entry["texts"]:
            for drawn in draws(text, lists, each, dice):
                words = spoken(drawn)
                found.setdefault(words, Told(words, entry.get("level", "none"), entry.get("kind")))
    return list(found.values())


def draws(text: str, lists: Mapping[str, Sequence[str]], most: int, dice: random.Random) -> list[str]:
    """Return different texts of an entry, at most so many.

    Examples:
        >>> sorted(draws("{a|the} @pet", {"pet": ["cat"]}, 9, random.Random(0)))
        ['a cat', 'the cat']
    """
    found: dict[str, None] = {}
    for _ in range(most * _TRIES):
        drawn = text
        while _NAME.search(drawn) or _CHOICE.search(drawn):
            drawn = _NAME.sub(lambda name: dice.choice(lists[name[1]]), drawn)
            drawn = _CHOICE.sub(lambda ways: dice.choice(ways[1].split("|")), drawn)
        found[drawn] = None
        if len(found) == most:
            break
    return list(found)


def known(each: int, seed: int) -> list[Told]:
    """Return texts drawn from the patterns of the crisis rules and of what excuses them, as the rules see them."""
    rules, exclusions = lexicon()
    dice = random.Random(seed)
    found: dict[str, Told] = {}
    for rule in rules:
        for phrase in rule.phrases:
            for words in _said(phrase, each, dice):
                if words.isascii():
                    found.setdefault(words, Told(words, rule.level, rule.kind))
    for exclusion in exclusions:
        for phrase in exclusion.phrases:
            for words in _said(phrase, each, dice):
                if words.isascii() and len(words) > 12:
                    found.setdefault(words, Told(words, "none", None))
    return [told for told in found.values() if _as_seen(told)]


def _as_seen(told: Told) -> bool:
    """Tell whether the rules see a drawn text as it is labelled: the excuses of the packs must not fit by chance."""
    if told.level == "none":
        matches = examine(told.words)
        return bool(matches) and all(match.level == "none" for match in matches)
    return by_rules(told.words).level == told.level


def _said(phrase: Phrase, most: int, dice: random.Random) -> Iterator[str]:
    for words in {" ".join(_walk(phrase, dice)) for _ in range(most)}:
        said = words.strip(f" {BREAK}")
        if said:
            yield said


def _walk(phrase: Phrase, dice: random.Random) -> list[str]:
    words: list[str] = []
    for node in phrase:
        if node.optional and (dice.random() < 0.6 or (isinstance(node, Step) and node.words is None)):
            continue
        if isinstance(node, Step):
            words.append(dice.choice(sorted(node.words or {"really"})))
        else:
            words += _walk(dice.choice(node.ways), dice)
    return words


ORDINARY = {
    "goemotions": "GoEmotions (Demszky et al., 2020), CC BY 4.0",
    "positive_frames": "Positive Psychology Frames (Ziems et al., 2022), CC BY-SA 4.0",
    "empathic_reactions": "Empathic Reactions (Buechel et al., 2018), CC BY 4.0",
    "goodnewseveryone": "GoodNewsEveryone (Bostan et al., 2020), annotations CC BY 4.0",
    "edos": "EDOS (Welivita et al., 2021), CC BY 4.0",
}
"""Openly licensed messages in which nothing is wrong, as far as the rules see; with origin and licence."""


def ordinary(name: str, split: Split) -> list[str]:
    """Return the messages of a dataset in plain words, without those in which the rules find anything at all."""
    rows = read_rows(name)
    texts = [str(row["text"]).splitlines()[-1] for row in rows if (row.get("split") or own_split(row["text"])) == split]
    said = (spoken(text) for text in dict.fromkeys(texts) if not examine(text))
    tried = _tried() if split == "train" else frozenset[str]()
    return [words for words in dict.fromkeys(said) if words and words not in tried]


@functools.cache
def _tried() -> frozenset[str]:
    """Return the messages that the guard is tuned and measured with, so that none is learned from."""
    return frozenset(spoken(str(row["text"])) for row in read_rows("goemotions") if row["split"] != "train")


def among_others(texts: Sequence[Told], others: Sequence[str], share: float, dice: random.Random) -> list[Told]:
    """Return texts of which some stand in one message with ordinary ones, before or behind them."""
    mixed = []
    for told in texts:
        if dice.random() >= share:
            mixed.append(told)
            continue
        parts = [told.words, *(dice.choice(others) for _ in range(dice.choice((1, 1, 2))))]
        dice.shuffle(parts)
        mixed.append(Told(f" {BREAK} ".join(parts), told.level, told.kind))
    return mixed


def with_slips(texts: Sequence[Told], share: float, dice: random.Random) -> list[Told]:
    """Return texts of which some have a slip of the finger in a word of four letters or more."""
    return [
        Told(_slipped(told.words, dice), told.level, told.kind) if dice.random() < share else told for told in texts
    ]


def _slipped(words: str, dice: random.Random) -> str:
    each = words.split()
    long = [at for at, word in enumerate(each) if len(word) > 3]
    if long:
        at = dice.choice(long)
        word, place = each[at], dice.randrange(1, len(each[at]) - 1)
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        each[at] = dice.choice((swapped, word[:place] + word[place + 1 :], word[:place] + word[place] + word[place:]))
    return " ".join(each)
