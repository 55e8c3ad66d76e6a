"""Try learning out on ratings that people gave (protocol L1): replay them, and see which replies are chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from heedful.learn.preference import COMMON_DOUBT, Belief, Comparison, learn_one
from heedful.measure.dataset import read_rows
from heedful.measure.metric import Figure
from heedful.respond.learned import Taste
from heedful.respond.plan import make_plan
from heedful.respond.rank import LEAD, Candidate, Judges, rank
from heedful.respond.traits import apart
from heedful.types import Judgement, Message, Record, Reply

if TYPE_CHECKING:
    from heedful.engine import Engine

SEEDS: Final = 10
"""Orders in which the dialogues are replayed."""
FEEDBACKS: Final = 400
"""Dialogues that are learned from."""
STEP: Final = 50
"""Dialogues per point of the curve."""
_T_95: Final = {2: 12.71, 3: 4.303, 5: 2.776, 10: 2.262, 20: 2.093}
"""Student's t for a 95 % interval of so many values."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A message with replies that people rated."""

    replies: tuple[Reply, ...]
    """The replies, ranked without anything learned, with their scores."""
    traits: tuple[dict[str, float], ...]
    """What each has more of than all of them on average."""
    ratings: tuple[float, ...]
    """How each was rated; more is better."""
    flaws: tuple[bool, ...]
    """Whether being liked makes up for nothing in it: it has more flaws than another."""
    lengths: tuple[int, ...]
    """Characters of each."""

    def chosen(self, taste: Taste | None, weight: float) -> int:
        """Return which reply the ranking takes, with what was learned; the first of equals."""
        from heedful.respond.learned import liked

        totals = [reply.scores["total"] for reply in self.replies]
        if taste is not None:
            worth = [taste.worth(each) for each in self.traits]
            mean = sum(worth) / len(worth)
            totals = [
                (total + weight * (0.0 if flaw else liked(value - mean))) / (1.0 + weight)
                for total, value, flaw in zip(totals, worth, self.flaws, strict=True)
            ]
        return max(range(len(totals)), key=lambda place: totals[place])

    def won(self, place: int) -> float:
        """Return how many of the other replies one is rated above, as a share; rated alike counts as half."""
        mine, others = self.ratings[place], [*self.ratings[:place], *self.ratings[place + 1 :]]
        return sum(1.0 if mine > other else 0.5 if mine == other else 0.0 for other in others) / len(others)

    def comparisons(self) -> list[Comparison]:
        """Return which reply was liked better than which, by their ratings."""
        spread = 2.0
        return [
            Comparison(
                apart(self.traits[one], self.traits[two]),
                self.replies[one].scores["total"] - self.replies[two].scores["total"],
                min(1.0, (self.ratings[one] - self.ratings[two]) / spread),
            )
            for one in range(len(self.ratings))
            for two in range(len(self.ratings))
            if self.ratings[one] > self.ratings[two]
        ]


@dataclass(frozen=True, slots=True)
class Replay(Record):
    """What came of one order."""

    learned: tuple[float, ...]
    """Mean rating of the chosen replies, per stretch of dialogues, each chosen before its ratings were seen."""
    frozen: tuple[float, ...]
    """The same with nothing learned."""
    won: tuple[float, ...]
    """Share of the other replies that the chosen ones are rated above, per stretch that is learned from."""
    won_frozen: tuple[float, ...]
    """The same with nothing learned."""
    after: float
    """Mean rating of the replies chosen for the dialogues that came after learning had ended."""
    after_frozen: float
    """The same with nothing learned."""
    after_longest: float
    """The same for the longest reply."""
    after_random: float
    """The same for a reply at random."""
    elsewhere: float
    """Mean rating of those chosen on dialogues that no order holds, after learning had ended."""
    elsewhere_frozen: float
    """The same with nothing learned."""


def rated_replies(engine: Engine, split: str, limit: int | None = None) -> tuple[list[Rated], str, int]:
    """Return dialogues of `welivita_ratings` with three different replies, the file's sha256, and how many there are.

    Each reply is ranked as the built-in writer's are: by the rules of the judge, for the listener network has learned
    from these very ratings.

    Source: Welivita and Pu, Is ChatGPT More Empathetic than Humans?, 2024.
    """
    rows, sha256 = read_rows("welivita_ratings", ["split", "dialogue_id", "context", "reply", "rating"])
    dialogues: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["split"] == split:
            dialogues.setdefault((row["dialogue_id"], row["context"]), []).append(row)
    whole = [
        (context, ratings)
        for (_, context), three in dialogues.items()
        if len(ratings := {row["reply"]: float(row["rating"]) for row in three}) == 3
    ]
    return [rated(engine, *each) for each in whole[:limit]], sha256, len(whole)


