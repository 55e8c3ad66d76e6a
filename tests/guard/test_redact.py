from __future__ import annotations

import json
from dataclasses import replace

import pytest

from heedful.guard.redact import redact_feedback, redact_turn, speakable
from heedful.types import Event, Evidence, Finding, Message, Reply, Risk, Span, Turn, Verdict
from tests.samples import sample_feedback, sample_percept, sample_turn, sample_understanding

SAID = "My sister Xochitl died on Monday, and Xochitl's boy rang from 020 7946 0958."


def turn_about(said: str, **changes: object) -> Turn:
    turn = sample_turn(said)
    begin = said.index("Xochitl died")
    span = Span(begin, begin + 22, said[begin : begin + 22])
    reading = replace(turn.percept.readings[0], evidence=(Evidence("characters", begin, len(said), "grief", 0.9),))
    risk = Risk("concern", "suicide", findings=(Finding("a.rule", "Xochitl's boy", "why"),))
    event = Event("loss", 0.9, span=span, who="my sister Xochitl")
    return replace(
        turn,
        percept=sample_percept(readings=(reading,)),
        understanding=sample_understanding(event=event, cause=span, risk=risk),
        reply=Reply("I'm so sorry about Xochitl. Samaritans: 116 123.", "by hand"),
        verdict=Verdict("replace", (Finding("b.rule", "XOCHITL", "why"),)),
        **changes,
    )


def test_nothing_of_a_turn_tells_who_it_is_about() -> None:
    kept = redact_turn(turn_about(SAID))
    told = json.dumps(kept.to_dict())
    assert "xochitl" not in told.lower()
    assert "7946" not in told
    assert kept.message.text == "My sister [name] died on Monday, and [name]'s boy rang from [phone]."
    assert kept.reply.text == "I'm so sorry about [name]. Samaritans: 116 123."
    assert kept.understanding.event.who == "my sister [name]"


def test_spans_and_evidence_stay_on_their_words() -> None:
    kept = redact_turn(turn_about(SAID))
    text = kept.message.text or ""
    for span in (kept.understanding.cause, kept.understanding.event.span):
        assert span is not None
        assert text[span.start : span.end] == span.text == "[name] died on Monday"
    evidence = kept.percept.readings[0].evidence[0]
    assert text[int(evidence.start) : int(evidence.end)] == text[text.index("[name] died") :]


def test_a_span_that_begins_inside_a_name_is_widened_to_the_marker() -> None:
    turn = turn_about(SAID)
    begin = SAID.index("chitl died")
    cause = Span(begin, begin + 10, SAID[begin : begin + 10])
    kept = redact_turn(replace(turn, understanding=replace(turn.understanding, cause=cause)))
    assert kept.understanding.cause is not None
    assert kept.understanding.cause.text == "[name] died"


def test_a_name_told_earlier_is_taken_out_of_a_later_reply_and_event() -> None:
    first = turn_about(SAID)
    later = replace(turn_about(SAID), message=Message("The house is so quiet.", at=first.at))
    kept = redact_turn(replace(later, understanding=replace(later.understanding, cause=None)), [first])
    assert "xochitl" not in json.dumps(kept.to_dict()).lower()
    assert kept.message == later.message


def test_a_turn_without_personal_data_is_itself() -> None:
    turn = sample_turn()
    assert redact_turn(turn) is turn
    empty = replace(turn, message=Message(at=turn.at))
    assert redact_turn(empty) is empty


def test_feedback_is_cleaned_and_what_was_not_said_stays_unsaid() -> None:
    given = sample_feedback(comment="Tell Xochitl Okafor", edit=None, prefer="Mail me: a@example.org")
    kept = redact_feedback(given)
    assert (kept.comment, kept.edit, kept.prefer) == ("Tell [name]", None, "Mail me: [email]")
    assert kept.rating == given.rating


@pytest.mark.parametrize(
    ("kept", "spoken"),
    [
        ("My sister [name] died.", "My sister died."),
        ("I told [name] at [address].", "I told someone at a place."),
        ("Ring [phone] [sic]", "Ring a number [sic]"),
        ("nothing", "nothing"),
    ],
)
def test_no_marker_is_said_back_to_a_person(kept: str, spoken: str) -> None:
    assert speakable(kept) == spoken
