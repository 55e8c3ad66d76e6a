"""Read texts with a text network: tokenise, batch by length, run, calibrate."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from heedful.models.manifest import Card, Head, verified
from heedful.models.session import Session, open_session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer


@functools.cache
def _tokenizer(card: str, sha256: str, path: Any) -> Tokenizer:
    from tokenizers import Tokenizer  # 30 ms, and only networks need it

    tokenizer: Tokenizer = Tokenizer.from_buffer(verified(path, sha256))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class TextEncoder:
    """A text network with its tokenizer. Thread-safe; loads at first use."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @classmethod
    def open(cls, name: str, commercial_only: bool = False) -> TextEncoder:
        """Return the encoder of a shipped network; raise NetworkError if it is missing or not allowed."""
        return cls(open_session(name, commercial_only))

    @property
    def card(self) -> Card:
        """The network's card."""
        return self._session.card

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each normalised text, the marks at both ends included, uncut."""
        tokenizer = _tokenizer(self.card.name, self.card.tokenizer_sha256, self.card.folder / "tokenizer.json")
        return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]

    def run(self, tokens: Sequence[Sequence[int]], batch_size: int = 16) -> dict[str, NDArray[np.float32]]:
        """Return head -> calibrated values, n x labels, for n token lists.

        Texts of near-equal length run together, so that little is padding; the order of the result is that of `tokens`.
        """
        import numpy as np

        order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        parts: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            longest = len(tokens[rows[-1]])
            ids = np.zeros((len(rows), longest), dtype=np.int64)
            mask = np.zeros((len(rows), longest), dtype=np.int64)
            for line, row in enumerate(rows):
                ids[line, : len(tokens[row])] = tokens[row]
                mask[line, : len(tokens[row])] = 1
            for name, logits in self._session.run({"input_ids": ids, "attention_mask": mask}).items():
                head = self.card.heads[name]
                values = parts.setdefault(name, np.empty((len(tokens), len(head.labels)), dtype=np.float32))
                values[rows] = calibrate(logits, head)
        return parts


def calibrate(logits: NDArray[np.float32], head: Head) -> NDArray[np.float32]:
    """Turn a head's logits, n x labels, into probabilities (or values in [-1, 1] for regression)."""
    import numpy as np

    scaled = np.clip(logits / head.temperature, -60.0, 60.0)  # beyond that, float32 overflows and nothing changes
    if head.kind == "multilabel":
        values = 1.0 / (1.0 + np.exp(-scaled))
    elif head.kind == "single":
        odds = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        values = odds / odds.sum(axis=-1, keepdims=True)
    else:
        values = np.tanh(scaled)
    return np.asarray(values, dtype=np.float32)
