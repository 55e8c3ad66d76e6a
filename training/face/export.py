"""Export the face network and the finder to ONNX: one file each, normalisation of the picture included."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from training.face.finder import FinderNetwork
from training.face.network import FaceNetwork, brought_to

INPUT = "pictures"
LARGE = 512
"""Weights of a tensor from which it is stored as 16-bit floats."""


class WholeFace(nn.Module):
    """The face network as it runs: what people would vote, the original label, and whether it is a face at all."""

    def __init__(self, network: FaceNetwork, face: nn.Module, size: int) -> None:
        super().__init__()
        self.network = network
        self.face = face
        self.size = size

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the logits of `votes`, `original` and `face` for n x 1 x 48 x 48 grey pictures from 0 to 255."""
        features = self.network.features(brought_to(pictures, self.size))
        return self.network.votes(features), self.network.original(features), self.face(features)


class Places(nn.Module):
    """The finder as it runs: one row per place."""

    def __init__(self, network: FinderNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        """Return n x places x (logit, shift across, shift down, logarithm of size), row by row."""
        said: Tensor = self.network(pictures)
        return said.flatten(2).transpose(1, 2)


def export_face(network: FaceNetwork, face: nn.Module, size: int, path: Path) -> None:
    """Write the face network with its three heads; it reads 48 x 48 pictures and brings them to its size itself."""
    names = ["votes", "original", "face"]
    _write(WholeFace(network, face, size), torch.zeros(2, 1, 48, 48), names, {INPUT: {0: "batch"}}, path)


def export_finder(network: FinderNetwork, path: Path) -> None:
    """Write the finder; it reads pictures of any size whose sides are multiples of four."""
    axes = {INPUT: {0: "batch", 2: "height", 3: "width"}, "places": {1: "places"}}
    _write(Places(network), torch.zeros(1, 1, 96, 128), ["places"], axes, path)


def _write(network: nn.Module, sample: Tensor, names: list[str], axes: dict[str, dict[int, str]], path: Path) -> None:
    free = {name: {0: "batch"} | axes.get(name, {}) for name in names}
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own
        torch.onnx.export(
            network.eval(),
            (sample,),
            str(path),
            input_names=[INPUT],
            output_names=names,
            dynamic_axes=axes | free,
            opset_version=17,
            dynamo=False,
        )
    halve(path)


def halve(path: Path) -> None:
    """Store the large weights of a network as 16-bit floats: half the size; they are widened when it is loaded."""
    model = onnx.load(str(path))
    kept, widened = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type == TensorProto.FLOAT and values.size >= LARGE:
            half = numpy_helper.from_array(values.astype(np.float16), f"{tensor.name}.half")
            widened.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT))
            kept.append(half)
        else:
            kept.append(tensor)
    nodes = [*widened, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model, full_check=False)
    onnx.save(model, str(path))
