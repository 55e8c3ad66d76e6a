"""Learn what people prefer in a reply: everybody, everybody in a setting, and each person alone.

A comparison says that one reply was liked better than another. How likely that is, is the logistic function of the
difference of what the two are worth (Bradley and Terry, 1952), and worth is linear in the traits of
`respond/traits.toml`: what was learned can be read. A person's taste is the sum of three weights per trait, each with
its own doubt: everybody's, their setting's, and their own (partial pooling: Gelman and Hill, 2007). One pass over the
comparisons keeps a Gaussian belief about each level (assumed density filtering: Minka, 2001), in some hundred
microseconds a comparison.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from heedful.respond.learned import Taste
from heedful.respond.traits import known
from heedful.types import Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

COMMON_DOUBT: Final = 0.08
"""Standard deviation of a weight that everybody shares, before anything is known."""
SETTING_DOUBT: Final = 0.06
"""Standard deviation of what a setting adds to it."""
PERSON_DOUBT: Final = 0.6
"""Standard deviation of what a person adds to it."""
LIMIT: Final = 1.5
"""No weight may be further from 0, in log odds per spread, whatever people say."""
_EVEN: Final = 1.5
"""A person's taste counts by half before it has foreseen anything; so many nats later in full, or not at all."""
LEAD_WORTH: Final = 4.0
"""What one whole point of lead in the ranking is worth, in log odds, before anything is learned."""


@dataclass(frozen=True, slots=True)
class Comparison(Record):
    """Two replies to the same message, of which one was liked better."""

    traits: Mapping[str, float]
    """In which traits the one that was liked better has more, in spreads."""
    lead: float = 0.0
    """How far it led the other when they were ranked without anything learned."""
    trust: float = 1.0
    """How much it says, in (0, 1]: a choice between two says more than a rating near a person's mean."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed about the weights of one level."""

    mean: Floats
    """One per trait, in the order of `traits.toml`."""
    spread: Floats
    """Their covariance."""

    @classmethod
    def start(cls, doubt: float) -> Belief:
        """Return the belief before anything is known: every weight 0, give or take `doubt`."""
        import numpy as np

        names = list(known())
        doubts = np.array([doubt * (0.6 if ", " in name else 1.0) for name in names])
        return cls(np.zeros(len(names)), np.diag(doubts**2))

    @classmethod
    def fixed(cls, weights: Mapping[str, float]) -> Belief:
        """Return weights that are beyond doubt here, and so are not moved."""
        import numpy as np

        return cls(vector(weights), np.zeros((len(known()), len(known()))))

    def weights(self) -> dict[str, float]:
        """Return trait -> weight, within the limit."""
        return {name: max(-LIMIT, min(LIMIT, float(value))) for name, value in zip(known(), self.mean, strict=True)}

    def doubts(self) -> dict[str, float]:
        """Return trait -> standard deviation of its weight."""
        import numpy as np

        return dict(zip(known(), map(float, np.sqrt(np.diag(self.spread).clip(0.0))), strict=True))


@dataclass(frozen=True, slots=True)
class Levels:
    """What is believed about everybody and about each setting; a person's own level is kept apart."""

    common: Belief = field(default_factory=lambda: Belief.start(COMMON_DOUBT))
    """Of everybody."""
    settings: Mapping[str, Belief] = field(default_factory=dict)
    """Setting -> what it adds."""

    def setting(self, name: str) -> Belief:
        """Return what a setting adds, known or not."""
        return self.settings.get(name) or Belief.start(SETTING_DOUBT)


def vector(traits: Mapping[str, float]) -> Floats:
    """Return traits as an array, in the order of `traits.toml`; names that are not known any more are left out."""
    import numpy as np

    return np.array([float(traits.get(name, 0.0)) for name in known()])


def likely(levels: Sequence[Belief], comparison: Comparison) -> float:
    """Return how likely the reply that was liked better was to be, by what is believed, in [0, 1].

    Doubt brings it nearer to a half (MacKay, 1992, The evidence framework applied to classification networks).
    """
    x = vector(comparison.traits)
    mean = LEAD_WORTH * comparison.lead + sum(float(level.mean @ x) for level in levels)
    doubt = sum(float(x @ level.spread @ x) for level in levels)
    return _logistic(mean / math.sqrt(1.0 + math.pi * doubt / 8.0))


