"""Choose between replies: how empathic, how well planned, how specific, how new, how clean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from heedful.config import Config
from heedful.respond.learned import Taste, liked
from heedful.respond.traits import apart, middle, traits
from heedful.types import Judgement, Mechanism, Plan, Reply, Turn, Understanding

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?\u2026]*[.!?\u2026]+")
_MATTERS_OF_TASTE = frozenset(("unsolicited advice", "parroting", "therapy-speak"))
"""What the judge objects to and people may yet like; nobody's liking makes up for the rest."""
LEAD = "lead"
"""Beside its traits a reply says how far it led the others by its scores, without anything learned."""
_STEM = 5
"""Words with the same first letters count as the same: "losing" and "lost" do not, "dog" and "dogs" do."""
_ENOUGH = 2
"""So many of the person's own words in a reply make it wholly specific."""
_RUN = 3
"""Words in a row that are compared when looking for repetition."""
_COMMON = frozenset(
    """
    a about after again all also always am an and any are aren't as at be because been before being but by can can't
    could did didn't do does doesn't doing don't down even ever every feel feeling feels felt few for from get gets
    getting go goes going gone got had has hasn't have haven't having he he's her here hers him his how i i'd i'll i'm
    i've if in into is isn't it it's its just keep keeps know last let like lot made make makes making many may me
    might mine more most much must my myself never no nobody not nothing now of off on once one only or other our out
    over own people quite really right said same say says see she she's should since so some somebody someone something
    still such take than that that's the their them then there there's these they they're thing things think this those
    though through time to today tonight too took try two up us very was wasn't way we we're well went were what when
    where which while who why will with won't would yesterday yet you you're your
    """.split()
)


class Judges(Protocol):
    """Says how empathic replies are; `heedful.judge.base.Judge` is one."""

    def judge(self, pairs: Sequence[tuple[str, str]], replier: str = "anyone") -> list[Judgement]:
        """Return a judgement per (message, reply), in order; `replier` is "software" if a program replies."""
        ...


@runtime_checkable
class Rates(Protocol):
    """Says how people would rate replies; a judge may offer it."""

    def rate(self, pairs: Sequence[tuple[str, str]]) -> list[float] | None:
        """Return a rating in [0, 1] per (message, reply), in order, or None where no network tells."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reply that may be said, and how many rules of the guard were still broken by it."""

    reply: Reply
    """The reply."""
    findings: int = 0
    """How much the guard found in it."""


def rank(
    candidates: Sequence[Candidate],
    message: str,
    understanding: Understanding,
    plan: Plan,
    past: Sequence[Turn],
    config: Config,
    judge: Judges | None = None,
    taste: Taste | None = None,
) -> list[Reply]:
    """Return the replies, best first, each with its scores; equals stay in their order.

    Each score lies in [0, 1]: "empathy" and "rating" (with a judge), "plan", "specific" (where the person told
    something that can be mentioned), "novel", "guard", "liked" (with a taste), and "total", their weighted mean. A
    single reply is not scored. With its traits each reply says what it has more of than the others: what feedback on it
    is learned from.

    Args:
        candidates: the replies.
        message: what the person wrote.
        understanding: of the conversation.
        plan: what the reply should do.
        past: the turns before, oldest first.
        config: holds the weights.
        judge: says how empathic a reply is; without one its weight is shared out over the rest.
        taste: what people have come to prefer here; a reply in which the judge finds more to object to than in the
            others gains nothing by being liked.
    """
    if len(candidates) < 2:
        return [each.reply for each in candidates]
    told = told_of(understanding)
    texts = [each.reply.text for each in candidates]
    judgements, by_judge = _judged(texts, message, judge)
    before = [_runs(turn.reply.text) for turn in past]
    scored: list[dict[str, float]] = []
    for candidate, text, judged_as in zip(candidates, texts, by_judge, strict=True):
        scores = judged_as | {"plan": plan_fit(text, plan)} | ({"specific": specificity(text, told)} if told else {})
        scores["novel"] = 1.0 - max((_overlap(_runs(text), each) for each in before), default=0.0)
        scores["guard"] = 1.0 / (1.0 + candidate.findings)
        scores["total"] = _mean(scores, _weights(config))
        scored.append(scores)
    like = [
        traits(text, scores.get("specific", 0.0), understanding, judged)
        for text, scores, judged in zip(texts, scored, judgements, strict=True)
    ]
    frozen = [scores["total"] for scores in scored]
    if taste is not None:
        _prefer(scored, like, list(map(_flaws, judgements)), taste, config.rank_liked)
    replies = [
        replace(
            candidate.reply,
            scores={name: round(value, 4) for name, value in scores.items()},
            traits=_more(like, frozen, row),
        )
        for row, (candidate, scores) in enumerate(zip(candidates, scored, strict=True))
    ]
    return sorted(replies, key=lambda reply: -reply.scores["total"])


def _weights(config: Config) -> dict[str, float]:
    names = ("rank_empathy", "rank_rating", "rank_plan", "rank_specific", "rank_novel", "rank_guard")
    return {name.removeprefix("rank_"): float(getattr(config, name)) for name in names}


