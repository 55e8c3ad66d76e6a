"""Lay one text, or two that belong together, out as the tokens that a text network reads.

Training and run time use this one function, so that a network never meets a layout it was not trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_SECOND_SHARE = 0.6
"""At most so much of the room goes to the second text, when both are long."""


HISTORY = 6
"""Turns before the one in question that a network reads."""


def so_far(turns: Sequence[str]) -> str:
    """Return the last turns of a dialogue as the one text that networks were trained to read it as."""
    return " / ".join(turns[-HISTORY:])


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one input."""

    ids: list[int]
    """Token ids, the marks between and around the texts included."""
    second: int
    """Where the second text begins; `len(ids)` if there is none."""
    spans: list[tuple[int, int]]
    """Per token, its first character and one past its last, in the text it belongs to; marks are (0, 0)."""

    @property
    def types(self) -> list[int]:
        """0 for the first text's tokens, 1 for the second's."""
        return [0] * self.second + [1] * (len(self.ids) - self.second)


def lay_out(
    tokenizer: Tokenizer, first: Sequence[str], second: Sequence[str] | None = None, limit: int = 0
) -> list[Tokens]:
    """Return the tokens of n texts, or of n pairs of texts.

    A single text keeps its beginning. Of a pair the first text, the one that came before, keeps its end; the second,
    the one that is judged, keeps its beginning.

    Args:
        tokenizer: with the marks [CLS] and [SEP].
        first: normalised texts.
        second: what belongs to each of them, normalised; None for single texts.
        limit: at most so many tokens per input, marks included; 0 = as many as there are.
    """
    start, stop = (int(tokenizer.token_to_id(mark) or 0) for mark in ("[CLS]", "[SEP]"))
    before = tokenizer.encode_batch(list(first), add_special_tokens=False)
    if second is None:
        room = limit - 2 if limit else None
        return [
            Tokens([start, *each.ids[:room], stop], len(each.ids[:room]) + 2, [(0, 0), *each.offsets[:room], (0, 0)])
            for each in before
        ]
    after = tokenizer.encode_batch(list(second), add_special_tokens=False)
    laid: list[Tokens] = []
    for a, b in zip(before, after, strict=True):
        room = limit - 3 if limit else len(a.ids) + len(b.ids)
        kept = min(len(b.ids), max(int(room * _SECOND_SHARE), room - len(a.ids)))
        skipped = max(0, len(a.ids) - (room - kept))
        ids = [start, *a.ids[skipped:], stop, *b.ids[:kept], stop]
        spans = [(0, 0), *a.offsets[skipped:], (0, 0), *b.offsets[:kept], (0, 0)]
        laid.append(Tokens(ids, len(a.ids) - skipped + 2, spans))
    return laid
