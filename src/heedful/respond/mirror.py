"""Say back to a person what they said, in the second person: "I lost my job" -> "you lost your job", "losing your job".

Small closed lists and word order, no parser: when a clause is outside what they cover, nothing is said back at all.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from heedful.respond import english
from heedful.respond.english import core, grammar, words
from heedful.respond.gerund import gerund_of
from heedful.respond.person import second_person
from heedful.respond.sort import A_BIT, FEELING_VERBS, Sort, sort_of
from heedful.respond.tidy import tidy

_LONGEST = 17
_ENDLESS = 2000
"""Characters from which on nothing is said back: no clause is that long."""
_AFTERTHOUGHT = re.compile(
    r",? (?:and|but|so) "
    r"(?:i'm|i am|i feel|i felt|i can't|i don't|i want|i was so|i was really|now|it (?:was|is|made|makes)|"
    r"this|that (?:was|is|made|makes))\b.*$",
    re.IGNORECASE,
)
_GLAD_OF_IT = re.compile(r", so (?:happy|proud|glad|excited|sad|mad|angry|grateful|relieved)\b.*$", re.IGNORECASE)
_TAIL = re.compile(
    r",? (?:because|but|so (?=(?:i|we|he|she|they|it|my|that)\b)|although|though|since|which|and then|even though"
    r"|in case|as if|especially|except|and (?:i|we|he|she|they|it|my)) .*$",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"(?: (?:about|of|with|for|to|at|from|into|that|the|a|my|and|but|so|or|ever|already))+$", re.IGNORECASE
)
"""What is left hanging where a clause was cut: "it makes me think about"."""
_SAID_I = re.compile(r"\b((?:told|tells) (?:me|us)) ((?:i|we)\b(?!'))", re.IGNORECASE)
"""In second person "told me I inspired" would run together: "told you you inspired"."""
_STRANGE = re.compile(r"[?@:/\"\[\]<>{}=_#*^|\\]|http|\.{2}|\. |!|[^\x00-ɏ’£€]|^\W|\d{5}|[A-Z]{6}")
_WORD = re.compile(r"[^\W\d_][\w'-]*")


@dataclass(frozen=True, slots=True)
class Mirror:
    """A clause of the person's, said back; a part is None when it could not be done reliably."""

    clause: str | None = None
    """A finite clause in second person, as it stands inside a sentence: "your dog died last night"."""
    gerund: str | None = None
    """The same as a noun phrase, where the person is the subject: "losing your job"."""
    state: str | None = None
    """How they say they feel, as it follows "you are": "nervous about your exam"."""
    sort: Sort = "ongoing"
    """What kind of clause it is."""
    past: bool = False
    """Whether it speaks of the past."""


def mirror(clause: str, before: str = "", *, opens: bool = True) -> Mirror:
    """Say a clause back in second person; any string is accepted.

    Args:
        clause: the person's words.
        before: what they wrote before it, where "she" may find the one she stands for.
        opens: whether it opens a sentence, so that "Lost my job" may stand for "I lost my job".

    Examples:
        >>> mirror("I was fired from my job").clause
        'you were fired from your job'
        >>> mirror("my sister stopped talking to me").clause
        'your sister has stopped talking to you'
        >>> mirror("I'm so nervous about my exam").state
        'nervous about your exam'
    """
    if len(clause) > _ENDLESS:
        return Mirror()
    led = _led_in(tidy(clause))
    said = _shortened(with_subject(led) if opens else led)
    if not _can_be_said_back(said):
        return Mirror()
    own = said[0].lower() in {"i", "i'm", "i've", "i'd", "i'll", "we", "we're", "we've", "we'll", "we'd"}
    place = english.verb_place(said)
    if place is None or (not own and not _opens_well(said)):
        return Mirror(gerund=None)
    sort, past = sort_of(said, place, own)
    whole = _named(said, before)
    if whole is None:
        return Mirror()
    if not own and sort == "event":
        whole = _in_perfect(whole, english.verb_place(whole))
    whole = _without_run_on(whole)
    if english.verb_place(whole) is None:
        return Mirror()
    text = _small_at_first(second_person(" ".join(whole))).rstrip(" ,;:")
    return Mirror(
        text, gerund_of(said) if own and "," not in text else None, _state(said, place) if own else None, sort, past
    )


