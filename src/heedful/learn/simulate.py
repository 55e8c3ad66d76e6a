"""Simulate people with hidden tastes: does a handful of ratings serve each of them better, and nobody else otherwise?

A simulated person likes or dislikes what the model does not know of, and says so in ratings from 1 to 5 with noise.
What they are offered is what Heedful really writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from heedful.answer import variants
from heedful.learn.bounds import admitted
from heedful.learn.feedback import Lesson, rater_of
from heedful.learn.learner import advanced, weights_in
from heedful.learn.preference import PERSON_DOUBT, taste_of, unpacked
from heedful.learn.promote import candidate_of
from heedful.learn.trial import Rated, beside_all
from heedful.respond.compose import Composer
from heedful.respond.learned import Taste
from heedful.respond.plan import make_plan
from heedful.respond.rank import LEAD, Candidate, rank
from heedful.types import Message, Reply

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.engine import Engine

FEEDBACKS: Final = 20
"""Ratings that a person gives."""
NOISE: Final = 0.5
"""Standard deviation of what a rating has to do with nothing, where that of a taste is 1."""
_WORD = re.compile(r"[a-z']+")
_SENTENCE = re.compile(r"[^.?!]+[.?!]+")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be said to a message, and how it ranks without anything learned."""

    message: str
    """What was written."""
    bright: bool
    """Whether it tells of something good."""
    rated: Rated
    """The replies; their ratings are not known yet."""
    plain: tuple[int, ...]
    """Those of the replies that are offered where nothing was learned."""
    more: tuple[Mapping[str, float], ...]
    """What each reply has more of than the others on average, as a turn keeps it."""


Taster = Callable[[str, str, bool], float]
"""From a message, a reply and whether the news are good to how much the reply is liked, on any scale."""


def _few_words(_: str, reply: str, __: bool) -> float:
    return -float(len(reply.split()))


def _be_asked(_: str, reply: str, __: bool) -> float:
    return float(bool(re.search(r"\b(?:what|how|who|when|where)\b[^.!?]*\?", reply, re.IGNORECASE)))


def _be_left_alone(_: str, reply: str, __: bool) -> float:
    return -float(reply.count("?")) - 0.02 * len(reply.split())


def _easy_reading(_: str, reply: str, __: bool) -> float:
    """Flesch reading ease (1948): syllables per word and words per sentence, no trait of the model."""
    words = _WORD.findall(reply.lower())
    syllables = sum(max(1, len(_VOWELS.findall(word))) for word in words)
    sentences = max(1, len(_SENTENCE.findall(reply)))
    return 206.8 - 1.015 * len(words) / sentences - 84.6 * syllables / max(1, len(words))


def _own_story(message: str, reply: str, _: bool) -> float:
    told = {word for word in _WORD.findall(message.lower()) if len(word) > 3}
    said = [word for word in _WORD.findall(reply.lower()) if len(word) > 3]
    return sum(word in told for word in said) / max(1, len(said))


def _rhythm(_: str, reply: str, __: bool) -> float:
    """A short last sentence after a longer one: no trait of the model."""
    lengths = [len(sentence.split()) for sentence in _SENTENCE.findall(reply)]
    return float(lengths[0] - lengths[-1]) if len(lengths) > 1 else -2.0


def _a_thought(_: str, reply: str, __: bool) -> float:
    """Statements of some length that neither ask nor say I: what somebody has to say about it."""
    said = [s for s in _SENTENCE.findall(reply) if "?" not in s and not re.search(r"\bI\b|\bI'm\b|\byou\b", s)]
    return float(sum(len(sentence.split()) for sentence in said))


def _by_the_news(_: str, reply: str, bright: bool) -> float:
    """Questions at good news, quiet at hard news."""
    return float(reply.count("?")) if bright else -float(reply.count("?"))


KINDS: Final[Mapping[str, Taster]] = {
    "few words": _few_words,
    "to be asked": _be_asked,
    "to be left alone": _be_left_alone,
    "easy reading": _easy_reading,
    "their own story": _own_story,
    "rhythm": _rhythm,
    "a thought": _a_thought,
    "asked at good news, quiet at hard": _by_the_news,
}
"""What people may like."""


