from __future__ import annotations

from dataclasses import replace

import pytest

from heedful.labels import FINE, SITUATION
from heedful.types import Event, Insight, Message, Percept, Risk, Span
from heedful.understand.context import understand
from heedful.understand.event import kinds
from heedful.understand.listen import _rules, cause_heard, event_heard, feeling_heard, strength_heard
from tests.samples import peaked, sample_percept

TEXT = "It has been like this all week."
NOTHING = Event("none", 0.0)


def situation(label: str, peak: float = 0.7) -> Insight:
    return Insight(situation=peaked(SITUATION, label, peak))


def reads(label: str, probability: float = 0.9) -> Percept:
    fine = dict.fromkeys(FINE, 0.01) | {label: probability}
    return sample_percept(fine=fine, expressed=(label,), valence=0.0)


@pytest.mark.parametrize(
    ("label", "kind"), [("lonely", "loneliness"), ("guilty", "guilt"), ("terrified", "worry"), ("grateful", "kindness")]
)
def test_where_the_wording_tells_nothing_the_situation_does(label: str, kind: str) -> None:
    event = event_heard(NOTHING, Message(TEXT), 1, situation(label))
    assert (event.kind, event.mood, event.message) == (kind, kinds()[kind].mood, 0)


def test_situations_that_mean_the_same_kind_are_added_up() -> None:
    shares = dict.fromkeys(SITUATION, 0.0) | {"afraid": 0.2, "terrified": 0.2, "anxious": 0.1, "joyful": 0.3}
    assert event_heard(NOTHING, Message(TEXT), 1, Insight(situation=shares)).kind == "worry"


def test_an_event_told_outright_stays_whatever_the_network_reads() -> None:
    told = Event("loss", 0.9, "low")
    assert event_heard(told, Message(TEXT), 1, situation("joyful", 0.99)) is told


def test_a_mere_feeling_gives_way_to_the_situation_but_only_in_its_own_message() -> None:
    felt = Event("sorrow", 0.5, "low", message=0)
    assert event_heard(felt, Message(TEXT), 1, situation("lonely")).kind == "loneliness"
    assert event_heard(felt, Message(TEXT), 2, situation("lonely")) is felt


def test_an_unsure_network_changes_nothing() -> None:
    assert event_heard(NOTHING, Message(TEXT), 1, situation("lonely", 0.3)) is NOTHING
    assert event_heard(NOTHING, Message(TEXT), 1, None) is NOTHING
    assert event_heard(NOTHING, Message(TEXT), 1, Insight()) is NOTHING


def test_the_writers_own_emotion_is_heard_where_the_reader_says_little() -> None:
    sad = Insight(writer_emotion={"sadness": 0.8, "joy": 0.2})
    assert feeling_heard("neutral", reads("neutral"), sad) == "sadness"
    assert feeling_heard("joy", reads("joy", 0.2), sad) == "sadness"
    assert feeling_heard("joy", reads("joy", 0.9), sad) == "joy"
    assert feeling_heard("neutral", reads("neutral"), Insight(writer_emotion={"sadness": 0.4, "joy": 0.3})) == "neutral"
    assert feeling_heard("neutral", reads("neutral"), Insight(writer_emotion={"no-emotion": 0.9})) == "neutral"
    assert feeling_heard("neutral", reads("neutral"), None) == "neutral"


def test_what_touches_a_person_deeply_is_felt_more_strongly() -> None:
    deep = Insight(appraisals=dict.fromkeys(("goal_relevance", "urgency", "attention", "unpleasantness"), 5.0))
    slight = Insight(appraisals=dict.fromkeys(("goal_relevance", "urgency"), 1.0))
    assert strength_heard(0.5, deep) == pytest.approx(0.7)
    assert strength_heard(0.95, deep) == 1.0
    assert strength_heard(0.5, slight) == 0.5
    assert strength_heard(0.0, deep) == 0.0
    assert strength_heard(0.5, None) == 0.5
    assert strength_heard(0.5, Insight(appraisals={"effort": 5.0})) == 0.5


def test_a_cause_of_the_network_counts_only_where_it_stands() -> None:
    span = Span(0, 2, "It")
    right = Span(TEXT.index("this"), TEXT.index("this") + 4, "this")
    assert cause_heard(None, Message(TEXT), Insight(cause=right)) == right
    assert cause_heard(span, Message(TEXT), Insight(cause=right)) is span
    assert cause_heard(None, Message(TEXT), Insight(cause=Span(0, 4, "that"))) is None
    assert cause_heard(None, Message(TEXT), Insight(cause=Span(900, 904, "that"))) is None
    assert cause_heard(None, Message(TEXT), None) is None


def test_every_name_of_the_pack_is_one_that_is_known() -> None:
    assert set(_rules()["situation"]) <= set(SITUATION)


def test_with_an_insight_the_understanding_carries_it_and_without_one_nothing_changes() -> None:
    insight = replace(situation("lonely"), appraisals={"urgency": 4.0}, support={"question": 0.9})
    said = [Message(TEXT)]
    heard = understand(said, [reads("neutral")], Risk(), asks_identity=False, insight=insight)
    plain = understand(said, [reads("neutral")], Risk(), asks_identity=False)
    assert (heard.event.kind, heard.support, heard.situation) == ("loneliness", insight.support, insight.situation)
    assert heard.appraisals == {"urgency": 4.0}
    assert (plain.event.kind, plain.situation, plain.appraisals, plain.support) == ("none", None, None, None)


def test_an_insight_survives_being_written_and_read() -> None:
    insight = replace(situation("sad"), cause=Span(0, 2, "It"))
    assert Insight.from_dict(insight.to_dict()) == insight