def _small_at_first(text: str) -> str:
    """Write the first word small unless it may be a name."""
    first = core(text.split(maxsplit=1)[0])
    known = first in words("openers") or first in words("subjects") or first.split("'")[0] in {"you", "your"}
    known = known or first in words("small_first") or (first.endswith("s") and not first.endswith("ss"))
    return first_small(text) if known or "'" in first else text


def _without_run_on(said: list[str]) -> list[str]:
    """Cut "a friend he's been ill" and "try again I wanted it" before the second subject, where nothing joins it."""
    for place in range(3, len(said)):
        here, then = core(said[place]), core(said[place + 1]) if place + 1 < len(said) else ""
        before = core(said[place - 1])
        said_to = core(said[place - 2]) in _SAYING
        if here in _SUBJECTS and before in _ENDS_A_CLAUSE and not said_to and english.is_finite(then, plural=True):
            return said[:place]
        if here in {"he's", "she's", "it's", "i'm", "they're", "we're"}:
            joined = before not in _ARRIVING and (
                before in words("joins")
                or english.is_past(before)
                or english.is_base(before)
                or english.is_third(before)
            )
            return said if joined else said[:place]
    return said


def first_small(word: str) -> str:
    """Return the word with a small first letter."""
    return word[:1].lower() + word[1:]


_SUBJECTS = frozenset("i we he she they it".split())
_ENDS_A_CLAUSE = frozenset(
    "again now too anymore either yet already today yesterday tonight once alone together it me him them us".split()
)
"""After these a new subject begins a new clause, where nothing joins it on."""
_SAYING = frozenset(
    "told tell tells telling said showed show shows promised promise promises asked ask gave give".split()
)
_ARRIVING = frozenset(
    "arrived arrive come came broke died worked work happened started stopped failed crashed called".split()
)
"""Verbs that no clause follows as their object."""


@functools.cache
def _leads() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in grammar()["leads"].splitlines() if line), re.IGNORECASE)


@functools.cache
def _opening_time() -> re.Pattern[str]:
    return re.compile(
        rf"({grammar()['opening_times']}),? (?=(?:i|my|our|we|he|she|they|the|someone|a|an|it)\b)", re.IGNORECASE
    )


def _led_in(said: list[str]) -> list[str]:
    """Take off what only leads up to the telling; a time that opens it goes to its end."""
    text = " ".join(said)
    for _ in range(3):
        match = _leads().match(text)
        if not match or match.end() >= len(text):
            break
        text = text[match.end() :]
    if opened := _opening_time().match(text):
        rest = _AFTERTHOUGHT.sub("", text[opened.end() :])
        text = (
            f"{rest} {opened[1].lower()}"
            if not re.search(",| and ", rest) and len(rest.split()) < _LONGEST - 4
            else rest
        )
    return text.split()


def with_subject(said: list[str]) -> list[str]:
    """Put in the "I" that is left out of "Lost my job today" and "Was driving home"."""
    if len(said) < 2:
        return said
    first, second = core(said[0]), core(said[1])
    left_out = (
        (
            first in words("past")
            and second not in {"me", "us", "him", "them", "it", "my"} | ({"my"} if first == "made" else set())
        )
        or (first in {"was", "am", "had", "have", "been"} and second not in {"the", "it", "that", "this", "he", "she"})
        or (
            english.is_past(first)
            and first != "made"
            and second in {"my", "a", "the", "an", "some", "our"}
            and first != "used"
        )
        or (first == "just" and english.is_past(second) and not english.is_feeling(second))
        or first in {"can't", "cannot", "couldn't", "didn't", "don't"}
    )
    if first == "just" and english.is_feeling(second):
        return ["I'm", *said]
    if first == "feeling" or (first == "just" and second == "feeling"):
        return ["I'm", *said]
    lead = ["I", "have"] if first == "been" else ["I"]
    return [*lead, first_small(said[0]), *said[1:]] if left_out else said


