"""Decide whether a reply may be said."""

from __future__ import annotations

import re

from heedful.guard import honesty
from heedful.types import Finding, Plan, Reply, Verdict

_ADVICE = re.compile(
    r"(?:^|[.!?,;] )(?:maybe |perhaps |but |so )?"
    r"(?:you (?:should|need to|must|ought to|have to)|why don't you|have you tried|try to|just (?:do|go|try|take))\b",
    re.IGNORECASE,
)
_SOFTWARE = re.compile(r"\b(?:program|software)\b", re.IGNORECASE)


def review(reply: Reply, plan: Plan) -> Verdict:
    """Return whether a reply may be said: allow, or replace with everything that speaks against it.

    Checked are the honesty rules, and what the plan says the reply must and must not hold.

    Args:
        reply: what a writer wrote.
        plan: what it was to follow.
    """
    findings = (*honesty.review(reply.text), *_against_plan(reply.text, plan))
    if not reply.text.strip():
        findings = (*findings, Finding("plan.empty", "", "A person who writes is owed an answer."))
    return Verdict("replace" if findings else "allow", findings)


def _against_plan(text: str, plan: Plan) -> tuple[Finding, ...]:
    found = []
    if "exclamation" in plan.must_not and "!" in text:
        found.append(Finding("plan.exclamation", "!", "An exclamation mark is out of place at this feeling."))
    if "advice" in plan.must_not and (match := _ADVICE.search(text)):
        found.append(Finding("plan.advice", match[0], "Advice is not wanted here."))
    if "disclosure" in plan.must and not _SOFTWARE.search(text):
        found.append(Finding("plan.disclosure", "", "The reply has to say that this is software."))
    if "resources" in plan.must:
        missing = [each.name for each in plan.resources if each.contact not in text]
        found.extend(Finding("plan.resources", name, "The reply has to say who can help now.") for name in missing)
    return tuple(found)
