"""Learn from corrected feelings how feelings are misread here: a shift of the log odds of each, shared by everybody.

A person's own corrections move how they are read at once (`heedful.learn.learner`). What many people corrected alike
becomes a candidate here. People correct what was wrong and say nothing of what was right, so what they say leans to one
side: the shift is drawn towards none, bounded, and must leave readings that nobody has complained of as they were.

Source: Platt (1999), Probabilistic outputs for support vector machines; only the offset is learned.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from heedful.errors import InputError
from heedful.labels import BASIC, FINE
from heedful.learn.bounds import Allowance, fold_of
from heedful.learn.feedback import Lesson
from heedful.learn.promote import LEAST, LEAST_RATERS, Check
from heedful.measure.metric import Tally, measured
from heedful.measure.probe import probes
from heedful.perceive.prior import adapt, log_odds
from heedful.types import Message, Percept, Record

if TYPE_CHECKING:
    from heedful.engine import Engine

FURTHEST: Final = 0.75
"""No log odds may be shifted further than this for everybody, whatever people say."""
_DOUBT: Final = 0.35
"""Standard deviation of a shift before anything is known."""
_MOST: Final = 12
"""One rater counts for no more than so many corrections."""
_TRIMMED: Final = 0.2
"""For each feeling, this share of the raters is left out, those who pull hardest the way that all together do: no shift
rests on a few (a trimmed mean: Tukey, 1962)."""
_LEAST_SHIFT: Final = 0.02
_UNREAD: Final = 0.01
"""Probability of a feeling that was not among those read."""
_SUREST: Final = 1e-4
"""No reading is taken to be surer than this."""
_STEPS: Final = 8
_CHANGED: Final = 0.1
"""So many of the readings that nobody has complained of may come to name another feeling."""
_GAP: Final = 0.01
"""What is read in sentences that differ only in whom they are about may not come this much further apart."""


@dataclass(frozen=True, slots=True)
class Correction(Record):
    """What was read, and what somebody says they felt."""

    rater: str
    """Who, as a hash."""
    felt: str
    """What they felt, a FINE label."""
    read: Mapping[str, float]
    """FINE label -> probability, as it was read before anything learned."""


class _Spoken(NamedTuple):
    """What one correction says of one label."""

    odds: float
    felt: bool
    trust: float


@dataclass(frozen=True, slots=True)
class Shift(Record):
    """What corrections come to."""

    weights: Mapping[str, float]
    """FINE label -> what is added to its log odds."""
    lessons: int
    """Corrections that it was made from."""
    raters: int
    """People who made them."""
    upto: int
    """The time of the latest of them, in microseconds since 1970."""


def corrections(lessons: Sequence[tuple[int, Lesson]]) -> list[Correction]:
    """Return the corrections that may be learned from, no more of one rater a day than is allowed.

    Args:
        lessons: with the time of each in microseconds since 1970, oldest first.
    """
    allowances: dict[str, Allowance] = defaultdict(Allowance)
    found = []
    for at, lesson in lessons:
        if lesson.felt is None:
            continue
        allowed, allowances[lesson.rater] = allowances[lesson.rater].take(at)
        if allowed:
            found.append(Correction(lesson.rater, lesson.felt, lesson.raw or lesson.read))
    return found


def shift_of(lessons: Sequence[tuple[int, Lesson]]) -> Shift:
    """Return the shift that lessons come to: the same lessons always come to the same."""
    said = corrections(lessons)
    upto = max((at for at, lesson in lessons if lesson.felt is not None), default=0)
    return Shift(fitted(said), len(said), len({each.rater for each in said}), upto)


def made_again(payload: Mapping[str, Any], lessons: Sequence[tuple[int, Lesson]]) -> dict[str, Any] | None:
    """Return what a version would hold had there been only these lessons, or None if that is what it holds."""
    shift = shift_of(lessons)
    if (shift.weights, shift.lessons) == (payload["weights"], payload["lessons"]):
        return None
    return {**shift.to_dict(), "upto": payload["upto"], "checks": [], "changes": in_words(shift.weights)}


def checks_of(lessons: Sequence[tuple[int, Lesson]], live: Mapping[str, float] | None, engine: Engine) -> list[Check]:
    """Say whether a shift reads held-out people better than what is in use, and leaves all other readings as they were.

    Args:
        lessons: as for `corrections`.
        live: the shift in use, or None.
        engine: reads.

    Raises:
        InputError: no feeling was corrected.
    """
    said = corrections(lessons)
    if not said:
        raise InputError(
            "no feeling was corrected yet. Say what was really felt with /felt in `heedful chat`, or import some: "
            "heedful learn import feedback.jsonl."
        )
    better = _better(said, live or {})
    return [better, *_kept(engine, fitted(said))] if better.passed else [better]


def still_better(lessons: Sequence[tuple[int, Lesson]]) -> bool:
    """Say whether the shift that lessons come to reads held-out people better than none."""
    return _better(corrections(lessons), {}).passed


def in_words(weights: Mapping[str, float], before: Mapping[str, float] | None = None) -> list[str]:
    """Say what is read more or less readily than before, the strongest first."""
    moved = {label: weights.get(label, 0.0) - (before or {}).get(label, 0.0) for label in {*weights, *(before or {})}}
    strong = sorted((label for label in moved if abs(moved[label]) >= 0.05), key=lambda each: (-abs(moved[each]), each))
    return [f"{label} is read {'more' if moved[label] > 0 else 'less'} readily" for label in strong[:5]]


def fitted(said: Sequence[Correction]) -> dict[str, float]:
    """Return the likeliest shift of each label that enough people spoke of, without those who pull at it hardest."""
    counts = Counter(each.rater for each in said)
    spoken: dict[str, dict[str, list[_Spoken]]] = defaultdict(lambda: defaultdict(list))
    for each in said:
        trust = min(1.0, _MOST / counts[each.rater])
        for label in {*each.read, each.felt} & set(FINE):
            spoken[label][each.rater].append(
                _Spoken(log_odds(each.read.get(label, _UNREAD), _SUREST), label == each.felt, trust)
            )
    found = {}
    for label in sorted(spoken):
        raters = spoken[label]
        if len(raters) < LEAST_RATERS:
            continue
        whole = _shift(raters.values())
        aligned = {name: math.copysign(1.0, whole) * _pull(rows) for name, rows in raters.items()}
        hardest = sorted(aligned.items(), key=lambda each: (-each[1], each[0]))
        out = {name for name, _ in hardest[: math.ceil(_TRIMMED * len(hardest))]}
        shift = _shift([rows for name, rows in raters.items() if name not in out])
        if shift * whole > 0.0 and abs(shift) >= _LEAST_SHIFT:
            found[label] = round(max(-FURTHEST, min(FURTHEST, shift)), 4)
    return found


def _shift(raters: Iterable[Sequence[_Spoken]]) -> float:
    """Return the likeliest shift of one label: Newton's method, for the loss is convex."""
    import numpy as np

    odds, felt, trust = np.array([row for rows in raters for row in rows]).T
    shift = 0.0
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-(odds + shift)))
        slope = float((trust * (felt - chance)).sum()) - shift / _DOUBT**2
        shift += slope / (float((trust * chance * (1.0 - chance)).sum()) + 1.0 / _DOUBT**2)
    return float(np.clip(shift, -4.0, 4.0))