def _shortened(said: list[str]) -> list[str]:
    """Leave off what follows the event: the feeling it left, which a reply names itself, and long explanations."""
    whole = len(said)
    text = re.sub(r", (?:who|which) [^,]{3,60}, ", " ", " ".join(said))
    text = re.sub(r"\bsuppose to\b", "supposed to", re.sub(r", \w+ed (?:me|us)\b.*$", "", text))
    text = _SAID_I.sub(r"\1 that \2", text)
    text = _LEFT_OPEN.sub("", text)
    said = text.split()
    first, joined, rest = text.partition(", and ")
    if joined and english.verb_place(first.split()) is None and english.verb_place(rest.split()) is not None:
        text = rest  # "Rain every day, and we fought": what comes first is no clause
    text = _GLAD_OF_IT.sub("", _AFTERTHOUGHT.sub("", text))
    if len(text.split()) < 3:
        text = " ".join(said)
    if len(text.split()) > 13:
        shorter = _TAIL.sub("", text)
        text = shorter if len(shorter.split()) >= 4 else text
    if len(text.split()) > _LONGEST:
        shorter = re.sub(
            r",? (?:when|while|as|where|who|after|before|until|to the point|just to|in order) .*$", "", text
        )
        text = shorter if len(shorter.split()) >= 4 else text
    head, comma, rest = text.partition(", ")
    if comma and core(head.split()[0]) not in _SUBORDINATE and _is_clause(head) and _is_clause(rest):
        text = head  # "I'm okay, work was busy": two clauses that nothing joins
    return _LOOSE.sub("", text.rstrip(" ,;-")).split() if len(text.split()) < whole else text.split()


_BE_PAST = frozenset("was were is are".split())
_LEFT_OPEN = re.compile(
    r",? (?:and |but )?(?:i don't know|i'm not sure|idk|not sure) (?:how|what|if|whether|why)\b.*$"
    r"|, (?:didn't|don't|doesn't|couldn't|wasn't|isn't|can't|won't|never)\b.*$",
    re.IGNORECASE,
)
"""What is added about not knowing, or without a subject of its own: ", didn't even say anything"."""
_SUBORDINATE = frozenset("when while after before if since as because although though until once where".split())


def _is_clause(text: str) -> bool:
    many = text.split()
    if len(many) < 2 or core(many[0]) in words("joins"):
        return False
    return english.verb_place(many) is not None or core(many[1]) in _BE_PAST


def _can_be_said_back(said: list[str]) -> bool:
    if not 2 <= len(said) <= _LONGEST:
        return False
    cores = {found.lower() for word in said for found in _WORD.findall(word)}
    text = " ".join(said)
    return not (cores & words("never") or _STRANGE.search(text) or core(said[-1]) in words("dangling"))


_VAGUE_TIMES = frozenset({"anytime", "whenever", "ever", "whatever"})


def _opens_well(said: list[str]) -> bool:
    first = core(said[0])
    if first in words("prepositions") | _VAGUE_TIMES or re.match(
        r"the (?:first|last|next) time\b", " ".join(said[:3]), re.IGNORECASE
    ):
        return False
    if said[0][:1].isupper() and not english.is_past(first) and first not in words("adverbs") | words("joins"):
        return (
            first not in words("prepositions")
            and not first.endswith("ly")
            and not first.endswith("ing")
            and first not in {"time", "times", "years"}
        )
    contracted = first.split("'")[0] in {"he", "she", "they", "it", "there", "someone"}
    return first in words("openers") or first in words("subjects") or contracted


