"""Run a network: loaded at first use, its hash checked, one session per network.

A run takes one thread; callers on several threads share the session and run side by side. For networks this small that
reads a third more per second than one run spread over the same cores.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from heedful.errors import NetworkError
from heedful.models.manifest import Card, card, verified
from heedful.models.pooled import POOLED, pooled_in, with_output
from heedful.models.tables import tables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Session:
    """One ONNX network on the CPU. Thread-safe; costs nothing until it is first run."""

    def __init__(self, of: Card) -> None:
        self.card = of
        self._lock = threading.Lock()
        self._session: Any = None
        self._pooled: str | None = None

    def run(self, inputs: Mapping[str, NDArray[Any]], outputs: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return output name -> array for the wanted outputs; inputs that the network does not take are left out."""
        session = self._session or self._load()
        named = [self._pooled or POOLED if name == POOLED else name for name in outputs]
        if lacking := [name for name in self._inputs if name not in inputs]:
            raise NetworkError(
                f"the network {self.card.name} ({self.card.folder / self.card.file}) does not keep the contract: "
                f"it takes {', '.join(lacking)}, but what it can be given is {', '.join(inputs)}."
            )
        values = session.run(named, {name: inputs[name] for name in self._inputs})
        return dict(zip(outputs, values, strict=True))

    @property
    def pooled(self) -> str | None:
        """The name of the vector that the heads read, which `run` gives as "pooled"; None if there is no such one."""
        if self._session is None:
            self._load()
        return self._pooled

    def _load(self) -> Any:
        import onnxruntime  # 0.1 s, and only networks need it

        with self._lock:
            if self._session is None:
                content = verified(self.card.folder / self.card.file, self.card.sha256)
                said = [name for name, head in self.card.heads.items() if head.kind != "tokens"]
                self._pooled = pooled_in(content, said)
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = 1
                options.inter_op_num_threads = 1
                options.log_severity_level = 3
                shared = {
                    name: onnxruntime.OrtValue.ortvalue_from_numpy(table) for name, table in tables(self.card).items()
                }
                try:
                    options.add_external_initializers(list(shared), list(shared.values()))
                    seen = content if self._pooled in (None, POOLED) else with_output(content, self._pooled)
                    session = onnxruntime.InferenceSession(seen, options, providers=["CPUExecutionProvider"])
                except Exception as error:
                    raise NetworkError(f"the network {self.card.name} does not load: {error}") from error
                self._inputs = [taken.name for taken in session.get_inputs()]
                check_outputs(self.card, {made.name: made.shape for made in session.get_outputs()})
                self._session = session
            return self._session


def check_outputs(of: Card, outputs: Mapping[str, Sequence[int | str | None]]) -> None:
    """Raise NetworkError unless a network says what its card promises.

    Args:
        of: the network's card.
        outputs: name -> shape of what it gives; sizes that are not fixed are names or None.
    """
    told = f"the network {of.name} ({of.folder / of.file}) does not keep the contract"
    for name, head in of.heads.items():
        if name not in outputs:
            raise NetworkError(f"{told}: its card has a head {name!r}, but its outputs are {', '.join(outputs)}.")
        shape = outputs[name]
        expected = 3 if head.kind == "tokens" else 2
        if shape and (len(shape) != expected or (isinstance(shape[-1], int) and shape[-1] != len(head.labels))):
            axes = "batch x tokens x labels" if head.kind == "tokens" else "batch x labels"
            raise NetworkError(
                f"{told}: the output {name!r} has the shape {list(shape)}; expected {axes}, "
                f"with {len(head.labels)} labels."
            )


@functools.cache
def open_session(name: str, commercial_only: bool = False) -> Session:
    """Return the session of a network, shipped or one's own, one per name.

    Raises:
        NetworkError: there is no such network, or `commercial_only` forbids it.
    """
    found = card(name)
    if commercial_only and found.data_class != "open":
        raise NetworkError(
            f"the network {name} was trained on research data, and commercial_only is set: it does not load. "
            "What needs it is left out."
        )
    return Session(found)
