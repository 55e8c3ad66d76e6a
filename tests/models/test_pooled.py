from __future__ import annotations

from pathlib import Path

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.labels import FINE
from heedful.models.encoder import TextEncoder
from heedful.models.graft import pooled_name
from heedful.models.manifest import card
from heedful.models.pooled import POOLED, pooled_in, with_output
from tests.networks import write_network


def test_an_output_is_added_by_naming_it(weights: Path) -> None:
    content = (write_network(weights) / "network.onnx").read_bytes()
    grown = onnx.load_model_from_string(with_output(content, "kept"))
    assert [each.name for each in grown.graph.output] == ["fine", "cause", "kept"]
    assert grown.graph.output[2].type.tensor_type.elem_type == onnx.TensorProto.FLOAT


def test_the_vector_is_found_as_the_framework_finds_it() -> None:
    shipped = card("listener")
    content = (shipped.folder / shipped.file).read_bytes()
    heads = [name for name, head in shipped.heads.items() if head.kind != "tokens"]
    assert pooled_in(content, heads) == pooled_name(onnx.load_model_from_string(content), heads)


def test_what_is_seen_comes_with_the_heads_and_changes_nothing_about_them() -> None:
    encoder = TextEncoder.open("reader")
    alone, beside = encoder.read(["my dog died"], heads=["fine"]), encoder.read(["my dog died"], heads=["fine", POOLED])
    assert encoder.sees
    assert beside.values[POOLED].shape == (1, 384)
    assert (alone.values["fine"] == beside.values["fine"]).all()
    assert beside.values["fine"].shape == (1, len(FINE))


@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"\x3a\x7f", b"no network at all"])
def test_what_is_no_network_has_no_vector(content: bytes) -> None:
    assert pooled_in(content, ["fine"]) is None


@given(st.binary(max_size=200))
def test_no_bytes_break_it(content: bytes) -> None:
    assert pooled_in(content, ["fine"]) in (None, POOLED)
