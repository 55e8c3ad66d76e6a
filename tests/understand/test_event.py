from __future__ import annotations

import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.errors import ConfigError
from heedful.labels import FINE
from heedful.types import Message, Percept
from heedful.understand.event import FEELING_KINDS, NONE, event_told, find_event, kinds
from heedful.understand.pattern import Patterns
from tests.pace import allowed
from tests.samples import sample_percept

UNREAD = replace(sample_percept(), abstained="nothing was read: the wording alone decides")
Messages = list[dict[str, str]]


def messages(name: str) -> Messages:
    found: Messages = tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))["messages"]
    return found


def percept(label: str, valence: float) -> Percept:
    fine = dict.fromkeys(FINE, 0.01) | {label: 0.9}
    return replace(sample_percept(), fine=fine, expressed=(label,), valence=valence)


def kind_of(text: str, read: Percept = UNREAD) -> str:
    event = event_told(text, read)
    return event.kind if event else NONE


def share_right(labelled: Messages) -> float:
    return sum(kind_of(each["text"]) == each["kind"] for each in labelled) / len(labelled)


def test_the_messages_that_the_patterns_were_made_with_are_told_apart() -> None:
    assert share_right(messages("events.toml")) >= 0.95


def test_messages_that_the_patterns_were_not_made_with_are_mostly_told_apart() -> None:
    # The first run on these was 0.74; a pattern that breaks many of them is no improvement.
    assert share_right(messages("held_out.toml")) >= 0.7


