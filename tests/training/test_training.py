"""The whole of a training run, on a few rows and a tiny random network."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pyarrow as pa
import pytest
import torch
from onnx import TensorProto, helper
from pyarrow import parquet

from heedful.labels import FINE
from heedful.models import encoder, manifest, session
from heedful.models.encoder import TextEncoder
from heedful.models.manifest import WEIGHTS
from heedful.models.tokens import lay_out
from training import __main__ as program
from training import fit as fitting
from training.attention import fuse_attention
from training.batch import Corpus, epoch_of, labels_of
from training.data import Examples, Target, data_folder, marked
from training.datasets import DATASETS
from training.export import export_network
from training.fit import fit_network
from training.network import TextNetwork, fetch_base
from training.open_data import goemotions
from training.overlap import keys_of, without_overlap
from training.recipe import Recipe, Task, read_recipe

RECIPE = Path(__file__).parents[2] / "training" / "recipes" / "reader.toml"
LINES = (
    ("what a lovely day, thank you", ["joy", "gratitude"]),
    ("this is so unfair, I am furious", ["anger"]),
    ("I miss her every single day", ["sadness"]),
    ("when does the library close", ["curiosity"]),
    ("the bus was blue", ["neutral"]),
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of datasets, made here."""
    rows = [
        {"split": split, "text": f"{text} {split} {number}", "labels": labels}
        for split, many in (("train", 12), ("dev", 4), ("test", 4))
        for number in range(many)
        for text, labels in LINES
    ]
    (tmp_path / "text").mkdir()
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "text" / "goemotions.parquet")
    monkeypatch.setenv("HEEDFUL_DATA", str(tmp_path))
    for name in set(DATASETS) - {"goemotions"}:
        monkeypatch.delitem(DATASETS, name)
    return tmp_path


def small(recipe: Recipe, **changes: object) -> Recipe:
    """The shipped recipe with one dataset, two epochs long."""
    return replace(
        recipe,
        tasks=recipe.tasks[:1],
        fit=replace(recipe.fit, **{"epochs": 2, "batch_size": 4, "checkpoint_steps": 3, **changes}),
    )


def corpus() -> Corpus:
    tokenizer = program.plain_tokenizer(WEIGHTS / "reader" / "tokenizer.json")
    return Corpus.of(Task("goemotions", {"fine": 1.0}), goemotions("train"), tokenizer, 32)


def test_a_run_goes_from_rows_to_a_network_that_reads(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = data / "weights"
    lines = RECIPE.read_text(encoding="utf-8").partition("[[tasks]]")
    own = data / "reader.toml"
    own.write_text(lines[0] + "[[tasks]]" + lines[2].partition("[[tasks]]")[0], encoding="utf-8")
    arguments = [
        "training",
        str(own),
        "--runs",
        str(data / "runs"),
        "--weights",
        str(target),
        "--rows",
        "40",
        "--threads",
        "1",
    ]
    monkeypatch.setattr(sys, "argv", arguments)
    program.main()
    card = json.loads((target / "reader" / "card.json").read_text(encoding="utf-8"))
    assert set(card["heads"]) == {"fine", "sentiment"}
    assert len(card["heads"]["fine"]["thresholds"]) == len(FINE)
    assert card["scores"]["fine (goemotions test) macro-F1"]["n"] == 20
    assert "left out" not in (data / "runs" / "reader" / "log.txt").read_text(encoding="utf-8")
    for cache in (manifest.card, session.open_session, encoder._tokenizer):
        cache.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "WEIGHTS", target)
        reader = TextEncoder.open("reader")
        values = reader.run(reader.tokenize(["what a lovely day"]))["fine"]
        assert values.shape == (1, len(FINE))
    for cache in (manifest.card, session.open_session, encoder._tokenizer):
        cache.cache_clear()


