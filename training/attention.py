"""Put each layer's attention into one operator: projections, scores, softmax and sum (ONNX Runtime's QAttention).

The weights and the fixed ranges stay what they were, so that a network says the same. A message of 20 tokens is read in
an eighth less time, most of which went into laying out small arrays anew.
"""

from __future__ import annotations

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

_PROJECTION = "MatMulIntegerToFloat"
_WEIGHT, _SCALE, _ZERO, _BIAS = 1, 3, 5, 6
"""Inputs of a projection that the operator takes side by side for queries, keys and values."""
_MASK = "attention_mask_whole"


class Graph:
    """A network's operators: `made` says which makes a value, `users` which take it, `constants` what is fixed."""

    def __init__(self, model: ModelProto) -> None:
        self.made: dict[str, NodeProto] = {name: node for node in model.graph.node for name in node.output}
        self.users: dict[str, list[NodeProto]] = {}
        for node in model.graph.node:
            for name in node.input:
                self.users.setdefault(name, []).append(node)
        fixed = [each for each in model.graph.initializer if each.data_location != TensorProto.EXTERNAL]
        self.constants = {each.name: numpy_helper.to_array(each) for each in fixed}

    def above(self, name: str, *kinds: str) -> NodeProto:
        """Return the operator reached from a value by these kinds, upwards along the first inputs."""
        node = self.made[name]
        for kind, after in zip(kinds, [*kinds[1:], None], strict=True):
            if node.op_type != kind:
                raise ValueError(f"{node.name or node.op_type} is no {kind}: attention is exported in another form.")
            if after is not None:
                node = self.made[node.input[0]]
        return node

    def below(self, name: str, *kinds: str) -> NodeProto:
        """Return the operator reached from a value by these kinds, downwards; each must be the only user."""
        for kind in kinds:
            (node,) = self.users[name]
            if node.op_type != kind:
                raise ValueError(f"{node.name or node.op_type} is no {kind}: attention is exported in another form.")
            name = node.output[0]
        return self.made[name]


def fuse_attention(model: ModelProto, heads: int) -> int:
    """Put each layer's attention into one operator, in place; return how many layers there were.

    Args:
        model: an encoder quantised by `training.quantise`, which takes `attention_mask`.
        heads: attention heads of a layer.

    Raises:
        ValueError: the attention is exported in another form than the one that is known.
    """
    graph = Graph(model)
    fused: dict[str, NodeProto] = {}
    for softmax in [node for node in model.graph.node if node.op_type == "Softmax"]:
        node = _one(model, graph, softmax, heads)
        fused[node.output[0]] = node
    whole = helper.make_node("Cast", ["attention_mask"], [_MASK], to=TensorProto.INT32)
    nodes = [whole, *(fused.get(node.output[0], node) for node in model.graph.node)]
    _keep_needed(model, nodes)
    return len(fused)


def _one(model: ModelProto, graph: Graph, softmax: NodeProto, heads: int) -> NodeProto:
    """Return the operator that stands for one layer's attention."""
    masked = graph.above(softmax.input[0], "Add")
    scaled = next(name for name in masked.input if name in graph.made and graph.made[name].op_type == "Mul")
    scores = graph.above(scaled, "Mul", "MatMul")
    (summed,) = graph.users[softmax.output[0]]
    sides = (*scores.input, summed.input[1])
    parts = [graph.above(name, "Transpose", "Reshape", _PROJECTION) for name in sides]
    result = graph.below(summed.output[0], "Transpose", "Reshape").output[0]
    if len({(part.input[0], part.input[2], part.input[4]) for part in parts}) > 1:
        raise ValueError(f"queries, keys and values before {softmax.name} are not of the same input.")
    joined = {}
    for place in (_WEIGHT, _SCALE, _ZERO, _BIAS):
        values = np.concatenate([graph.constants[part.input[place]] for part in parts], axis=-1)
        joined[place] = f"{result}_joined_{place}"
        model.graph.initializer.append(numpy_helper.from_array(values, joined[place]))
    taken, scale, zero = (parts[0].input[place] for place in (0, 2, 4))
    inputs = [taken, joined[_WEIGHT], joined[_BIAS], scale, joined[_SCALE], _MASK, zero, joined[_ZERO]]
    return helper.make_node("QAttention", inputs, [result], domain="com.microsoft", num_heads=heads)


def _keep_needed(model: ModelProto, nodes: list[NodeProto]) -> None:
    """Keep the operators and weights that an output depends on."""
    needed = {output.name for output in model.graph.output}
    kept = []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(node.input)
    weights = [each for each in model.graph.initializer if each.name in needed]
    del model.graph.node[:], model.graph.initializer[:], model.graph.value_info[:]
    model.graph.node.extend(reversed(kept))
    model.graph.initializer.extend(weights)
