"""Say back to a person what they said, in the second person: "I lost my job" -> "you lost your job", "losing your job".

Small closed lists and word order, no parser: when a clause is outside what they cover, nothing is said back at all.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from heedful.models.normalise import normalise

_LONGEST = 16
_LONGEST_GERUND = 12
_AFTERTHOUGHT = re.compile(r",? (?:and|but|so) (?:i'm|im|i am|i feel|i can't|i don't|now)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w'-]*")


@dataclass(frozen=True, slots=True)
class Mirror:
    """A clause of the person's, said back; a part is None when it could not be done reliably."""

    clause: str | None = None
    """A finite clause in second person, as it stands inside a sentence: "your dog died last night"."""
    gerund: str | None = None
    """The same as a noun phrase, where the person is the subject: "losing your job"."""


@functools.cache
def _grammar() -> dict[str, Any]:
    return tomllib.loads(files("heedful.respond").joinpath("grammar.toml").read_text(encoding="utf-8"))


@functools.cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_grammar()[name].split())


def mirror(clause: str) -> Mirror:
    """Say a clause back in second person; any string is accepted.

    Examples:
        >>> mirror("I was fired from my job")
        Mirror(clause='you were fired from your job', gerund='being fired from your job')
        >>> mirror("my sister stopped talking to me").clause
        'your sister stopped talking to you'
    """
    words = _tidy(clause)
    if not _can_be_said_back(words):
        return Mirror()
    if words[0].lower() in _words("past"):
        words = ["I", first_small(words[0]), *words[1:]]  # "Lost my job today": the subject is understood
    first = words[0].lower()
    own = first in {"i", "i'm", "i've", "we", "we're", "we've"}
    # "I have surgery tomorrow and I'm terrified": what follows is the feeling, which a reply names in its own words.
    said = second_person(_AFTERTHOUGHT.split(" ".join(words))[0])
    finite = own or _has_finite_verb(words)
    starts_well = own or first in _words("openers")
    return Mirror(
        clause=first_small(said) if finite and starts_well else None,
        gerund=_gerund(words) if own else None,
    )


def second_person(text: str) -> str:
    """Turn first person into second: pronouns, possessives and the verbs that go with them.

    Examples:
        >>> second_person("I was late and my boss shouted at me")
        'you were late and your boss shouted at you'
    """
    pronouns: dict[str, str] = _grammar()["pronouns"]
    verbs: dict[str, str] = _grammar()["agreement"]
    words: list[str] = []
    near_subject = 0
    for word in text.split():
        core = word.strip('.,;:!?"()').lower()
        if core in pronouns:
            words.append(word.lower().replace(core, pronouns[core]) if core else word)
            near_subject = 3 if core == "i" else 0
        elif near_subject and core in verbs:
            words.append(word.lower().replace(core, verbs[core]))
            near_subject = 0
        else:
            words.append(word)
            near_subject = max(0, near_subject - 1) if core in _words("adverbs") else 0
    return " ".join(words)


def first_small(word: str) -> str:
    """Return the word with a small first letter."""
    return word[:1].lower() + word[1:]


def _tidy(clause: str) -> list[str]:
    """Return the clause's words without fillers at either end, contractions mended, shouting lowered."""
    import emoji  # only for what is said back: named emoji must not turn into words

    text = normalise(emoji.replace_emoji(clause, "") if not clause.isascii() else clause)
    if text.isupper() and " " in text:
        text = text.lower()
    text = text.strip(" .,;:!?-\"'()*~")
    mended: dict[str, str] = _grammar()["contractions"]
    words = [mended.get(word.lower(), "I" if word == "i" else word) for word in text.split()]
    words = ["I'" + word[2:] if word.startswith("i'") else word for word in words]
    while words and words[0].strip(",").lower() in _words("openings"):
        words = words[1:]
    while words and words[-1].strip(",.").lower() in _words("endings"):
        words = words[:-1]
    if words:
        words[-1] = words[-1].rstrip(".,;:!?-")
    return words


def _can_be_said_back(words: list[str]) -> bool:
    if not 2 <= len(words) <= _LONGEST:
        return False
    cores = {core.lower() for word in words for core in _WORD.findall(word)}
    text = " ".join(words)
    return not (cores & _words("never") or re.search(r"[?@:/\"\[\]<>{}]|http|\.{2}|!", text))


