"""Quantise a float network to 8-bit integers: weights per output channel, activations by fixed, fitted ranges.

Ranges that are fixed beforehand make a message's reading the same alone and in a batch, which ranges taken at run time
over the whole batch do not. They are chosen so that the squared error of what passes through is least.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

log = logging.getLogger("training")
Inputs = Mapping[str, NDArray[Any]]

_QUANTIZED = ["MatMul", "Gather"]
"""Operators whose weights become 8-bit: the matrix products and the tables of embeddings."""
_SHRINK = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
"""How much of the seen range is kept at either end, at most and at least."""
_SAMPLE = 200_000
_JOINED = "MatMulIntegerToFloat"


def quantise(source: Path, target: Path, calibration: Sequence[Inputs]) -> None:
    """Write the 8-bit form of a float network.

    Args:
        source: the float network.
        target: where the 8-bit one goes.
        calibration: inputs of some hundred training texts, one at a time, that the ranges are fitted to.
    """
    quantize_dynamic(
        source,
        target,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=_QUANTIZED,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},  # fused operators hide their types
    )
    model = onnx.load(str(target))
    wanted = [node.input[0] for node in model.graph.node if node.op_type == "DynamicQuantizeLinear"]
    ranges = fitted_ranges(onnx.load(str(source)), wanted, calibration)
    _fix_ranges(model, ranges)
    onnx.save(model, str(target))
    log.info("quantised with %d fixed ranges", len(ranges))


def fitted_ranges(
    model: onnx.ModelProto, names: Sequence[str], calibration: Iterable[Inputs]
) -> dict[str, tuple[float, float]]:
    """Return per tensor the range with the least squared error of an 8-bit grid over the calibration inputs."""
    watched = copy.deepcopy(model)
    known = {output.name for output in watched.graph.output}
    watched.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names if name not in known
    )
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    seen: dict[str, list[NDArray[np.float32]]] = {name: [] for name in names}
    for inputs in calibration:
        for name, value in zip(names, session.run(list(names), dict(inputs)), strict=True):
            seen[name].append(value.ravel())
    random = np.random.default_rng(0)
    return {name: _fit_range(np.concatenate(values), random) for name, values in seen.items()}


def _fit_range(values: NDArray[np.float32], random: np.random.Generator) -> tuple[float, float]:
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 1e-6)
    some = random.choice(values, min(len(values), _SAMPLE), replace=False)

    def error(ends: tuple[float, float]) -> float:
        scale, zero = _grid(low * ends[0], high * ends[1])
        near = (np.clip(np.round(some / scale) + zero, 0, 255) - zero) * scale
        return float(np.mean((near - some) ** 2))

    ends = min(product(_SHRINK, _SHRINK), key=error)
    return low * ends[0], high * ends[1]


def _grid(low: float, high: float) -> tuple[np.float32, int]:
    scale = np.float32((high - low) / 255.0)
    return scale, round(-low / float(scale))


def _fix_ranges(model: onnx.ModelProto, ranges: Mapping[str, tuple[float, float]]) -> None:
    """Put fixed ranges in the place of those taken at run time, and each product with its scales into one operator."""
    graph = model.graph
    made = {output: node for node in graph.node for output in node.output}
    users: dict[str, list[NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    constants = {each.name for each in graph.initializer if len(each.dims) == 1}
    nodes: list[NodeProto] = []
    gone: set[str] = set()
    for node in graph.node:
        if node.op_type == "DynamicQuantizeLinear":
            scale, zero = _grid(*ranges[node.input[0]])
            graph.initializer.append(numpy_helper.from_array(np.array(scale), node.output[1]))
            graph.initializer.append(numpy_helper.from_array(np.array(zero, dtype=np.uint8), node.output[2]))
            nodes.append(helper.make_node("QuantizeLinear", [node.input[0], *node.output[1:]], [node.output[0]]))
        elif node.op_type == "MatMulInteger":
            nodes.append(_joined(node, made, users, constants))
            gone.update(name for each in _scaling(node, made, users) for name in each.output)
            gone.update(nodes[-1].output)
        else:
            nodes.append(node)
    kept = [node for node in nodes if node.op_type == _JOINED or not gone.intersection(node.output)]
    del graph.node[:]
    graph.node.extend(kept)
    if not any(each.domain == "com.microsoft" for each in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))


def _scaling(
    product: NodeProto, made: Mapping[str, NodeProto], users: Mapping[str, list[NodeProto]]
) -> list[NodeProto]:
    """Return what brings an integer product back to floats: the cast, the product of both scales, the scaling."""
    (cast,) = users[product.output[0]]
    (scaling,) = users[cast.output[0]]
    return [cast, made[next(name for name in scaling.input if name != cast.output[0])], scaling]


def _joined(
    product: NodeProto, made: Mapping[str, NodeProto], users: Mapping[str, list[NodeProto]], constants: set[str]
) -> NodeProto:
    """Return one operator for an integer product, its scaling and the bias added to it."""
    _, scales, scaling = _scaling(product, made, users)
    inputs, output = [*product.input[:2], *scales.input, *product.input[2:]], scaling.output[0]
    after = users.get(output, [])
    if len(after) == 1 and after[0].op_type == "Add" and (bias := constants.intersection(after[0].input)):
        inputs, output = [*inputs, *bias], after[0].output[0]
    return helper.make_node(_JOINED, inputs, [output], domain="com.microsoft")
