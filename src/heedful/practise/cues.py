"""Know the turns of phrase that a judge of any reply leaves alone: here somebody has just told a thing."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from heedful.errors import ConfigError

_PATH: Final = Path(__file__).with_name("cues.toml")


@dataclass(frozen=True, slots=True)
class _Ways:
    """One table of the file: ways of saying one thing."""

    any: tuple[str, ...]
    words: bool = False

    def read(self) -> re.Pattern[str]:
        ways = "|".join(self.any)
        return re.compile(rf"\b(?:{ways})\b" if self.words else ways, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Known:
    """The file, read."""

    ways: Mapping[str, re.Pattern[str]]
    hurts: Mapping[str, re.Pattern[str]]
    spelling: Mapping[str, str]
    typed: re.Pattern[str]


def cue(name: str) -> re.Pattern[str]:
    """Return what matches one kind of phrase, by its table in `cues.toml`."""
    return _known().ways[name]


def marked(reply: str) -> str:
    """Return a reply with the question mark that its last sentence lacks; nothing before it moves.

    Examples:
        >>> marked("oh wow. when do you get the results"), marked("how sad"), marked("It hurts.")
        ('oh wow. when do you get the results?', 'how sad', 'It hurts.')
    """
    text = reply.rstrip()
    last = re.split(r"[.!?\n]", text)[-1].strip()
    return f"{text}?" if last and cue("asks").search(spelled(last)) else reply


def spelled(reply: str) -> str:
    """Return a reply as it is spelled, where it was typed in a hurry, with plain apostrophes.

    Examples:
        >>> spelled("u dont look ok"), spelled("I’m here")
        ("you don't look ok", "I'm here")
    """
    known = _known()
    return known.typed.sub(lambda found: known.spelling[found[0].lower()], reply.replace("’", "'"))


def hurtful(reply: str) -> Iterator[tuple[str, str]]:
    """Yield (what the judge would call it, the words) for everything hurtful in a reply.

    Examples:
        >>> list(hurtful("It's only a pair of glasses."))
        [('minimising', "It's only a")]
    """
    plain = reply.replace("’", "'")
    for kind, pattern in _known().hurts.items():
        if match := pattern.search(plain):
            yield kind, match[0].strip(" .,!?") or match[0]


def meant_well(sentence: str) -> bool:
    """Tell whether a sentence only looks like blame or indifference: "You wanted to spare her".

    Examples:
        >>> meant_well("You wanted to spare her."), meant_well("You wanted this.")
        (True, False)
    """
    return _says("meant_well", sentence)


def taken_in(sentence: str) -> bool:
    """Tell whether a sentence says what was heard, so that a sore word in it may well be the right one."""
    return _says("taken_in", sentence)


def own_story(reply: str) -> str:
    """Return the words with which a reply turns to what its speaker has lived through, or "".

    Examples:
        >>> own_story("When they let me go, I was out in four minutes, and I had a mortgage.")
        'When they let me go, I was out in four minutes, and I had a mortgage'
        >>> own_story("You should have called when we wrote to you.")
        ''
    """
    match = cue("own_story").search(reply.replace("’", "'"))
    if match and len(cue("own").findall(match[0])) >= 2:
        return match[0].strip(" .!?")
    same = cue("same").search(reply.replace("’", "'"))
    return same[0] if same else ""


def reflects(reply: str) -> bool:
    """Tell whether a reply turns what was told over, even where it uses other words."""
    return _says("reflects", reply)


def _says(name: str, text: str) -> bool:
    return cue(name).search(text.replace("’", "'")) is not None


@functools.cache
def _known() -> _Known:
    try:
        tables = tomllib.loads(_PATH.read_text(encoding="utf-8"))
        hurts = msgspec.convert(tables.pop("hurtful"), dict[str, _Ways])
        spelling = msgspec.convert(tables.pop("typed"), dict[str, str])
        ways = msgspec.convert(tables, dict[str, _Ways])
        typed = re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, spelling))})(?![\w'])", re.IGNORECASE)
        return _Known({k: v.read() for k, v in ways.items()}, {k: v.read() for k, v in hurts.items()}, spelling, typed)
    except (OSError, ValueError, KeyError, re.error) as error:
        raise ConfigError(f"practise/cues.toml cannot be read: {error}. Restore it from the package.") from error