_FELT = frozenset({"down", "low", "blue"})
"""Words of feeling that need one more beside them: "you're feeling low"."""


def _state(said: Sequence[str], place: int) -> str | None:
    """Return how the person says they feel, with what it is about: "nervous about your exam"."""
    verb = core(said[place])
    if verb not in FEELING_VERBS - {"have", "been", "got", "get"} | {"i'm", "we're"}:
        return None
    rest = list(said[place + 1 :])
    while rest and (core(rest[0]) in words("degrees") or rest[:2] in A_BIT):
        rest = rest[2 if rest[:2] in A_BIT else 1 :]
    if not rest or not english.is_feeling(core(rest[0])) or said[place + 1].lower() in {"not", "never"}:
        return None
    if core(rest[0]) == "looking" and (len(rest) < 3 or core(rest[1]) != "forward"):
        return None
    lead = "feeling " if core(rest[0]) in _FELT else ""
    if core(rest[0]) in words("faint") and not lead:
        return None
    if (
        core(rest[0]) in {"good", "bad", "lucky", "sick", "great", "better", "stupid", "weird", "low", "hurt", "ready"}
        and verb in {"was", "were"}
        and len(rest) < 2
    ):
        return None
    state = second_person(re.split(r",? (?:and|but|so) | when | as | while ", lead + " ".join(rest), maxsplit=1)[0])
    return state if len(state.split()) <= 11 and core(state.split()[-1]) not in words("dangling") else None


def _named(said: list[str], before: str) -> list[str] | None:
    """Say whom "she" stands for where the clause opens with it; None where that cannot be told."""
    first, _, contracted = core(said[0]).partition("'")
    if first == "this" and len(said) > 2 and core(said[1]) in words("he") | words("she") | {"dude", "person"}:
        return ["a", *said[1:]]
    if first == "it" or (first in {"this", "that", "these", "those"} and english.is_auxiliary(core(said[1]))):
        return None
    if first not in {"he", "she", "they"} or (first == "it" and contracted):
        return said if first not in {"this", "that", "these", "those"} or not contracted else None
    found = _antecedents(before, first)
    if len(found) != 1:
        return None if first == "it" or (not found and first != "they") else said
    verbs = {"s": "is", "re": "are", "ve": "have", "d": "had", "ll": "will"}
    if contracted == "s" and len(said) > 1 and (english.is_past(core(said[1])) or core(said[1]) == "been"):
        verbs["s"] = "has"
    return [*found[0].split(), *([verbs[contracted]] if contracted else []), *said[1:]]


def _antecedents(before: str, pronoun: str) -> list[str]:
    """Return the people or things of the person's own that a pronoun may stand for, each once."""
    found: dict[str, None] = {}
    for match in re.finditer(r"\b(my|our) ((?:[\w-]+(?:'s)? ){0,2}?)([\w-]+)\b(?!['’])", before, re.IGNORECASE):
        if match[3].lower() in words(pronoun) and not (set(match[2].lower().split()) & words("dangling")):
            found["my " + match[2].lower() + match[3].lower()] = None
    return list(found)


def _in_perfect(said: list[str], place: int | None) -> list[str]:
    """Turn "my sister stopped talking to me" into "my sister has stopped ..." where no time is named."""
    perfect: dict[str, str] = grammar()["perfect"]
    if place is None or core(said[place]) not in perfect or {core(word) for word in said} & words("times"):
        return said
    if any(english.is_past(core(word)) or core(word) == "was" for word in said[place + 1 :]):
        return said
    subject = said[:place]
    head = next(
        (at for at, word in enumerate(subject) if at and core(word) in {"of", "from", "in", "at", "with"}), place
    )
    have = "have" if english.is_plural(subject[:head]) else "has"
    return [*said[:place], have, perfect[core(said[place])], *said[place + 1 :]]
