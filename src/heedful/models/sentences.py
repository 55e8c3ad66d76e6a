"""Split text into sentences, so that long messages are read piece by piece with nothing dropped."""

from __future__ import annotations

import re

# A run of marks is entered at its first one only and never given back: linear on any text.
_END = re.compile(r"(?:(?<![.!?…。！？])[.!?…。！？]++[\"'”’)\]]*+(?=\s)|\n+|[。！？])\s*+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|a\.m|p\.m|approx)|\b[a-z])\.$", re.IGNORECASE
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence, in order; together they hold everything but white space between them.

    Examples:
        >>> text = "My dog died. I can't stop crying!"
        >>> [text[a:b] for a, b in sentences(text)]
        ['My dog died.', "I can't stop crying!"]
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        end = match.start() + len(match[0].rstrip())
        if _ABBREVIATION.search(text[max(start, end - 8) : end]) and "\n" not in match[0]:
            continue
        if text[start:end].strip():
            spans.append((start, end))
            start = match.end()
    if text[start:].strip():
        spans.append((start, len(text.rstrip())))
    return [(a + len(text[a:b]) - len(text[a:b].lstrip()), b) for a, b in spans]
