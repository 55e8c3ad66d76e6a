"""Train, export, tune and measure a text network: `python -m training training/recipes/reader.toml`."""

from __future__ import annotations

import argparse
import logging
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from heedful.models.manifest import WEIGHTS, Head
from training.calibrate import tune_head
from training.card import write_card
from training.data import DATASETS, Examples
from training.export import export_network
from training.fit import Corpus, fit_network, pad
from training.network import TextNetwork, fetch_base
from training.overlap import held_out_texts, without_overlap
from training.recipe import Recipe, read_recipe
from training.score import score_head

log = logging.getLogger("training")


def main() -> None:
    """Run a recipe from start to card; a run that was stopped goes on where it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where checkpoints and logs go")
    parser.add_argument("--rows", type=int, help="use only so many rows of each dataset, and a tiny random network")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the exported network goes")
    options = parser.parse_args()
    recipe = read_recipe(options.recipe)
    folder = options.runs / recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    handlers = [logging.StreamHandler(), logging.FileHandler(folder / "log.txt")]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", handlers=handlers)
    torch.set_num_threads(os.cpu_count() or 1)
    run(recipe, folder, options.weights / recipe.name, options.rows)


def run(recipe: Recipe, folder: Path, target: Path, rows: int | None) -> None:
    """Fit the network, export it, tune its heads on dev and write its card, scores on test included."""
    base = fetch_base(recipe.base, folder.parent / "base")
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    held_out = held_out_texts()
    train = [cut(without_overlap(DATASETS[task.dataset]("train"), held_out), rows) for task in recipe.tasks]
    corpora = [
        Corpus.of(task.head, task.kind, task.weight, examples, tokenizer, recipe.fit.max_tokens)
        for task, examples in zip(recipe.tasks, train, strict=True)
    ]
    heads = {task.head: len(examples.labels) for task, examples in zip(recipe.tasks, train, strict=True)}
    torch.manual_seed(recipe.seed)
    network = (
        TextNetwork.tiny(heads) if rows else TextNetwork.from_base(base, heads, recipe.fit.head_dropout)
    )
    network = fit_network(network, corpora, recipe, folder)
    plain, exported = export_network(network, folder)
    tuned: dict[str, Head] = {}
    scores, groups = {}, {}
    for task in recipe.tasks:
        dev, test = (cut(DATASETS[task.dataset](split), rows) for split in ("dev", "test"))
        logits = infer(exported, tokenizer, dev, task.head, recipe.fit.max_tokens)
        tuned[task.head] = tune_head(task.kind, logits, dev, recipe.seed)
        float_logits = infer(plain, tokenizer, dev, task.head, recipe.fit.max_tokens)
        unquantised = tune_head(task.kind, float_logits, dev, recipe.seed)
        for split, head, path, examples in (
            ("dev, float", unquantised, plain, dev), ("dev", tuned[task.head], exported, dev),
            ("test, float", unquantised, plain, test), ("test", tuned[task.head], exported, test),
        ):  # fmt: skip
            figures = score_head(infer(path, tokenizer, examples, task.head, recipe.fit.max_tokens), examples, head)
            scores |= {f"{task.head} {name} ({split})": score for name, score in figures.scores.items()}
            groups |= {f"{task.head} {name} ({split})": table for name, table in figures.groups.items()}
            log.info("%s %s: %s", task.head, split, {name: round(s.value, 4) for name, s in figures.scores.items()})
    sources = tuple(dict.fromkeys(examples.source for examples in train))
    write_card(recipe, tuned, exported, base / "tokenizer.json", sources, scores, groups, target)
    log.info("wrote %s", target)


def cut(examples: Examples, rows: int | None) -> Examples:
    """Return the first `rows` examples, or all."""
    return replace(examples, texts=examples.texts[:rows], targets=examples.targets[:rows])


def infer(
    path: Path, tokenizer: Tokenizer, examples: Examples, head: str, max_tokens: int
) -> NDArray[np.float32]:
    """Return one head's logits, n x labels, from an exported network: as it runs, message by message.

    Activations are quantised over a whole batch, so that a message read alone and one read among others differ a
    little; what is tuned and published is the message alone.
    """
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    rows = []
    for encoding in tokenizer.encode_batch(list(examples.texts)):
        ids, mask = pad([encoding.ids])
        rows.append(session.run([head], {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0][0])
    return np.array(rows, dtype=np.float32)


if __name__ == "__main__":
    main()
