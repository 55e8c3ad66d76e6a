"""Turn first person into second."""

from __future__ import annotations

import re

from heedful.respond import english
from heedful.respond.english import core, grammar, words

_AND_ME = re.compile(r"\b((?:my|our) (?:[\w'-]+ )?[\w'-]+) and (?:i|me|myself)\b", re.IGNORECASE)
_MAY_BE_OBJECTS = frozenset(
    "mom dad mum one someone somebody everyone everybody people everything something nothing it".split()
)


def second_person(text: str) -> str:
    """Turn first person into second: pronouns, possessives and the verbs that go with them.

    Examples:
        >>> second_person("I was late and my boss shouted at me")
        'you were late and your boss shouted at you'
        >>> second_person("my wife and I were tired")
        'you and your wife were tired'
    """
    pronouns: dict[str, str] = grammar()["pronouns"]
    verbs: dict[str, str] = grammar()["agreement"]
    said: list[str] = []
    near_subject, own = 0, False
    before = ""
    many = _AND_ME.sub(_me_first, text).split()
    for place, word in enumerate(many):
        bare = core(word)
        inverted = bare in verbs and core(many[place + 1]) == "i" if place + 1 < len(many) else False
        if bare in pronouns:
            said.append(put(word, bare, pronouns[bare]))
            near_subject = 3 if bare in {"i", "we"} else 0
            own = own or bare in {"i", "we", "i'm", "i've", "we're"}
        elif bare in verbs and (inverted or near_subject or (own and before in {"and", "but", "or", "then", "just"})):
            said.append(put(word, bare, verbs[bare]))
            near_subject = 0
        else:
            said.append(word)
            near_subject = max(0, near_subject - 1) if bare in words("adverbs") or bare in {"so", "was"} else 0
            if (bare in words("subjects") and bare not in _MAY_BE_OBJECTS) or bare in {
                "who",
                "which",
                "that",
                "the",
                "a",
            }:
                own = own and bare in {"the", "a"}
        before = bare
    return " ".join(said)


def _me_first(both: re.Match[str]) -> str:
    """Return "I and my wife" for "my wife and I", where both are one party."""
    return both[0] if any(english.is_finite(core(word)) for word in both[1].split()) else f"I and {both[1]}"


def put(word: str, bare: str, other: str) -> str:
    """Return a word with `other` in place of its core `bare`, punctuation kept."""
    at = word.lower().find(bare)
    return word[:at] + other + word[at + len(bare) :]
