from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from heedful.errors import InputError, NetworkError
from heedful.models.graft import embed, load_graph, pooled_name, with_head
from heedful.models.manifest import card
from heedful.models.pooled import POOLED
from heedful.models.tables import whole
from tests.networks import write_network


def network(*, form: str = "plain", inputs: int = 1) -> Any:
    """Return a network whose head is a product of the mean of its embeddings, plain or quantised in one of two ways."""
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    table = np.arange(40, dtype=np.float32).reshape(10, 4)
    parts = {"table": table, "w": np.ones((4, 2), np.float32), "b": np.zeros(2, np.float32)}
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("ReduceMean", ["rows"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("ReduceMax", ["rows"], ["highest"], axes=[1], keepdims=0),
    ]
    if form == "plain":
        nodes.append(helper.make_node("Gemm", ["mean", "w", "b"], ["said"]))
    elif form == "dynamic":
        parts |= {"wq": np.ones((4, 2), np.int8), "wz": np.zeros((), np.int8), "ws": np.array(1, np.float32)}
        nodes += [
            helper.make_node("DynamicQuantizeLinear", ["mean"], ["q", "s", "z"]),
            helper.make_node("MatMulInteger", ["q", "wq", "z", "wz"], ["product"]),
            helper.make_node("Cast", ["product"], ["cast"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["s", "ws"], ["scales"]),
            helper.make_node("Mul", ["cast", "scales"], ["scaled"]),
            helper.make_node("Add", ["scaled", "b"], ["said"]),
        ]
    else:
        nodes.append(helper.make_node("Add", ["mean", "highest"], ["said"]))
    said = helper.make_tensor_value_info("said", TensorProto.FLOAT, ["batch", 4 if form == "two" else 2])
    weights = [numpy_helper.from_array(value, name) for name, value in parts.items()]
    graph = helper.make_graph(nodes, "small", [ids], [said], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


@pytest.mark.parametrize("form", ["plain", "dynamic"])
def test_the_vector_is_found_below_a_head_plain_or_quantised(form: str) -> None:
    model = network(form=form)
    assert pooled_name(model, {"said"}) == "mean"
    found = embed(model, "mean", [[2, 3, 4], [1, 2, 3]])
    np.testing.assert_allclose(found, [[12, 13, 14, 15], [8, 9, 10, 11]])


def test_the_vector_can_be_named(tmp_path: Path) -> None:
    model = network(form="two")
    with pytest.raises(NetworkError, match=r"do not read one vector, but highest, mean.*'pooled'"):
        pooled_name(model, {"said"})
    model.graph.node.append(helper.make_node("Identity", ["mean"], [POOLED]))
    model.graph.output.append(helper.make_tensor_value_info(POOLED, TensorProto.FLOAT, None))
    assert pooled_name(model, {"said"}) == POOLED


def test_the_vector_of_the_shipped_reader_is_found() -> None:
    model = load_graph(whole(card("reader")))
    heads = {each.name for each in model.graph.output} - {"cause"}
    assert embed(model, pooled_name(model, heads), [[101, 102]]).shape == (1, 384)


@pytest.mark.parametrize("form", ["plain", "dynamic"])
def test_a_new_head_says_its_product_and_the_old_ones_what_they_said(form: str) -> None:
    import onnxruntime

    model = network(form=form)
    grown = with_head(model, "mine", "mean", np.eye(4)[:, :3], np.array([1.0, 0.0, -1.0]))
    ids = {"input_ids": np.array([[1, 2, 3]])}
    before = onnxruntime.InferenceSession(model.SerializeToString()).run(["said"], ids)
    after = onnxruntime.InferenceSession(grown).run(["said", "mine"], ids)
    np.testing.assert_array_equal(before[0], after[0])
    np.testing.assert_allclose(after[1], [[9.0, 9.0, 9.0]])


def test_a_head_of_ones_own_is_replaced_not_doubled() -> None:
    once = load_graph(with_head(network(), "mine", "mean", np.eye(4), np.zeros(4)))
    twice = load_graph(with_head(once, "mine", "mean", 2 * np.eye(4)[:, :2], np.zeros(2)))
    assert [each.name for each in twice.graph.output] == ["said", "mine"]
    assert len(twice.graph.node) == len(once.graph.node)
    np.testing.assert_allclose(embed(twice, "mine", [[1]]), [[8.0, 10.0]])


@pytest.mark.parametrize("name", ["mean", "rows", "input_ids"])
def test_a_name_that_the_network_uses_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="uses the name"):
        with_head(network(), name, "mean", np.eye(4), np.zeros(4))


def test_what_is_no_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="no ONNX file"):
        load_graph(b"not a network")
    folder = write_network(tmp_path)
    assert isinstance(load_graph((folder / "network.onnx").read_bytes()), onnx.ModelProto)