def _flaws(judged: Judgement | None) -> int:
    """Return how many flaws a reply has that are no matter of taste."""
    return sum(flag.rule not in _MATTERS_OF_TASTE for flag in judged.flags) if judged else 0


def _prefer(
    scored: Sequence[dict[str, float]],
    like: Sequence[Mapping[str, float]],
    flags: Sequence[int],
    taste: Taste,
    weight: float,
) -> None:
    """Let what people prefer have its say, among the replies with the fewest flaws."""
    worth = [taste.worth(each) for each in like]
    mean = sum(worth) / len(worth)
    for scores, value, flaws in zip(scored, worth, flags, strict=True):
        scores["liked"] = liked(value - mean) if flaws == min(flags) else 0.0
        scores["total"] = (scores["total"] + weight * scores["liked"]) / (1.0 + weight)


def _more(like: Sequence[Mapping[str, float]], frozen: Sequence[float], row: int) -> dict[str, float]:
    """Return what one reply has more of than the others have on average, and its lead without anything learned."""
    others = [each for place, each in enumerate(like) if place != row]
    lead = frozen[row] - sum(value for place, value in enumerate(frozen) if place != row) / len(others)
    return {**apart(like[row], middle(others)), LEAD: round(lead, 4)}


def empathy(judgement: Judgement) -> float:
    """Return how empathic a reply was judged, in [0, 1]: its mechanisms and the whole, less a quarter per flaw.

    Examples:
        >>> cold = Mechanism(0, (1.0, 0.0, 0.0))
        >>> empathy(Judgement(cold, cold, cold, empathetic=False, probability=0.0))
        0.0
    """
    shown = (
        0.4 * _expected(judgement.reaction)
        + 0.4 * _expected(judgement.interpretation)
        + 0.2 * _expected(judgement.exploration)
    )
    return max(0.0, (shown + judgement.probability) / 2 - 0.25 * len(judgement.flags))


def plan_fit(text: str, plan: Plan) -> float:
    """Return how well a reply keeps to what can be seen of a plan, in [0, 1]: its length, its question, its signs.

    Examples:
        >>> plan = Plan("loss", ("console", "explore"), "first", "gentle", must_not=("exclamation",), sentences=2)
        >>> plan_fit("I'm sorry about your dog. What was she like?", plan), plan_fit("Cheer up! Why? When?", plan)
        (1.0, 0.25)
    """
    body = text.partition("\n")[0].partition(" (")[0]
    sentences = len(_SENTENCE.findall(body)) or 1
    questions = text.count("?")
    kept = (
        sentences <= plan.sentences,
        questions <= 1,
        questions > 0 or "explore" not in plan.strategies,
        "exclamation" not in plan.must_not or "!" not in text,
    )
    return sum(kept) / len(kept)


def specificity(text: str, told: frozenset[str]) -> float:
    """Return how much of what the person told is mentioned, in [0, 1]; `told` are stems of their own words."""
    said = {_stem(word) for word in _WORD.findall(text.lower())}
    return min(1.0, len(said & told) / min(_ENOUGH, len(told)))


def told_of(understanding: Understanding) -> frozenset[str]:
    """Return the stems of the words that tell what happened, to whom, and what it is about."""
    event = understanding.event
    texts = (
        event.span.text if event.span else "",
        event.who or "",
        understanding.cause.text if understanding.cause else "",
    )
    words = (word for text in texts for word in _WORD.findall(text.lower().replace("\u2019", "'")))
    return frozenset(_stem(word) for word in words if len(word) > 2 and word not in _COMMON)


def _judged(
    texts: Sequence[str], message: str, judge: Judges | None
) -> tuple[list[Judgement | None], list[dict[str, float]]]:
    """Return per reply its judgement, if there is a judge, and the scores that come of it."""
    if judge is None:
        return [None for _ in texts], [{} for _ in texts]
    pairs = [(message, text) for text in texts]
    judged: list[Judgement | None] = [*judge.judge(pairs, "software")]
    scores = [{"empathy": empathy(each)} for each in judged if each]
    ratings = judge.rate(pairs) if isinstance(judge, Rates) else None
    if ratings is None:
        return judged, scores
    return judged, [{**score, "rating": rating} for score, rating in zip(scores, ratings, strict=True)]


def _expected(mechanism: Mechanism) -> float:
    return (mechanism.probabilities[1] + 2 * mechanism.probabilities[2]) / 2


def _mean(scores: Mapping[str, float], weights: Mapping[str, float]) -> float:
    total = sum(weights[name] for name in scores)
    return sum(weights[name] * value for name, value in scores.items()) / total if total else 0.0


def _stem(word: str) -> str:
    return word.removesuffix("'s").removesuffix("s")[:_STEM]


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return frozenset(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _overlap(said: frozenset[tuple[str, ...]], before: frozenset[tuple[str, ...]]) -> float:
    """Return what share of a reply's runs of words was said before."""
    return len(said & before) / len(said) if said else 0.0
