"""A network of the shipped contract, small enough to make in a test."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from heedful.labels import FINE
from heedful.models import encoder, manifest, session

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "i", "am", "sad", "happy", "dog", "my", "died", ".")


def write_network(folder: Path, *, data_class: str = "open", name: str = "tiny") -> Path:
    """Write a network: "sad" speaks for sadness, "happy" for joy, and "died" is marked as a cause."""
    target = folder / name
    target.mkdir(parents=True)
    table = np.full((len(WORDS), len(FINE)), -2.0, dtype=np.float32)
    table[WORDS.index("sad"), FINE.index("sadness")] = 9.0
    table[WORDS.index("happy"), FINE.index("joy")] = 9.0
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "tokens"])
    fine = helper.make_tensor_value_info("fine", TensorProto.FLOAT, ["batch", len(FINE)])
    cause = helper.make_tensor_value_info("cause", TensorProto.FLOAT, ["batch", "tokens", 1])
    marks = np.full((len(WORDS), 1), -6.0, dtype=np.float32)
    marks[WORDS.index("died")] = 6.0
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["weights"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["weights", "last"], ["column"]),
        helper.make_node("Mul", ["rows", "column"], ["kept"]),
        helper.make_node("ReduceMax", ["kept"], ["fine"], axes=[1], keepdims=0),
        helper.make_node("Gather", ["marks", "input_ids"], ["cause"]),
    ]
    weights = [
        numpy_helper.from_array(marks, "marks"),
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(np.array([2], dtype=np.int64), "last"),
    ]
    graph = helper.make_graph(nodes, "tiny", [ids, mask], [fine, cause], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(target / "network.onnx"))
    tokenizer = Tokenizer(models.WordLevel({word: row for row, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(target / "tokenizer.json"))
    head = manifest.Head("multilabel", FINE, thresholds=(0.5,) * len(FINE))
    card = manifest.Card(
        name=name,
        version="2025-01-01",
        description="Made by a test.",
        data_class="open" if data_class == "open" else "research",
        base="none",
        data=(),
        file="network.onnx",
        sha256=hashlib.sha256((target / "network.onnx").read_bytes()).hexdigest(),
        bytes=(target / "network.onnx").stat().st_size,
        tokenizer_sha256=hashlib.sha256((target / "tokenizer.json").read_bytes()).hexdigest(),
        max_tokens=8,
        heads={"fine": head, "cause": manifest.Head("tokens", ("cause",), thresholds=(0.5,))},
        scores={},
        groups={},
        limits=(),
    )
    (target / "card.json").write_text(json.dumps(card.to_dict()), encoding="utf-8")
    return target


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of weights that stands in for the shipped one."""
    caches = (manifest.card, session.open_session, encoder._tokenizer)
    monkeypatch.setattr(manifest, "WEIGHTS", tmp_path)
    for cache in caches:
        cache.cache_clear()
    yield tmp_path
    for cache in caches:
        cache.cache_clear()
