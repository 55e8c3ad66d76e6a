"""Say what sort of thing a clause tells: what happened, what goes on, what is to come, a liking, a feeling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from heedful.respond import english
from heedful.respond.english import core, words

Sort = Literal["event", "ongoing", "ahead", "stance", "feeling"]
"""What a clause is: something that happened, that goes on, that is to come, a liking or wish, a feeling."""
FEELING_VERBS = {"am", "was", "are", "were", "feel", "felt", "feels", "got", "get", "became", "been", "have"}
"""Verbs that a word of feeling may follow."""
A_BIT = (["a", "bit"], ["a", "little"], ["kind", "of"], ["sort", "of"])
"""What makes a feeling smaller."""


def sort_of(said: Sequence[str], place: int, own: bool) -> tuple[Sort, bool]:
    """Return what sort of thing a clause tells, and whether it speaks of the past.

    Args:
        said: the clause's words.
        place: where its finite verb stands.
        own: whether the person is its subject.

    Examples:
        >>> sort_of("I lost my job".split(), 1, True)
        ('event', True)
        >>> sort_of("I've been accepted into school".split(), 0, True)
        ('event', False)
    """
    cores = [core(word) for word in said]
    verb = cores[place]
    rest = [word for word in cores[place + 1 :] if word not in words("degrees") and word not in words("adverbs")]
    past = (english.is_past(verb) and not english.is_base(verb)) or verb in {
        "was",
        "were",
        "wasn't",
        "weren't",
        "didn't",
    }
    perfect = verb in {"have", "has", "had", "'ve"} or verb.endswith(("'ve", "haven't", "hasn't"))
    while rest[:2] in A_BIT:
        rest = rest[2:]
    if (
        own
        and rest
        and english.is_feeling(rest[0])
        and rest[:2] not in (["looking", "at"], ["looking", "for"])
        and (verb in FEELING_VERBS or verb in {"i'm", "we're"})
    ):
        return "feeling", past
    if own and (verb in words("stances") or {"can't", "wait"} <= set(cores) or "looking" in cores[:3]):
        return "stance", past
    if not past and _is_ahead(cores) and verb not in {"had", "got"}:
        return "ahead", False
    done = perfect and bool(rest) and (english.is_past(rest[0]) or rest[0] in {"been", "become"})
    if done and (verb.endswith("n't") or "never" in cores[:place]):
        return "ongoing", False  # "she still hasn't called" goes on
    if done and (rest[0] != "been" or len(rest) < 2 or _was_done(rest[1:])):
        return "event", False
    return ("event", True) if past or (english.is_past(verb) and not own) else ("ongoing", past)


def _is_ahead(cores: Sequence[str]) -> bool:
    """Say whether a clause speaks of what is to come: "I'm going to Rome", not "how my life is going"."""
    for place, word in enumerate(cores):
        follows = list(cores[place + 1 : place + 2])
        if word == "about" and follows != ["to"]:
            continue
        goes = word != "going" or (follows and follows[0] not in {"well", "right", "on", "so", "great", "fine", "bad"})
        if word in words("ahead") and goes:
            return True
    return False


def _was_done(rest: Sequence[str]) -> bool:
    """Say whether what follows "have been" was done: "accepted into school", not "married for years"."""
    lasting = {"for", "since", "lately", "stuck", "married", "used", "all", "gone", "without"}
    return english.is_past(rest[0]) and not english.is_feeling(rest[0]) and not lasting & set(rest)
