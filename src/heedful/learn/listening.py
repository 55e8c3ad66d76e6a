"""Measure what was learned by watching, on conversations that it was not made from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from heedful.learn.meaning import LEAST, Bridge, bridge_of, large
from heedful.learn.observe import learn
from heedful.learn.promote import Check
from heedful.measure.metric import Figure, accuracy, measured
from heedful.measure.probe import probes
from heedful.respond.learned import Learned
from heedful.types import Message

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from heedful.engine import Engine
    from heedful.respond.exemplar import Exemplars
    from heedful.store.store import Store

    Floats = NDArray[np.float32]
    Score = Callable[[int, NDArray[np.intp]], NDArray[np.floating[Any]]]

CANDIDATES: Final = 100
"""Replies among which the true one is looked for."""
FOUND: Final = 10
"""It counts as found among the first so many."""
_HELD: Final = 10
"""One conversation in so many is held out."""
_WORSE: Final = 0.01


def checks_of(store: Store, engine: Engine, exemplars: Exemplars) -> list[Check]:
    """Say whether what was watched helps: the true reply is found again, and replies are judged no less empathic.

    Args:
        store: holds what was watched.
        engine: answers with and without it.
        exemplars: the candidate.
    """
    return [_finds(store), _judged(engine, exemplars)]


def _finds(store: Store) -> Check:
    kept: tuple[list[str], list[str]] = ([], [])
    held: tuple[list[str], list[str]] = ([], [])
    for name, _, payload in store.lessons.watched():
        part = held if is_held_out(name) else kept
        part[0].extend(payload["messages"])
        part[1].extend(payload["replies"])
    name = "finds the true reply"
    if len(kept[0]) < LEAST or len(held[0]) < CANDIDATES:
        return Check(name, False, f"{len(held[0])} held-out replies; at least {CANDIDATES} are needed to tell.")
    bridge = bridge_of(large(kept[0]), large(kept[1]))
    figure = recall(bridge, large(held[0]), large(held[1]))
    chance = FOUND / CANDIDATES
    told = f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f}) among the first {FOUND} of {CANDIDATES}; "
    return Check(name, figure.low > chance, f"{told}by chance {chance:.2f}.")


def is_held_out(name: str) -> bool:
    """Say whether a conversation is held out, by its name alone."""
    return int(hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16) % _HELD == 0


def recall(bridge: Bridge, messages: Floats, replies: Floats, seed: int = 7) -> Figure:
    """Return in what share of n cases the true reply is among the first of `CANDIDATES`, the others drawn at random.

    Args:
        bridge: made from other conversations.
        messages: n vectors.
        replies: the true reply to each.
        seed: of the draw.
    """
    import numpy as np

    told, said = bridge.messages(messages), bridge.replies(replies)
    return found_again(lambda row, others: said[others] @ told[row], len(told), np.random.default_rng(seed))


def found_again(score: Score, n: int, random: np.random.Generator, name: str = "recall@10 of 100") -> Figure:
    """Return how often the true reply is found, for scores of any kind.

    Args:
        score: (row, rows of replies) -> how well each of them answers the message of the row.
        n: messages.
        random: draws the candidates.
        name: of the figure.
    """
    import numpy as np

    hits = np.zeros(n, dtype=np.bool_)
    for row in range(n):
        others = random.choice(n - 1, min(CANDIDATES, n) - 1, replace=False)
        others = np.concatenate([[row], others + (others >= row)])
        values = np.asarray(score(row, others))
        hits[row] = np.count_nonzero(values[1:] >= values[0]) < FOUND
    return measured(name, accuracy(hits))


def _judged(engine: Engine, exemplars: Exemplars) -> Check:
    texts = list(probes("build").near)[::3]
    now, before = (_empathy(engine, texts, learned) for learned in (Learned(watched=exemplars), Learned()))
    told = f"judged empathic with {now:.3f}, {before:.3f} before, on {len(texts)} messages."
    return Check("replies no less empathic", now >= before - _WORSE, told)


def _empathy(engine: Engine, texts: Sequence[str], learned: Learned) -> float:
    said = [(text, engine.turn(Message(text), (), "watched", None, learned).reply.text) for text in texts]
    return sum(judged.probability for judged in engine.judge(said, "software")) / len(said)


def watched_payload(store: Store, names: frozenset[str] | None = None) -> dict[str, Any]:
    """Return what everything that was watched comes to, as a version keeps it.

    Args:
        store: holds what was watched.
        names: only these conversations; by default all.
    """
    rows = [row for row in store.lessons.watched() if names is None or row[0] in names]
    watched = learn(rows)
    return {
        "exemplars": [each.to_dict() for each in watched.exemplars],
        "bridge": watched.bridge.to_plain(),
        "habits": watched.habits,
        "conversations": watched.conversations,
        "replies": watched.replies,
        "names": [name for name, _, _ in rows],
        "upto": 0,
    }
