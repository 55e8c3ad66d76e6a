"""The whole of a training run, on a few rows and a tiny random network."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet
from tokenizers import Tokenizer

from heedful.labels import FINE
from heedful.models import encoder, manifest, session
from heedful.models.encoder import TextEncoder
from heedful.models.manifest import WEIGHTS
from training import __main__ as program
from training import fit as fitting
from training.data import Examples, data_folder, goemotions
from training.fit import Corpus, epoch_of, fit_network
from training.network import TextNetwork, fetch_base
from training.overlap import key_of, without_overlap
from training.recipe import Recipe, read_recipe

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
    return tmp_path


def small(recipe: Recipe, **changes: object) -> Recipe:
    """The shipped recipe, two epochs long."""
    return replace(recipe, fit=replace(recipe.fit, **{"epochs": 2, "batch_size": 4, "checkpoint_steps": 3, **changes}))


def corpus() -> Corpus:
    tokenizer = Tokenizer.from_file(str(WEIGHTS / "reader" / "tokenizer.json"))
    return Corpus.of("fine", 1.0, goemotions("train"), tokenizer, 32)


def test_a_run_goes_from_rows_to_a_network_that_reads(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = data / "weights"
    arguments = ["training", str(RECIPE), "--runs", str(data / "runs"), "--weights", str(target), "--rows", "40"]
    monkeypatch.setattr(sys, "argv", arguments)
    program.main()
    card = json.loads((target / "reader" / "card.json").read_text(encoding="utf-8"))
    assert set(card["heads"]) == {"fine"}
    assert len(card["heads"]["fine"]["thresholds"]) == len(FINE)
    assert card["scores"]["fine macro-F1 (test)"]["n"] == 20
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
        return step(*arguments)  # type: ignore[arg-type]

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
        logits = network(batch.input_ids, batch.attention_mask, "fine")
    assert [FINE[i] for i in logits.argmax(1).tolist()][1:3] == ["anger", "sadness"]


def test_an_epoch_holds_every_row_once_and_is_the_same_for_the_same_seed(data: Path) -> None:
    recipe = small(read_recipe(RECIPE))
    plan = epoch_of([corpus()], recipe.fit, 3)
    assert sorted(row for _, rows in plan for row in rows) == list(range(60))
    assert plan == epoch_of([corpus()], recipe.fit, 3)
    assert plan != epoch_of([corpus()], recipe.fit, 4)


def test_texts_that_repeat_a_held_out_one_are_left_out() -> None:
    examples = Examples(("a",), ("Oh, NO!", "a new line"), np.zeros((2, 1), dtype=np.float32), "by hand")
    kept = without_overlap(examples, frozenset({key_of("oh no")}))
    assert kept.texts == ("a new line",)
    assert len(kept.targets) == 1


def test_a_base_with_another_hash_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not these")
    with pytest.raises(SystemExit, match="the recipe pins"):
        fetch_base(read_recipe(RECIPE).base, tmp_path)


def test_without_data_the_run_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEEDFUL_DATA", raising=False)
    with pytest.raises(SystemExit, match="HEEDFUL_DATA"):
        data_folder()
