from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import docs.practise
from docs.practise import measure_coach
from heedful.judge.base import Judge
from heedful.practise.coach import Coaching, coach
from heedful.practise.hear import hear
from heedful.practise.scenario import Scenario

FOLDER = Path(docs.practise.__file__).parent
REPLIES = tomllib.loads((FOLDER / "coach.toml").read_text(encoding="utf-8"))
REPLIES |= {"second": tomllib.loads((FOLDER / "coach_unseen.toml").read_text(encoding="utf-8"))["second"]}


def coached(judge: Judge, of: Scenario, said: str) -> Coaching:
    heard = hear(judge, of, [of.opening("cooperative")], [said], [])
    return coach(of, said, heard, 0.28, [])


@pytest.mark.parametrize("part", ["replies", "fresh", "second"])
def test_the_planted_fault_is_named_first_and_clean_replies_are_left_alone(judge: Judge, part: str) -> None:
    found = measure_coach(judge, REPLIES[part])
    faulty = [each for each in found if each.planted != "none"]
    clean = [each for each in found if each.planted == "none"]
    assert len(faulty) == len(clean)
    assert sum(each.named == each.planted for each in faulty) >= 0.85 * len(faulty)
    assert sum(each.named != "none" for each in clean) <= 0.10 * len(clean)
    offered = [each for each in faulty if each.raised is not None]
    assert sum(bool(each.raised) for each in offered) >= 0.90 * len(offered)
    least = 0.95 if part == "second" else 1.0  # the coach was never changed after that set
    assert sum(bool(each.kept) for each in offered) >= least * len(offered)


def test_advice_becomes_an_offer_and_nothing_of_it_is_lost(judge: Judge, biopsy: Scenario) -> None:
    told = coached(judge, biopsy, "You should call your wife tonight. The canteen closes at six.")
    assert told.fault
    assert told.fault.kind == "advice"
    assert "whether to call your wife tonight" in told.better
    assert "The canteen closes at six." in told.better
    assert told.better.endswith("?")
    assert {"You should call your wife tonight.", ""} == {edit.before for edit in told.edits}


def test_a_good_reply_is_left_as_it_is_and_what_landed_is_shown(judge: Judge, biopsy: Scenario) -> None:
    said = "Not knowing until Thursday must be frightening. What are the nights like?"
    told = coached(judge, biopsy, said)
    assert (told.fault, told.missed, told.better) == (None, (), "")
    spans = [span for each in told.landed for span in each.words]
    assert spans
    assert all(said[span.start : span.end] == span.text for span in spans)
    assert told.next


def test_there_is_never_a_score(judge: Judge, biopsy: Scenario) -> None:
    assert not {"score", "rating", "points"} & coached(judge, biopsy, "Okay, bye.").to_dict().keys()
