"""Attempts to slip a crisis past the guard, and to make it cry wolf."""

from __future__ import annotations

import random
import statistics
import time
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.errors import ConfigError
from heedful.guard.crisis import KINDS, assess, by_rules, examine, read_resources, resources
from heedful.guard.pack import read
from heedful.guard.scan import LEVELS
from heedful.types import Risk

PROBES = tomllib.loads(Path(__file__).with_name("probes.toml").read_text(encoding="utf-8"))

PLAIN = [
    ("I want to die", "suicide"),
    ("i want to kill myself", "suicide"),
    ("I'm going to end my life tonight", "suicide"),
    ("everyone would be better off without me", "suicide"),
    ("I wish I could go to sleep and never wake up", "suicide"),
    ("I took all my pills", None),
    ("I've got the pills in front of me and I'm going to take them", "suicide"),
    ("my friend says she wants to kill herself", "suicide"),
    ("I keep cutting myself", "self-harm"),
    ("my husband hits me", "abuse"),
    ("he's going to kill me, he has a knife", "violence"),
    ("my chest hurts and my left arm is numb", "medical emergency"),
    ("my stepdad touches me at night and I'm 12", "child at risk"),
]
EVASIONS = [
    "I want to k1ll myself",
    "i wanna kms",
    "I want to k i l l myself",
    "I want to k.i.l.l myself",
    "I want to ki\u200bll my\u200bself",
    "I want to kіll myself",  # a Cyrillic letter
    "I WANT TO KILL MYSELF!!!",
    "i want to killllll myself",
    "I want to 𝓴𝓲𝓵𝓵 myself",
    "i want to unalive myself",
    "I dont want to live anymore",
    "I don’t want to be alive anymore",
    "im going to comit sucide",
]
LANGUAGES = [
    "quiero morir",
    "me quiero matar",
    "je veux mourir",
    "je veux me tuer",
    "ich will sterben",
    "ich will mich umbringen",
    "quero morrer",
    "quero me matar",
    "voglio morire",
    "voglio uccidermi",
    "死にたい",
    "自殺したい",
]
NEAR_MISSES = [
    "this traffic is killing me",
    "I could murder a pizza right now",
    "I'm dying to see you",
    "kill it at the interview!",
    "shoot me an email when you're done",
    "I nearly died laughing",
    "my phone died again",
    "I feel so sad today",
    "I miss her so much it hurts",
    "I cried all night",
    "my grandmother died last night",
    "I'd kill for a coffee",
    "this job is going to be the death of me",
    "he killed the process and restarted the server",
    "that was a killer workout",
    "I'm dead tired",
    "how do I kill weeds in the garden?",
    "the suicide squad movie was bad",
    "I would never kill myself",
    "what if I don't wake up from the operation",
    "I'm having heart surgery and I keep thinking about not waking up",
    "I want to die my hair purple",
]


def dangerous(text: str) -> bool:
    return assess(text, Risk()).level in {"high", "imminent"}


@pytest.mark.parametrize(("text", "kind"), PLAIN)
def test_danger_is_noticed_and_named(text: str, kind: str | None) -> None:
    risk = assess(text, Risk())
    assert risk.level in {"high", "imminent"}, text
    assert kind is None or risk.kind == kind
    assert risk.findings
    assert all(finding.why for finding in risk.findings)


@pytest.mark.parametrize("text", EVASIONS)
def test_disguise_does_not_hide_it(text: str) -> None:
    assert dangerous(text), text


@pytest.mark.parametrize("text", LANGUAGES)
def test_the_core_phrases_are_known_in_other_languages(text: str) -> None:
    assert dangerous(text), text


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_idioms_sadness_and_news_do_not_alarm(text: str) -> None:
    assert not dangerous(text), assess(text, Risk())


def test_tonight_is_more_pressing_than_a_wish() -> None:
    assert assess("I'm going to kill myself tonight", Risk()).level == "imminent"
    assert assess("I want to die", Risk()).level == "high"


def test_passive_words_are_worth_a_question() -> None:
    text = "I don't think anybody would notice if I was gone"
    assert by_rules(text).level == "concern"
    assert assess(text, Risk()).level != "none"


def test_a_crisis_stays_in_force_until_the_person_says_that_they_are_safe() -> None:
    crisis = assess("I want to die", Risk())
    later = assess("my cat sat on my lap", crisis)
    assert (later.level, later.carried) == ("high", True)
    safe = assess("I'm safe now, my sister is here with me", later)
    assert safe.level == "concern"
    assert assess("ok", safe).level == "concern"
    assert assess("I want to kill myself", safe).carried is False


