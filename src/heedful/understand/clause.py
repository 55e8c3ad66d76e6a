"""Split a message into clauses: the smallest stretches that tell one thing."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator

from heedful.models.sentences import sentences
from heedful.types import Span


def _at_first_use(pattern: str, flags: int) -> Callable[[], re.Pattern[str]]:
    """Return what compiles a pattern when it is first asked for: long ones would slow down `import heedful`."""
    return functools.cache(lambda: re.compile(pattern, flags))


_LONGEST = 300
"""A clause has at most so many characters; a longer stretch without a joint is cut between words."""
_I = r"(?:i|i['’]?m|i['’]?ve|i['’]?d|i['’]ll|he|she|it|they|we|(?:he|she|it)['’]?s|(?:they|we)['’](?:re|ve)|theyre)\b"
_ANYONE = rf"(?:{_I}|nobody\b|no\s+one\b|every(?:one|body|thing)\b|nothing\b|there['’]?s?\b|this\b|that\b)"
_JOINT = _at_first_use(
    rf"""
      (?P<hard> ; | [—] | (?<=\s)[-–]{{1,3}}(?=\s) | \.{{2,}}(?=\S) | … )
    | (?P<turn> [,\s]\s? (?:but|because|'?cause|cuz|cos|coz|bc|bcuz|although|though|except) (?=\s) )
    | (?P<next> [,\s]\s? (?:and|so|and\s+then|and\s+now|and\s+so|then|now)\s (?={_ANYONE}) )
    | (?P<comma> ,\s? (?={_ANYONE} | (?:and|so)\s(?:my|our|the|now)\b | (?:my|our|now|what|why|how)\b) )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_VERB = _at_first_use(
    rf"""(?:^|\s) (?:{_I} \s | you \s)
    | \b(?: am|is|are|was|were|be|been|has|have|had|do|does|did|can|could|will|would|should|may|might|must
      | \w+n['’]?t | \w+['’](?:m|re|ve|ll|d) | \w{{2,}}ed | got|get|gets|went|go|goes|left|lost|won|said|says|told|made|makes|took|takes|gave|came
      | comes|felt|feels?|found|broke|keeps?|kept|put|hit|hurts?|saw|met|let|lets|wants?|hates?|loves?|needs?|thinks?|knows?|bought|brought
      | stole|ran|fell|sent|paid|heard|died|said|read|began|started|spoke|threw|knew|became|happened|wrote|woke|ate|drove )\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WORD_END = re.compile(r"\s")
_SUBJECT = (
    rf"(?={_ANYONE}|(?:my|our|the|today|yesterday|last|you|your|someone|somebody|people|a|an|another|his|her|their)\b)"
)
_FILLER = _at_first_use(
    rf"""(?:
      (?:and|but|or|because|'?cause|cuz|cos|bc|although|though|plus|omg|omfg|ugh+|oh|ooh|ah+|aw+|wow|lol|lmao|haha(?:ha)*|hmm+|um+|uh+|er+m*|tbh|ngl|smh|argh+|meh
        |honestly|basically|literally|anyways?|unfortunately|sadly|luckily|thankfully|apparently|fortunately|hi|hiya|hey|hello)\b
    | (?:so|then|now|well|yes|yeah|yep|yup|no|nope|nah|ok|okay|like|look|listen|sorry|also|actually|right|man|dude|god|gosh|jesus|damn|please|anyhow)
        (?: \s?[,.…]+ | \s{_SUBJECT} )
    | (?:oh\s)? (?:my|dear) \s (?:god|gosh|goodness|word) \b | oh\s(?:no|man|wow|well|boy|dear)\b | (?:good|great|bad)\s(?:morning|evening|afternoon|news|day)\s?[,:!.]
    | (?:i(?:['’]ve)?\s|we\s)? (?:just|only\sjust|recently)? \s? (?:found\sout|heard|learn(?:ed|t)|realised|realized|discovered) (?:\s(?:today|yesterday|just\snow|that|this\smorning))* \s {_SUBJECT}
    | (?:i\s)?(?:just\s|really\s|still\s)? (?:think|thought|guess|suppose|believe|feel\slike|felt\slike|feel\sthat|mean|know|swear) (?:\sthat)? ,? \s {_SUBJECT}
    | (?:you|ya|y')\sknow (?:\swhat)? (?: \s?,+ | \s{_SUBJECT} )
    | (?:the|my)\s(?:thing|problem|issue|trouble)\sis (?:,|\sthat)? | it['’]?s\sjust\sthat | to\sbe\s(?:honest|fair) | guess\swhat | long\sstory\sshort | at\sthe\send\sof\sthe\sday
    | (?:it\s)?turns\sout (?:\sthat)? | i\s(?:can['’]?t|cannot|couldn['’]?t)\sbelieve (?:\sthat)? \s {_SUBJECT}
    )[\s,:.!…-]*""",
    re.IGNORECASE | re.VERBOSE,
)
_FILLERS_AT_MOST = 6


def clauses(text: str) -> tuple[Span, ...]:
    """Return the clauses of a text, in order, each without fillers before it and punctuation around it.

    Splitting is conservative: "my mum and my dad died" is one clause. Any string is accepted; time is linear.

    Examples:
        >>> [clause.text for clause in clauses("Omg, I lost my job today, but my wife is being so kind.")]
        ['I lost my job today', 'my wife is being so kind']
    """
    return tuple(clause for _, _, found in split(text) for clause in found)


def split(text: str) -> Iterator[tuple[int, int, list[Span]]]:
    """Yield (start, end, clauses) of each sentence that holds a word."""
    for start, end in sentences(text):
        found = []
        for a, b in _pieces(text, start, end):
            for c, d in _cut(text, a, b):
                c, d = _trim(text, c, d)  # noqa: PLW2901 - the trimmed stretch stands for the rough one
                if c < d:
                    found.append(Span(c, d, text[c:d]))
        if found:
            yield start, end, found


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence at its joints."""
    at = start
    for match in _JOINT().finditer(text, start, end):
        if match.start() < at or not _parts_here(text, at, match, end):
            continue
        yield at, match.start()
        at = match.end() if match["hard"] else match.start() + 1
    yield at, end


def _parts_here(text: str, start: int, joint: re.Match[str], end: int) -> bool:
    """Say whether a joint lies between two clauses, not between two words of one."""
    if joint["hard"]:
        return True
    before = text[max(start, joint.start() - _LONGEST) : joint.start()]
    after = text[joint.end() : min(end, joint.end() + _LONGEST)]
    if joint["turn"]:
        return _VERB().search(before) is not None and _VERB().search(" " + after) is not None
    if joint["next"] and re.fullmatch(r"\s*(?:me|you|\w+ing|between .*)", before, re.IGNORECASE | re.DOTALL):
        return False
    return _VERB().search(before) is not None and _VERB().search(" " + after) is not None


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is too long for a clause between words, or anywhere if it has none."""
    while end - start > _LONGEST:
        blanks = [match.start() for match in _WORD_END.finditer(text, start + _LONGEST // 2, start + _LONGEST)]
        at = blanks[-1] if blanks else start + _LONGEST
        yield start, at
        start = at
    yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Take fillers off the beginning and punctuation off both ends; (end, end) if no word is left."""
    while start < end and _around(text[end - 1]):
        end -= 1
    for _ in range(_FILLERS_AT_MOST):
        while start < end and _around(text[start]):
            start += 1
        filler = _FILLER().match(text, start, end)
        if not filler or filler.end() >= end:
            break
        start = filler.end()
    while start < end and _around(text[start]):
        start += 1
    return start, end


def _around(character: str) -> bool:
    """Say whether a character is no part of a clause at its edge: blank, punctuation, emoji, control."""
    return not character.isalnum() and unicodedata.category(character)[0] in "PZCS" and character not in "$€£%"
