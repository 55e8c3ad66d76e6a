"""Guard a reply while it is being written, so that it can be shown word by word.

A word is handed on as soon as it is complete and no rule can be about it any more, whatever follows. Where a rule could
still match, its words wait for the one that decides it, at the latest for the end of the sentence, where the whole
reply so far is reviewed as any other reply is. What breaks a rule is therefore never shown, not even its first word;
the same holds for the words that the plan says are to be avoided here.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from heedful.guard import honesty, manipulation, model
from heedful.guard.base import review
from heedful.guard.evasion import BREAK, tables
from heedful.guard.partial import Partial
from heedful.guard.words import to_words
from heedful.norm import begins_in, word_in
from heedful.types import Finding, Plan, Reply, Verdict

_END = re.compile(r"(?:(?<!\.)\.|[!?])[!?]*[\"'\u2019\u201d)\]]*(?=\s)")
"""Where a sentence ends, as to_words sees it: three dots are a pause."""
_PIECE = re.compile(r"(\S+)\s+")
_IF_PLANNED = frozenset({"plan.advice", "plan.silver lining"})
_WISHED = frozenset({"plan.disclosure"})


class Growing:
    """The guard of one reply that is being written.

    Args:
        plan: what the reply is to follow; what it must contain is left to the review of the whole.
        heard: what the person wrote.
        look: reviews a reply under a plan; `heedful.guard.base.review`, or one that knows more of the conversation.
    """

    def __init__(self, plan: Plan, heard: str, look: Callable[[Reply, Plan], Verdict] = review) -> None:
        self.text = ""
        """Everything that was written so far."""
        self.said = 0
        """So many characters of it were handed on."""
        self.findings: tuple[Finding, ...] = ()
        """What was found; from then on nothing is handed on."""
        self._plan = replace(plan, must=())
        self._heard = heard
        self._look = look
        self._partial = _watch(frozenset(plan.must_not))
        self._reviewed = 0

    def add(self, piece: str) -> str:
        """Take in what was written next and return what may be shown now; "" while it has to wait."""
        if self.findings:
            return ""
        self.text += piece
        self.findings = tuple(model.signs(self.text, self._heard))
        if "!" in piece and "exclamation" in self._plan.must_not:
            self._review(self.text)
        if not self.findings and (end := self._new_end()):
            self._review(self.text[:end])
            self._reviewed = end
        if self.findings:
            return ""
        free = self._free()
        self._note_avoided(self.text[:free])
        return "" if self.findings else self._say(max(self.said, begins_in(self.text[:free], self._plan.avoid)))

    def end(self) -> str:
        """Take in that nothing follows, and return the rest that may be shown."""
        if not self.findings:
            self._review(self.text)
        if not self.findings:
            self._note_avoided(self.text)
        return "" if self.findings else self._say(len(self.text))

    def whole(self) -> str:
        """Return the whole sentences among what was handed on."""
        ends = [match.end() for match in _END.finditer(self.text) if match.end() <= min(self.said, self._reviewed)]
        return self.text[: ends[-1]].strip() if ends else ""

    def _review(self, text: str) -> None:
        verdict = self._look(Reply(text, "llm"), self._plan)
        self.findings = (*verdict.findings, *model.findings(text, self._heard)) if text.strip() else ()

    def _note_avoided(self, text: str) -> None:
        """Note the word or phrase of a text that the norms in force leave unsaid, if there is one."""
        if word := word_in(text, self._plan.avoid):
            self.findings = (Finding("norm.avoid", word, "The norms in force here leave this unsaid."),)

    def _say(self, upto: int) -> str:
        fresh = self.text[self.said : upto]
        self.said = max(self.said, upto)
        return fresh

    def _new_end(self) -> int | None:
        """Return where the last sentence ends that was not reviewed yet. One of one word waits for the next."""
        before = self._reviewed
        found = None
        for match in _END.finditer(self.text, before):
            if len(self.text[before : match.end()].split()) > 1:
                found = match.end()
            before = match.end()
        return found

    def _free(self) -> int:
        """Return up to which character no rule can find anything any more."""
        anchor = self._anchor()
        pieces = [(match.end(1), match.end()) for match in _PIECE.finditer(self.text, anchor)]
        if not pieces:
            return self.said
        complete = self.text[anchor : pieces[-1][1]]
        ends = list(_END.finditer(complete))
        closed = bool(ends) and complete[ends[-1].end() :].isspace()
        words = to_words(complete[: ends[-1].start()] if closed else complete)
        if words.edits or len(words.counts) != len(pieces):
            # Words were put together here, so that they cannot be told apart: they wait for the end of the sentence.
            return max(self.said, self._reviewed)
        known = words.words if closed else words.words[:-1]
        behind = list(itertools.accumulate(words.counts))  # word 0 is the BREAK before everything
        seen = [count for count, (end, _) in zip(behind, pieces, strict=True) if end <= self._reviewed]
        all_seen = closed and len(seen) == len(pieces)
        decided = len(known) if all_seen else 1 + seen[-1] if seen else 0
        first = min(self._partial.open_from(known, decided), _unsettled(known))
        if closed:
            # A sentence of one word may turn out to be the first word of another one ("You. Are. ...").
            last = ends[-2].end() if len(ends) > 1 else 0
            if len(complete[last:].split()) == 1:
                first = min(first, behind[-1])
        free = [end for count, (_, end) in zip(behind, pieces, strict=True) if count < first]
        return free[-1] if free else self.said

    def _anchor(self) -> int:
        """Return where the sentence before the one begins of which something has still to be shown."""
        starts = [0, *(match.end() for match in _END.finditer(self.text) if match.end() <= self.said)]
        return starts[-2] if len(starts) > 1 else 0


def _unsettled(words: Sequence[str]) -> int:
    """Return where the last words begin that may be pieces of one word yet ("k i l l", "ki ll")."""
    table = tables()
    at = len(words)
    while at and words[at - 1] not in ("i", "a", BREAK):
        word = words[at - 1]
        if len(word) > 1 and (word in table.known or word not in table.prefixes):
            break
        at -= 1
    return at


@functools.lru_cache(maxsize=8)
def _watch(must_not: frozenset[str]) -> Partial:
    """Return the automaton of all rules that hold under a plan."""
    rules = (*honesty.outgoing(), *manipulation.outgoing(), *model.rules())
    held = (
        rule
        for rule in rules
        if rule.name not in _WISHED and (rule.name not in _IF_PLANNED or rule.name.removeprefix("plan.") in must_not)
    )
    return Partial(phrase for rule in held for phrase in rule.phrases)
