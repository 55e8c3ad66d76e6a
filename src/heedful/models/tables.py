"""Load tables of weights that several networks share: those that began from one base keep its table of words once."""

from __future__ import annotations

import functools
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heedful.errors import NetworkError
from heedful.models.manifest import WEIGHTS, Card, verified

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Table = NDArray[np.generic]


@functools.cache
def _read(path: Path, sha256: str) -> Table:
    import numpy as np

    try:
        table: Table = np.load(io.BytesIO(verified(path, sha256)), allow_pickle=False)
    except ValueError as error:
        raise NetworkError(f"{path} holds no table of weights: {error}") from error
    return table


def tables(card: Card) -> dict[str, Table]:
    """Return the shared tables of a network, name of the weight -> its values; they are in memory once.

    Raises:
        NetworkError: a file is missing or damaged.
    """
    return {name: _read(WEIGHTS / each.file, each.sha256) for name, each in card.tables.items()}


def whole(card: Card) -> bytes:
    """Return a network as one ONNX file, the shared tables put back into it. Needs the package `onnx`.

    Raises:
        NetworkError: a file is missing or damaged.
    """
    content = verified(card.folder / card.file, card.sha256)
    if not card.tables:
        return content
    import onnx  # one of the extra `own`
    from onnx import numpy_helper

    model: Any = onnx.load_model_from_string(content)
    found = tables(card)
    for weight in model.graph.initializer:
        if weight.name in found:
            weight.CopyFrom(numpy_helper.from_array(found[weight.name], weight.name))
    written: bytes = model.SerializeToString()
    return written
