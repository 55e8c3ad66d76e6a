from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docs.learners import KINDS, converse
from docs.practise import best, contradictions, gaining
from heedful.errors import InputError
from heedful.judge.base import Judge
from heedful.practise.pack import scenario, scenarios
from heedful.practise.partner import LONGEST, answer
from heedful.practise.scenario import LEVELS, Level, Scenario
from heedful.practise.session import Session


def talk(judge: Judge, of: Scenario, *said: str, level: Level = "cooperative") -> Session:
    session = Session.begin(of, level, "1")
    for each in said:
        session = answer(judge, of, session, each)
    return session


@pytest.mark.parametrize("level", LEVELS)
def test_the_attentive_learner_ends_above_every_other_kind(judge: Judge, level: Level) -> None:
    chosen = [scenario(name) for name in ("biopsy", "noise", "class_clown", "passed_over")]
    ended = {kind: [converse(judge, None, each, level, kind) for each in chosen] for kind in KINDS}
    assert len(best(ended)) == len(chosen)
    assert gaining(ended, "parrot") == gaining(ended, "keyword-stuffer") == []
    for kind in KINDS:
        for session, of in zip(ended[kind], chosen, strict=True):
            assert contradictions(session, of) == []


def test_being_understood_opens_and_a_question_is_answered(judge: Judge, biopsy: Scenario) -> None:
    session = talk(judge, biopsy, "Waiting until Thursday must be frightening. What are the nights like?")
    assert session.told == ("night",)
    assert session.state.openness > Session.begin(biopsy, "cooperative", "1").state.openness


def test_what_they_are_not_ready_for_stays_untold_however_it_is_asked(judge: Judge, biopsy: Scenario) -> None:
    session = talk(judge, biopsy, "What are you hoping to be there for?")
    assert session.told == ()


@pytest.mark.parametrize(
    ("said", "effect"),
    [
        ("You should call your wife and tell her.", "advised"),
        ("It's probably nothing, don't worry.", "hurt"),
        ("At least you have your health. It could be worse.", "hurt"),
        ("I hear you. Your feelings are valid. I'm here for you. You are not alone.", "formula"),
        ("I know exactly how you feel.", "hurt"),
        ("When was it? Who did it? What did they say?", "questioned"),
        ("You're amazing! You are a hero.", "flattered"),
        ("", "silence"),
        ("mm", "silence"),
        ("So you're only resting your legs. Lovely and warm in this corridor.", "echoed"),
    ],
)
def test_each_clumsiness_is_felt_as_what_it_is(judge: Judge, biopsy: Scenario, said: str, effect: str) -> None:
    session = talk(judge, biopsy, said)
    assert session.exchanges[0].effects == (effect,)
    assert session.state.openness <= 0.28


def test_the_same_kind_words_again_gain_nothing(judge: Judge, biopsy: Scenario) -> None:
    said = "Not knowing until Thursday sounds frightening."
    once, twice = talk(judge, biopsy, said), talk(judge, biopsy, said, said)
    assert twice.state.openness <= once.state.openness


def test_a_slip_can_be_repaired(judge: Judge, biopsy: Scenario) -> None:
    slip = "You should try to sleep more."
    left = talk(judge, biopsy, slip, "Waiting until Thursday must be frightening.")
    repaired = talk(judge, biopsy, slip, "I'm sorry, I jumped ahead. Waiting until Thursday must be frightening.")
    assert "repaired" in repaired.exchanges[-1].effects
    assert repaired.state.trust > left.state.trust


def test_who_is_hurt_again_and_again_goes_and_then_it_is_over(judge: Judge, biopsy: Scenario) -> None:
    session = talk(judge, biopsy, *("It's probably nothing.", "Don't worry.", "Think positive!"), level="guarded")
    assert session.ending == "left"
    with pytest.raises(InputError, match="is over"):
        answer(judge, biopsy, session, "Wait!")


def test_levels_differ_from_the_first_word(judge: Judge, biopsy: Scenario) -> None:
    said = "How are you doing today?"
    answers = {level: talk(judge, biopsy, said, level=level).person_said for level in LEVELS}
    assert len({each[0] for each in answers.values()}) == len(LEVELS)
    assert answers["angry"][1] in biopsy.lines["angry"] or "clock" in answers["angry"][1]


def test_more_than_anybody_takes_in_is_refused(judge: Judge, biopsy: Scenario) -> None:
    with pytest.raises(InputError, match="characters at once"):
        talk(judge, biopsy, "x" * (LONGEST + 1))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=200), min_size=1, max_size=12), st.sampled_from(sorted(LEVELS)))
def test_whatever_is_said_the_person_stays_themselves(judge: Judge, said: list[str], level: Level) -> None:
    of = scenarios()[0]
    session = Session.begin(of, level, "1")
    for each in said:
        if session.ending is None:
            session = answer(judge, of, session, each)
    assert contradictions(session, of) == []
    assert 0.0 <= session.state.openness <= 1.0
    assert Session.from_dict(session.to_dict()) == session