def rated(engine: Engine, context: str, ratings: dict[str, float]) -> Rated:
    """Return a message with rated replies as the ranking sees them."""
    from heedful.judge.base import Judge

    message = Message(context)
    understanding = engine.understand([message])
    plan = make_plan(understanding, (), disclose=False, resources=(), norm=engine.norm)
    judge = _Once(Judge(engine.config, rules_only=True))
    candidates = [Candidate(Reply(text, "people")) for text in ratings]
    replies = rank(candidates, context, understanding, plan, (), engine.config, judge)
    # With a taste that likes everything alike, only flaws keep "liked" at 0.
    liking = rank(candidates, context, understanding, plan, (), engine.config, judge, Taste())
    flawed = {reply.text for reply in liking if reply.scores["liked"] == 0.0}
    return Rated(
        tuple(replies),
        tuple(beside_all(reply.traits, len(replies)) for reply in replies),
        tuple(ratings[reply.text] for reply in replies),
        tuple(reply.text in flawed for reply in replies),
        tuple(len(reply.text) for reply in replies),
    )


class _Once:
    """A judge that remembers what it said: the same replies are ranked twice.

    Args:
        judge: judges.
    """

    def __init__(self, judge: Judges) -> None:
        self._judge = judge
        self._said: dict[tuple[tuple[str, str], ...], list[Judgement]] = {}

    def judge(self, pairs: Sequence[tuple[str, str]], replier: str = "anyone") -> list[Judgement]:
        """Return one judgement per (message, reply), in order."""
        asked = ((replier, ""), *pairs)
        if asked not in self._said:
            self._said[asked] = list(self._judge.judge(pairs, replier))
        return self._said[asked]


def beside_all(traits: Mapping[str, float], replies: int) -> dict[str, float]:
    """Return what a reply has more of than all replies on average, from what it has more of than the others."""
    share = (replies - 1) / replies
    return {name: value * share for name, value in traits.items() if name != LEAD}


def replay(given: Sequence[Rated], elsewhere: Sequence[Rated], weight: float, seed: int, feedbacks: int) -> Replay:
    """Replay dialogues in an order of their own: choose, then see the ratings, then learn.

    Args:
        given: the dialogues.
        elsewhere: others, that are never learned from.
        weight: of what is liked, as in the settings.
        seed: of the order.
        feedbacks: dialogues that are learned from; what was learned stays as it is for the rest.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    order = random.permutation(len(given))
    levels: tuple[Belief, ...] = (Belief.start(COMMON_DOUBT),)
    now: list[float] = []
    before: list[float] = []
    wins: list[tuple[float, float]] = []
    for place, row in enumerate(order):
        each = given[row]
        choices = each.chosen(Taste(levels[0].weights()), weight), each.chosen(None, weight)
        now.append(each.ratings[choices[0]])
        before.append(each.ratings[choices[1]])
        wins.append((each.won(choices[0]), each.won(choices[1])))
        if place < feedbacks:
            for comparison in each.comparisons():
                levels = learn_one(levels, comparison)
    rest = [given[row] for row in order[feedbacks:]]
    taste = Taste(levels[0].weights())
    return Replay(
        _stretches(now),
        _stretches(before),
        _stretches([ours for ours, _ in wins[:feedbacks]]),
        _stretches([frozen for _, frozen in wins[:feedbacks]]),
        _mean(now[feedbacks:]),
        _mean(before[feedbacks:]),
        _mean([each.ratings[max(range(3), key=lambda at: each.lengths[at])] for each in rest]),
        _mean([each.ratings[int(random.integers(len(each.ratings)))] for each in rest]),
        _mean([each.ratings[each.chosen(taste, weight)] for each in elsewhere]),
        _mean([each.ratings[each.chosen(None, weight)] for each in elsewhere]),
    )


def over_seeds(name: str, values: Sequence[float]) -> Figure:
    """Return the mean of a figure over orders, with its 95 % interval by Student's t.

    Examples:
        >>> over_seeds("gain", [0.1, 0.3]).value
        0.2
    """
    n = len(values)
    mean = _mean(values)
    spread = (sum((value - mean) ** 2 for value in values) / max(1, n - 1)) ** 0.5
    reach = _T_95.get(n, 2.0) * spread / n**0.5
    return Figure(name, mean, mean - reach, mean + reach, n)


def _stretches(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(_mean(values[start : start + STEP]) for start in range(0, len(values) - STEP + 1, STEP))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