def learn_one(levels: Sequence[Belief], comparison: Comparison) -> tuple[Belief, ...]:
    """Return the beliefs after one comparison: each level moves by its share of the doubt."""
    import numpy as np

    x = vector(comparison.traits)
    pulls = [level.spread @ x for level in levels]
    doubt = sum(float(x @ pull) for pull in pulls)
    if doubt <= 0.0:
        return tuple(levels)
    chance = likely(levels, comparison)
    sharpness = comparison.trust * max(chance * (1.0 - chance), 1e-3)
    step = comparison.trust * (1.0 - chance) / (1.0 + sharpness * doubt)
    shrink = sharpness / (1.0 + sharpness * doubt)
    return tuple(
        Belief(level.mean + step * pull, level.spread - shrink * np.outer(pull, pull))
        for level, pull in zip(levels, pulls, strict=True)
    )


def learn_many(given: Iterable[tuple[str, Comparison]], start: Levels | None = None) -> Levels:
    """Return what everybody and each setting prefer, from (setting, comparison) in order."""
    levels = start or Levels()
    common, settings = levels.common, dict(levels.settings)
    for setting, comparison in given:
        common, settings[setting] = learn_one(
            (common, settings.get(setting) or Belief.start(SETTING_DOUBT)), comparison
        )
    return Levels(common, settings)


def log_gain(levels: Sequence[Belief], shared: Belief, comparison: Comparison) -> float:
    """Return by how much better a comparison was foreseen with what is believed of a person than without, in nats."""
    with_it, without = likely(levels, comparison), likely((shared,), comparison)
    return math.log(max(with_it, 1e-6)) - math.log(max(without, 1e-6))


def taste_of(common: Mapping[str, float], own: Belief | None, gain: float, version: str) -> Taste:
    """Return what a person prefers: what is common where they are, and what they add.

    What is theirs counts in so far as it has foreseen what they said next: somebody whose likes follow no trait that is
    known here is answered as before, instead of by what their ratings happened to have in common.

    Args:
        common: the weights of everybody and of their setting together.
        own: what is believed of the person; None for somebody who has never said anything.
        gain: the sum of `log_gain` over what they said, each before it was learned from.
        version: what the common weights come from.
    """
    if own is None:
        return Taste(dict(common), {}, version)
    counts = max(0.0, min(1.0, (gain + _EVEN) / (2 * _EVEN)))
    mine = {name: counts * value for name, value in own.weights().items()}
    weights = {name: common.get(name, 0.0) + mine.get(name, 0.0) for name in {*common, *mine}}
    return Taste(
        {name: max(-2 * LIMIT, min(2 * LIMIT, value)) for name, value in weights.items() if value},
        {name: value for name, value in own.doubts().items() if value > 0.0},
        version,
    )


def packed(belief: Belief) -> dict[str, Any]:
    """Return a belief as plain JSON: means and covariances by the names of the traits, so that it outlives changes."""
    import numpy as np

    names = list(known())
    rows, columns = np.tril_indices(len(names))
    return {
        "traits": names,
        "mean": [round(float(value), 6) for value in belief.mean],
        "spread": [round(float(value), 8) for value in belief.spread[rows, columns]],
    }


def unpacked(plain: Mapping[str, Any], doubt: float) -> Belief:
    """Return a belief from `packed`; traits that came since are as doubtful as at the beginning."""
    import numpy as np

    names, start = list(plain["traits"]), Belief.start(doubt)
    size = len(names)
    kept = np.zeros((size, size))
    rows, columns = np.tril_indices(size)
    kept[rows, columns] = plain["spread"]
    kept = kept + np.tril(kept, -1).T
    if names == list(known()):
        return Belief(np.array(plain["mean"], dtype=np.float64), kept)
    place = {name: row for row, name in enumerate(names)}
    mean, spread = start.mean.copy(), start.spread.copy()
    both = [(row, place[name]) for row, name in enumerate(known()) if name in place]
    for row, old in both:
        mean[row] = plain["mean"][old]
        for other, older in both:
            spread[row, other] = kept[old, older]
    return Belief(mean, spread)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))
