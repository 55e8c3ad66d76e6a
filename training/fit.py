"""Fit a text network by its recipe: resumable, logged, deterministic from the seed."""

from __future__ import annotations

import copy
import logging
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from training.data import Examples
from training.network import TextNetwork
from training.recipe import Fit, Recipe

log = logging.getLogger("training")


@dataclass(frozen=True, slots=True)
class Batch:
    """One task's batch, padded to its longest message."""

    head: str
    weight: float
    input_ids: Tensor
    attention_mask: Tensor
    targets: Tensor


@dataclass(slots=True)
class Corpus:
    """One task's examples, tokenised once."""

    head: str
    weight: float
    tokens: list[list[int]]
    targets: NDArray[np.float32]
    order: list[list[int]] = field(default_factory=list)

    @classmethod
    def of(cls, head: str, weight: float, examples: Examples, tokenizer: Tokenizer, limit: int) -> Corpus:
        """Tokenise the examples, cut to `limit` tokens."""
        tokenizer.no_padding()
        tokenizer.enable_truncation(limit)
        tokens = [encoding.ids for encoding in tokenizer.encode_batch(list(examples.texts))]
        return cls(head, weight, tokens, examples.targets)

    def shuffle(self, size: int, random: np.random.Generator) -> None:
        """Draw an epoch's batches: near-equal lengths together, so that little is padding, in random order."""
        jitter = random.uniform(0.0, 4.0, len(self.tokens))
        by_length = sorted(random.permutation(len(self.tokens)).tolist(), key=lambda i: len(self.tokens[i]) + jitter[i])
        chunks = [by_length[start : start + size] for start in range(0, len(by_length), size)]
        self.order = [chunks[i] for i in random.permutation(len(chunks))]

    def batch(self, rows: list[int]) -> Batch:
        """Pad the named rows into tensors."""
        ids, mask = pad([self.tokens[row] for row in rows])
        return Batch(self.head, self.weight, ids, mask, torch.from_numpy(self.targets[rows]))


def pad(tokens: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Pad token lists with 0 into (input_ids, attention_mask), both batch x longest."""
    longest = max(map(len, tokens))
    ids = torch.zeros(len(tokens), longest, dtype=torch.long)
    mask = torch.zeros(len(tokens), longest, dtype=torch.long)
    for row, line in enumerate(tokens):
        ids[row, : len(line)] = torch.tensor(line)
        mask[row, : len(line)] = 1
    return ids, mask


def epoch_of(corpora: list[Corpus], fit: Fit, seed: int) -> list[tuple[int, list[int]]]:
    """Return an epoch's batches as (corpus, rows), tasks mixed; the same for the same seed."""
    random = np.random.default_rng(seed)
    plan: list[tuple[int, list[int]]] = []
    for number, corpus in enumerate(corpora):
        corpus.shuffle(fit.batch_size, random)
        plan.extend((number, rows) for rows in corpus.order)
    return [plan[i] for i in random.permutation(len(plan))]


def loss_of(logits: Tensor, targets: Tensor) -> Tensor:
    """Return the mean binary cross-entropy of a batch, times ten: most of its decisions are an easy no."""
    return functional.binary_cross_entropy_with_logits(logits, targets) * 10.0


def parameter_groups(network: TextNetwork, fit: Fit) -> list[dict[str, object]]:
    """Group the weights by depth, each layer down learning `layer_decay` slower; biases and norms do not decay."""
    depth = len(network.encoder.encoder.layer)
    groups: dict[tuple[int, bool], list[Tensor]] = {}
    for name, weight in network.named_parameters():
        if name.startswith("heads"):
            layer = depth
        elif "encoder.layer." in name:
            layer = int(name.split("encoder.layer.")[1].split(".")[0])
        else:
            layer = -1
        if "word_embeddings" in name and fit.word_embeddings_frozen:
            weight.requires_grad_(False)
        else:
            groups.setdefault((layer, weight.ndim > 1), []).append(weight)
    return [
        {
            "params": weights,
            "lr": fit.learning_rate * (3.0 if layer == depth else fit.layer_decay ** (depth - 1 - layer)),
            "weight_decay": fit.weight_decay if decays else 0.0,
        }
        for (layer, decays), weights in groups.items()
    ]


def fit_network(network: TextNetwork, corpora: list[Corpus], recipe: Recipe, folder: Path) -> TextNetwork:
    """Train, resuming from `folder/checkpoint.pt` if there is one; return the running mean of the weights.

    A run that was stopped and resumed sees the same batches in the same order as one that was not.
    """
    fit = recipe.fit
    torch.manual_seed(recipe.seed)
    optimizer = torch.optim.AdamW(parameter_groups(network, fit), betas=(0.9, 0.98), eps=1e-6, fused=True)
    per_epoch = len(epoch_of(corpora, fit, recipe.seed))
    total, warm = per_epoch * fit.epochs, max(1, int(per_epoch * fit.epochs * fit.warmup))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / warm, 0.5 * (1 + math.cos(math.pi * max(0, step - warm) / max(1, total - warm)))),
    )
    mean = copy.deepcopy(network).eval()
    checkpoint, done = folder / "checkpoint.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        network.load_state_dict(state["network"])
        mean.load_state_dict(state["mean"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        torch.set_rng_state(state["random"])
        done = state["step"]
        log.info("resumed at step %d of %d", done, total)
    network.train()
    losses: list[float] = []
    started, first = time.monotonic(), done
    for epoch in range(done // per_epoch, fit.epochs):
        plan = epoch_of(corpora, fit, recipe.seed + epoch)
        for number, rows in plan[done - epoch * per_epoch :]:
            losses.append(step_once(network, corpora[number].batch(rows), optimizer, fit))
            schedule.step()
            done += 1
            update_mean(mean, network, min(fit.ema_decay, (1 + done) / (10 + done)))
            if done % 100 == 0:
                pace = (time.monotonic() - started) / (done - first)
                log.info(
                    "step %d/%d loss %.4f, %.0f s left", done, total, np.mean(losses[-100:]), pace * (total - done)
                )
            if done % fit.checkpoint_steps == 0 or done == total:
                save_checkpoint(checkpoint, network, mean, optimizer, schedule, done)
    return mean


def step_once(network: TextNetwork, batch: Batch, optimizer: torch.optim.Optimizer, fit: Fit) -> float:
    """Learn from one batch; return its loss."""
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of(network(batch.input_ids, batch.attention_mask, batch.head), batch.targets)
    torch.autograd.backward(loss * batch.weight)
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


@torch.no_grad()
def update_mean(mean: TextNetwork, network: TextNetwork, decay: float) -> None:
    """Move the running mean of the weights a little towards the network."""
    ours, theirs = list(mean.parameters()), list(network.parameters())
    torch._foreach_lerp_([p.data for p in ours], [p.data for p in theirs], 1.0 - decay)


def save_checkpoint(
    path: Path,
    network: TextNetwork,
    mean: TextNetwork,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    step: int,
) -> None:
    """Write everything that a resumed run needs; the old file stays until the new one is whole."""
    state = {
        "network": network.state_dict(),
        "mean": mean.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "random": torch.get_rng_state(),
        "step": step,
    }
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)
