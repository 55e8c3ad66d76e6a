from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.labels import FINE
from heedful.types import Course, Event, Message, Percept, Risk
from heedful.understand.context import understand
from heedful.understand.course import course_of
from heedful.understand.need import act_of, asks_of, need_of
from tests.samples import sample_percept


def percept(label: str = "neutral", valence: float = 0.0, probability: float = 0.9, confidence: float = 0.9) -> Percept:
    fine = dict.fromkeys(FINE, 0.01) | {label: probability}
    return replace(sample_percept(), fine=fine, expressed=(label,), valence=valence, arousal=0.0, confidence=confidence)


def path(*values: float) -> Course:
    return course_of([percept(valence=value) for value in values])


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("what should I do?", "advice"),
        ("any advice?", "advice"),
        ("how do I tell my parents", "advice"),
        ("I just need to vent", "only to be heard"),
        ("please don't give me advice, no advice", "only to be heard"),
        ("what time is it?", "a question"),
        ("why does this always happen to me?", "nothing"),
        ("can you believe it?", "nothing"),
        ("my dog died", "nothing"),
        ("", "nothing"),
    ],
)
def test_what_a_message_asks_is_told_from_its_wording(text: str, asks: str) -> None:
    assert asks_of(text) == asks


@pytest.mark.parametrize(
    ("text", "told", "act"),
    [
        ("hi", 1, "greeting"),
        ("hello there!", 1, "greeting"),
        ("hi, my dog died and I don't know what to do with myself", 1, "telling"),
        ("thanks, that helped", 3, "thanks"),
        ("thanks for nothing", 3, "telling"),
        ("bye", 3, "goodbye"),
        ("yeah. anyway i should sleep", 4, "goodbye"),
        ("i need to sleep more but i can't", 4, "telling"),
        ("i need to sleep", 1, "telling"),
        ("yeah", 2, "answer"),
        ("not really", 2, "answer"),
        ("it was raining all the way home", 2, "telling"),
    ],
)
def test_what_a_message_does_is_told_from_its_wording(text: str, told: int, act: str) -> None:
    assert act_of(text, told, event_told=False) == act


def test_safety_comes_before_what_is_asked_and_what_happened() -> None:
    event = Event("success", 0.9, "bright")
    assert need_of(event, "advice", Risk("high"), "what should I do") == "safety"
    assert need_of(event, "advice", Risk(), "what should I do") == "action"
    assert need_of(event, "nothing", Risk(), "leave me alone") == "space"
    assert need_of(event, "nothing", Risk(), "I passed") == "celebration"


def test_a_death_told_in_flat_words_is_still_sad() -> None:
    understanding = understand([Message("My father died on Sunday.")], [percept()], Risk(), asks_identity=False)
    assert understanding.feeling == "grief"
    assert understanding.strength >= 0.6
    assert understanding.cause is not None


def test_a_joke_about_a_late_train_is_not_joy() -> None:
    said = "Oh great, another delay. Just what I needed."
    understanding = understand([Message(said)], [percept("admiration", 0.7)], Risk(), asks_identity=False)
    assert understanding.event.kind == "irritation"
    assert understanding.feeling == "annoyance"


@pytest.mark.parametrize(
    ("weak", "strong"),
    [("I'm a bit sad", "I'm so sad"), ("I am sad", "I am sad!"), ("i am so sad today", "I AM SO SAD TODAY")],
)
def test_how_it_is_put_makes_it_stronger(weak: str, strong: str) -> None:
    low, high = (
        understand([Message(text)], [percept("sadness", -0.8, 0.5)], Risk(), asks_identity=False).strength
        for text in (weak, strong)
    )
    assert low < high


def test_the_course_follows_the_feeling_and_names_its_turn() -> None:
    course = path(-0.8, -0.8, -0.2, 0.6, 0.8)
    assert course.direction == "lifting"
    assert path(0.5, 0.1, -0.6).direction == "sinking"
    assert path(0.3, 0.32, 0.28).direction == "steady"
    assert path(0.0, -0.8, -0.8, 0.8, 0.8).turning_points == (2,)
    assert path(0.1, 0.12, 0.09, 0.11).turning_points == ()


def test_what_could_not_be_read_leaves_the_course_where_it_was() -> None:
    unread = replace(percept(valence=1.0), abstained="symbols")
    assert course_of([percept(valence=-0.5), unread]).valence == pytest.approx((-0.5, -0.5))
    assert course_of([]) == Course((), (), "steady", ())


def test_other_speakers_are_context_and_not_felt_for() -> None:
    said = [Message("I failed my exam"), Message("I passed mine", speaker="other"), Message("good for you")]
    understanding = understand(said, [percept("sadness", -0.6), percept()], Risk(), asks_identity=False)
    assert understanding.told == 2
    assert understanding.event.kind == "failure"


@settings(deadline=None)
@given(st.lists(st.text(alphabet=st.characters(), max_size=60), min_size=1, max_size=4))
def test_any_conversation_is_survived(texts: list[str]) -> None:
    understanding = understand([Message(text) for text in texts], [percept()] * len(texts), Risk(), asks_identity=False)
    assert 0.0 <= understanding.strength <= 1.0
    assert len(understanding.course.valence) == len(texts)