def _pull(rows: Sequence[_Spoken]) -> float:
    """Return how hard one rater pulls at a label, and which way."""
    return sum(row.trust * (row.felt - 1.0 / (1.0 + math.exp(-row.odds))) for row in rows)


def _better(said: Sequence[Correction], live: Mapping[str, float]) -> Check:
    import numpy as np

    name = "reads held-out people better"
    raters = sorted({each.rater for each in said})
    if len(said) < LEAST or len(raters) < LEAST_RATERS:
        told = f"{len(said)} corrected feelings of {len(raters)} people; {LEAST} of {LEAST_RATERS} are needed to tell."
        return Check(name, False, told)
    shifts = {
        fold: fitted([each for each in said if fold_of(each.rater) != fold]) for fold in set(map(fold_of, raters))
    }
    place = {rater: row for row, rater in enumerate(raters)}
    counts = np.zeros((len(raters), 2))
    for each in said:
        gain = _loss(each, live) - _loss(each, shifts[fold_of(each.rater)])
        counts[place[each.rater]] += (gain, 1.0)
    # Every person counts alike, however much they said.
    counts /= counts[:, 1:]
    found = measured("gain", Tally(counts, lambda sums: sums[..., 0] / np.maximum(sums[..., 1], 1.0)))
    told = f"{found.value:+.3f} nats ({found.low:+.3f} to {found.high:+.3f}, by person) on {len(said)} corrections."
    return Check(name, found.low > 0.0, told)


def given_to_felt(said: Correction, shift: Mapping[str, float]) -> float:
    """Return which share of the probability of all that a correction speaks of goes to what was felt, in [0, 1]."""
    chances = {
        label: 1.0 / (1.0 + math.exp(-log_odds(said.read.get(label, _UNREAD), _SUREST) - shift.get(label, 0.0)))
        for label in sorted({*said.read, said.felt} & set(FINE))
    }
    return chances.get(said.felt, 0.0) / (math.fsum(chances.values()) or 1.0)


def _loss(said: Correction, shift: Mapping[str, float]) -> float:
    """Return the log loss of a correction, over the labels that it speaks of."""
    total = 0.0
    for label in {*said.read, said.felt} & set(FINE):
        odds = log_odds(said.read.get(label, _UNREAD), _SUREST) + shift.get(label, 0.0)
        total += math.log1p(math.exp(-odds if label == said.felt else odds))
    return total


def _kept(engine: Engine, shift: Mapping[str, float]) -> list[Check]:
    """Say whether ordinary messages are read as before, and groups alike."""
    texts = list(probes("build").near)[::3]
    read = engine.perceive([Message(text) for text in texts])
    changed = sum(adapt(each, shift).feeling != each.feeling for each in read)
    wider = []
    for swap in probes("build").bias:
        group = engine.perceive([Message(text) for text in swap.texts])
        wider.append(_apart([adapt(each, shift) for each in group]) - _apart(group))
    gap = sum(wider) / len(wider)
    return [
        Check(
            "other readings as before",
            changed <= _CHANGED * len(texts),
            f"{changed} of {len(texts)} messages would be read as another feeling.",
        ),
        Check("groups read alike", gap <= _GAP, f"{gap:+.4f} between groups, on {len(wider)} sentences."),
    ]


def _apart(read: Sequence[Percept]) -> float:
    """Return how far apart a message is read for different groups: of all feelings, the widest gap."""
    rows = [[each.basic[label] for label in BASIC] for each in read]
    return float(max(max(values) - min(values) for values in zip(*rows, strict=True)))
