"""Measure learning by docs/protocols.md: ratings that people gave, simulated people, spoiled feedback, watching."""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from heedful.learn import simulate
from heedful.learn.listening import found_again
from heedful.learn.meaning import large
from heedful.learn.observe import Conversation, Watched, learn, pairs_of, watch
from heedful.learn.promote import quiet
from heedful.learn.simulate import ATTACKS, KINDS, Offer, Person, offers, order_of, poisoned, taught, win_rate
from heedful.learn.trial import FEEDBACKS, SEEDS, STEP, Replay, over_seeds, rated_replies, replay
from heedful.measure.corpora import first_turns
from heedful.measure.dataset import read_rows
from heedful.measure.metric import Figure, Tally, measured
from heedful.measure.task import Column, Result
from heedful.models.encoder import TextEncoder
from heedful.respond.exemplar import Exemplars
from heedful.respond.learned import Learned
from heedful.types import Message, Turn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.engine import Engine

_ED = "EmpatheticDialogues (Rashkin et al., 2019), CC BY-NC 4.0"
_MESSAGES: Final = 260
_HELD: Final = 100
_TRIED: Final = 1000
"""Held-out replies that are looked for."""
_ANSWERED: Final = 150
"""Held-out messages that are answered with and without what was watched."""
_SHARED: Final = ("few words", "a thought")
"""What honest people like, where feedback is spoiled."""
_WORD = re.compile(r"[a-z']+")
Tell = Callable[[str], None]


