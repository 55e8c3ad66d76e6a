from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from heedful.config import Config
from heedful.respond.rank import Candidate, empathy, plan_fit, rank, specificity
from heedful.types import Event, Finding, Judgement, Mechanism, Plan, Reply, Turn, Understanding
from tests.samples import sample_turn, sample_understanding

PLAN = Plan("loss", ("console", "explore"), "first", "gentle", (), ("exclamation",), 2)
SPECIFIC = "I'm sorry about your dog. What was he like?"
GENERIC = "That sounds hard. What would help now?"
LEVELS = {0: (1.0, 0.0, 0.0), 1: (0.0, 1.0, 0.0), 2: (0.0, 0.0, 1.0)}


def judgement(reaction: int, interpretation: int, exploration: int, probability: float, flags: int = 0) -> Judgement:
    levels = (reaction, interpretation, exploration)
    return Judgement(
        *(Mechanism(level, LEVELS[level]) for level in levels),
        empathetic=probability > 0.5,
        probability=probability,
        flags=(Finding("flag", "", ""),) * flags,
    )


class ByLength:
    """Finds the longest reply the most empathic, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[tuple[str, str]]] = []

    def judge(self, pairs: Sequence[tuple[str, str]], replier: str = "anyone") -> list[Judgement]:
        assert replier == "software"
        self.asked.append(pairs)
        return [judgement(2, 2, 2, 1.0) if len(reply) > 60 else judgement(0, 0, 0, 0.0) for _, reply in pairs]


class Rating(ByLength):
    def __init__(self, ratings: list[float] | None) -> None:
        super().__init__()
        self.ratings = ratings

    def rate(self, pairs: Sequence[tuple[str, str]]) -> list[float] | None:
        return self.ratings


def ranked(
    *texts: str,
    judge: ByLength | None = None,
    understanding: Understanding | None = None,
    past: Sequence[Turn] = (),
    config: Config | None = None,
) -> list[Reply]:
    candidates = [Candidate(Reply(text, "test")) for text in texts]
    told = understanding or sample_understanding()
    return rank(candidates, "my dog died", told, PLAN, past, config or Config.load(), judge)


def test_what_mentions_the_person_s_own_event_comes_first() -> None:
    best, other = ranked(GENERIC, SPECIFIC)
    assert best.text == SPECIFIC
    assert best.scores["specific"] > other.scores["specific"]
    assert set(best.scores) == {"plan", "specific", "novel", "guard", "total"}


def test_where_nothing_can_be_mentioned_nothing_is_asked_of_a_reply() -> None:
    untold = replace(sample_understanding(), event=Event("none", 0.0), cause=None)
    best, _ = ranked(GENERIC, SPECIFIC, understanding=untold)
    assert "specific" not in best.scores
    assert best.text == GENERIC  # equals stay in their order


def test_what_was_said_before_falls_back() -> None:
    said = sample_turn()
    repeated = said.reply.text
    assert [reply.text for reply in ranked(repeated, "Your dog was old and dear. Who was he?", past=[said])][
        1
    ] == repeated
    assert ranked(repeated, GENERIC, past=[said])[-1].scores["novel"] in (0.0, 1.0)


def test_a_judge_is_asked_once_for_all_and_weighs_most() -> None:
    judge = ByLength()
    long = "It is hard when somebody so dear is gone from one day to the next. What was he like?"
    best, _ = ranked(SPECIFIC, long, judge=judge)
    assert best.text == long
    assert best.scores["empathy"] == 1.0
    assert judge.asked == [[("my dog died", SPECIFIC), ("my dog died", long)]]


def test_a_rating_counts_where_the_judge_gives_one() -> None:
    assert ranked(GENERIC, GENERIC, judge=Rating([0.1, 0.9]))[0].scores["rating"] == 0.9
    assert "rating" not in ranked(GENERIC, GENERIC, judge=Rating(None))[0].scores


def test_findings_of_the_guard_count_against_a_reply() -> None:
    candidates = [Candidate(Reply(SPECIFIC, "a"), findings=2), Candidate(Reply(SPECIFIC, "b"))]
    first, last = rank(candidates, "", sample_understanding(), PLAN, (), Config.load())
    assert (first.writer, last.scores["guard"]) == ("b", pytest.approx(1 / 3, abs=1e-3))


def test_weights_decide_and_may_all_be_nought() -> None:
    specific = {f"rank_{name}": 0.0 for name in ("empathy", "rating", "plan", "novel", "guard")}
    best = ranked(GENERIC, SPECIFIC, config=Config.load(**specific))[0]
    assert best.scores["total"] == best.scores["specific"]
    nothing = ranked(GENERIC, SPECIFIC, config=Config.load(**specific, rank_specific=0.0))
    assert [reply.scores["total"] for reply in nothing] == [0.0, 0.0]
    assert nothing[0].text == GENERIC


def test_all_scores_lie_between_nought_and_one_and_the_total_is_their_weighted_mean() -> None:
    config = Config.load()
    for reply in ranked(GENERIC, SPECIFIC, "", "???", judge=Rating([0.0, 1.0, 0.5, 0.5])):
        weights = {name: getattr(config, f"rank_{name}") for name in reply.scores if name != "total"}
        mean = sum(weights[name] * reply.scores[name] for name in weights) / sum(weights.values())
        assert reply.scores["total"] == pytest.approx(mean, abs=1e-3)
        assert all(0.0 <= value <= 1.0 for value in reply.scores.values())


def test_a_single_reply_is_not_scored() -> None:
    assert ranked(SPECIFIC)[0].scores == {}
    assert ranked() == []


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        (SPECIFIC, 1.0),
        ("I'm sorry about your dog.", 0.75),
        ("One. Two. Three. Who?", 0.75),
        ("Who? What?", 0.75),
        ("Oh! Who?", 0.75),
        (f"{SPECIFIC} (To be clear, I'm software. Nothing else.)", 1.0),
        ("I'm here. Are you safe?\nNight Line: 1. 2. 3. 4.", 1.0),
    ],
)
def test_a_reply_fits_the_plan_by_its_length_its_question_and_its_signs(text: str, fit: float) -> None:
    assert plan_fit(text, PLAN) == fit


@pytest.mark.parametrize(
    ("text", "share"),
    [("your dog died", 1.0), ("your dogs", 0.5), ("that is sad", 0.0), ("Your DOG'S last night", 1.0)],
)
def test_a_reply_is_specific_by_the_words_that_it_shares(text: str, share: float) -> None:
    assert specificity(text, frozenset({"dog", "died", "night"})) == share


def test_flaws_cost_a_quarter_each() -> None:
    assert empathy(judgement(2, 2, 2, 1.0)) == 1.0
    assert empathy(judgement(2, 2, 2, 1.0, flags=2)) == 0.5
    assert empathy(judgement(0, 1, 0, 0.2, flags=3)) == 0.0
    assert empathy(judgement(1, 1, 1, 0.5)) == pytest.approx(0.5)