def _has_finite_verb(words: list[str]) -> bool:
    cores = [word.strip(",").lower() for word in words[1:]]
    finite = _words("finite") | _words("past")
    return (
        any(core in finite or core.endswith(("n't", "'s", "'re", "'ve", "'d", "'ll")) for core in cores)
        or any(core.endswith("ed") and len(core) > 3 for core in cores)
        or any(core.endswith("es") and len(core) > 4 for core in cores[1:-1])
    )


def _gerund(words: list[str]) -> str | None:
    """Turn a clause whose subject is the person into a noun phrase, or None."""
    head, rest = words[0].lower(), words[1:]
    verbs = {"i'm": ["am"], "we're": ["are"], "i've": ["have"], "we've": ["have"]}.get(head, [])
    rest = [*verbs, *rest]
    while rest and rest[0].lower() in _words("adverbs"):
        rest = rest[1:]
    if len(rest) < 2 or rest[0].lower() in _words("negators"):
        return None
    phrase = _verb_phrase(rest)
    if phrase is None:
        return None
    cut = re.split(
        r"(?:,| but | because | so | although | and (?:i|we|he|she|it|they|my|now|then)\b| when i\b)",
        phrase,
        flags=re.IGNORECASE,
    )[0]
    said = second_person(cut).strip()
    return said if 1 < len(said.split()) <= _LONGEST_GERUND else None


def _verb_phrase(rest: list[str]) -> str | None:
    verb, tail = rest[0].lower(), rest[1:]
    while tail and tail[0].lower() in _words("adverbs") and verb in _words("auxiliaries"):
        tail = tail[1:]
    after = " ".join(tail)
    following = tail[0].lower() if tail else ""
    if verb in {"am", "was", "are", "were"}:
        if following in {"going", "gonna"} and len(tail) > 2:
            verb_on = tail[2:] if following == "going" and tail[1].lower() == "to" else tail[1:]
            return after if following == "going" and tail[1].lower() != "to" else _from_base(verb_on)
        return after if following.endswith("ing") else None if following in {"not", "so"} else f"being {after}"
    if verb in {"have", "had", "has", "got"} and following == "to" and len(tail) > 1:
        return f"having {after}"
    if verb in {"have", "had", "has"}:
        return _from_perfect(tail)
    if verb in {"didn't", "don't"}:
        base = _from_base(tail)
        return f"not {base}" if base else None
    if verb in {"can't", "couldn't", "cannot"}:
        return f"not being able to {after}"
    if verb in {"haven't", "hadn't"}:
        return f"not having {after}"
    if verb in _words("present"):
        return _from_base([verb, *tail])
    if (form := _present_participle(verb)) is None:
        return None
    return f"{form} {after}"


def _from_perfect(tail: list[str]) -> str | None:
    """Turn what follows "have": "been waiting" -> "waiting", "lost my job" -> "losing my job", else "having ..."."""
    following = tail[0].lower()
    if following == "been" and len(tail) > 1:
        return " ".join(tail[1:]) if tail[1].lower().endswith("ing") else "being " + " ".join(tail[1:])
    if form := _present_participle(following):
        return " ".join([form, *tail[1:]])
    return "having " + " ".join(tail)


def _from_base(words: list[str]) -> str | None:
    if not words or not words[0].isalpha():
        return None
    base = words[0].lower()
    return " ".join([participle_of_base(base), *words[1:]])


def participle_of_base(base: str) -> str:
    """Return the -ing form of a verb's base form: "lose" -> "losing", "get" -> "getting"."""
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and base != "be":
        return base[:-1] + "ing"
    if base in _words("doubling"):
        return base + base[-1] + "ing"
    return base + "ing"


def _present_participle(past: str) -> str | None:
    """Return the -ing form of a past form ("failed" -> "failing", "lost" -> "losing"), or None if it is not one."""
    bases: dict[str, str] = _grammar()["irregular"]
    if past in bases:
        return participle_of_base(bases[past])
    if not past.endswith("ed") or len(past) < 4 or not past.isalpha():
        return None
    if past.endswith("eed"):
        return past[:-1] + "ing" if past in {"agreed", "disagreed", "guaranteed"} else None
    return past[:-3] + "ying" if past.endswith("ied") else past[:-2] + "ing"