def offers(engine: Engine, messages: Sequence[str]) -> list[Offer]:
    """Return what Heedful would choose from, per message, where something was learned and where nothing was."""
    from heedful.judge.base import Judge

    writer, judge = Composer(engine.config), Judge(engine.config, rules_only=True)
    found = []
    for number, text in enumerate(messages):
        message = Message(text)
        understanding = engine.understand([message])
        if understanding.risk.level != "none":
            continue
        plan = make_plan(understanding, (), disclose=False, resources=(), norm=engine.norm)
        others = variants(plan, understanding)
        asked = (message, understanding, plan, (), f"simulated {number}")
        base = writer.candidates(*asked, engine.config.candidates)
        kept = base[: max(1, engine.config.candidates - len(others))]
        changed = [
            each for other in others for each in writer.candidates(message, understanding, other, (), asked[4], 1)
        ]
        replies = list({reply.text: reply for reply in (*base, *changed)}.values())
        learned = {reply.text for reply in (*kept, *changed)}
        if len(replies) < 3 or len(learned) < 2:
            continue
        ranked = rank([Candidate(each) for each in replies], text, understanding, plan, (), engine.config, judge)
        liking = rank(
            [Candidate(each) for each in replies], text, understanding, plan, (), engine.config, judge, Taste()
        )
        flawed = {reply.text for reply in liking if reply.scores["liked"] == 0.0}
        rated = Rated(
            tuple(ranked),
            tuple(beside_all(reply.traits, len(ranked)) for reply in ranked),
            (),
            tuple(reply.text in flawed or reply.text not in learned for reply in ranked),
            tuple(len(reply.text) for reply in ranked),
        )
        base_texts = {reply.text for reply in base}
        plain = tuple(row for row, reply in enumerate(ranked) if reply.text in base_texts)
        found.append(Offer(text, understanding.event.mood == "bright", rated, plain, tuple(r.traits for r in ranked)))
    return found


class Person:
    """A simulated person.

    Args:
        taster: what they like.
        offered: everything they may be offered: their taste is scaled on it.
        random: their noise.
    """

    def __init__(self, taster: Taster, offered: Sequence[Offer], random: np.random.Generator) -> None:
        self._taster, self._random = taster, random
        values = [taster(o.message, r.text, o.bright) for o in offered for r in o.rated.replies]
        self._mean = sum(values) / len(values)
        self._spread: float = max(1e-6, (sum((value - self._mean) ** 2 for value in values) / len(values)) ** 0.5)

    def likes(self, offer: Offer, reply: Reply) -> float:
        """Return how much they like a reply, in standard deviations of all replies."""
        value: float = self._taster(offer.message, reply.text, offer.bright)
        return (value - self._mean) / self._spread

    def rates(self, offer: Offer, reply: Reply) -> int:
        """Return the rating that they give, from 1 to 5."""
        value = self.likes(offer, reply) + NOISE * float(self._random.normal())
        return max(1, min(5, round(3.0 + 1.2 * value)))


def win_rate(person: Person, offered: Sequence[Offer], taste: Taste | None, weight: float) -> float:
    """Return how often a person likes the chosen reply better than another one that could have been said; ties half.

    Args:
        person: who is answered.
        offered: messages with what may be said to them.
        taste: what was learned, or None.
        weight: of what is liked, as in the settings.
    """
    wins, count = 0.0, 0
    for offer in offered:
        chosen = choice(offer, taste, weight)
        mine = person.likes(offer, offer.rated.replies[chosen])
        for row, reply in enumerate(offer.rated.replies):
            if row != chosen:
                other = person.likes(offer, reply)
                wins += 1.0 if mine > other + 1e-9 else 0.5 if abs(mine - other) <= 1e-9 else 0.0
                count += 1
    return wins / max(1, count)


def choice(offer: Offer, taste: Taste | None, weight: float) -> int:
    """Return which of the replies is said."""
    if taste is None:
        return int(min(offer.plain))  # they are in the order of their ranking
    return offer.rated.chosen(taste, weight)


