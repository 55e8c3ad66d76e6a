"""Say what would make a reply better, concretely and most important first."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from heedful.errors import ConfigError
from heedful.judge.flags import Flag
from heedful.judge.pack import Index
from heedful.judge.phrase import read
from heedful.judge.wording import Wording
from heedful.models.sentences import sentences
from heedful.types import Mechanism

MOST = 4
"""Pieces of advice; nobody mends more at a time."""
_QUESTIONS, _WORDS = 3, 160
_INFORMS = re.compile(
    r"[0-9]|[$€£@]|https?://|\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|tonight|refund|invoice|"
    r"order|appointment|deadline|address|office|clinic|hotline|ticket|account|parcel|delivery|meeting)\b",
    re.IGNORECASE,
)
"""What makes a sentence one that informs."""
_PATH = Path(__file__).parent / "packs" / "better.toml"


@dataclass(frozen=True, slots=True)
class Advice:
    """The pack `better.toml`."""

    feelings: tuple[str, ...]
    """Words with which a message names a feeling."""
    advice: Mapping[str, str]
    """What is lacking -> what would be better."""


def better(
    reply: Wording, message: Wording, mechanisms: Mapping[str, Mechanism], flags: Sequence[Flag], *, empathetic: bool
) -> tuple[str, ...]:
    """Return what would make a reply better; nothing for one that is good as it is.

    Args:
        reply: the reply.
        message: what it answers; empty for a statement that stands alone.
        mechanisms: how strongly it shows each mechanism.
        flags: what is wrong with it.
        empathetic: whether it is empathetic as a whole.
    """
    words = len(reply.words) - len(reply.sentences)
    if not reply.sentences:
        return (_pack().advice["empty"],)
    found = [flag.rule.better for flag in sorted(flags, key=lambda flag: -flag.rule.weight)]
    asks = sum(reply.words[end] == "?" for _, end in reply.sentences)
    if not empathetic or words > _WORDS or asks >= _QUESTIONS:
        found += _lacking(message, mechanisms, asks=asks)
    if asks >= _QUESTIONS:
        found.append(_pack().advice["questions"])
    if words > _WORDS:
        found.append(_pack().advice["long"])
    return tuple(dict.fromkeys(found))[:MOST]


def with_information(composed: str, reply: str, wrong: Sequence[str]) -> str:
    """Return a composed reply with what the given one informs of: a question at the end stays there.

    Args:
        composed: the reply in better words.
        reply: the reply that was judged.
        wrong: words of it that were flagged; a sentence with any of them is left out.
    """
    kept = [
        reply[start:end]
        for start, end in sentences(reply)
        if _INFORMS.search(reply, start, end) and not any(each in reply[start:end] for each in wrong)
    ]
    if not kept:
        return composed
    said = [composed[start:end] for start, end in sentences(composed)]
    last = [said.pop()] if said and said[-1].endswith("?") else []
    return " ".join([*said, *kept, *last])


def _lacking(message: Wording, mechanisms: Mapping[str, Mechanism], *, asks: int) -> list[str]:
    advice = _pack().advice
    lacking = []
    if not mechanisms["interpretation"].level:
        feeling = _feeling(message)
        lacking.append(
            advice["interpretation_feeling"].format(feeling=feeling) if feeling else advice["interpretation"]
        )
    if not mechanisms["reaction"].level:
        lacking.append(advice["reaction"])
    if not mechanisms["exploration"].level and not asks:
        lacking.append(advice["exploration"])
    return lacking


def _feeling(message: Wording) -> str:
    """Return the feeling that the person calls their own, in their own words; empty if they name none."""
    for said in _said().find(message, 1):
        for named in _feelings().find(message):
            if said.first < named.first <= said.last:
                return message.span(named.first, named.last).text
    return ""


@functools.cache
def _feelings() -> Index:
    return Index([read(feeling, {}, _PATH.name) for feeling in _pack().feelings])


@functools.cache
def _said() -> Index:
    feelings = "|".join(_pack().feelings)
    return Index([read(f"i (am|feel|felt|was|am feeling|have been|have felt) <2> ({feelings})", {}, _PATH.name)])


@functools.cache
def _pack() -> Advice:
    try:
        return msgspec.convert(tomllib.loads(_PATH.read_text(encoding="utf-8")), Advice)
    except (OSError, ValueError) as error:
        raise ConfigError(f"judge/packs/better.toml cannot be read: {error}. Restore it from the package.") from error
