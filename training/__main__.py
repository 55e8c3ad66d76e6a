"""Train, export, tune and measure a text network: `python -m training training/recipes/reader.toml`."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from heedful.models.manifest import WEIGHTS, Head, Score
from training.calibrate import tune_multilabel
from training.card import write_card
from training.data import DATASETS, Examples
from training.export import export_network
from training.fit import Corpus, fit_network, pad
from training.network import TextNetwork, fetch_base
from training.overlap import held_out_texts, without_overlap
from training.recipe import Recipe, Task, read_recipe
from training.score import Figures, score_head

log = logging.getLogger("training")


def main() -> None:
    """Run a recipe from start to card; a run that was stopped goes on where it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where checkpoints and logs go")
    parser.add_argument("--rows", type=int, help="use only so many rows of each dataset, and a tiny random network")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the exported network goes")
    options = parser.parse_args()
    recipe = read_recipe(options.recipe)
    folder = options.runs / recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    with closing(logging.FileHandler(folder / "log.txt")) as file, logging_to(logging.StreamHandler(), file):
        run(recipe, folder, options.weights / recipe.name, options.rows)


@contextmanager
def logging_to(*handlers: logging.Handler) -> Iterator[None]:
    """Send what the training says to these handlers, for a while."""
    log.setLevel(logging.INFO)
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        log.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            log.removeHandler(handler)


def run(recipe: Recipe, folder: Path, target: Path, rows: int | None) -> None:
    """Fit the network, export it, tune its heads on dev and write its card, scores on test included."""
    base = None if rows else fetch_base(recipe.base, folder.parent / "base")
    vocabulary = (base or WEIGHTS / recipe.name) / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(vocabulary))
    held_out = held_out_texts()
    train = [cut(without_overlap(DATASETS[task.dataset]("train"), held_out), rows) for task in recipe.tasks]
    corpora = [
        Corpus.of(task.head, task.weight, examples, tokenizer, recipe.fit.max_tokens)
        for task, examples in zip(recipe.tasks, train, strict=True)
    ]
    heads = {task.head: len(examples.labels) for task, examples in zip(recipe.tasks, train, strict=True)}
    torch.manual_seed(recipe.seed)
    network = TextNetwork.from_base(base, heads, recipe.fit.head_dropout) if base else TextNetwork.tiny(heads)
    network = fit_network(network, corpora, recipe, folder)
    plain, exported = export_network(network, folder)
    tuned: dict[str, Head] = {}
    scores: dict[str, Score] = {}
    groups: dict[str, dict[str, float]] = {}
    for task in recipe.tasks:
        for path, kind in ((plain, ", float"), (exported, "")):
            found, head = measure(task, path, tokenizer, recipe, rows)
            for split, figures in found.items():
                scores |= {f"{task.head} {name} ({split}{kind})": score for name, score in figures.scores.items()}
                groups |= {f"{task.head} {name} ({split}{kind})": table for name, table in figures.groups.items()}
            tuned[task.head] = head
    sources = tuple(dict.fromkeys(examples.source for examples in train))
    write_card(recipe, tuned, exported, vocabulary, sources, scores, groups, target)
    log.info("wrote %s", target)


def measure(
    task: Task, path: Path, tokenizer: Tokenizer, recipe: Recipe, rows: int | None
) -> tuple[dict[str, Figures], Head]:
    """Tune one head of an exported network on dev, and score it so on dev and test."""
    dev, test = (cut(DATASETS[task.dataset](split), rows) for split in ("dev", "test"))
    logits = infer(path, tokenizer, dev, task.head, recipe.fit.max_tokens)
    head = tune_multilabel(logits, dev.targets, dev.labels, recipe.seed)
    unseen = infer(path, tokenizer, test, task.head, recipe.fit.max_tokens)
    found = {"dev": score_head(logits, dev, head), "test": score_head(unseen, test, head)}
    for split, figures in found.items():
        log.info("%s %s %s: %s", path.stem, task.head, split, {n: round(s.value, 4) for n, s in figures.scores.items()})
    return found, head


def cut(examples: Examples, rows: int | None) -> Examples:
    """Return the first `rows` examples, or all."""
    return replace(examples, texts=examples.texts[:rows], targets=examples.targets[:rows])


def infer(path: Path, tokenizer: Tokenizer, examples: Examples, head: str, max_tokens: int) -> NDArray[np.float32]:
    """Return one head's logits, n x labels, from an exported network: as it runs, message by message.

    Activations are quantised over a whole batch, so that a message read alone and one read among others differ a
    little; what is tuned and published is the message alone.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    rows = []
    for encoding in tokenizer.encode_batch(list(examples.texts)):
        ids, mask = pad([encoding.ids])
        rows.append(session.run([head], {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0][0])
    return np.array(rows, dtype=np.float32)


if __name__ == "__main__":
    main()
