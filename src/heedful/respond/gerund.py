"""Turn a clause about oneself into a noun phrase: "I lost my job" -> "losing your job"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from heedful.respond import english
from heedful.respond.english import core, grammar, words
from heedful.respond.person import second_person

_LONGEST = 11
_CUT = re.compile(
    r"(?:,(?!\d)| but | because | so | although | which | when "
    r"| and (?:i|we|he|she|it|they|my|now|then|was|were|had|got|is)\b)",
    re.IGNORECASE,
)


def gerund_of(said: Sequence[str]) -> str | None:
    """Return the noun phrase in second person, or None where the clause has none that reads well.

    Args:
        said: the clause's words, the first of them "I" or "we", contracted or not.
    """
    head, rest = said[0].lower(), list(said[1:])
    verbs = {"i'm": ["am"], "we're": ["are"], "i've": ["have"], "we've": ["have"]}.get(head, [])
    if head in {"i'd", "i'll", "we'd", "we'll"}:
        return None
    rest = [*verbs, *rest]
    while rest and rest[0].lower() in words("adverbs"):
        rest = rest[1:]
    if len(rest) < 2 or rest[0].lower() in words("negators") or _says_little(rest):
        return None
    phrase = _verb_phrase(rest)
    if phrase is None:
        return None
    phrase = _before_second_verb(_CUT.split(phrase)[0])
    result = second_person("my " + phrase)[5:].strip()
    many = result.split()
    return result if 1 < len(many) <= _LONGEST and core(many[-1]) not in words("dangling") else None


def _says_little(rest: Sequence[str]) -> bool:
    """Say whether the verb is one of feeling, liking or thinking: "being so excited" is no event to speak of."""
    verb = core(rest[0])
    following = [core(word) for word in rest[1:] if core(word) not in words("degrees")]
    feeling = verb in {"am", "was", "are", "were", "feel", "felt"} and (
        not following or english.is_feeling(following[0]) or following[0] in {"not", "in", "on", "at", "a", "the"}
    )
    feeling = feeling or (verb in {"get", "got"} and bool(following) and english.is_feeling(following[0]))
    if verb in {"used", "go", "keep"} or (verb in {"tried", "try"} and rest[1].endswith("ing")):
        return True
    waiting = verb in {"can't", "cannot", "couldn't"} and following[:1] and following[0] in {"wait", "believe", "help"}
    return feeling or bool(waiting) or verb in words("stances") | words("opinions") | {"like", "would", "will", "can"}


def _before_second_verb(phrase: str) -> str:
    """Cut "living alone and was convinced" before the second verb."""
    for match in re.finditer(r" (?:and|or) (?:\w+ly )?(\w+)", phrase):
        if english.is_past(match[1].lower()) or english.is_auxiliary(match[1].lower()):
            return phrase[: match.start()]
    return phrase


def _verb_phrase(rest: Sequence[str]) -> str | None:
    verb, tail = rest[0].lower(), list(rest[1:])
    while tail and tail[0].lower() in words("adverbs") and (english.is_auxiliary(verb) or verb == "have"):
        tail = tail[1:]
    if not tail:
        return None
    after = " ".join(tail)
    following = tail[0].lower()
    if verb in {"am", "was", "are", "were"}:
        return _from_be(tail, after, following)
    if verb in {"have", "had", "has", "got"} and following == "to" and len(tail) > 1:
        return f"having {after}"
    if verb in {"have", "had", "has"}:
        return None if following in words("negators") else _from_perfect(tail)
    if verb in {"didn't", "don't"}:
        base = _from_base(tail)
        return f"not {base}" if base and following not in {"know", "think", "like", "want", "care"} else None
    if verb in {"can't", "couldn't", "cannot"}:
        return f"not being able to {after}"
    if verb in {"haven't", "hadn't"}:
        return f"not having {after}"
    if (base := english.base_of_past(verb)) and verb not in {"read", "put", "cut"}:
        return f"{participle_of_base(base)} {after}"
    return _from_base([verb, *tail]) if english.is_base(verb) else None


def _from_be(tail: Sequence[str], after: str, following: str) -> str | None:
    if following in {"going", "gonna"} and len(tail) > 2:
        if following == "going" and tail[1].lower() != "to":
            return after
        return _from_base(tail[2:] if following == "going" else tail[1:])
    if following in {"about", "supposed", "planning", "trying", "thinking"}:
        return None
    if following.endswith("ing"):
        return after
    return f"being {after}" if english.is_past(following) or following in {"born", "able", "late", "sick"} else None


def _from_perfect(tail: Sequence[str]) -> str | None:
    """Turn what follows "have": "been waiting" -> "waiting", "lost my job" -> "losing my job", else "having ..."."""
    following = tail[0].lower()
    if following == "got" and len(tail) > 1:
        return "having " + " ".join(tail[1:])
    if following == "been" and len(tail) > 1:
        return " ".join(tail[1:]) if tail[1].lower().endswith("ing") else "being " + " ".join(tail[1:])
    if base := english.base_of_past(following):
        return " ".join([participle_of_base(base), *tail[1:]])
    return "having " + " ".join(tail)


def _from_base(many: Sequence[str]) -> str | None:
    if not many or not many[0].isalpha() or not english.is_base(many[0].lower()):
        return None
    return " ".join([participle_of_base(many[0].lower()), *many[1:]])


def participle_of_base(base: str) -> str:
    """Return the -ing form of a verb's base form: "lose" -> "losing", "get" -> "getting"."""
    irregular: dict[str, str] = grammar()["participles"]
    if base in irregular:
        return irregular[base]
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return base[:-1] + "ing"
    if base in words("doubling"):
        return base + base[-1] + "ing"
    return base + "ing"