def measure_ratings(
    engine: Engine, tell: Tell = quiet, limit: int | None = None, seeds: int = SEEDS
) -> tuple[Result, list[Replay]]:
    """Measure L1: replay ratings that people gave, and see whether better replies come to be chosen.

    Args:
        engine: what ranks the replies.
        tell: is told what is done now.
        limit: take only so many dialogues of each part, for a first look.
        seeds: orders of the dialogues.
    """
    tell("ranking rated replies")
    train, sha256, whole = rated_replies(engine, "train", limit)
    dev, _, _ = rated_replies(engine, "dev", limit)
    weight, feedbacks = engine.config.rank_liked, FEEDBACKS if limit is None else min(FEEDBACKS, len(train) // 2)
    done = [replay(train, dev, weight, seed, feedbacks) for seed in range(seeds)]
    ours = (
        over_seeds("mean rating of the chosen reply", [each.after for each in done]),
        over_seeds("more than with nothing learned", [each.after - each.after_frozen for each in done]),
        over_seeds("more than with nothing learned, the worst order", [min(e.after - e.after_frozen for e in done)]),
        over_seeds("mean rating, dialogues of another part", [each.elsewhere for each in done]),
        over_seeds("more than with nothing learned, another part", [e.elsewhere - e.elsewhere_frozen for e in done]),
    )
    frozen = _beside("nothing learned", [e.after_frozen for e in done], [e.elsewhere_frozen for e in done])
    columns = (
        Column(f"after {feedbacks} feedbacks", "", "", 0, (*ours, *_curve([each.won for each in done]))),
        replace(frozen, figures=(*frozen.figures, *_curve([each.won_frozen for each in done]))),
        _beside("always the longest", [each.after_longest for each in done]),
        _beside("random", [each.after_random for each in done]),
    )
    return _result("L1", "Learning from ratings: is a better reply chosen?", "Rated replies train, the rest on dev",
                   "Ratings of replies (Welivita and Pu, 2024), licence of the data not stated", sha256,
                   len(train), columns, whole), done  # fmt: skip


def _curve(stretches: Sequence[Sequence[float]]) -> list[Figure]:
    """Return a figure per stretch of feedback, over orders: the points of the learning curve."""
    return [
        over_seeds(f"win rate: after {STEP * (place + 1)} feedbacks", values)
        for place, values in enumerate(zip(*stretches, strict=True))
    ]


def _beside(name: str, values: Sequence[float], elsewhere: Sequence[float] = ()) -> Column:
    figures = [over_seeds("mean rating of the chosen reply", values)]
    if elsewhere:
        figures.append(over_seeds("mean rating, dialogues of another part", elsewhere))
    return Column(name, "", "", 0, tuple(figures))


def measure_people(engine: Engine, tell: Tell = quiet, messages: int = _MESSAGES, seeds: int = SEEDS) -> list[Result]:
    """Measure L1s and L1p: simulated people with tastes of their own, and feedback that is meant to spoil.

    Args:
        engine: what writes the replies.
        tell: is told what is done now.
        messages: what is answered; fewer for a first look.
        seeds: simulated people of each kind.
    """
    import numpy as np

    data = first_turns("test")
    tell("writing what simulated people are offered")
    offered = offers(engine, data.texts[:messages])
    whole = round(len(offered) * _MESSAGES / messages)
    weight = engine.config.rank_liked
    before: list[Figure] = []
    after: list[Figure] = []
    gains: list[list[float]] = []
    for kind, taster in KINDS.items():
        tell(f"simulating people who like {kind}")
        rows = []
        for seed in range(seeds):
            order = order_of(offered, seed)
            person = Person(taster, offered, np.random.default_rng(seed))
            taste = taught(person, [offered[row] for row in order[: simulate.FEEDBACKS]], weight, f"seed {seed}")
            held = [offered[row] for row in order[simulate.FEEDBACKS : simulate.FEEDBACKS + _HELD]]
            rows.append((win_rate(person, held, None, weight), win_rate(person, held, taste, weight)))
        before.append(over_seeds(kind, [row[0] for row in rows]))
        after.append(over_seeds(kind, [row[1] for row in rows]))
        gains.append([row[1] - row[0] for row in rows])
    mean = [sum(each[seed] for each in gains) / len(gains) for seed in range(seeds)]
    after.append(over_seeds("all kinds: more than before", mean))
    columns = (Column("after 20 ratings", "", "", 0, tuple(after)), Column("nothing learned", "", "", 0, tuple(before)))
    title = "Simulated people with hidden tastes: is the reply they like better chosen?"
    people = _result("L1s", title, data.name, _ED, data.sha256, len(offered), columns, whole)
    return [people, _poisoned(offered, data, tell, whole, seeds)]


def _poisoned(offered: Sequence[Offer], data: Any, tell: Tell, whole: int, seeds: int) -> Result:
    figures: dict[str, list[Figure]] = {"spoiled": [], "honest": [], "nothing learned": []}
    tell("learning from those who are honest")
    honest = [_over_kinds(offered, None, seed) for seed in range(seeds)]
    for name, attack in ATTACKS.items():
        tell(f"spoiling feedback: {name}")
        rows = [_over_kinds(offered, attack, seed) for seed in range(seeds)]
        figures["spoiled"].append(over_seeds(name, [row[0] for row in rows]))
        figures["spoiled"].append(
            over_seeds(f"{name}: what it costs", [one[0] - row[0] for one, row in zip(honest, rows, strict=True)])
        )
        figures["honest"].append(over_seeds(name, [row[0] for row in honest]))
        figures["nothing learned"].append(over_seeds(name, [row[1] for row in honest]))
    names = {"spoiled": "30 % of feedback spoiled", "honest": "the same honest people alone"}
    columns = tuple(Column(names.get(name, name), "", "", 0, tuple(found)) for name, found in figures.items())
    title = "Spoiled feedback: what does it cost those who are honest?"
    return _result("L1p", title, data.name, _ED, data.sha256, len(offered), columns, whole)


def _over_kinds(offered: Sequence[Offer], attack: simulate.Attack | None, seed: int) -> tuple[float, float]:
    """Return win rates, with and without what was learned, over what honest people may share."""
    found = [poisoned(offered, KINDS[kind], attack, seed) for kind in _SHARED]
    return sum(one for one, _ in found) / len(found), sum(two for _, two in found) / len(found)


def measure_watching(engine: Engine, tell: Tell = quiet, limit: int | None = None) -> Result:
    """Measure L1o: watch the conversations of one part, and see what it is worth on another."""
    rows, sha256 = read_rows("empathetic_dialogues", ["split", "dialogue_id", "turn", "speaker", "text"])
    encoder = TextEncoder.open(engine.config.listener, engine.config.commercial_only)
    started = time.process_time()
    train = _dialogues(rows, "train")[:limit]
    seen: list[tuple[str, str, Any]] = []
    for start in range(0, len(train), 128):
        seen += [
            (each.name, "ED", taken.to_dict())
            for each, taken in watch(train[start : start + 128], encoder, engine.config)
        ]
        if start % 1280 == 0:
            tell(f"watched {start:,} conversations")
    watched = learn(seen)
    seconds = time.process_time() - started
    test = _dialogues(rows, "test")
    held = [pair for each in test for pair in pairs_of(each)]
    held = held[:: max(1, len(held) // _TRIED)][:_TRIED]
    tell("looking for the true replies")
    ours, bm25 = _recall(encoder, watched, held, [pair for each in train for pair in pairs_of(each)])
    tell("answering with and without what was watched")
    exemplars = Exemplars.of([each.to_dict() for each in watched.exemplars], watched.bridge.to_plain())
    texts = [each.turns[0][1] for each in test[:: max(1, len(test) // _ANSWERED)]][:_ANSWERED]
    with_it, used, found = _replies(engine, texts, Learned(watched=exemplars))
    without, _, _ = _replies(engine, texts, Learned())
    more = (_flat("conversations watched", watched.conversations), _flat("minutes of one core", seconds / 60.0),
            _flat("sentences learned", len(watched.exemplars)), used, found)  # fmt: skip
    columns = (
        Column("with what was watched", encoder.card.version_id, encoder.card.sha256, 0, (ours, *with_it, *more)),
        Column("without", "", "", 0, tuple(without)),
        Column("BM25", "", "", 0, (bm25,)),
    )
    title = "Watching good listeners: is their reply found again, and do ours get better?"
    return _result("L1o", title, "EmpatheticDialogues train, measured on test", _ED, sha256, len(held), columns)


def _dialogues(rows: Sequence[dict[str, Any]], split: str) -> list[Conversation]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["split"] == split:
            found.setdefault(row["dialogue_id"], []).append(row)
    return [
        Conversation(
            name, tuple((r["speaker"] == "listener", r["text"]) for r in sorted(turns, key=lambda r: r["turn"]))
        )
        for name, turns in sorted(found.items())
    ]


def _recall(
    encoder: TextEncoder, watched: Watched, held: Sequence[tuple[str, str]], seen: Sequence[tuple[str, str]]
) -> tuple[Figure, Figure]:
    import numpy as np

    from heedful.learn.meaning import read_many, small

    # As they are kept: a byte per number.
    told = watched.bridge.messages(large(small(read_many(encoder, [message for message, _ in held])[0])))
    said = watched.bridge.replies(large(small(read_many(encoder, [reply for _, reply in held])[0])))
    ours = found_again(lambda row, others: said[others] @ told[row], len(held), np.random.default_rng(7))
    bm25 = Bm25([reply for _, reply in seen])
    words = [_WORD.findall(message.lower()) for message, _ in held]
    replies = [Counter(_WORD.findall(reply.lower())) for _, reply in held]

    def lexical(row: int, others: NDArray[np.intp]) -> NDArray[np.float64]:
        return np.array([bm25.score(words[row], replies[other]) for other in others])

    return ours, found_again(lexical, len(held), np.random.default_rng(7))


class Bm25:
    """Rank replies by the words they share with a message (Robertson and Zaragoza, 2009).

    Args:
        replies: those that tell how rare words are.
    """

    def __init__(self, replies: Sequence[str]) -> None:
        words = [_WORD.findall(reply.lower()) for reply in replies]
        self._in = Counter(word for each in words for word in set(each))
        self._n = len(words)
        self._length = sum(map(len, words)) / max(1, len(words))

    def score(self, asked: Sequence[str], reply: Counter[str], k: float = 1.5, b: float = 0.75) -> float:
        """Return how well a reply, as word -> times, fits the words of a message."""
        long = 1.0 - b + b * sum(reply.values()) / self._length
        return sum(
            math.log(1.0 + (self._n - self._in[word] + 0.5) / (self._in[word] + 0.5))
            * reply[word] * (k + 1.0) / (reply[word] + k * long)
            for word in set(asked)
            if word in reply
        )  # fmt: skip


def _replies(engine: Engine, texts: Sequence[str], learned: Learned) -> tuple[list[Figure], Figure, Figure]:
    turns = [engine.turn(Message(text), (), f"watched {row}", None, learned) for row, text in enumerate(texts)]
    judged = engine.judge([(text, turn.reply.text) for text, turn in zip(texts, turns, strict=True)], "software")
    figures = [
        _averaged(f"judged {name} of our replies", [
            (getattr(each, name).probabilities[1] + 2 * getattr(each, name).probabilities[2]) / 2 for each in judged
        ])
        for name in ("reaction", "interpretation", "exploration")
    ]  # fmt: skip
    figures.append(_averaged("judged empathic, our replies", [each.probability for each in judged]))
    used = _averaged("replies with a watched sentence", [float(_is_used(turn)) for turn in turns])
    found = _averaged("replies that the guard objects to", [float(turn.verdict.action != "allow") for turn in turns])
    return figures, used, found


def _is_used(turn: Turn) -> bool:
    return any(phrase.startswith("watched.") for phrase in turn.reply.phrases)


def _averaged(name: str, values: Sequence[float]) -> Figure:
    import numpy as np

    counts = np.stack([np.array(values), np.ones(len(values))], axis=1)
    return measured(name, Tally(counts, lambda sums: sums[..., 0] / sums[..., 1]))


def _flat(name: str, value: float) -> Figure:
    return Figure(name, float(value), float(value), float(value), 1)


def _result(
    protocol: str,
    title: str,
    dataset: str,
    source: str,
    sha256: str,
    n: int,
    columns: tuple[Column, ...],
    whole: int = 0,
) -> Result:
    at = datetime.now(UTC).replace(microsecond=0)
    return Result(protocol, title, dataset, source, sha256, n, max(n, whole), columns, version("heedful"), at,
                  "Student's t (over seeds)" if protocol != "L1o" else "bootstrap")  # fmt: skip
