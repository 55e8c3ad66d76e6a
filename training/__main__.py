"""Train, export, tune and measure a text network: `python -m training training/recipes/reader.toml`."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from heedful.models.manifest import WEIGHTS
from training.batch import Corpus
from training.datasets import DATASETS
from training.finish import Finisher
from training.fit import fit_network
from training.network import TextNetwork, fetch_base
from training.overlap import held_out_keys, without_overlap
from training.recipe import Recipe, read_recipe

log = logging.getLogger("training")


def main() -> None:
    """Run a recipe from start to card; a run that was stopped goes on where it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where checkpoints and logs go")
    parser.add_argument("--rows", type=int, help="use only so many rows of each dataset, and a tiny random network")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--device", default="cpu", help="where to fit: cpu or cuda")
    parser.add_argument("--start", type=Path, help="a checkpoint of an earlier network whose weights to start from")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the exported network goes")
    options = parser.parse_args()
    recipe = read_recipe(options.recipe)
    folder = options.runs / recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    with closing(logging.FileHandler(folder / "log.txt")) as file, logging_to(logging.StreamHandler(), file):
        run(recipe, folder, options.weights / recipe.name, options.rows, Start(options.device, options.start))


@contextmanager
def logging_to(*handlers: logging.Handler) -> Iterator[None]:
    """Send what the training says to these handlers, for a while."""
    log.setLevel(logging.INFO)
    log.propagate = False  # a library that is called here adds a handler of its own to the root
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        log.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            log.removeHandler(handler)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a run is fitted, and what it starts from besides the base."""

    device: str = "cpu"
    weights: Path | None = None


def run(recipe: Recipe, folder: Path, target: Path, rows: int | None, start: Start = Start()) -> None:
    """Fit the network, export it, tune its heads on dev and write its card, scores on test included."""
    base = None if rows else fetch_base(recipe.base, folder.parent / "base")
    vocabulary = (base or WEIGHTS / "reader") / "tokenizer.json"
    tokenizer = plain_tokenizer(vocabulary)
    network, sources = fitted(recipe, folder, base, tokenizer, rows, start)
    Finisher(recipe, tokenizer, rows).finish(network, folder, vocabulary, sources, target)


def fitted(
    recipe: Recipe, folder: Path, base: Path | None, tokenizer: Tokenizer, rows: int | None, start: Start
) -> tuple[TextNetwork, tuple[str, ...]]:
    """Return the fitted network, and the datasets that taught it by name, origin and licence."""
    held_out = held_out_keys()
    train = [
        without_overlap(task.dataset, DATASETS[task.dataset]("train").first_rows(rows), held_out)
        for task in recipe.tasks
    ]
    corpora = [
        Corpus.of(task, examples, tokenizer, task.max_tokens or recipe.fit.max_tokens)
        for task, examples in zip(recipe.tasks, train, strict=True)
    ]
    targets = {head: target for corpus in corpora for head, target in corpus.targets.items()}
    heads = {head: len(target.labels) for head, target in targets.items()}
    marking = {head for head, target in targets.items() if target.kind == "tokens"}
    torch.manual_seed(recipe.seed)
    network = (
        TextNetwork.from_base(base, heads, recipe.fit.head_dropout, marking)
        if base
        else TextNetwork.tiny(heads, marking)
    )
    if start.weights:
        taken = network.start_from(start.weights)
        log.info("started from %s: %d weights taken over", start.weights, taken)
    return fit_network(network, corpora, recipe, folder, start.device), tuple(
        dict.fromkeys(each.source for each in train)
    )


def plain_tokenizer(path: Path) -> Tokenizer:
    """Return a tokenizer that neither cuts nor pads."""
    tokenizer: Tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


if __name__ == "__main__":
    main()
