"""Decide whether a reply may be said."""

from __future__ import annotations

import re

from heedful.guard import honesty
from heedful.types import Finding, Plan, Reply, Resource, Verdict

_EXCLAMATION = re.compile("[!！❗❕‼⁉]")
_NUMBER = re.compile(r"\d(?:[\s.-]?\d)*")
_FORBIDDEN = ("advice", "silver lining")


def review(reply: Reply, plan: Plan) -> Verdict:
    """Return whether a reply may be said: allow, or replace with everything that speaks against it.

    Checked are the rules of honesty, manipulation, empathy and harm, and what the plan says the reply must and must not
    hold. A word of `must` or `must_not` that only a writer can heed ("safety question") is left to the writer.

    Args:
        reply: what a writer wrote.
        plan: what it was to follow.
    """
    if not reply.text.strip():
        empty = Finding("plan.empty", "", "A person who writes is owed an answer.")
        return Verdict("replace", (empty,))
    found = honesty.findings(reply.text)
    findings = [finding for finding in found if not finding.rule.startswith("plan.")]
    planned = {finding.rule.removeprefix("plan."): finding for finding in found if finding.rule.startswith("plan.")}
    findings += [planned[word] for word in _FORBIDDEN if word in plan.must_not and word in planned]
    if "exclamation" in plan.must_not and (mark := _EXCLAMATION.search(reply.text)):
        findings.append(Finding("plan.exclamation", mark[0], "An exclamation mark is out of place at this feeling."))
    if "disclosure" in plan.must and "disclosure" not in planned:
        findings.append(Finding("plan.disclosure", "", "The reply has to say that this is software."))
    if "resources" in plan.must:
        findings += _missing(reply.text, plan.resources)
    return Verdict("replace" if findings else "allow", tuple(findings))


def _missing(text: str, resources: tuple[Resource, ...]) -> list[Finding]:
    """Return a finding for each resource that a person could not reach from the text alone."""
    why = "The reply has to say who can help now."
    if not resources:
        return [Finding("plan.resources", "", f"{why} The plan names nobody.")]
    said = " ".join(text.split()).casefold()
    numbers = {_digits(number) for number in _NUMBER.findall(text)}
    return [
        Finding("plan.resources", resource.name, why)
        for resource in resources
        if not _reachable(resource.contact, said, numbers)
    ]


def _reachable(contact: str, said: str, numbers: set[str]) -> bool:
    """Tell whether a contact is in a text, in its own words or at least with each of its numbers."""
    words = re.escape(" ".join(contact.split()).casefold())
    if re.search(rf"(?<!\w){words}(?!\w)", said):
        return True
    wanted = {_digits(number) for number in _NUMBER.findall(contact)}
    return bool(wanted) and wanted <= numbers


def _digits(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit())
