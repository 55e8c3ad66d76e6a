from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any, get_args

import pytest

from heedful.norm import Norm
from heedful.respond.plan import make_plan
from heedful.respond.strategy import choose, plans
from heedful.types import (
    Appraisal,
    Course,
    Event,
    Finding,
    Mismatch,
    Mood,
    Plan,
    Question,
    Risk,
    Strategy,
    Turn,
    Understanding,
)
from heedful.understand.event import kinds
from heedful.understand.packs import norm_for
from tests.samples import sample_turn, sample_understanding

SETTINGS = ("companion", "customer_service", "health_support", "education", "workplace")
BASE = norm_for("companion")


def told(kind: str, **changes: Any) -> Understanding:
    event = Event(kind, 0.9, kinds()[kind].mood, message=changes.get("told", 1) - 1)
    return sample_understanding(event=event, **changes)


def plan_for(understanding: Understanding, past: list[Turn] | None = None, norm: Norm = BASE) -> Plan:
    return make_plan(understanding, past or [], disclose=False, resources=(), norm=norm)


def talk(kind: str, turns: int, norm: Norm = BASE, **changes: Any) -> list[Plan]:
    """Return the plans of a conversation in which somebody goes on about one thing."""
    past: list[Turn] = []
    for number in range(1, turns + 1):
        understanding = told(kind, told=number, **changes)
        past.append(sample_turn(understanding=understanding, plan=plan_for(understanding, past, norm)))
    return [turn.plan for turn in past]


def course(direction: str) -> Course:
    return Course((0.0,), (0.0,), direction, ())


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("culture", ["", "direct", "reserved", "family", "faith"])
@pytest.mark.parametrize("kind", ["loss", "pet_loss"])
def test_grief_is_met_with_condolence_and_an_offer_and_never_with_advice(setting: str, culture: str, kind: str) -> None:
    plans_made = talk(kind, 8, norm_for(setting, culture), asks="nothing")
    assert plans_made[0].strategies[0] == "console"
    assert "encourage" in plans_made[0].strategies
    for plan in plans_made:
        assert "suggest" not in plan.strategies
        assert {"advice", "exclamation", "silver lining"} <= set(plan.must_not)
        assert plan.tone == "gentle"
    norm = norm_for(setting, culture)
    first = plan_for(told(kind, asks="advice"), norm=norm)
    assert first.strategies[0] == "console"
    assert "suggest" not in first.strategies
    heard = [sample_turn(plan=first)]
    assert "suggest" in plan_for(told(kind, asks="advice", told=2), heard, norm).strategies


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("kind", ["success", "good_news", "recovery"])
def test_a_win_is_celebrated_without_turning_to_the_negative(setting: str, kind: str) -> None:
    for number, plan in enumerate(talk(kind, 5, norm_for(setting))):
        assert number or plan.strategies[0] == "celebrate"
        assert not {"console", "suggest", "validate"} & set(plan.strategies)
        assert "be careful" in plan.avoid


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_failure_is_consoled_and_then_what_was_learned_is_named(setting: str) -> None:
    strategies = plan_for(told("failure"), norm=norm_for(setting)).strategies
    assert strategies[0] == "console"
    assert strategies[-1] == "encourage"


def test_anger_at_a_company_is_acknowledged_owned_and_led_to_a_next_step() -> None:
    plan = plan_for(told("service"), norm=norm_for("customer_service"))
    assert (plan.strategies[0], plan.strategies[-1]) == ("validate", "suggest")
    assert "own the problem" in plan.must
    assert (plan.setting, plan.formality) == ("customer_service", "formal")
    assert "own the problem" not in plan_for(told("service")).must
    assert "own the problem" not in plan_for(told("betrayal"), norm=norm_for("customer_service")).must


def test_whoever_asks_for_advice_is_heard_and_asked_first() -> None:
    understanding = told("conflict", asks="advice")
    first = plan_for(understanding)
    assert first.strategies == ("validate", "explore")
    assert "ask before advising" in first.must
    past = [sample_turn(understanding=understanding, plan=first)]
    second = plan_for(told("conflict", asks="advice", told=2), past)
    assert second.strategies == ("validate", "suggest")
    assert "advice" not in second.must_not
    past.append(sample_turn(plan=second))
    assert plan_for(told("conflict", asks="advice", told=3), past).strategies == ("reflect", "suggest")


def test_a_direct_culture_answers_a_request_for_advice_at_once_and_an_indirect_one_never_advises_unasked() -> None:
    asked = told("conflict", asks="advice")
    assert "suggest" in plan_for(asked, norm=norm_for("companion", "direct")).strategies
    unasked = talk("worry", 8, norm_for("companion", "reserved"))
    assert not any("suggest" in plan.strategies for plan in unasked)
    asks = ["explore" in plan.strategies for plan in unasked]
    assert not any(one and other for one, other in pairwise(asks))


@pytest.mark.parametrize("kind", ["worry", "conflict", "threat", "overload", "money"])
def test_nobody_is_advised_before_they_were_heard(kind: str) -> None:
    made = talk(kind, 8)
    first = next(number for number, plan in enumerate(made) if "suggest" in plan.strategies)
    assert first >= BASE.advice_after
    assert all("advice" in plan.must_not for plan in made[:1])


def test_nothing_is_suggested_to_those_who_want_to_be_heard_or_have_nothing_in_hand() -> None:
    assert not any("suggest" in plan.strategies for plan in talk("worry", 8, asks="only to be heard"))
    helpless = Appraisal("chance", 0.0, 1.0, -0.5, 0.3, "rules")
    assert not any("suggest" in plan.strategies for plan in talk("worry", 8, appraisal=helpless))


