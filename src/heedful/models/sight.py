"""Read small grey pictures with a network: run, calibrate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from heedful.models.encoder import calibrate
from heedful.models.manifest import Card
from heedful.models.session import Session, open_session

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

INPUT: Final = "pictures"
"""Name of such a network's one input: n x 1 x height x width floats from 0 to 255."""


class Sight:
    """A network that reads pictures. Thread-safe; loads at first use."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @classmethod
    def open(cls, name: str, commercial_only: bool = False) -> Sight:
        """Return a network, shipped or one's own; raise NetworkError if it is missing or not allowed."""
        return cls(open_session(name, commercial_only))

    @property
    def card(self) -> Card:
        """The network's card."""
        return self._session.card

    def logits(self, pictures: NDArray[np.uint8], heads: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return head -> raw output for n grey pictures, n x height x width."""
        import numpy as np

        return self._session.run({INPUT: pictures[:, None].astype(np.float32)}, heads)

    def read(
        self, pictures: NDArray[np.uint8], heads: Sequence[str] | None = None, mirrored: bool = True
    ) -> dict[str, NDArray[np.float32]]:
        """Return head -> calibrated values, n x labels, for n grey pictures, n x height x width.

        Args:
            pictures: of the size that the network reads.
            heads: those wanted; all by default.
            mirrored: whether each is read together with its mirror image, which costs twice the time and errs less.
        """
        import numpy as np

        wanted = tuple(heads or self.card.heads)
        count = len(pictures)
        both = np.concatenate([pictures, pictures[:, :, ::-1]]) if mirrored else pictures
        found = {}
        for name, logits in self.logits(both, wanted).items():
            joined = ((logits[:count] + logits[count:]) / 2).astype(np.float32) if mirrored else logits
            found[name] = calibrate(joined, self.card.heads[name])
        return found
