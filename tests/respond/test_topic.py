from __future__ import annotations

import pytest

from heedful.errors import ConfigError
from heedful.respond.topic import read_topics, topic_of, topics


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my dog had to go to the vet", "vet"),
        ("My dog learned a trick", "dog"),
        ("I failed my driving test", "driving_test"),
        ("I failed my math test", "exam"),
        ("my mother-in-law sent us a letter", "family"),
        ("I was running late", None),
        ("I have a court date", None),
    ],
)
def test_what_is_particular_comes_before_what_is_common(text: str, name: str | None) -> None:
    found = topic_of([text])
    assert (found.name if found else None) == name


def test_the_clause_that_is_answered_comes_before_the_rest() -> None:
    found = topic_of(["my cat is ill", "My dog is well and my cat is ill"])
    assert found is not None
    assert found.name == "cat"


def test_someone_who_died_is_spoken_of_in_the_past() -> None:
    (dog,) = [topic for topic in topics() if topic.name == "dog"]
    assert all(" is " not in phrase.text for phrase in dog.phrases("ask", "low", loss=True))
    assert dog.phrases("ask", "low") != dog.phrases("ask", "low", loss=True)


def test_every_topic_has_something_to_ask_or_say_in_some_mood() -> None:
    for topic in topics():
        assert any(topic.phrases("ask", mood) for mood in ("low", "tense", "hot", "bright", "flat")), topic.name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[dog", "topics.toml is not TOML"),
        ("[dog]\n", r"\[dog\]: expected words"),
        ('[dog]\nwords = "dog"\n[dog.sour]\nask = []', r"\[dog\.sour\]: expected one of"),
        ('[dog]\nwords = "dog"\n[dog.low]\nshout = []', r"\[dog\.low\]: expected one of"),
    ],
)
def test_a_broken_topic_is_named(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_topics(text)


def test_what_is_asked_of_ones_own_is_not_asked_about_anybodys() -> None:
    mine, theirs = topic_of(["my little dog barked all night"]), topic_of(["some dog barked all night"])
    assert mine is not None
    assert mine.name == "dog"
    assert theirs is None or theirs.name != "dog"
