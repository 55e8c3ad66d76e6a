"""Put a linear head onto an ONNX network, without the framework that it was trained in.

A network of the contract ends in linear heads over one pooled vector. Where they begin, the vector is; a new head is
one matrix product more, which costs microseconds at run time and leaves every other head as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError, NetworkError
from heedful.models.pooled import POOLED, Node, read_by

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

BATCH: Final = 16


def load_graph(content: bytes) -> Any:
    """Return the ONNX model in a file's bytes; raise InputError if `onnx` is missing, NetworkError if it is none."""
    try:
        import onnx
    except ImportError as error:
        raise InputError('training a head needs onnx and scikit-learn: pip install "heedful[own]"') from error
    try:
        return onnx.load_model_from_string(content)
    except Exception as error:  # protobuf's own, which onnx does not name
        raise NetworkError(f"the network is no ONNX file that can be read: {error}") from error


def pooled_name(model: Any, heads: Collection[str]) -> str:
    """Return the name of the vector that the heads of a network read.

    Args:
        model: the ONNX model.
        heads: outputs of which each says something of the whole text.

    Raises:
        NetworkError: the heads do not read one vector.
    """
    outputs = {each.name for each in model.graph.output}
    if POOLED in outputs:
        return POOLED
    nodes = (Node(node.op_type, tuple(node.input), tuple(node.output)) for node in model.graph.node)
    found = read_by(nodes, {each.name for each in model.graph.initializer}, outputs.intersection(heads))
    if len(found) != 1:
        raise NetworkError(
            f"a head cannot be added: the heads {', '.join(sorted(heads))} do not read one vector, but "
            f"{', '.join(sorted(found)) or 'nothing'}. Give the network an output {POOLED!r}, batch x width."
        )
    return found.pop()


def embed(model: Any, pooled: str, tokens: Sequence[Sequence[int]]) -> Floats:
    """Return the pooled vector of each token list, n x width."""
    import numpy as np
    import onnx
    import onnxruntime

    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    if pooled not in {each.name for each in watched.graph.output}:
        watched.graph.output.append(onnx.helper.make_tensor_value_info(pooled, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=["CPUExecutionProvider"])
    taken = {each.name for each in session.get_inputs()}
    order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    found: list[Any] = [None] * len(tokens)
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        ids = np.zeros((len(rows), len(tokens[rows[-1]])), dtype=np.int64)
        mask = np.zeros_like(ids)
        for line, row in enumerate(rows):
            ids[line, : len(tokens[row])] = tokens[row]
            mask[line, : len(tokens[row])] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (values,) = session.run([pooled], {name: inputs[name] for name in taken})
        for row, value in zip(rows, values, strict=True):
            found[row] = value
    return np.array(found, dtype=np.float64)


def with_head(model: Any, name: str, pooled: str, weights: Floats, bias: Floats) -> bytes:
    """Return the network with one head more, as the bytes of an ONNX file; an own head of that name is replaced.

    Args:
        model: the ONNX model.
        name: of the new head.
        pooled: name of the vector that it reads.
        weights: width x labels.
        bias: one per label.

    Raises:
        InputError: the name is taken by another part of the network.
    """
    import numpy as np
    import onnx
    from onnx import helper, numpy_helper

    grown = onnx.ModelProto()
    grown.CopyFrom(model)
    graph = grown.graph
    parts = {f"own/{name}/weights": weights, f"own/{name}/bias": bias}
    for group, mine in ((graph.node, {f"own/{name}"}), (graph.initializer, set(parts)), (graph.output, {name})):
        if group is graph.output and not mine & {each.name for each in model.graph.output}:
            continue
        kept = [each for each in group if each.name not in mine]
        del group[:]
        group.extend(kept)
    taken = {made for node in graph.node for made in node.output} | {each.name for each in graph.input}
    if name in taken:
        raise InputError(f"the network uses the name {name!r} for a part of its own; give the head another name.")
    graph.initializer.extend(
        numpy_helper.from_array(np.asarray(values, dtype=np.float32), part) for part, values in parts.items()
    )
    graph.node.append(helper.make_node("Gemm", [pooled, *parts], [name], name=f"own/{name}"))
    shape: list[str | int | None] = ["batch", int(weights.shape[1])]
    graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape))
    content: bytes = grown.SerializeToString()
    return content
