from __future__ import annotations

from dataclasses import replace

from docs.courses import Faults, faults_of, page
from heedful.types import Plan, Question, Turn
from tests.samples import sample_turn, sample_understanding


def turn(text: str, *strategies: str, asked: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> Turn:
    plan = Plan("worry", strategies, "first", "calm")
    questions = tuple(Question(each, None, answered=True) for each in asked)
    base = sample_turn(plan=plan, understanding=sample_understanding(questions=questions, known=known))
    return replace(base, reply=replace(base.reply, text=text), timings={"total": 5.0})


def test_a_good_conversation_has_no_faults() -> None:
    good = [
        turn("That's hard. What happened?", "validate", "explore"),
        turn("It keeps coming back.", "reflect", asked=("What happened?",)),
        turn("Perhaps a walk.", "validate", "suggest", asked=("What happened?",)),
    ]
    assert faults_of(good) == Faults(0, 0, 0, 0, 0, 0)


def test_every_fault_is_counted() -> None:
    bad = [
        turn("Take a walk. When was it?", "suggest", known=("when",)),
        turn("That's hard. What happened?", "validate"),
        turn("That's hard. What happened?", "validate", asked=("What happened?",)),
        replace(turn("Calm down.", "reflect"), plan=Plan("worry", ("reflect",), "later", "calm", avoid=("calm down",))),
    ]
    assert faults_of(bad) == Faults(asked_twice=1, known=1, repeated=2, early_advice=1, same_plan=1, misfits=1)


def test_the_page_holds_no_word_of_what_was_said() -> None:
    text = page({"7": [turn("That's hard. What happened?", "validate", "explore")]})
    assert "1. worry: validate, explore" in text
    assert "| sentences repeated | 0 |" in text
    assert "hard" not in text
    assert "my dog died" not in text
