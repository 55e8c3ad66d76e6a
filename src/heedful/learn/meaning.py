"""Bring messages and good replies into one space, from conversations that were watched.

Canonical correlation analysis (Hotelling, 1936) finds directions of messages and of replies that go together. It is
closed-form: the same conversations give the same bridge, and one made again without a conversation has never seen it.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError
from heedful.models.encoder import TextEncoder
from heedful.models.pooled import POOLED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

WIDTH: Final = 96
"""Directions that are kept."""
_RIDGE: Final = 0.1
"""Share of the mean variance that is added to each direction, so that rare ones do not count for much."""
ROOM: Final = 64
"""Tokens of a text that are read."""
TOGETHER: Final = 32
"""Texts of near-equal length that are read at once."""
_CHUNK = 512
_SITUATION = "situation"
LEAST: Final = 200
"""Pairs of message and reply that a bridge needs."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """From vectors of messages and of replies to one space, in which those that go together are near."""

    message_mean: Floats
    """Mean of the messages."""
    reply_mean: Floats
    """Mean of the replies."""
    from_message: Floats
    """Width of the network x `WIDTH`."""
    from_reply: Floats
    """Width of the network x `WIDTH`."""

    def messages(self, vectors: Floats) -> Floats:
        """Return unit vectors of messages in the common space, n x `WIDTH`."""
        return _placed(vectors, self.message_mean, self.from_message)

    def replies(self, vectors: Floats) -> Floats:
        """Return unit vectors of replies in the common space, n x `WIDTH`."""
        return _placed(vectors, self.reply_mean, self.from_reply)

    def to_plain(self) -> dict[str, Any]:
        """Return what `heedful.respond.exemplar` needs, as plain JSON: the way from messages."""
        return {
            "width": int(self.from_message.shape[1]),
            "mean": encoded(self.message_mean[None, :]),
            "way": encoded(self.from_message),
        }


def read_many(encoder: TextEncoder, texts: Sequence[str]) -> tuple[Floats, list[dict[str, float]]]:
    """Return what a network sees in texts, n x width, and the situation that it reads in each (none without that head).

    Raises:
        InputError: the network does not show what it sees.
    """
    import numpy as np

    if not encoder.sees:
        raise InputError(
            f"the network {encoder.card.name} shows no vector of what it reads. Watching conversations needs one: "
            "use the shipped listener, or give the network an output 'pooled'."
        )
    head = encoder.card.heads.get(_SITUATION)
    vectors: list[Floats] = []
    situations: list[dict[str, float]] = []
    for start in range(0, len(texts), _CHUNK):
        heads = [*([_SITUATION] if head else []), POOLED]
        said = encoder.read(texts[start : start + _CHUNK], heads=heads, batch_size=TOGETHER, limit=ROOM).values
        vectors.append(said[POOLED])
        rows = said[_SITUATION].tolist() if head else [[] for _ in said[POOLED]]
        situations += [dict(zip(head.labels if head else (), row, strict=True)) for row in rows]
    return np.concatenate(vectors) if vectors else np.zeros((0, 0), dtype=np.float32), situations


def bridge_of(messages: Floats, replies: Floats, width: int = WIDTH) -> Bridge:
    """Return the bridge between n messages and the replies to them.

    Args:
        messages: n x width of the network.
        replies: the reply to each, likewise.
        width: directions that are kept.

    Raises:
        InputError: there are too few to tell what goes together.
    """
    import numpy as np

    if len(messages) < LEAST:
        raise InputError(f"{len(messages)} replies of listeners were watched; at least {LEAST} are needed.")
    x_mean, y_mean, x_x, y_y, x_y = _moments(messages, replies)
    whiten_x, whiten_y = _whitening(x_x), _whitening(y_y)
    left, strength, right = np.linalg.svd(whiten_x @ x_y @ whiten_y)
    kept = slice(0, min(width, len(strength)))
    signs = np.sign(left[np.abs(left).argmax(axis=0), np.arange(left.shape[1])])  # else either sign is as good
    return Bridge(
        x_mean.astype(np.float32),
        y_mean.astype(np.float32),
        (whiten_x @ (left * signs)[:, kept] * strength[kept]).astype(np.float32),
        (whiten_y @ (right.T * signs)[:, kept] * strength[kept]).astype(np.float32),
    )


def _moments(messages: Floats, replies: Floats) -> tuple[NDArray[np.float64], ...]:
    """Return the means of n pairs of vectors at length 1, and how they vary: messages, replies, both together.

    They are summed up part by part: of 40,000 pairs a copy in full precision would take 240 MB.
    """
    import numpy as np

    n, x_width, y_width = len(messages), messages.shape[1], replies.shape[1]
    x_sum, y_sum = np.zeros(x_width), np.zeros(y_width)
    x_x, y_y, x_y = np.zeros((x_width, x_width)), np.zeros((y_width, y_width)), np.zeros((x_width, y_width))
    for start in range(0, n, _CHUNK):
        x = unit(messages[start : start + _CHUNK]).astype(np.float64)
        y = unit(replies[start : start + _CHUNK]).astype(np.float64)
        x_sum += x.sum(axis=0)
        y_sum += y.sum(axis=0)
        x_x += x.T @ x
        y_y += y.T @ y
        x_y += x.T @ y
    x_mean, y_mean = x_sum / n, y_sum / n
    return (
        x_mean, y_mean, x_x / n - np.outer(x_mean, x_mean), y_y / n - np.outer(y_mean, y_mean),
        x_y / n - np.outer(x_mean, y_mean),
    )  # fmt: skip


def _placed(vectors: Floats, mean: Floats, way: Floats) -> Floats:
    """Return unit vectors in the common space, part by part."""
    import numpy as np

    found = np.zeros((len(vectors), way.shape[1]), dtype=np.float32)
    for start in range(0, len(vectors), _CHUNK):
        found[start : start + _CHUNK] = unit((unit(vectors[start : start + _CHUNK]) - mean) @ way)
    return found


def _whitening(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    size = len(covariance)
    values, directions = np.linalg.eigh(covariance + _RIDGE * np.trace(covariance) / size * np.eye(size))
    scaled: NDArray[np.float64] = directions * values**-0.5 @ directions.T
    return scaled


def unit(vectors: NDArray[np.floating[Any]]) -> Floats:
    """Return vectors at length 1."""
    import numpy as np

    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def small(vectors: Floats) -> list[str]:
    """Return vectors as text to be kept, a byte per number; only their direction is."""
    import numpy as np

    most = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    whole = np.rint(vectors / most * 127.0).astype(np.int8)
    return [base64.b64encode(row.tobytes()).decode("ascii") for row in whole]


def large(kept: Sequence[str]) -> Floats:
    """Return vectors from `small`."""
    import numpy as np

    return np.frombuffer(b"".join(map(base64.b64decode, kept)), dtype=np.int8).reshape(len(kept), -1).astype(np.float32)


def encoded(matrix: Floats) -> str:
    """Return a matrix as text, two bytes per number."""
    return base64.b64encode(matrix.astype("<f2").tobytes()).decode("ascii")
