"""Take what identifies people out of turns and feedback before they are stored, and keep every span in its place."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from heedful.guard.names import is_ordinary, relatives
from heedful.guard.privacy import KINDS, Detail, find, redact, replace_details
from heedful.types import Event, Evidence, Feedback, Finding, Percept, Reading, Risk, Span, Turn, Understanding

_MARKER: Final = re.compile(r"\[(" + "|".join(KINDS) + r")\]")
_NAMED: Final = re.compile(r"(\w[\w-]*),?\s\[name\]")
_SPOKEN: Final = {"name": "someone", "address": "a place", "email": "an address", "date of birth": "that day"}
_IN_REPLIES: Final = frozenset(("email", "handle", "card", "account", "id", "health id", "date of birth"))
"""Kinds that no reply needs; names and numbers of those who help stay."""
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """A text without its details."""

    text: str
    details: tuple[Detail, ...]

    def place(self, offset: float, *, end: bool) -> float:
        """Return where a place in the original is now; what lies inside a detail moves to the marker's edge."""
        moved = 0
        for detail in self.details:
            if detail.end <= offset:
                moved += len(detail.marker) - (detail.end - detail.start)
            elif detail.start < offset:
                return detail.start + moved + (len(detail.marker) if end else 0)
            else:
                break
        return offset + moved

    def span(self, span: Span) -> Span:
        """Return the same stretch of the cleaned text."""
        start, end = int(self.place(span.start, end=False)), int(self.place(span.end, end=True))
        return Span(start, end, self.text[start:end])


@functools.lru_cache(maxsize=256)
def _clean(text: str) -> _Cleaned:
    details = find(text)
    return _Cleaned(replace_details(text, details), details)


def forget_texts() -> None:
    """Let go of the texts that are remembered in order not to be searched again at every turn."""
    _clean.cache_clear()


def redact_turn(turn: Turn, history: Sequence[Turn] = ()) -> Turn:
    """Return a turn with a marker in place of everything that identifies a person; itself if there is nothing.

    Args:
        turn: as it was made.
        history: the turns that it was made with, oldest first; names told in them may be in this one's reply.
    """
    cleaned = [_clean(each.message.text or "") for each in (*history, turn)]
    secrets = _Secrets(detail for each in cleaned for detail in each.details)
    latest = cleaned[-1]
    if not secrets.known and not any(detail.kind in _IN_REPLIES for detail in find(turn.reply.text)):
        return turn
    message = turn.message if turn.message.text is None else replace(turn.message, text=latest.text)
    return replace(
        turn,
        message=message,
        percept=_percept(turn.percept, latest),
        understanding=_understanding(turn.understanding, cleaned, secrets),
        plan=replace(turn.plan, asked=tuple(map(secrets.hide, turn.plan.asked))),
        reply=replace(
            turn.reply,
            text=secrets.hide(_only(turn.reply.text)),
            why=tuple(secrets.hide(_only(each)) for each in turn.reply.why),
        ),
        verdict=replace(turn.verdict, findings=_findings(turn.verdict.findings, secrets)),
    )


def redact_feedback(feedback: Feedback) -> Feedback:
    """Return feedback with a marker in place of everything that identifies a person."""
    return replace(
        feedback,
        prefer=None if feedback.prefer is None else redact(feedback.prefer),
        edit=None if feedback.edit is None else redact(feedback.edit),
        comment=None if feedback.comment is None else redact(feedback.comment),
        over=None if feedback.over is None else redact(feedback.over),
    )


def speakable(text: str) -> str:
    """Return a redacted text in words that may be said back: no marker is left in it.

    Examples:
        >>> speakable("My sister [name] left. [name] called from [phone].")
        'My sister left. someone called from a number.'
    """
    if "[" not in text:
        return text
    named = _NAMED.sub(lambda match: match[1] if match[1].lower() in relatives() else match[0], text)
    return _MARKER.sub(lambda match: _SPOKEN.get(match[1], "a number"), named)


class _Secrets:
    """What was taken out, so that it can be found again where it was repeated."""

    def __init__(self, details: Iterable[Detail]) -> None:
        self.known: dict[str, str] = {}
        for detail in details:
            self.known.setdefault(detail.text.casefold(), detail.marker)
            if detail.kind == "name":
                for part in re.findall(r"[^\W\d_]{3,}", detail.text):
                    if not is_ordinary(part):
                        self.known.setdefault(part.casefold(), detail.marker)
        longest_first = sorted((each for each in self.known if len(each) >= _SHORTEST), key=len, reverse=True)
        parts = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"(?<!\w)(?:{parts})(?!\w)", re.IGNORECASE) if parts else None

    def hide(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: self.known.get(match[0].casefold(), "[name]"), text)


def _only(text: str) -> str:
    return replace_details(text, [detail for detail in find(text) if detail.kind in _IN_REPLIES])


def _percept(percept: Percept, cleaned: _Cleaned) -> Percept:
    return replace(percept, readings=tuple(_reading(reading, cleaned) for reading in percept.readings))


def _reading(reading: Reading, cleaned: _Cleaned) -> Reading:
    return replace(reading, evidence=tuple(_evidence(each, cleaned) for each in reading.evidence))


def _evidence(evidence: Evidence, cleaned: _Cleaned) -> Evidence:
    if evidence.unit != "characters":
        return evidence
    start, end = cleaned.place(evidence.start, end=False), cleaned.place(evidence.end, end=True)
    return replace(evidence, start=start, end=end)


def _understanding(understanding: Understanding, cleaned: Sequence[_Cleaned], secrets: _Secrets) -> Understanding:
    return replace(
        understanding,
        event=_event(understanding.event, cleaned, secrets),
        cause=None if understanding.cause is None else cleaned[-1].span(understanding.cause),
        risk=_risk(understanding.risk, secrets),
        affected=tuple(secrets.hide(redact(each)) for each in understanding.affected),
        questions=tuple(replace(each, text=secrets.hide(each.text)) for each in understanding.questions),
    )


def _event(event: Event, cleaned: Sequence[_Cleaned], secrets: _Secrets) -> Event:
    span = event.span
    if span is not None:
        of = cleaned[event.message] if event.message < len(cleaned) else cleaned[-1]
        span = of.span(span)
    return replace(event, span=span, who=None if event.who is None else secrets.hide(event.who))


def _risk(risk: Risk, secrets: _Secrets) -> Risk:
    return replace(risk, findings=_findings(risk.findings, secrets))


def _findings(findings: Sequence[Finding], secrets: _Secrets) -> tuple[Finding, ...]:
    return tuple(replace(finding, text=secrets.hide(redact(finding.text))) for finding in findings)
