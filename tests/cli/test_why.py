from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from heedful.cli.why import ACTIONS, STRATEGIES, explain
from heedful.types import Action, Evidence, Finding, Plan, Risk, Strategy, Turn, Verdict
from tests.samples import sample_percept, sample_turn, sample_understanding


def explained(turn: Turn, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO(), record=True)
    for part in explain(turn, console):
        console.print(part)
    return " ".join(console.export_text().split())


def test_the_words_that_a_reading_rests_on_are_quoted() -> None:
    assert "“I am so sad” speaks for sadness (90%)" in explained(sample_turn())


def test_evidence_in_time_is_not_taken_for_characters() -> None:
    percept = sample_percept()
    heard = Evidence("seconds", 0.5, 1.5, "anger", 0.8)
    changed = replace(percept, readings=(replace(percept.readings[0], evidence=(heard,)),))
    assert "speaks for" not in explained(sample_turn(percept=changed))


def test_what_was_understood_is_told() -> None:
    shown = explained(sample_turn())
    for told in ("grief, strength 80%", "loss (90%), about my dog: “my dog died last night”", "need comfort"):
        assert told in shown


def test_every_finding_says_why_it_matters() -> None:
    finding = Finding("advice.should", "you should", "Advice was not asked for.")
    turn = sample_turn(
        verdict=Verdict("replace", (finding,)),
        understanding=sample_understanding(risk=Risk("concern", None, True, (finding,))),
    )
    shown = explained(turn)
    assert shown.count("“you should”: Advice was not asked for. (advice.should)") == 2
    assert "replaced by a safe reply" in shown
    assert "concern: not named, still in force from before" in shown


def test_a_degraded_reply_says_so() -> None:
    turn = sample_turn()
    assert "less than the writer was late" in explained(
        replace(turn, reply=replace(turn.reply, degraded="the writer was late"))
    )


def test_an_abstention_is_told_without_figures() -> None:
    shown = explained(sample_turn(percept=sample_percept(abstained="no words", readings=())))
    assert "not sure how this sounds: no words" in shown
    assert "valence" not in shown


@pytest.mark.parametrize("action", ["allow", "amend", "replace", "stop"])
def test_every_verdict_has_words(action: Action) -> None:
    assert ACTIONS[action] in explained(sample_turn(verdict=Verdict(action)))


def test_every_strategy_has_words() -> None:
    assert set(STRATEGIES) == set(Strategy.__args__)


def test_internal_names_read_as_words() -> None:
    plan = Plan(about="pet_loss", strategies=("console",), stage="later", tone="gentle", sentences=1)
    shown = explained(sample_turn(plan=plan))
    assert "pet loss, later reply about it" in shown
    assert "at most 1 sentence " in shown


@pytest.mark.parametrize("width", [30, 40, 80, 160])
def test_it_fits_the_terminal(width: int) -> None:
    console = Console(width=width, file=io.StringIO(), record=True)
    for part in explain(sample_turn(), console):
        console.print(part)
    assert max(map(len, console.export_text().splitlines())) <= width
