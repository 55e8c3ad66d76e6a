from __future__ import annotations

import pytest

from heedful.errors import ConfigError
from heedful.respond.lint import rules
from heedful.respond.scene import read_scene_words, scene_words
from heedful.types import Insight, Message
from heedful.understand.event import kinds, weigh
from heedful.understand.listen import event_heard
from heedful.understand.scene import is_whole, read_scene, scenes
from tests.samples import sample_percept

SEEN = sample_percept()


def scene_of(text: str) -> str | None:
    told = weigh(text, SEEN)
    return told[0].scene if told else None


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("I got my results back and it's MS", "serious_diagnosis"),
        ("i hate how i look", "body_image"),
        ("my biopsy came back clean!!!", "all_clear"),
        ("Nobody came to my birthday party. I bought cake for twelve.", "nobody_came"),
        ("Great, another Monday, another system outage. Love my job.", "sarcastic_trouble"),
        ("My best friend is pregnant and I'm happy for her, I just wish it was me", "wish_it_was_me"),
        ("My husband's been sober six months and last night I found a bottle", "relapse_found"),
        ("the promotion I was promised went to the boss's nephew", "passed_over"),
        ("I saw a kid give his lunch to a homeless man today", "witnessed_kindness"),
        ("rent's due friday and i've got 80 bucks", "broke"),
        ("My son came out to me last night. I hugged him.", "came_out"),
        ("the doctor still hasn't called with the results", "waiting_results"),
        ("we're putting our dog down tomorrow", "pet_goodbye"),
        ("They're making me train my own replacement", "train_replacement"),
        ("I ate a whole pizza and regret nothing", "tiny_mischief"),
    ],
)
def test_a_situation_is_known_by_how_it_is_told(text: str, scene: str) -> None:
    assert scene_of(text) == scene


@pytest.mark.parametrize(
    "text",
    [
        "I won't go there again.",
        "They charged me twice for the same order.",
        "I love my job so much.",
        "My sister made dinner.",
        "The meeting is at nine.",
    ],
)
def test_what_only_sounds_like_a_situation_is_none(text: str) -> None:
    assert scene_of(text) is None


def test_a_death_comes_before_every_other_situation() -> None:
    told = weigh("my mom passed away two weeks ago and I can't stop crying", SEEN)
    assert told is not None
    assert told[0].kind == "loss"


def test_what_has_to_stand_elsewhere_in_the_message_is_looked_for() -> None:
    assert is_whole("bad_timing", "My car won't start and I have an interview.")
    assert not is_whole("bad_timing", "My car won't start.")
    assert is_whole("body_image", "anything")


def test_every_scene_has_words_and_a_kind_and_cheers_only_where_people_are_glad() -> None:
    assert set(scenes()) == set(scene_words())
    for name, scene in scenes().items():
        mood = scene.mood or kinds()[scene.kind].mood
        cheers = any("!" in phrase.text for many in scene_words()[name].values() for phrase in many)
        assert not cheers or mood == "bright", name
    bright = {name for name, scene in scenes().items() if (scene.mood or kinds()[scene.kind].mood) == "bright"}
    assert set(rules()["bright_scenes"]) <= bright


def test_a_bright_scene_that_the_network_does_not_hear_is_dropped_unless_it_is_firm() -> None:
    dark = Insight(situation={"devastated": 0.9, "joyful": 0.1})
    won = weigh("I won a pair of tickets.", SEEN)
    clear = weigh("my biopsy came back clean", SEEN)
    assert won is not None
    assert clear is not None
    doubted = event_heard(won[0], Message("I won a pair of tickets."), 1, dark)
    assert doubted.scene is None
    assert doubted.confidence <= 0.4
    assert event_heard(clear[0], Message("my biopsy came back clean"), 1, dark).scene == "all_clear"
    glad = Insight(situation={"joyful": 1.0})
    assert event_heard(won[0], Message("I won a pair of tickets."), 1, glad).scene == "won"


@pytest.mark.parametrize(
    ("table", "told"),
    [({"kind": "loss"}, r"\[ball\]"), ({"kind": "loss", "patterns": ["x"], "mood": "sour"}, r"\[ball\]")],
)
def test_a_broken_scene_is_named(table: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read_scene("ball", table)


@pytest.mark.parametrize(
    ("text", "told"),
    [("[ball", "is not TOML"), ('[ball]\nopen = ["Oh."]', r"\[ball\]: expected open, say, ask")],
)
def test_broken_words_of_a_scene_are_named(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read_scene_words(text)
