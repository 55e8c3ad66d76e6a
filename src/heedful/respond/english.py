"""Know a little English grammar: forms of verbs, people and what may stand for them. The lists are in grammar.toml."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

_EDGE = ".,;:!?\"'()*~-"
_BE_HAVE = frozenset("is are was were am has have had do does did can could will would should might must".split())


@functools.cache
def grammar() -> dict[str, Any]:
    """Return the tables of grammar.toml."""
    return tomllib.loads(files("heedful.respond").joinpath("grammar.toml").read_text(encoding="utf-8"))


@functools.cache
def words(name: str) -> frozenset[str]:
    """Return a closed list of grammar.toml."""
    return frozenset(grammar()[name].split())


def core(word: str) -> str:
    """Return a word in small letters, without the punctuation around it."""
    return word.lower().strip(_EDGE)


@functools.cache
def _regular() -> Mapping[str, str]:
    """Return regular past form -> base, for the verbs known."""
    irregular = set(grammar()["irregular"].values())
    past = {}
    for base in words("verbs") - irregular:
        stem = base[:-1] if base.endswith("y") and base[-2:-1] not in "aeiou" else base
        if base.endswith("e"):
            past[base + "d"] = base
        elif base in words("doubling"):
            past[base + base[-1] + "ed"] = base
        elif stem != base:
            past[stem + "ied"] = base
        else:
            past[base + "ed"] = base
    return past


def base_of_past(word: str) -> str | None:
    """Return the base of a past form or past participle ("lost" -> "lose", "failed" -> "fail"), or None."""
    irregular: dict[str, str] = grammar()["irregular"]
    return irregular.get(word) or _regular().get(word)


def is_past(word: str) -> bool:
    """Say whether a word can be a past form."""
    return base_of_past(word) is not None or (len(word) > 4 and word.endswith("ed") and not word.endswith("eed"))


def is_base(word: str) -> bool:
    """Say whether a word can be the base form of a verb."""
    return word in words("verbs") or word in set(grammar()["irregular"].values()) or word in {"have", "do", "be", "am"}


def is_third(word: str) -> bool:
    """Say whether a word can be a verb's form after "she": "keeps", "cries", "goes"."""
    if not word.endswith("s") or len(word) < 4:
        return word in {"is", "has"}
    return is_base(word[:-1]) or (word.endswith("es") and is_base(word[:-2])) or is_base(word[:-3] + "y")


def is_auxiliary(word: str) -> bool:
    """Say whether a word is a form of be, have, do or a modal verb, contracted or not."""
    return (
        word in _BE_HAVE
        or word.endswith(("n't", "'m", "'re", "'ve", "'d", "'ll"))
        or word in {"cannot", "gonna", "won", "'s"}
    )


def is_finite(word: str, plural: bool = False) -> bool:
    """Say whether a word can be the finite verb of a clause about others."""
    return is_auxiliary(word) or is_past(word) or is_third(word) or (plural and is_base(word))


def is_feeling(word: str) -> bool:
    """Say whether a word says how one feels: "afraid", "thrilled"."""
    return word in words("feelings")


def verb_place(said: Sequence[str]) -> int | None:
    """Return where the finite verb of a clause stands, or None if none is found.

    Args:
        said: the clause's words.
    """
    cores = [core(word) for word in said]
    if not cores:
        return None
    first = cores[0]
    if "'" in first and first.split("'")[0] in {"i", "we", "he", "she", "it", "they", "there", "that", "who"}:
        return 0
    plural = first in {"i", "we", "they", "people", "you"}
    start = 1 if first in words("subjects") else 2
    for place in range(start, min(len(cores), 11)):
        word = cores[place]
        if place == start and start == 1 and (word in words("adverbs") or word in {"never", "all", "both"}):
            continue
        before = cores[place - 1]
        many = plural or before.endswith("s") or before in words("plurals")
        if is_auxiliary(word) or is_past(word) or (is_base(word) and many and word != "have"):
            return place
        if is_third(word) and before not in {"the", "a", "an", "my", "our", "his", "her", "their", "of"} and not plural:
            return place
        if start == 1 and word not in words("adverbs") and place > 3 and first == "i":
            return None
    return None


def is_plural(subject: Sequence[str]) -> bool:
    """Say whether a subject takes "have" rather than "has"."""
    cores = [core(word) for word in subject]
    last = cores[-1] if cores else ""
    return "and" in cores or last in words("plurals") or (last.endswith("s") and not last.endswith(("ss", "'s", "us")))
