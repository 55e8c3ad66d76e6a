"""Find what a message tells: its clauses, said back in second person, the one that matters most first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from heedful.models.sentences import sentences
from heedful.respond import english
from heedful.respond.english import core, words
from heedful.respond.mirror import Mirror, mirror, with_subject
from heedful.respond.tidy import tidy
from heedful.types import Understanding

_SUBJECT = (
    r"(?:(?:i|he|she|they|it|we)(?:'(?:m|ve|s|re|ll|d))?|im|my|our|the|this|that|there|there's|now|nobody"
    r"|no one|everyone|someone|somebody|all|then)"
)
_JOINT = re.compile(
    rf"\s*[;—…]\s*|\s+[-–]{{1,3}}\s+|\.{{2,}}\s*"
    rf"|,?\s+(?:but|because|cause|cuz|although|though|even though|and then|and so|and now)\s+(?=[a-z])"
    rf"|,?\s+(?:and|so|yet)\s+(?={_SUBJECT}\s)"
    rf"|,\s+(?={_SUBJECT}\s)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\b(?:what|how|where|when|that|if|and|hope|think|know)\s+(?:my|our)\s+[\w-]+$", re.IGNORECASE)
"""What stands before "and I" where both are one subject: "what my husband and I will do"."""
_LOOKED_AT = 1500
_MOST = 24
_NUMB = re.compile(
    r"^(?:i|we) (?:just |really |do |did |still )?(?:don't|didn't|do not)"
    r" (?:know(?! (?:anyone|anybody|a soul))|understand|think|care|get it)\b"
    r"|^(?:i|we)(?:'ve)? (?:still |really |just )?(?:have |got )?(?:absolutely )?no (?:idea|clue)\b",
    re.IGNORECASE,
)


_LEFT_OUT = re.compile(
    r"^(?:and |but )?i(?:'m| am| was)? ?(?:not|wasn't|am not) (?:even )?"
    r"(?:invited|allowed|included|asked|welcome|told)\b"
    r"|^(?:and |but )?i (?:don't|didn't) know (?:anyone|anybody|a soul)\b|^(?:and |but )?(?:nobody|no one)\b",
    re.IGNORECASE,
)
"""What is the point of a message where it comes after good news of others: "and I'm not invited"."""
_HEDGE = re.compile(
    r"^(?:(?:so|and|but|well|now|honestly|also|just),? )*(?:"
    r"(?P<thought>i(?:'m| am)? (?:just |really |kind of |also |starting to |beginning to )*"
    r"(?:think|thought|guess|suspect|suppose|believe|feel like|feel as if|get the feeling|bet|assume|wonder if|fear"
    r"|afraid"
    r"|worried|scared|terrified|convinced)"
    r"|im (?:afraid|worried|scared)|maybe|perhaps|probably|possibly|it(?:'s| is) (?:possible|likely)"
    r"|(?:it|this|that) (?:just )?(?:looks|seems|feels|sounds)(?: like| as if| as though| that)?)"
    r"|(?P<what_if>what if))\b",
    re.IGNORECASE,
)
"""What leads to a thing that is not known to be so."""


@dataclass(frozen=True, slots=True)
class Told:
    """One clause of a message."""

    mirror: Mirror
    """The clause, said back."""
    text: str
    """The person's own words."""
    score: float
    """How likely it is what the message is about; the higher the likelier."""
    hedge: str = ""
    """Whether it is only thought or feared to be so: "thought", "what if" or "" = told as a fact."""


def telling(text: str, understanding: Understanding) -> tuple[Told, ...]:
    """Return the clauses of a message that can be said back, best first.

    The event's own clause counts most; then what was done and suffered before what was felt or thought about it, what
    speaks of the person and theirs before what does not, and short before long.

    Args:
        text: the message; any string.
        understanding: of the conversation, this message included.
    """
    found = []
    event = understanding.event
    span = event.span if event.span and event.message == understanding.told - 1 else None
    for place, (piece, before, turn, opens) in enumerate(_pieces(text[:_LOOKED_AT])):
        if place >= _MOST:
            break
        said = mirror(_bare(piece), before, opens=opens)
        if said.clause or said.gerund or said.state:
            score = _worth(said, piece, place) + turn
            if span is not None and (span.text in piece or piece in span.text) and not _NUMB.match(piece):
                score += 0.6 + 0.9 * event.confidence
            hedge = hedge_of(piece)
            found.append(Told(said, piece, score + 0.9 * bool(hedge), hedge))
    if len(found) == 1 and found[0].hedge:  # all that the message says is what the person thinks or fears
        found = [replace(found[0], score=max(0.0, found[0].score))]
    return tuple(sorted(found, key=lambda told: -told.score))


def hedge_of(piece: str) -> str:
    """Return how a clause says that it is not known to be so: "thought", "what if", or "" where it doesn't.

    Examples:
        >>> hedge_of("I think my husband is cheating on me")
        'thought'
        >>> hedge_of("my husband cheated on me")
        ''
    """
    match = _HEDGE.match(piece.strip().replace("’", "'"))
    return "" if match is None else "what if" if match["what_if"] else "thought"


