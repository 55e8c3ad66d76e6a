from __future__ import annotations

from typing import Any

import pytest

from heedful.respond.tone import Tone, tone_of
from heedful.types import Course, Event
from heedful.understand.meant import meant_of
from tests.samples import sample_percept, sample_turn, sample_understanding


def read(text: str, valence: float = 0.0, feeling: str = "neutral", past: Any = (), **changes: Any) -> Tone:
    course = Course((valence,), (0.0,), "steady", ())
    given: dict[str, Any] = {
        "event": Event("none", 0.0),
        "feeling": feeling,
        "strength": 0.5,
        "course": course,
        "told": 1,
        "meant": meant_of(text, sample_percept()),
    }
    return tone_of(sample_understanding(**given | changes), text, past)


@pytest.mark.parametrize(
    ("text", "mood", "shade"),
    [
        ("I'm so scared of the storm", "tense", None),
        ("I am furious, he lied to me", "hot", None),
        ("I am sad and lonely", "low", None),
        ("I am so happy about my new job", "bright", None),
        ("I feel guilty, I lied to my mom", "low", "guilt"),
        ("That was so embarrassing", "low", "embarrassment"),
        ("I am jealous of my friend", "hot", "jealousy"),
        ("There was disgusting mold on it", "hot", "disgust"),
        ("I am so thankful for my wife", "bright", "gratitude"),
        ("I am proud of my daughter", "bright", "pride"),
        ("I found old photos, such memories of my childhood", "flat", "nostalgia"),
        ("I have never cheated on my wife", "bright", "gratitude"),
        ("I walked to the shop", "flat", None),
    ],
)
def test_the_words_tell_the_tone(text: str, mood: str, shade: str | None) -> None:
    assert read(text) == Tone(mood, shade)


def test_a_feeling_that_is_denied_does_not_count() -> None:
    assert read("I was not scared").mood == "flat"


def test_what_follows_but_is_the_point() -> None:
    assert read("I was excited to move, but the place was full of bugs, ugh").mood != "bright"


def test_the_reading_of_the_situation_counts_where_there_is_one() -> None:
    assert read("It happened again", situation={"lonely": 0.9, "joyful": 0.1}).mood == "low"
    assert read("It happened again", situation={"ashamed": 0.9, "joyful": 0.1}) == Tone("low", "guilt")


def test_thanks_after_a_sad_story_are_no_good_cheer() -> None:
    sad = sample_turn(understanding=sample_understanding(event=Event("loss", 0.9, "low")))
    assert read("Okay, that is a good idea", 0.6, past=[sad, sad]).mood == "flat"
    assert read("I'm so happy and excited, I won the award and feel wonderful", 0.9, "joy", [sad, sad]).mood == "bright"


def test_nothing_is_claimed_where_the_network_hears_the_opposite_on_the_whole() -> None:
    words = "I am so happy and excited, I got the job"
    assert read(words, 0.9, "joy", situation={"joyful": 1.0}).mood == "bright"
    assert read(words, 0.9, "joy", situation={"devastated": 1.0}).mood == "flat"


def test_a_known_scene_settles_the_tone() -> None:
    event = Event("jealousy", 0.85, "hot", scene="wish_it_was_me")
    seen = sample_understanding(event=event, told=1, feeling="joy", strength=1.0)
    assert tone_of(seen, "I'm happy for her, I just wish it was me") == Tone("hot", "jealousy")


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("I broke the vase and my parents will be so angry", "tense"),
        ("My boss is furious with me", "low"),
        ("My boss is furious with me and I am so mad about it", "hot"),
        ("I am furious with my boss", "hot"),
    ],
)
def test_the_anger_of_others_is_not_the_persons_own(text: str, mood: str) -> None:
    assert read(text, -0.5, "anger").mood == mood


def test_a_failure_that_makes_others_angry_stays_a_failure() -> None:
    event = Event("failure", 0.9, "low")
    assert read("I failed my exam and my parents will be so angry", -0.5, "anger", event=event).mood == "low"
