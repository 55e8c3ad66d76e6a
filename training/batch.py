"""Turn examples into batches: tokenised once, drawn anew each epoch, padded to the longest of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from heedful.models.tokens import Tokens, lay_out
from training.data import Examples, Kind, Target
from training.recipe import Fit, Task

IGNORED = float("nan")
"""Stands where nothing is taught."""


@dataclass(frozen=True, slots=True)
class BatchTarget:
    """What one head should say of a batch."""

    kind: Kind
    weight: float
    values: Tensor
    """batch x labels, or batch x tokens x labels; NaN where nothing is taught."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs padded to the longest of them, batch x tokens, with what each head should say."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    targets: dict[str, BatchTarget]

    def to(self, device: str) -> Batch:
        """Return the batch on a device."""
        if device == "cpu":
            return self
        targets = {head: replace(each, values=each.values.to(device)) for head, each in self.targets.items()}
        ids, mask, types = (each.to(device) for each in (self.input_ids, self.attention_mask, self.token_type_ids))
        return Batch(ids, mask, types, targets)


@dataclass(frozen=True, slots=True)
class Corpus:
    """One task's examples, tokenised once."""

    task: Task
    tokens: list[Tokens]
    targets: dict[str, Target]

    @classmethod
    def of(cls, task: Task, examples: Examples, tokenizer: Tokenizer, limit: int) -> Corpus:
        """Tokenise the examples, cut to `limit` tokens."""
        tokens = lay_out(tokenizer, examples.first, examples.second, limit)
        return cls(task, tokens, {head: examples.targets[head] for head in task.heads})

    def draw(self, fit: Fit, random: np.random.Generator) -> list[list[int]]:
        """Draw an epoch's batches: near-equal lengths together, so that little is padding, in random order."""
        rows = np.concatenate([random.permutation(len(self.tokens)) for _ in range(self.task.times)])
        rows = rows[: self.task.rows]
        jitter = random.uniform(0.0, 4.0, len(self.tokens))
        by_length = sorted(rows.tolist(), key=lambda row: len(self.tokens[row].ids) + jitter[row])
        batches: list[list[int]] = [[]]
        for row in by_length:
            full = len(batches[-1]) >= fit.batch_size
            if full or (batches[-1] and (len(batches[-1]) + 1) * len(self.tokens[row].ids) > fit.batch_tokens):
                batches.append([])
            batches[-1].append(row)
        return [batches[number] for number in random.permutation(len(batches))]

    def batch(self, rows: Sequence[int]) -> Batch:
        """Pad the named rows into tensors."""
        chosen = [self.tokens[row] for row in rows]
        ids, mask, types = pad(chosen)
        targets = {
            head: BatchTarget(target.kind, self.task.heads[head], self._values(target, rows, chosen, ids.shape[1]))
            for head, target in self.targets.items()
        }
        return Batch(ids, mask, types, targets)

    def _values(self, target: Target, rows: Sequence[int], chosen: list[Tokens], width: int) -> Tensor:
        if target.kind != "tokens":
            return torch.from_numpy(target.values[list(rows)])
        values = np.full((len(rows), width, 1), IGNORED, dtype=np.float32)
        for line, (row, tokens) in enumerate(zip(rows, chosen, strict=True)):
            values[line, : len(tokens.ids), 0] = labels_of(tokens, target, row)
        return torch.from_numpy(values)


def labels_of(tokens: Tokens, target: Target, row: int) -> np.ndarray:
    """Return per token whether it should be marked: 1, 0, or NaN where nothing is taught (marks, other text)."""
    labels = np.full(len(tokens.ids), IGNORED, dtype=np.float32)
    marks = target.marks[row]
    if marks is None:
        return labels
    only_second = target.labels[0] in SECOND_ONLY
    for number, (start, end) in enumerate(tokens.spans):
        part = int(number >= tokens.second)
        if end > start and not (only_second and not part):
            labels[number] = any(where == part and start < last and end > first for where, first, last in marks)
    return labels


SECOND_ONLY = frozenset({"reaction", "interpretation", "exploration"})
"""What only the second text, the reply, can show."""


def pad(tokens: Sequence[Tokens]) -> tuple[Tensor, Tensor, Tensor]:
    """Pad with 0 into (input_ids, attention_mask, token_type_ids), each batch x longest."""
    longest = max(len(each.ids) for each in tokens)
    ids, mask, types = (torch.zeros(len(tokens), longest, dtype=torch.long) for _ in range(3))
    for row, each in enumerate(tokens):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        types[row, : len(each.ids)] = torch.tensor(each.types)
        mask[row, : len(each.ids)] = 1
    return ids, mask, types


def epoch_of(corpora: Sequence[Corpus], fit: Fit, seed: int) -> list[tuple[int, list[int]]]:
    """Return an epoch's batches as (corpus, rows), tasks mixed; the same for the same seed."""
    random = np.random.default_rng(seed)
    plan = [(number, rows) for number, corpus in enumerate(corpora) for rows in corpus.draw(fit, random)]
    return [plan[number] for number in random.permutation(len(plan))]
