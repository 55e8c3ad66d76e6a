"""Write turns and feedback to a store in a process of its own, and tell of each one once it is acknowledged."""

from __future__ import annotations

import itertools
from multiprocessing.connection import Connection

from heedful.store import database  # noqa: F401 - imported ahead, so that a kill strikes the work and not an import
from heedful.store.store import Store
from heedful.types import Feedback, Turn
from tests.samples import sample_feedback, sample_turn

CONVERSATION = "shared"


def turn_of(name: str, number: int) -> Turn:
    """Return the turn that the writer `name` writes as its `number`th; every seventh is far longer than a page."""
    text = f"{name} {number} é\0\ud800" * (2000 if number % 7 == 0 else 1)
    return sample_turn(text, id=f"{name}-{number}", conversation=CONVERSATION)


def feedback_of(name: str, number: int) -> Feedback:
    """Return the feedback on that turn."""
    return sample_feedback(id=f"{name}-{number}", turn=f"{name}-{number}", comment=f"{name} {number}")


def write(url: str, name: str, acknowledged: Connection, count: int | None) -> None:
    """Write `count` turns, each with its feedback; without a count, write until killed."""
    acknowledged.send(("started", 0))
    with Store.open(url) as store:
        for number in itertools.count() if count is None else range(count):
            store.add_turn(turn_of(name, number))
            acknowledged.send(("turn", number))
            store.add_feedback(feedback_of(name, number))
            acknowledged.send(("feedback", number))