def test_whom_it_is_about_is_found_in_the_persons_own_words() -> None:
    named = [each for each in messages("events.toml") if "who" in each]
    right = sum((event_told(each["text"], UNREAD) or find_event([], [])).who == each["who"] for each in named)
    assert right / len(named) >= 0.85


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I lost my mum in May", "loss"),
        ("I lost my keys", "mishap"),
        ("I lost my job", "job_loss"),
        ("what if I fail my exam tomorrow", "threat"),
        ("I failed my exam", "failure"),
        ("I passed my exam", "success"),
        ("my phone died", "mishap"),
        ("I nearly died laughing", NONE),
        ("I wish I had called before my dad died", "loss"),
        ("the sky is grey", NONE),
    ],
)
def test_near_misses_are_told_apart(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_how_it_reads_speaks_against_a_kind_of_the_opposite_mood() -> None:
    text = "My daughter sang in front of the whole school"
    assert kind_of(text, percept("embarrassment", -0.6)) == "embarrassment"
    assert kind_of(text, percept("pride", 0.8)) != "embarrassment"


def test_an_event_stays_in_force_until_another_is_told() -> None:
    said = [Message(text) for text in ("my dog died last night", "she was fourteen", "ok", "I passed my exam today")]
    read = [percept("grief", -0.8), percept("neutral", 0.0), percept("neutral", 0.0), percept("joy", 0.8)]
    found = [find_event(said[:number], read[:number]) for number in range(1, 5)]
    assert [event.kind for event in found] == ["pet_loss", "pet_loss", "pet_loss", "success"]
    assert [event.message for event in found] == [0, 0, 0, 3]


@pytest.mark.parametrize("kind", sorted(FEELING_KINDS))
def test_a_clear_feeling_without_an_event_is_a_kind_of_its_own(kind: str) -> None:
    label = FEELING_KINDS[kind][0]
    event = find_event([Message("it is one of those things again")], [percept(label, 0.8 if kind == "joy" else -0.8)])
    assert event.kind == kind


def test_every_kind_is_whole() -> None:
    assert {*FEELING_KINDS, NONE} < set(kinds())
    assert all(kind.about for kind in kinds().values())


@pytest.mark.parametrize("pattern", ["(a+)+", "x.*y", "(", "", "<nobody_knows>"])
def test_a_pattern_that_is_wrong_or_slow_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(ConfigError, match=r"events\.toml, \[loss\]"):
        Patterns([("events.toml, [loss]", pattern)]).compiled(0)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_survived_and_spans_lie_within_it(text: str) -> None:
    event = find_event([Message(text)], [UNREAD])
    if event.span:
        assert text[event.span.start : event.span.end] == event.span.text


@pytest.mark.parametrize(
    "text", ["a " * 50_000, "my mum " * 20_000, "I lost my " * 10_000, "." * 100_000, "," * 100_000]
)
def test_long_texts_take_time_in_proportion(text: str) -> None:
    start = time.process_time()
    event_told(text, UNREAD)
    assert time.process_time() - start < allowed(5.0)


@pytest.mark.parametrize(
    ("held", "said", "read", "kind"),
    [
        ("I lost my job", "I was okay with the previous manager", percept("neutral", 0.1), "job_loss"),
        ("I lost my job", "Thank you, I really appreciate your advice", percept("gratitude", 0.7), "job_loss"),
        ("I lost my job", "I got a new job!", percept("joy", 0.8), "good_news"),
        ("I lost my job", "I feel so sad", percept("sadness", -0.7), "job_loss"),
        ("I lost my job", "My mom died on Sunday", percept("grief", -0.8), "loss"),
        ("I passed my exam", "I lost my job today", percept("sadness", -0.5), "job_loss"),
        ("My dog died", "it is one of those things", percept("anger", -0.7), "pet_loss"),
        ("My dog died", "it is one of those things", percept("joy", 0.8), "joy"),
        ("My dog died", "thanks, you are so helpful", percept("joy", 0.8), "pet_loss"),
    ],
)
def test_an_event_in_force_gives_way_only_to_one_that_is_told_clearly(
    held: str, said: str, read: Percept, kind: str
) -> None:
    first = percept("joy", 0.8) if "passed" in held else percept("sadness", -0.6)
    assert find_event([Message(held), Message(said)], [first, read]).kind == kind


def test_love_beside_something_that_hurts_is_no_joy() -> None:
    torn = percept("love", 0.1)
    assert find_event([Message("I love it so much and it is all falling apart")], [torn]).kind != "joy"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("My grandpa passed this morning.", "loss"),
        ("The cancer took my mother in the end.", "loss"),
        ("It's my first Christmas without my mum.", "loss"),
        ("Dad's gone fishing.", NONE),
        ("My husband is gone to work.", NONE),
        ("They picked someone else for the role.", "failure"),
        ("They selected someone else's photo for the cover.", NONE),
        ("I got an F in chemistry even though I studied every night.", "failure"),
        ("I tried to quit smoking and failed.", "failure"),
        ("The hours are wasted in meetings.", NONE),
        ("I finally defended my PhD.", "success"),
        ("We closed our biggest deal ever.", "success"),
        ("We closed our account at the bank.", NONE),
        ("They picked my design!", "success"),
        ("I finally told my boss no.", "success"),
    ],
)
def test_wordings_that_were_once_missed_or_overheard(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("first", "then", "kind"),
    [
        ("I yelled at my kid this morning", "she spilled milk on my laptop", "guilt"),
        ("my mom has cancer", "I don't know if I should quit my job and go", "illness_other"),
    ],
)
def test_what_adds_to_a_grave_event_does_not_take_its_place(first: str, then: str, kind: str) -> None:
    said = [Message(first), Message(then)]
    assert find_event(said, [percept("sadness", -0.6), percept("annoyance", -0.4)]).kind == kind


def test_laughing_at_a_mess_does_not_end_good_news() -> None:
    said = [Message("I got a puppy!!!"), Message("he peed on everything already haha")]
    assert find_event(said, [percept("joy", 0.8), percept("disgust", -0.4)]).mood == "bright"


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("mom called. its cancer", "news_of_diagnosis"),
        ("they said it's cancer", "serious_diagnosis"),
        ("my cat isnt eating", "pet_ill"),
        ("my sister is moving to canada", "family_moving"),
        ("my boyfriend wants kids and i dont", "want_different"),
        ("applied to 80 jobs. zero interviews", "job_hunt"),
        ("i dont know how i feel about it", "mixed_feelings"),
        ("im so tired of everything", "worn_out"),
    ],
)
def test_a_situation_is_known_closely(text: str, scene: str) -> None:
    told = event_told(text, UNREAD)
    assert told is not None
    assert told.scene == scene


@pytest.mark.parametrize(
    "text", ["my wife doesnt know yet", "im happy for her", "i forgot our anniversary", "second try!!"]
)
def test_a_plain_remark_is_not_taken_for_a_situation(text: str) -> None:
    told = event_told(text, UNREAD)
    assert told is None or told.scene is None
