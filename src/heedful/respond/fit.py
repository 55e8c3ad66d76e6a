"""Say where the words of a reply break what its plan lays down for this setting."""

from __future__ import annotations

from heedful.norm import word_in
from heedful.types import Finding, Plan


def misfits(text: str, plan: Plan) -> tuple[Finding, ...]:
    """Return what in a reply does not fit its plan: words to be avoided here, and questions that were asked before.

    Unlike a rule of the guard none of this is dangerous: of two replies the one that fits better is said.

    Args:
        text: the reply.
        plan: what it was to follow.
    """
    found = []
    if word := word_in(text, plan.avoid):
        found.append(Finding("norm.avoid", word, "The norms in force here leave this unsaid."))
    said = " ".join(text.split()).casefold()
    again = [question for question in plan.asked if " ".join(question.split()).casefold() in said]
    why = "This was asked before in this conversation."
    return (*found, *(Finding("norm.asked", question, why) for question in again))
