"""Say whom an event touches: the person who speaks, and whom of theirs they name."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from heedful.types import Event
from heedful.understand.event import NONE
from heedful.understand.wording import passages

PERSON = "person"
"""Stands for the one who speaks."""
_SELF = re.compile(r"(?<![\w'])(?:i|i'm|i've|i'd|i'll|me|myself|mine|my|we|us|our|we're|we've)(?![\w'])")
_LOOKED_AT = 4000


def affected_by(event: Event, texts: Sequence[str]) -> tuple[str, ...]:
    """Return whom the event touches: "person" first where they speak of themselves, then others in their own words.

    Args:
        event: in force.
        texts: the person's messages, oldest first.
    """
    if event.kind == NONE or not 0 <= event.message < len(texts):
        return ()
    speaks_of_self, others = _named(texts[event.message][:_LOOKED_AT])
    first = (event.who,) if event.who else ()
    known = {name.casefold() for name in first}
    rest = tuple(name for name in others if name.casefold() not in known)
    return (*((PERSON,) if speaks_of_self or not others else ()), *first, *rest)


@functools.lru_cache(maxsize=256)
def _named(text: str) -> tuple[bool, tuple[str, ...]]:
    speaks_of_self, names = False, dict[str, str]()
    for passage in passages(text):
        speaks_of_self = speaks_of_self or _SELF.search(passage.plain) is not None
        for name in passage.names:
            words = passage.own_words(name.start, name.end)
            if words:
                names.setdefault(words.casefold(), words)
    return speaks_of_self, tuple(names.values())