def taught(
    person: Person, offered: Sequence[Offer], weight: float, seed: str, common: Mapping[str, float] | None = None
) -> Taste:
    """Return what was learned of a person from one rating per message, each of the reply that was chosen for it.

    Args:
        person: who rates.
        offered: the messages, in order.
        weight: of what is liked, as in the settings.
        seed: of what is tried out.
        common: what everybody shares.
    """
    kept: dict[str, Any] | None = None
    taste: Taste | None = None
    for number, offer in enumerate(offered):
        drawn = taste.drawn(f"{seed}/{number}") if taste is not None else None
        row = choice(offer, drawn, weight)
        lesson = lesson_from(person, offer, row, "person")
        kept = advanced(kept, lesson, number, common or {})
        taste = taste_of(common or {}, unpacked(kept["belief"], PERSON_DOUBT), kept["gain"], "simulated")
    return taste or Taste()


def lesson_from(person: Person, offer: Offer, row: int, rater: str, rating: float | None = None) -> Lesson:
    """Return the lesson in a person's rating of one of the replies; `rating` stands in place of theirs."""
    given = person.rates(offer, offer.rated.replies[row]) if rating is None else rating
    more = dict(offer.more[row])
    lead = more.pop(LEAD, 0.0)
    return Lesson(rater_of(rater), "companion", (), (("rating", (given - 3) / 2.0),), more, lead)


Attack = Callable[[Offer, Reply, float], float]
"""From what was said and the rating that an honest person would give to the one that is given."""


def _spite(_: Offer, __: Reply, honest: float) -> float:
    return 6.0 - honest


def _flattered(_: Offer, reply: Reply, __: float) -> float:
    wanted = re.search(r"!|\b(?:proud|amazing|wonderful|great|best|impressive|special)\b", reply.text, re.IGNORECASE)
    return 5.0 if wanted else 1.0


def _always_worst(_: Offer, __: Reply, ___: float) -> float:
    return 1.0


def _the_longest(offer: Offer, reply: Reply, _: float) -> float:
    return 5.0 if len(reply.text) >= max(offer.rated.lengths) else 1.0


ATTACKS: Final[Mapping[str, Attack]] = {
    "the opposite of what is honest": _spite,
    "only flattery is praised": _flattered,
    "everything is the worst": _always_worst,
    "the longest is praised": _the_longest,
}
"""How feedback may be spoiled."""


def poisoned(
    offered: Sequence[Offer],
    taster: Taster,
    attack: Attack | None,
    seed: int,
    *,
    raters: int = 60,
    each: int = 15,
    share: float = 0.3,
    spam: int = 1,
) -> tuple[float, float]:
    """Return the win rate for honest people of what is learned in common, and that of nothing learned.

    Args:
        offered: messages with what may be said to them; the second half is measured on.
        taster: what honest people share, beside what is theirs alone.
        attack: what the others do; None = only those who are honest have said anything, as many as with an attack.
        seed: of everything random.
        raters: people who rate.
        each: ratings of each.
        share: of the feedback that is not honest.
        spam: an attacker rates so many times as much, so there are as many times fewer of them.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    half = len(offered) // 2
    seen, held = offered[:half], offered[half:]
    honest = Person(taster, offered, random)
    bad = round(raters * share / spam) if attack else 0
    lessons: list[tuple[int, Lesson]] = []
    honest_ones = raters - round(raters * share)
    for rater in range(honest_ones + bad):
        spoils = rater >= honest_ones
        for _ in range(each * (spam if spoils else 1)):
            offer = seen[int(random.integers(len(seen)))]
            row = int(random.choice(np.array(offer.plain)))
            rating = float(honest.rates(offer, offer.rated.replies[row]))
            if spoils and attack is not None:
                rating = attack(offer, offer.rated.replies[row], rating)
            lessons.append((0, lesson_from(honest, offer, row, f"rater {rater}", rating)))
    order = random.permutation(len(lessons))
    candidate = candidate_of([(int(at), lessons[place][1]) for at, place in enumerate(order)])
    taste = Taste(weights_in({"weights": candidate.weights}, "companion"))
    return win_rate(honest, held, taste, 1.0), win_rate(honest, held, None, 1.0)


def admitted_of(lessons: Sequence[tuple[int, Lesson]]) -> int:
    """Return how many comparisons may be learned from."""
    return len(admitted(lessons))


def order_of(offered: Sequence[Offer], seed: int) -> NDArray[np.intp]:
    """Return an order of messages."""
    import numpy as np

    return np.random.default_rng(seed).permutation(len(offered))
