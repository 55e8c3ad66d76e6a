"""Find what only a language model would say, and what it must not say in Heedful's name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from heedful.guard.pack import read
from heedful.guard.rules import read_rules
from heedful.guard.scan import Rule, Scanner
from heedful.guard.words import to_words
from heedful.types import Finding

_PACK = "model.toml"
_SIGNS = (
    ("model.link", re.compile(r"https?:|www\.|\w@\w|\b[\w-]+\.(?:com|org|net|io|info|app)\b"), "It sends people away."),
    (
        "model.markup",
        re.compile(r"[`{}<>\\\[\]|]|^\s*(?:#|[-\u2022]\s|\d+[.)]\s)|=="),
        "It is markup, not words for a person.",
    ),
    (
        "model.role",
        re.compile(r"(?i)^\W*(?:system|assistant|user|human|person|heedful|reply|answer)\s*:"),
        "It plays a part.",
    ),
    ("model.code", re.compile(r"[A-Za-z0-9+/_=-]{32,}|\b(?:[01]{6,}|0x[0-9a-f]+)\b"), "Nobody can read it."),
)
"""Rule, sign, why."""
_NUMBER = re.compile(r"\d(?:[\s().-]*\d){2,}")
_SHOUT = re.compile(r"\b[A-Z]{5,}\b")
_FOREIGN = re.compile(r"[^\W\d_\u0000-\u024f\u1e00-\u1eff]")


def findings(text: str, heard: str) -> tuple[Finding, ...]:
    """Return what speaks against handing on a language model's words, beside the rules that hold for every reply.

    Args:
        text: what the model wrote, or the beginning of it.
        heard: what the person wrote; numbers, capitals and letters of other scripts that are in it may be said back.

    Examples:
        >>> [each.rule for each in findings("Sure! My name is Sam, call 555-0134.", "hi")]
        ['model.number', 'model.persona']
        >>> findings("I'm sorry about your dog.", "My dog died.")
        ()
    """
    matches = _scanner().scan(to_words(text))
    return (*signs(text, heard), *(match.finding for match in matches if match.excuse is None))


def signs(text: str, heard: str) -> Iterator[Finding]:
    """Yield what can be seen without reading words: links, markup, codes, numbers, shouting, other scripts."""
    for rule, sign, why in _SIGNS:
        if found := sign.search(text):
            yield Finding(rule, found[0], why)
    known = re.sub(r"\D", "", heard)
    for number in _NUMBER.findall(text):
        if re.sub(r"\D", "", number) not in known:
            yield Finding("model.number", number, "A number that a model made up can lead somebody in need astray.")
    for word in _SHOUT.findall(text):
        if word.lower() not in heard.lower():
            yield Finding("model.shouting", word, "Capitals shout.")
    if (strange := _FOREIGN.search(text)) and not _FOREIGN.search(heard):
        yield Finding("model.script", strange[0], "The person did not write in this script.")


def rules() -> tuple[Rule, ...]:
    """Return the rules of the pack, for who has to know them one by one."""
    return _scanner().rules


@functools.cache
def _scanner() -> Scanner:
    return Scanner(read_rules(read(_PACK), _PACK, ("model",), ("none",)), ())