@pytest.mark.parametrize("kind", sorted(set(kinds()) - {"none"}))
@pytest.mark.parametrize("setting", SETTINGS)
def test_no_two_replies_running_do_the_same(kind: str, setting: str) -> None:
    made = [plan.strategies for plan in talk(kind, 10, norm_for(setting))]
    same = sum(one == other for one, other in pairwise(made))
    assert same == 0, made
    assert all(set(each) <= set(get_args(Strategy)) for each in made)


def test_strategies_go_with_a_turn_of_the_feeling() -> None:
    past = [sample_turn(plan=replace(sample_turn().plan, about="worry"))]
    lifting = choose(told("worry", told=2, course=course("lifting")), past, BASE)
    sinking = choose(told("worry", told=2, course=course("sinking")), past, BASE)
    assert lifting.strategies == ("reflect", "encourage")
    assert sinking.strategies == ("validate", "reflect")
    assert "lifting" in lifting.why


def test_the_strategy_head_is_heard_when_it_is_sure_and_never_above_the_rules() -> None:
    past = [sample_turn(plan=replace(sample_turn().plan, about="worry", strategies=("validate", "reflect")))]
    understanding = told("worry", told=2)
    unsure = choose(replace(understanding, support={"question": 0.3, "others": 0.2}), past, BASE)
    assert unsure.strategies == choose(understanding, past, BASE).strategies
    warm = choose(replace(understanding, support={"affirmation and reassurance": 0.8}), past, BASE)
    assert "encourage" in warm.strategies
    pushy = choose(replace(understanding, support={"providing suggestions or information": 0.9}), past, BASE)
    assert "suggest" not in pushy.strategies
    strange = choose(replace(understanding, support={"greeting": 0.9}), past, BASE)
    assert strange.strategies == choose(understanding, past, BASE).strategies


def test_two_questions_that_got_a_word_each_are_not_followed_by_a_third() -> None:
    asked = sample_turn(plan=replace(sample_turn().plan, about="worry", strategies=("reflect", "explore")))
    brief = choose(told("worry", told=3, act="answer"), [asked, asked], BASE)
    assert "explore" not in brief.strategies


def test_bright_words_in_a_sad_voice_are_not_celebrated() -> None:
    mismatch = Mismatch("joy", "sadness", "voice", 0.8, hides=True)
    plan = plan_for(told("joy", mismatch=mismatch))
    assert "celebrate" not in plan.strategies
    assert plan.tone == "gentle"
    assert "exclamation" in plan.must_not
    assert plan_for(told("joy", mismatch=replace(mismatch, hides=False))).strategies[0] == "celebrate"


def test_the_writer_is_told_what_was_asked_what_is_known_and_what_is_left_unsaid() -> None:
    asked = Question("When did it happen?", "when", answered=True)
    plan = plan_for(told("worry", questions=(asked,), known=("when",)))
    assert (plan.asked, plan.known) == (("When did it happen?",), ("when",))
    assert {"god", "die", "calm down"} <= set(plan.avoid)
    raised = plan_for(told("worry", raised=("religion", "death")))
    assert not {"god", "die"} & set(raised.avoid)
    never = plan_for(told("worry", raised=("religion",)), norm=norm_for("workplace"))
    assert "god" in never.avoid


def test_danger_comes_before_every_norm() -> None:
    risk = Risk("high", "suicide", findings=(Finding("crisis.suicide", "die", "why"),))
    plan = make_plan(told("loss", risk=risk), [], disclose=False, resources=(), norm=norm_for("workplace", "reserved"))
    assert "refer" in plan.strategies
    assert "resources" in plan.must
    assert plan.avoid == ()
    worry = plan_for(told("worry", risk=Risk("concern", "suicide", findings=risk.findings)))
    assert "safety question" in worry.must
    assert worry.avoid == ()


def test_without_norms_the_plan_is_whole() -> None:
    plan = make_plan(told("success"), [], disclose=True, resources=())
    assert plan.strategies[0] == "celebrate"
    assert plan.must == ("disclosure",)
    assert (plan.formality, plan.setting) == ("neutral", "companion")


def test_every_strategy_of_the_file_is_known() -> None:
    known = set(get_args(Strategy))
    for mood in get_args(Mood):
        for order in (plans()[mood]["first"], *plans()[mood]["later"]):
            assert set(order) <= known
    named = [*plans()["first"].values(), *plans()["course"].values(), *plans()["support"].values()]
    assert all(set(order) <= known for order in named)
    assert set(plans()["first"]) <= set(kinds())


def test_where_advice_belongs_to_others_none_is_given_even_when_asked_for() -> None:
    norm = norm_for("health_support")
    past = [sample_turn(plan=plan_for(told("illness", asks="advice"), norm=norm))] * 3
    plan = plan_for(told("illness", asks="advice", told=4), past, norm)
    assert "suggest" not in plan.strategies
    assert "advice" in plan.must_not


def test_a_new_event_is_not_met_with_the_same_plan_again() -> None:
    past = [sample_turn(plan=replace(sample_turn().plan, about="guilt", strategies=("validate", "reflect", "explore")))]
    plan = plan_for(told("conflict", told=2), past)
    assert plan.stage == "first"
    assert plan.strategies != past[0].plan.strategies


def test_a_death_that_is_told_is_a_loss_and_nobody_is_asked_whether_they_are_safe() -> None:
    found = Finding("medical.loss", "overdosed and died", "It tells of an overdose that is over.")
    mourned = plan_for(told("loss", risk=Risk("concern", "overdose", findings=(found,))))
    assert "safety question" not in mourned.must
    danger = replace(found, rule="suicide.hopeless")
    asked = plan_for(told("loss", risk=Risk("concern", "overdose", findings=(danger,))))
    assert "safety question" in asked.must