_BEFORE_IT = re.compile(
    r"(?:so |and |yesterday |today |last \w+ |the other \w+ |one \w+ |this \w+ )*,? ?"
    r"(?:i|we)(?:'m| am| was| were)? (?:just )?"
    r"(?:(?:was|were|am|are)? ?(?:supposed|going|about|trying|planning|meant|hoping) to"
    r"|(?:was|were) (?:just )?\w+ing|on (?:my|our) way"
    r"|came (?:home|back)|got (?:home|back|up)|woke up|went to|drove to|walked (?:in|into|to)|arrived"
    r"|had (?:a|an|my|this) (?:day|meeting|shift|appointment)|decided to)\b",
    re.IGNORECASE,
)
"""What only sets the scene for what then happened: "I was driving home", "I was supposed to fly out"."""
_THEN = re.compile(
    r",? (?:when|and (?:then )?(?:suddenly )?) ?"
    r"(?=(?:i|my|our|the|a|an|some|someone|he|she|they|we|this|two|three) )",
    re.IGNORECASE,
)
"""What leads on from there to what happened."""
_LED = re.compile(
    r"^(?:(?:so|and|but|well),? )*(?:what if|maybe|perhaps|probably|possibly|it(?:'s| is) (?:possible|likely)(?: that)?"
    r"|(?:it|this|that) (?:just )?(?:looks|seems|sounds|feels) (?:like|as if|as though|that)"
    r"|i (?:just |really |also )*(?:suspect|fear|get the feeling|bet|assume|wonder if|feel as if)(?: that)?) "
    r"(?=(?:i|i'm|my|our|we|we're|he|he's|she|she's|they|they're|the|someone|there|nobody|no one)\b)",
    re.IGNORECASE,
)


def _bare(piece: str) -> str:
    """Return a clause without the hedge that leads to it, where what is left is a clause."""
    bare = _LED.sub("", piece.strip().rstrip("?"))
    if _BEFORE_IT.match(bare) and (then := _THEN.search(bare)):
        return bare[then.end() :]  # "I was on my way home when a car hit me": the car is what is told
    return bare


def _worth(said: Mirror, piece: str, place: int) -> float:
    cores = [core(word) for word in tidy(piece)]
    count = len((said.clause or said.state or "").split())
    score = {"event": 1.0, "ahead": 0.9, "ongoing": 0.5, "stance": 0.3, "feeling": 0.2}[said.sort]
    score += 0.3 if {"i", "my", "me", "our", "we", "us"} & set(cores) else -0.4
    score -= 0.08 * max(0, count - 12) + (0.5 if count < 4 else 0.0)
    score += 0.25 if place == 0 else 0.0
    score += 0.25 * min(2, len(set(cores) & (words("glad") | words("grim"))))
    first = cores[0].split("'")[0] if cores else ""
    if first in {"it", "that", "this", "he", "she", "they"}:
        score -= 0.3 if first == "they" else 0.7
    if said.sort == "feeling" and not said.state:
        score -= 0.5
    if _NUMB.match(piece) or (len(cores) > 1 and cores[0] == "i" and cores[1] in words("opinions")):
        score -= 1.0
    if any(word in {"if", "would", "should", "could", "maybe", "might"} for word in cores[:4]):
        score -= 0.4
    if _LEFT_OUT.match(piece):
        score += 1.0
    if cores[:3] == ["i", "feel", "like"] or cores[:3] == ["i", "felt", "like"]:
        score -= 1.0
    if _BEFORE_IT.match(piece):
        score -= 0.7
    if cores and cores[-1] in {"it", "that", "this", "them", "him"} and count < 7:
        score -= 0.9
    if "when" in cores[:1] or cores[:1] in (["while"], ["after"]):
        score -= 0.3
    return score


def _pieces(text: str) -> Iterator[tuple[str, str, float, bool]]:
    """Yield each clause with what was written before it, what its joint says of its worth, and if it opens a sentence.

    What a "but" leads to is the point; what "because" or "even though" leads to only explains it.
    """
    text = text.replace("’", "'")
    for start, end in sentences(text):
        sentence = text[start:end]
        if sentence.rstrip().endswith("?") and hedge_of(sentence) != "what if":
            continue
        sentence = sentence.rstrip("? ")
        last, turn = 0, 0.0
        for joint in _JOINT.finditer(sentence):
            left, right = sentence[last : joint.start()], sentence[joint.end() :]
            if not (_tells(left, opens=last == 0) and _tells(right, opens=False)) or _TOGETHER.search(left):
                continue
            yield left, text[: start + last], turn, last == 0
            last, turn = joint.end(), _turn(joint[0].lower())
        yield sentence[last:], text[: start + last], turn, last == 0


def _turn(joint: str) -> float:
    return 0.5 if "but" in joint else -0.6 if "cause" in joint or "though" in joint or "cuz" in joint else 0.0


def _tells(piece: str, *, opens: bool) -> bool:
    """Say whether a stretch has a subject and a verb of its own."""
    said = with_subject(tidy(piece)) if opens else tidy(piece)
    return len(said) >= 2 and english.verb_place(said) is not None