@pytest.mark.parametrize("country", ["US", "GB", "de", "uk", "", "XX", "ZA"])
@pytest.mark.parametrize("kind", [*KINDS, None, "something else"])
def test_there_is_always_somebody_to_turn_to(kind: str | None, country: str) -> None:
    near = resources(kind, country, level="imminent")
    assert 1 <= len(near) <= 3
    assert all(each.name and each.contact and each.hours and each.url.startswith("https://") for each in near)


def test_the_emergency_number_comes_first_when_it_is_pressing() -> None:
    assert "999" in resources("suicide", "GB", level="imminent")[0].contact
    assert "999" in resources("medical emergency", "GB")[0].contact
    assert "116 123" in resources("suicide", "GB")[0].contact


def test_resources_of_a_kind_come_before_the_general_ones_and_a_heart_gets_no_listening_line() -> None:
    assert "233" in resources("abuse", "US")[0].contact
    assert [each.contact for each in resources("medical emergency", "GB")][:1] == ["call 999"]
    assert all("116 123" not in each.contact for each in resources("medical emergency", "GB"))


def test_every_country_has_an_emergency_number_and_somebody_for_whatever_it_is() -> None:
    found = read_resources(read("resources.toml"), "resources.toml")
    wanted = "US CA GB IE AU NZ DE AT CH FR ES PT IT NL BE SE NO DK FI PL JP IN BR MX ZA *".split()
    assert sorted(found) == sorted(wanted)
    for country, entries in found.items():
        kinds = [kind for entry in entries for kind in entry.kinds]
        assert kinds.count("emergency") == 1, country
        assert "any" in kinds, country
        for entry in entries:
            assert entry.source.startswith("https://")
            assert date(2026, 1, 1) <= entry.checked <= datetime.now(tz=UTC).date()


ENTRY = {
    "country": "*", "kinds": ["any"], "name": "A Line", "contact": "call 1", "hours": "24 hours",
    "url": "https://example.org", "source": "https://example.org", "checked": date(2026, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"kinds": ["sorrow"]}, "kinds"),
        ({"kinds": []}, "kinds"),
        ({"contact": ""}, "contact"),
        ({"checked": "yesterday"}, "checked"),
        ({"phone": "1"}, "phone"),
        ({"country": "US"}, "international"),
    ],
)
def test_a_malformed_resource_names_file_and_key(changes: dict[str, object], key: str) -> None:
    with pytest.raises(ConfigError, match=rf"mine\.toml.*{key}"):
        read_resources({"resource": [ENTRY | changes]}, "mine.toml")


@pytest.mark.parametrize("probe", PROBES["crisis"], ids=lambda probe: probe["text"][:60])
def test_a_probe_is_noticed_at_its_level_and_kind(probe: dict[str, str]) -> None:
    risk = assess(probe["text"], Risk())
    assert LEVELS.index(risk.level) >= LEVELS.index(probe["level"]), risk
    assert risk.kind == probe.get("kind", risk.kind)


@pytest.mark.parametrize("text", [text for group in PROBES["near"] for text in group["texts"]])
def test_a_near_miss_does_not_alarm_the_rules_at_all(text: str) -> None:
    assert by_rules(text).level == "none", examine(text)


def test_both_layers_together_alarm_at_one_in_a_hundred_near_misses_at_most() -> None:
    texts = [text for group in PROBES["near"] for text in group["texts"]]
    alarms = [text for text in texts if assess(text, Risk()).level != "none"]
    assert len(alarms) <= 0.01 * len(texts), alarms


@pytest.mark.parametrize(
    "text",
    [
        "I'm in recovery, clean for two years, but I want to die",
        "I tried to kill myself years ago. I want to die again.",
        "I'd never kill myself, but tonight I'm going to kill myself",
        "In my novel the hero dies. I want to kill myself.",
        "lol everyone laughed at school. I want to kill myself",
        "I'm not going to kill you, I'm going to kill myself",
        "Everyone thinks I'm fine but I tried to kill myself",
        "I tried to kill myself last week but I'm okay now",
        "I can't promise I won't kill myself",
        "I would never hurt anyone but myself, and I want to die",
        "I want to die and this traffic is killing me",
    ],
)
def test_what_excuses_one_thing_does_not_excuse_another(text: str) -> None:
    assert dangerous(text), examine(text)


def test_what_was_long_ago_is_still_worth_a_question() -> None:
    assert assess("I tried to kill myself ten years ago", Risk()).level == "concern"