def test_a_run_that_was_stopped_ends_like_one_that_was_not(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = small(read_recipe(RECIPE))

    def fresh() -> TextNetwork:
        torch.manual_seed(1)
        return TextNetwork.tiny({"fine": len(FINE)})

    for name in ("whole", "broken"):
        (tmp_path / name).mkdir()
    whole = fit_network(fresh(), [corpus()], recipe, tmp_path / "whole")

    step, steps = fitting.step_once, iter(range(100))

    def stopping(*arguments: object) -> float:
        if next(steps) == 17:
            raise KeyboardInterrupt
        return step(*arguments)

    monkeypatch.setattr(fitting, "step_once", stopping)
    with pytest.raises(KeyboardInterrupt):
        fit_network(fresh(), [corpus()], recipe, tmp_path / "broken")
    resumed = fit_network(fresh(), [corpus()], recipe, tmp_path / "broken")
    for ours, theirs in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_training_learns_what_it_is_shown(data: Path, tmp_path: Path) -> None:
    recipe = small(read_recipe(RECIPE), epochs=30, learning_rate=3e-3, ema_decay=0.9)
    torch.manual_seed(0)
    network = fit_network(TextNetwork.tiny({"fine": len(FINE)}), [corpus()], recipe, tmp_path)
    batch = corpus().batch(list(range(5)))
    with torch.no_grad():
        logits = network(batch.input_ids, batch.attention_mask)["fine"]
    assert [FINE[i] for i in logits.argmax(1).tolist()][1:3] == ["anger", "sadness"]


def test_an_epoch_holds_every_row_once_and_is_the_same_for_the_same_seed(data: Path) -> None:
    recipe = small(read_recipe(RECIPE))
    plan = epoch_of([corpus()], recipe.fit, 3)
    assert sorted(row for _, rows in plan for row in rows) == list(range(60))
    assert plan == epoch_of([corpus()], recipe.fit, 3)
    assert plan != epoch_of([corpus()], recipe.fit, 4)


def test_items_that_repeat_a_held_out_text_are_left_out() -> None:
    texts = ("Oh, NO!", "a new line", "I have not slept for three nights now", "thanks")
    replies = ("what happened", "and another", "sorry to hear", "you are welcome")
    values = np.zeros((4, 1), dtype=np.float32)
    examples = Examples(texts, replies, {"a": Target("multilabel", ("a",), values)}, "by hand")
    held = Examples(
        ("oh no", "I have not slept, for three nights, now!", "thanks"), ("What happened?", "x", "other"), {}, "by hand"
    )
    kept = without_overlap("by hand", examples, frozenset().union(*keys_of(held)))
    assert kept.first == ("a new line", "thanks")  # a short text alone is a common phrase, not a repeated item
    assert kept.second == ("and another", "you are welcome")
    assert len(kept.targets["a"].values) == 2


def test_words_to_mark_are_found_in_the_text_that_holds_them() -> None:
    tokenizer = program.plain_tokenizer(WEIGHTS / "reader" / "tokenizer.json")
    first, second = ("my dog died last night", "the bus was late"), ("I am so sad", "I missed the train")
    target = marked("cause", list(zip(first, second, strict=True)), [["MY DOG died"], ["missed the train", "nowhere"]])
    assert target.marks == (((0, 0, 11),), ((1, 2, 18),))
    for row in range(2):
        (tokens,) = lay_out(tokenizer, first[row : row + 1], second[row : row + 1], 32)
        labels = labels_of(tokens, target, row)
        text = (first[row], second[row])
        said = [
            text[int(at >= tokens.second)][start:end]
            for at, (start, end) in enumerate(tokens.spans)
            if labels[at] == 1.0
        ]
        assert said == [["my", "dog", "died"], ["missed", "the", "train"]][row]
        assert np.isnan(labels[0])


def test_a_message_reads_the_same_alone_and_in_a_batch_when_ranges_are_fixed(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = TextNetwork.tiny({"fine": 28, "cause": 1}, {"cause"})
    random = np.random.default_rng(0)
    feeds = [
        {"input_ids": random.integers(5, 9000, (1, 9)), "attention_mask": np.ones((1, 9), dtype=np.int64)}
        for _ in range(6)
    ]
    plain, exported = export_network(network, tmp_path, feeds)
    outputs = {}
    for path in (plain, exported):
        session_ = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        together = {name: np.concatenate([feed[name] for feed in feeds]) for name in feeds[0]}
        alone = np.concatenate([session_.run(["fine"], feed)[0] for feed in feeds])
        outputs[path] = alone
        assert session_.run(["fine"], together)[0] == pytest.approx(alone, abs=1e-5)
        assert session_.run(["cause"], together)[0].shape == (6, 9, 1)
    assert outputs[exported] == pytest.approx(outputs[plain], abs=0.05)
    assert not np.array_equal(outputs[exported], outputs[plain])
    assert exported.stat().st_size < 0.5 * plain.stat().st_size
    operators = [node.op_type for node in onnx.load(str(exported)).graph.node]
    assert "QAttention" in operators
    assert "Softmax" not in operators


def test_attention_of_another_form_is_refused_by_name() -> None:
    graph = helper.make_graph(
        [helper.make_node("Sqrt", ["x"], ["y"]), helper.make_node("Softmax", ["y"], ["z"])],
        "other",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, [1, 4])],
    )
    with pytest.raises(ValueError, match="Sqrt is no Add"):
        fuse_attention(helper.make_model(graph), heads=2)


def test_a_base_with_another_hash_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not these")
    with pytest.raises(SystemExit, match="the recipe pins"):
        fetch_base(read_recipe(RECIPE).base, tmp_path)


def test_without_data_the_run_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEEDFUL_DATA", raising=False)
    with pytest.raises(SystemExit, match="HEEDFUL_DATA"):
        data_folder()
