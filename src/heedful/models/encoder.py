"""Read texts, or pairs of texts, with a text network: lay out, batch by length, run, calibrate."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heedful.errors import NetworkError
from heedful.models.manifest import Card, Head, verified
from heedful.models.normalise import normalise, places
from heedful.models.pooled import POOLED
from heedful.models.session import Session, open_session
from heedful.models.tokens import Tokens, lay_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

TokenSpan = tuple[int, int, float]
"""First character, one past the last, and the probability that it is marked."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a network says of n inputs."""

    values: Mapping[str, NDArray[np.float32]]
    """Head -> calibrated values, n x labels."""
    spans: Mapping[str, Sequence[tuple[TokenSpan, ...]]]
    """Head that marks words -> per input each token of its last text, in characters of the text as it was given."""
    before: Mapping[str, Sequence[tuple[TokenSpan, ...]]]
    """The same of the first text of a pair; empty for single texts."""


@functools.cache
def _tokenizer(card: str, sha256: str, path: Any) -> Tokenizer:
    from tokenizers import Tokenizer  # 30 ms, and only networks need it

    content = verified(path, sha256)
    try:
        tokenizer: Tokenizer = Tokenizer.from_buffer(content)
    except Exception as error:
        raise NetworkError(f"{path} is no tokenizer that can be read: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class TextEncoder:
    """A text network with its tokenizer. Thread-safe; loads at first use."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @classmethod
    def open(cls, name: str, commercial_only: bool = False) -> TextEncoder:
        """Return the encoder of a network, shipped or one's own; raise NetworkError if it is missing or not allowed."""
        return cls(open_session(name, commercial_only))

    @property
    def card(self) -> Card:
        """The network's card."""
        return self._session.card

    @property
    def tokenizer(self) -> Tokenizer:
        """The network's tokenizer; nothing is cut or padded."""
        return _tokenizer(self.card.name, self.card.tokenizer_sha256, self.card.folder / "tokenizer.json")

    @property
    def sees(self) -> bool:
        """Whether the vector that the heads read can be had: asked of `read` as the head "pooled"."""
        return self._session.pooled is not None

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each normalised text, the marks at both ends included, uncut."""
        return [encoding.ids for encoding in self.tokenizer.encode_batch_fast(list(texts))]

    def run(
        self, tokens: Sequence[Sequence[int]], batch_size: int = 16, heads: Sequence[str] | None = None
    ) -> dict[str, NDArray[np.float32]]:
        """Return head -> calibrated values, n x labels, for n token lists; by default of every head that has them.

        Texts of near-equal length run together, so that little is padding; the order of the result is that of `tokens`.
        A text reads the same whatever it is read with.
        """
        import numpy as np

        wanted = tuple(heads or (name for name, head in self.card.heads.items() if head.kind != "tokens"))
        size = {name: len(self.card.heads[name].labels) for name in wanted}
        found = {name: np.empty((len(tokens), size[name]), dtype=np.float32) for name in wanted}
        for rows, logits in self._batches([Tokens(list(ids), len(ids), []) for ids in tokens], wanted, batch_size):
            for name in wanted:
                found[name][rows] = calibrate(logits[name], self.card.heads[name])
        return found

    def read(
        self,
        first: Sequence[str],
        second: Sequence[str] | None = None,
        heads: Sequence[str] | None = None,
        batch_size: int = 16,
        limit: int | None = None,
    ) -> Output:
        """Read n texts, or n pairs of texts that belong together; each is cut to what the network takes at once.

        Args:
            first: the texts, or what came before each of them.
            second: what is read in the light of it (a reply to a message, a turn after its dialogue).
            heads: the heads wanted; all by default. "pooled" is the vector that they read, where it `sees` one.
            batch_size: inputs read at once.
            limit: at most so many tokens of each; by default as many as the network takes.
        """
        import numpy as np

        most = self.card.max_tokens if limit is None else min(limit, self.card.max_tokens)
        wanted = tuple(heads or self.card.heads)
        plain = [normalise(text) for text in first]
        after = None if second is None else [normalise(text) for text in second]
        laid = lay_out(self.tokenizer, plain, after, most)
        told, earlier = list(first if second is None else second), first if second is not None else None
        values = {
            name: np.empty((len(laid), len(head.labels)), dtype=np.float32)
            for name, head in self.card.heads.items()
            if name in wanted and head.kind != "tokens"
        }
        spans: dict[str, list[tuple[TokenSpan, ...]]] = {
            name: [()] * len(laid) for name in wanted if name not in values and name != POOLED
        }
        seen: list[tuple[list[int], NDArray[np.float32]]] = []
        before = {name: list(each) for name, each in spans.items()} if earlier is not None else {}
        for rows, logits in self._batches(laid, wanted, batch_size):
            for name in wanted:
                if name == POOLED:
                    seen.append((rows, logits[name]))
                    continue
                calibrated = calibrate(logits[name], self.card.heads[name])
                if name in values:
                    values[name][rows] = calibrated
                    continue
                for line, row in enumerate(rows):
                    start = laid[row].second if earlier is not None else 0
                    spans[name][row] = spans_of(laid[row], calibrated[line, :, 0], told[row], start)
                    if earlier is not None:
                        before[name][row] = spans_of(laid[row], calibrated[line, :, 0], earlier[row], 0, start)
        if seen:
            values[POOLED] = np.empty((len(laid), seen[0][1].shape[1]), dtype=np.float32)
            for rows, vectors in seen:
                values[POOLED][rows] = vectors
        return Output(values, spans, before)

    def _batches(
        self, laid: Sequence[Tokens], heads: Sequence[str], batch_size: int
    ) -> Iterator[tuple[list[int], dict[str, NDArray[np.float32]]]]:
        """Yield (rows, head -> logits) for batches of inputs of near-equal length."""
        import numpy as np

        order = sorted(range(len(laid)), key=lambda row: len(laid[row].ids))
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            shape = (len(rows), len(laid[rows[-1]].ids))
            ids, mask, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
            for line, row in enumerate(rows):
                tokens = laid[row]
                ids[line, : len(tokens.ids)] = tokens.ids
                mask[line, : len(tokens.ids)] = 1
                types[line, : len(tokens.ids)] = tokens.types
            inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
            yield rows, self._session.run(inputs, heads)


def spans_of(
    tokens: Tokens, probabilities: NDArray[np.float32], text: str, start: int = 0, stop: int | None = None
) -> tuple[TokenSpan, ...]:
    """Return tokens `start` to `stop`, all of one text, in characters of the text as it was given."""
    place = places(text)
    return tuple(
        (place[first][0], place[last - 1][1], float(probability))
        for (first, last), probability in zip(tokens.spans[start:stop], probabilities[start:stop], strict=False)
        if last > first
    )


def calibrate(logits: NDArray[np.float32], head: Head) -> NDArray[np.float32]:
    """Turn a head's logits, ... x labels, into probabilities (or values in [-1, 1] for regression)."""
    import numpy as np

    scaled = np.clip(logits / head.temperature, -60.0, 60.0)  # beyond that, float32 overflows and nothing changes
    if head.kind in ("multilabel", "tokens"):
        values = 1.0 / (1.0 + np.exp(-scaled))
    elif head.kind == "single":
        odds = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        values = odds / odds.sum(axis=-1, keepdims=True)
    else:
        values = np.tanh(scaled)
    return np.asarray(values, dtype=np.float32)
