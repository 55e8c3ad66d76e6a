"""Remember conversations: keep a turn without what identifies people, and recall it as it was said."""

from __future__ import annotations

import threading
from collections import ChainMap, OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from heedful.config import Config
from heedful.errors import InputError
from heedful.types import Risk, Turn

if TYPE_CHECKING:
    from heedful.store.ledger import Happening
    from heedful.store.store import Store

_REMEMBERED = 1000
"""Turns that are remembered as they were said, in memory alone, so that a conversation goes on naturally."""
_RECENT = 300
"""Turns that are stored as they were said, and that are remembered so as not to be read anew at the next message."""
CRISIS = "crisis"
"""The consent that lets a crisis stay in force in new conversations of a person."""


class Memory:
    """The store's turns, and the latest of them as they were said. Thread-safe.

    Args:
        config: the settings.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._said: OrderedDict[str, Turn] = OrderedDict()
        self._recent: OrderedDict[str, Turn] = OrderedDict()
        self._models: set[str] = set()
        self._changing = threading.Lock()

    def keep(self, store: Store, turn: Turn, history: Sequence[Turn]) -> Turn:
        """Store a turn without what identifies people, and return it as it was said."""
        from heedful.guard.redact import redact_turn  # its expressions take 0.06 s to compile

        kept = redact_turn(turn, history) if self._config.redact else turn
        store.add_turn(kept, self._happenings(turn))
        remembered, most = (self._recent, _RECENT) if kept is turn else (self._said, _REMEMBERED)
        with self._changing:
            remembered[turn.id] = replace(turn, message=turn.message.without_media())
            while len(remembered) > most:
                remembered.popitem(last=False)
        return turn

    def before(self, store: Store, conversation: str, person: str | None) -> tuple[list[Turn], str | None, Risk | None]:
        """Return what a new turn comes after: the turns before it, whose it is, and the crisis that goes on.

        Raises:
            InputError: the conversation belongs to another person.
        """
        history = self.recall(store, conversation)
        owner = self.owner(store, conversation, history)
        if person is not None and owner not in (None, person):
            raise InputError(f"the conversation {conversation!r} belongs to another person. Begin one of another name.")
        earlier = self.in_force(store, person) if person is not None and not history else None
        return history, person or owner, earlier

    def recall(self, store: Store, conversation: str) -> list[Turn]:
        """Return the latest turns of a conversation, oldest first, as they were said where that is remembered."""
        known = ChainMap(self._said, self._recent)
        turns = store.turns(conversation, self._config.history_turns, known)
        return [self._as_said(turn) for turn in turns]

    def owner(self, store: Store, conversation: str, history: Sequence[Turn]) -> str | None:
        """Return the person whom a conversation belongs to, or None; `history` is what `recall` gave."""
        found = next((turn.person for turn in reversed(history) if turn.person is not None), None)
        if found is None and len(history) == self._config.history_turns:  # it may have been told before those
            return store.people.owner(conversation)
        return found

    def in_force(self, store: Store, person: str) -> Risk | None:
        """Return the crisis that goes on in a new conversation of a person, if they have agreed to that."""
        if not store.people.agrees(person, CRISIS):
            return None
        for turn in reversed(store.people.turns(person, self._config.history_turns)):
            risk = turn.understanding.risk
            if risk.carried or risk.level in ("high", "imminent"):
                return replace(risk, carried=True, findings=())
        return None

    def clear(self) -> None:
        """Forget every turn as it was said."""
        with self._changing:
            self._said.clear()
            self._recent.clear()

    def _as_said(self, turn: Turn) -> Turn:
        """Return a stored turn as it was said, if that is remembered, else without markers."""
        from heedful.guard.redact import speakable  # its expressions take 0.06 s to compile

        if turn.id in self._said or turn.message.text is None:
            return self._said.get(turn.id, turn)
        return replace(turn, message=replace(turn.message, text=speakable(turn.message.text)))

    def _happenings(self, turn: Turn) -> list[Happening]:
        from heedful.guard.lawful import METHOD
        from heedful.store.accounts import happenings

        found = happenings(turn, self._config, METHOD, frozenset(self._models))
        self._models |= {str(each.details["name"]) for each in found if each.kind == "model"}
        return found
