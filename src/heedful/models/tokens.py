"""Lay one text, or two that belong together, out as the tokens that a text network reads.

Training and run time use this one function, so that a network never meets a layout it was not trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

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
    """Where the second text begins: `len(ids)` if there is none, 0 if nothing came before it."""
    spans: list[tuple[int, int]]
    """Per token, its first character and one past its last, in the text it belongs to; marks are (0, 0)."""

    @property
    def types(self) -> list[int]:
        """0 for the tokens of the first text, or of the only one, 1 for those of the second."""
        return [0] * (self.second or len(self.ids)) + [1] * (len(self.ids) - self.second if self.second else 0)


def lay_out(
    tokenizer: Tokenizer, first: Sequence[str], second: Sequence[str] | None = None, limit: int = 0
) -> list[Tokens]:
    """Return the tokens of n texts, or of n pairs of texts.

    A single text keeps its beginning. Of a pair the first text, the one that came before, keeps its end; the second,
    the one that is judged, keeps its beginning. Where nothing came before, the second stands as a single text.

    Args:
        tokenizer: with the marks [CLS] and [SEP].
        first: normalised texts.
        second: what belongs to each of them, normalised; None for single texts.
        limit: at most so many tokens per input, marks included; 0 = as many as there are.
    """
    start, stop = (int(tokenizer.token_to_id(mark) or 0) for mark in ("[CLS]", "[SEP]"))
    before = tokenizer.encode_batch(list(first), add_special_tokens=False)

    def alone(text: Encoding, second: int | None = None) -> Tokens:
        ids = text.ids[: limit - 2] if limit else text.ids
        spans = [(0, 0), *text.offsets[: len(ids)], (0, 0)]
        return Tokens([start, *ids, stop], len(ids) + 2 if second is None else second, spans)

    if second is None:
        return [alone(each) for each in before]
    after = tokenizer.encode_batch(list(second), add_special_tokens=False)
    laid: list[Tokens] = []
    for a, b in zip(before, after, strict=True):
        if not a.ids:
            laid.append(alone(b, second=0))
            continue
        room = limit - 3 if limit else len(a.ids) + len(b.ids)
        kept = min(len(b.ids), max(int(room * _SECOND_SHARE), room - len(a.ids)))
        skipped = max(0, len(a.ids) - (room - kept))
        ids = [start, *a.ids[skipped:], stop, *b.ids[:kept], stop]
        spans = [(0, 0), *a.offsets[skipped:], (0, 0), *b.offsets[:kept], (0, 0)]
        laid.append(Tokens(ids, len(a.ids) - skipped + 2, spans))
    return laid
