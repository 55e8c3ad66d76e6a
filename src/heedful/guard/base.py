"""Decide whether a reply may be said."""

from __future__ import annotations

import re

from heedful.guard import honesty, manipulation
from heedful.guard.words import Words, to_words
from heedful.types import Action, Finding, Plan, Reply, Resource, Understanding, Verdict

_EXCLAMATION = re.compile("[!！❗❕‼⁉]")
_NUMBER = re.compile(r"\d(?:[\s.-]?\d)*")
_FORBIDDEN = ("advice", "silver lining")
_STOPS = "exploitation."
"""Rules for which there is no better way of saying it."""


def review(reply: Reply, plan: Plan, understanding: Understanding | None = None, message: str = "") -> Verdict:
    """Return whether a reply may be said: allow, replace, or stop, with everything that speaks against it.

    Checked are the rules of honesty, manipulation, empathy and harm, and what the plan says the reply must and must not
    hold. A word of `must` or `must_not` that only a writer can heed ("safety question") is left to the writer.

    Args:
        reply: what a writer wrote.
        plan: what it was to follow.
        understanding: of the conversation; with it, selling to a vulnerable person is found, and stopped.
        message: what the person wrote; who asks for an offer may get one.
    """
    if not reply.text.strip():
        empty = Finding("plan.empty", "", "A person who writes is owed an answer.")
        return Verdict("replace", (empty,))
    words = to_words(reply.text)
    found = honesty.findings(words)
    planned = {finding.rule.removeprefix("plan."): finding for finding in found if finding.rule.startswith("plan.")}
    findings = _linted(words, found, understanding, message)
    findings += [planned[word] for word in _FORBIDDEN if word in plan.must_not and word in planned]
    if "exclamation" in plan.must_not and (mark := _EXCLAMATION.search(reply.text)):
        findings.append(Finding("plan.exclamation", mark[0], "An exclamation mark is out of place at this feeling."))
    if "disclosure" in plan.must and "disclosure" not in planned:
        findings.append(Finding("plan.disclosure", "", "The reply has to say that this is software."))
    if "resources" in plan.must:
        findings += _missing(reply.text, plan.resources)
    return Verdict(_action(findings), tuple(findings))


def lint(text: str | Words, understanding: Understanding | None = None, message: str = "") -> Verdict:
    """Return whether a text may be said to a person, whatever was planned.

    Args:
        text: what is about to be said; any string, or its words.
        understanding: of the conversation that it answers, if there is one.
        message: what the person wrote.

    Examples:
        >>> verdict = lint("I know how you feel. Don't tell anyone about this.")
        >>> verdict.action, [finding.rule for finding in verdict.findings]
        ('replace', ['honesty.experience', 'manipulation.secrecy'])
    """
    words = to_words(text)
    found = _linted(words, honesty.findings(words), understanding, message)
    return Verdict(_action(found), tuple(found))


def _linted(
    words: Words, honest: tuple[Finding, ...], understanding: Understanding | None, message: str
) -> list[Finding]:
    """Return what speaks against words whatever was planned, `honest` being all that the rules of honesty found."""
    found = [finding for finding in honest if not finding.rule.startswith("plan.")]
    found += manipulation.review(words)
    if understanding is not None:
        found += manipulation.exploitation(words, understanding, message)
    return found


def _action(findings: list[Finding]) -> Action:
    if any(finding.rule.startswith(_STOPS) for finding in findings):
        return "stop"
    return "replace" if findings else "allow"


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
