"""Keep once what two networks have in common: `python -m training.share reader listener`.

Both start from one base whose table of words stays as it is, so half of each file is the same. It is taken out of the
files into one beside them; what the networks say does not change by a bit.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from heedful.models.manifest import WEIGHTS, Card, SharedTable, card
from heedful.models.own import CARD
from heedful.models.tables import whole

_LEAST = 1_000_000
"""Bytes from which sharing is worth a file."""


def main() -> None:
    """Share the tables of the named networks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="+", help="shipped networks")
    parser.add_argument("--file", default="words.npy", help="what the shared table is called")
    options = parser.parse_args()
    share([card(name) for name in options.networks], WEIGHTS, options.file)


def share(cards: list[Card], folder: Path, file: str) -> None:
    """Take the largest table that all networks have alike out of them, into `folder / file`.

    Args:
        cards: of networks whose folders lie in `folder`.
        folder: of the weights.
        file: the name of the table's file.
    """
    models = [onnx.load_model_from_string(whole(each)) for each in cards]
    name, table = common(models)
    content = io.BytesIO()
    np.save(content, table, allow_pickle=False)
    (folder / file).write_bytes(content.getvalue())
    shared = {name: SharedTable(file, hashlib.sha256(content.getvalue()).hexdigest())}
    for each, model in zip(cards, models, strict=True):
        (weight,) = (found for found in model.graph.initializer if found.name == name)
        weight.ClearField("raw_data")
        weight.data_location = TensorProto.EXTERNAL
        entry = weight.external_data.add()
        entry.key, entry.value = "location", file
        written = model.SerializeToString()
        (folder / each.name / each.file).write_bytes(written)
        told = replace(each, sha256=hashlib.sha256(written).hexdigest(), bytes=len(written), tables=shared).to_dict()
        (folder / each.name / CARD).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def common(models: list[onnx.ModelProto]) -> tuple[str, np.ndarray]:
    """Return the largest table that all networks have alike; raise SystemExit if there is none worth sharing."""
    first, *others = ({each.name: each for each in model.graph.initializer} for model in models)
    for weight in sorted(first.values(), key=lambda each: -len(each.raw_data)):
        if len(weight.raw_data) < _LEAST:
            break
        if all(weight.name in other and other[weight.name].raw_data == weight.raw_data for other in others):
            return weight.name, numpy_helper.to_array(weight)
    raise SystemExit(f"the networks have no table of {_LEAST:,} bytes or more in common.")


if __name__ == "__main__":
    main()
