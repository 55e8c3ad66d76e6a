"""Turn a fitted network into a shipped one: export, tune on dev, measure dev and test, write the card."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from heedful.models.manifest import Head, Score
from heedful.models.tokens import Tokens, lay_out
from training.batch import labels_of, pad
from training.calibrate import tune_multilabel, tune_regression, tune_single, tune_tokens
from training.card import write_card
from training.data import Examples, Split, Target
from training.datasets import DATASETS
from training.export import export_network, input_names
from training.network import TextNetwork
from training.quantise import Inputs
from training.recipe import Recipe, Task
from training.score import Figures, score_head

log = logging.getLogger("training")
Floats = NDArray[np.floating]
_CALIBRATION = 48
"""Training texts per task that the ranges of the activations are fitted to."""


@dataclass(frozen=True, slots=True)
class Finisher:
    """What every step of finishing needs."""

    recipe: Recipe
    tokenizer: Tokenizer
    rows: int | None
    """Only so many rows of each dataset, for a smoke test."""

    def finish(
        self, network: TextNetwork, folder: Path, vocabulary: Path, sources: tuple[str, ...], target: Path
    ) -> None:
        """Export the network into `folder`, tune and measure it, and write the shipped form into `target`."""
        plain, exported = export_network(network, folder, self.calibration(), self.recipe.pairs)
        tuned: dict[str, Head] = {}
        scores: dict[str, Score] = {}
        groups: dict[str, dict[str, float]] = {}
        for path, kind in ((plain, ", float"), (exported, "")):
            for task in self.recipe.tasks:
                for name, (figures, head) in self.measure(task, path, tuned if path == exported else {}).items():
                    scores |= {f"{name}{kind}) {figure}": score for figure, score in figures.scores.items()}
                    groups |= {f"{name}{kind}) {group}": table for group, table in figures.groups.items()}
                    tuned.setdefault(name.split(" ")[0], head)
            if path == plain:
                tuned, groups = {}, {}
        write_card(self.recipe, tuned, exported, vocabulary, sources, scores, groups, target)
        log.info("wrote %s", target)

    def examples(self, task: Task, split: Split) -> Examples:
        """Return one split of a task's dataset, or its first rows."""
        return DATASETS[task.dataset](split).first_rows(self.rows)

    def calibration(self) -> list[Inputs]:
        """Return training inputs, some of each task, one at a time."""
        inputs: list[Inputs] = []
        for task in self.recipe.tasks:
            found = self.examples(task, "train")
            step = max(1, len(found) // _CALIBRATION)
            inputs.extend(
                self._fed([tokens]) for tokens in self._laid(found.take(range(0, len(found), step)[:_CALIBRATION]))
            )
        return inputs

    def measure(self, task: Task, path: Path, tuned: dict[str, Head]) -> dict[str, tuple[Figures, Head]]:
        """Tune a task's heads on its dev split, unless another task has, and score them on dev and test."""
        found: dict[str, tuple[Figures, Head]] = {}
        heads: dict[str, Head] = {}
        for split in ("dev", "test"):
            examples = self.examples(task, split)
            if not len(examples):
                continue
            laid = self._laid(examples)
            logits = self._infer(path, laid, list(task.heads))
            for name in task.heads:
                target = examples.targets[name]
                gold = told(target, laid)
                if split == "dev":
                    heads[name] = tuned.get(name) or tune(
                        logits[name], gold, target, self.recipe.decide.get(name, "accuracy"), self.recipe.seed
                    )
                figures = score_head(logits[name], gold, heads[name], f"{task.dataset} {split}")
                found[f"{name} ({task.dataset} {split}"] = figures, heads[name]
                log.info(
                    "%s %s %s %s: %s",
                    path.stem,
                    task.dataset,
                    name,
                    split,
                    {n: round(s.value, 4) for n, s in figures.scores.items()},
                )
        return found

    def _laid(self, examples: Examples) -> list[Tokens]:
        return lay_out(self.tokenizer, examples.first, examples.second, self.recipe.fit.max_tokens)

    def _fed(self, laid: Sequence[Tokens]) -> Inputs:
        parts = (part.numpy() for part in pad(laid))
        return dict(zip(input_names(self.recipe.pairs), parts, strict=False))

    def _infer(self, path: Path, laid: Sequence[Tokens], heads: list[str]) -> dict[str, list[Floats]]:
        """Return per head the logits of each input, from an exported network: labels, or one per token."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        found: dict[str, list[Floats]] = {head: [np.empty(0)] * len(laid) for head in heads}
        order = sorted(range(len(laid)), key=lambda row: len(laid[row].ids))
        for start in range(0, len(order), 16):
            rows = order[start : start + 16]
            for head, values in zip(
                heads, session.run(heads, dict(self._fed([laid[row] for row in rows]))), strict=True
            ):
                for row, value in zip(rows, values, strict=True):
                    found[head][row] = value[: len(laid[row].ids), 0] if value.ndim == 2 else value
        return found


def told(target: Target, laid: Sequence[Tokens]) -> list[Floats]:
    """Return what a head should say of each input: labels, or one value per token."""
    if target.kind == "tokens":
        return [labels_of(tokens, target, row) for row, tokens in enumerate(laid)]
    return list(target.values)


def tune(logits: list[Floats], gold: list[Floats], target: Target, decide: str, seed: int) -> Head:
    """Tune a head on dev by its kind."""
    if target.kind == "tokens":
        return tune_tokens(logits, gold, target.labels)
    table, answers = np.array(logits, dtype=np.float64), np.array(gold, dtype=np.float64)
    if target.kind == "regression":
        return tune_regression(table, answers, target.labels)
    taught = ~np.isnan(answers).any(1)
    if target.kind == "single":
        return tune_single(table[taught], answers[taught], target.labels, decide)
    return tune_multilabel(table[taught], answers[taught], target.labels, seed)