def test_an_excused_find_can_be_looked_up_with_its_excuse() -> None:
    (match,) = examine("I would never kill myself")
    assert (match.finding.rule, match.level) == ("suicide.act", "none")
    assert match.excuse is not None
    assert match.excuse.why


@pytest.mark.parametrize(
    "said",
    [
        "I'm not safe now",
        "I wish I was safe",
        "am I safe?",
        "I'd feel safer dead",
        "if only I were safe",
        "they say I'm safe",
    ],
)
def test_words_about_safety_that_do_not_say_so_keep_the_alarm(said: str) -> None:
    assert assess(said, assess("I want to die", Risk())).level in {"high", "imminent"}


@pytest.mark.parametrize(
    "said",
    ["I'm safe now", "I am at the hospital now", "the ambulance is here", "I called 988 and we talked",
     "I feel safer now", "I gave the pills to my sister"],
)  # fmt: skip
def test_once_the_person_is_safe_it_is_a_concern_for_the_rest_of_the_talk(said: str) -> None:
    safe = assess(said, assess("I'm going to kill myself tonight", Risk()))
    assert (safe.level, safe.kind, safe.carried) == ("concern", "suicide", True)
    assert assess("what a day", safe).level == "concern"


def test_a_crisis_does_not_sink_to_the_level_of_a_later_message() -> None:
    imminent = assess("I'm going to kill myself tonight", Risk())
    later = assess("I can't do this anymore", imminent)
    assert (later.level, later.carried) == ("imminent", True)
    assert {finding.rule for finding in later.findings} >= {"suicide.now", "suicide.hopeless"}


def test_a_mere_concern_does_not_last() -> None:
    concern = assess("I feel like a burden to everyone", Risk())
    assert (concern.level, concern.carried) == ("concern", False)
    assert assess("we had soup", concern).level == "none"


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_is_survived(text: str) -> None:
    assert assess(text, Risk()).level in {"none", "concern", "high", "imminent"}


MEGABYTE = 1_000_000
WORDS = (
    "i to my me he she they want will is are was not do the a of and in on for with have had would can going never kill"
)


def scrambled(words: str, seed: int) -> str:
    choose = random.Random(seed)
    return " ".join(choose.choice(words.split()) + choose.choice(["", "", "", "."]) for _ in range(MEGABYTE // 4))[
        :MEGABYTE
    ]


def gibberish(signs: str, seed: int) -> str:
    choose = random.Random(seed)
    words = ("".join(choose.choices(signs, k=choose.randrange(4, 12))) for _ in range(MEGABYTE // 8))
    return " ".join(words)[:MEGABYTE]


HOSTILE = {
    "one word": "kill " * (MEGABYTE // 5),
    "spaced letters": "k i l l " * (MEGABYTE // 8),
    "dotted letters": "k." * (MEGABYTE // 2),
    "single letters": "i " * (MEGABYTE // 2),
    "beginnings": "i want to " * (MEGABYTE // 10),
    "near misses": "this traffic is killing me. " * (MEGABYTE // 28),
    "a thousand near misses": " ".join(
        f"I would never kill {'so ' * (n % 40)} {n} myself." for n in range(MEGABYTE // 80)
    ),
    "one letter": "a" * MEGABYTE,
    "no blanks": "killmyselfiwantto" * (MEGABYTE // 17),
    "brackets": "((" * (MEGABYTE // 2),
    "asterisks": "k*ll*" * (MEGABYTE // 5),
    "blanks": " \n" * (MEGABYTE // 2),
    "scrambled": scrambled(WORDS, 1),
    "strange words": gibberish("killmyseftodayn", 1),
    "strange signs": gibberish("kilmyseft.*1!-", 1),
}
SLOWEST = {"scrambled", "strange words", "strange signs"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_made_to_be_slow_takes_about_a_second_at_most(name: str) -> None:
    assess("warm", Risk())
    most = 2.0 if name in SLOWEST else 1.0  # for a slow core; a quiet one stays below a second
    assert least_seconds(lambda: assess(HOSTILE[name], Risk()), enough=most) <= most


SCRIPTS = {
    "look-alikes": "кіll mуѕеlf ",
    "Japanese": "死にたく",
    "zero-width": "k\u200bi",
    "accents": "é\u0301",
    "emoji": "\U0001f62d",
    "emoji and words": "I want \U0001f622 to go \u00e9 ",
    "full width": "\uff4b\uff49\uff4c\uff4c ",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_megabyte_of_any_script_takes_at_most_a_second(script: str) -> None:
    assess("warm \U0001f622", Risk())
    text = SCRIPTS[script] * (MEGABYTE // len(SCRIPTS[script].encode()))
    assert least_seconds(lambda: assess(text, Risk()), enough=1.0) <= 1.0


TOLD = [
    "My cousin overdosed and died last week",
    "my brother killed himself two years ago",
    "we lost her to suicide",
    "My uncle died of an overdose in March",
    "her son hanged himself last month and I don't know what to say to her",
    "I'm a nurse and a patient overdosed today",
    "as a paramedic I saw three overdoses this week",
    "There was a report on the news about a singer who overdosed",
    "I watched a film where the hero takes his own life",
]


@pytest.mark.parametrize("text", TOLD)
def test_a_death_that_is_told_and_a_day_at_work_are_no_emergency(text: str) -> None:
    assert assess(text, Risk()).level in ("none", "concern")


@pytest.mark.parametrize("text", ["my brother killed himself two years ago", "we lost her to suicide"])
def test_the_loss_of_somebody_by_suicide_is_a_concern(text: str) -> None:
    assert assess(text, Risk()).level == "concern"


@pytest.mark.parametrize(
    "text",
    [
        "My cousin overdosed and is on the floor not breathing",
        "my brother killed himself two years ago and I want to join him",
        "I'm a nurse and I took all the pills from the ward",
        "she overdosed last week and died, I'm going to do the same",
        "my friend overdosed, what do I do",
        "we lost her to suicide and now I want to die too",
        "I'm a nurse, my flatmate overdosed and won't wake up",
    ],
)
def test_a_loss_or_a_profession_hides_no_danger(text: str) -> None:
    assert assess(text, Risk()).level in ("high", "imminent")


@pytest.mark.parametrize(
    "text",
    [
        "I lost everything at poker and I want to die",
        "he beats me when he loses at chess",
        "I'm writing a story and I want to kill myself tonight",
        "lol I'm going to kill myself tonight and nobody will care",
        "my dog died and I want to go with him, I have the pills ready",
        "not joking, I'd rather die than go back to that house",
        "I won't kill myself until my cat dies",
        "I'm not going to hurt anyone but myself",
        "I never said I wouldn't kill myself",
        "he has never hit me before last night",
        "Please help, he is not breathing, what if he's dead",
    ],
)
def test_what_excuses_a_find_elsewhere_swallows_no_danger(text: str) -> None:
    assert assess(text, Risk()).level in ("high", "imminent")


@pytest.mark.parametrize(
    "text",
    [
        "My brother beat me at chess again",
        "My character died again, I keep jumping off the cliff",
        "I nearly jumped out of my skin",
        "Sorry it didn't work for you",
        "I wish it had worked out differently",
        "What are those baby blue things?",
        "I decided to end my subscription",
        "They say they hate each other but they work well together",
        "The lesson is to not take four ibuprofen",
        "He has never hit me",
    ],
)
def test_everyday_words_that_only_share_words_with_danger_alarm_nobody(text: str) -> None:
    assert by_rules(text).level in ("none", "concern")


def test_a_message_of_twenty_words_takes_a_millisecond() -> None:
    said = [
        f"so {n} of us went to the lake and I told my sister that I would never kill time like this again"
        for n in range(50)
    ]
    for text in said:
        assess(text, Risk())
    assert statistics.median(least_seconds(lambda text=text: assess(text, Risk())) for text in said) <= 0.001


def test_what_stands_at_the_very_end_of_a_long_text_is_noticed() -> None:
    assert assess(scrambled(WORDS, 2) + ". I took all my pills", Risk()).level == "imminent"


def least_seconds(call: Callable[[], object], enough: float = 0.0) -> float:
    """Return the least processor time of up to three calls, whatever else the machine is doing; `enough` ends it."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        call()
        seconds.append(time.process_time() - start)
        if seconds[-1] <= enough:
            break
    return min(seconds)


@pytest.mark.parametrize(
    "said",
    [
        "I want to kill myself at work",
        "I'm going to kill myself in the gym bathroom",
        "I want to kill myself to get away from this",
        "I took all my pills at work",
        "I took all the pills with coffee at home",
        "I don't see the point of waking up anymore",
    ],
)
def test_a_place_or_a_reason_makes_no_figure_of_speech_of_a_danger(said: str) -> None:
    assert assess(said, Risk()).level in {"high", "imminent"}


@pytest.mark.parametrize(
    "said",
    ["I've been killing myself at work", "I took all the cookies home", "I'm killing myself to get it done by Friday"],
)
def test_a_figure_of_speech_alarms_nobody(said: str) -> None:
    assert assess(said, Risk()).level == "none"
