"""Fit a text network by its recipe: resumable, logged, deterministic from the seed."""

from __future__ import annotations

import copy
import logging
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.batch import Batch, BatchTarget, Corpus, epoch_of
from training.network import TextNetwork
from training.recipe import Fit, Recipe

log = logging.getLogger("training")


def loss_of(logits: Tensor, target: BatchTarget, smoothing: float) -> Tensor:
    """Return a head's mean loss over what is taught in a batch; 0 if nothing is."""
    goal = target.values
    taught = ~goal.isnan()
    if target.kind == "single":
        rows = taught.all(-1)
        if not rows.any():
            return logits.sum() * 0.0
        return functional.cross_entropy(logits[rows], goal[rows], label_smoothing=smoothing)
    if not taught.any():
        return logits.sum() * 0.0
    if target.kind == "regression":
        return functional.mse_loss(torch.tanh(logits)[taught], goal[taught]) * 2.0
    loss = functional.binary_cross_entropy_with_logits(logits[taught], goal[taught])
    return loss * 10.0 if target.kind == "multilabel" else loss * 2.0  # most of its decisions are an easy no


def divergence(first: Tensor, again: Tensor, target: BatchTarget) -> Tensor:
    """Return how far two readings of a batch lie apart: the mean of both Kullback-Leibler divergences."""
    if target.kind == "regression":
        return functional.mse_loss(torch.tanh(first), torch.tanh(again))
    if target.kind != "single":  # yes or no, label by label
        first, again = (torch.stack([logits, torch.zeros_like(logits)], -1) for logits in (first, again))
    one, other = functional.log_softmax(first, -1), functional.log_softmax(again, -1)
    both = (one.exp() * (one - other) + other.exp() * (other - one)).sum(-1) / 2
    taught = ~target.values.isnan()
    return both[taught.all(-1) if target.kind == "single" else taught].mean() if taught.any() else both.sum() * 0.0


def read(network: TextNetwork, inputs: tuple[Tensor, Tensor, Tensor], batch: Batch) -> dict[str, Tensor]:
    """Return the logits of the heads that a batch teaches; on an accelerator in half precision, within."""
    device = inputs[0].device.type
    with torch.autocast(device, torch.bfloat16, enabled=device != "cpu"):
        logits: dict[str, Tensor] = network(*inputs, wanted=batch.targets)
    return {head: each.float() for head, each in logits.items()}


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


def fit_network(
    network: TextNetwork, corpora: list[Corpus], recipe: Recipe, folder: Path, device: str = "cpu"
) -> TextNetwork:
    """Train, resuming from `folder/checkpoint.pt` if there is one; return the running mean of the weights.

    A run that was stopped and resumed sees the same batches in the same order as one that was not.
    """
    fit = recipe.fit
    torch.manual_seed(recipe.seed)
    network = network.to(device)
    optimizer = torch.optim.AdamW(parameter_groups(network, fit), betas=(0.9, 0.98), eps=1e-6, fused=True)
    plan = [step for epoch in range(fit.epochs) for step in epoch_of(corpora, fit, recipe.seed + epoch)]
    total, warm = len(plan), max(1, int(len(plan) * fit.warmup))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: min((step + 1) / warm, 0.5 * (1 + math.cos(math.pi * max(0, step - warm) / max(1, total - warm)))),
    )
    mean = copy.deepcopy(network).eval()
    checkpoint, done = folder / "checkpoint.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location="cpu", weights_only=False)
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
    for number, rows in plan[done:]:
        losses.append(step_once(network, corpora[number].batch(rows).to(device), optimizer, fit))
        schedule.step()
        done += 1
        update_mean(mean, network, min(fit.ema_decay, (1 + done) / (10 + done)))
        if done % 100 == 0:
            pace = (time.monotonic() - started) / (done - first)
            log.info("step %d/%d loss %.4f, %.0f s left", done, total, np.mean(losses[-100:]), pace * (total - done))
        if done % fit.checkpoint_steps == 0 or done == total:
            save_checkpoint(checkpoint, network, mean, optimizer, schedule, done)
    return mean.cpu()


def step_once(network: TextNetwork, batch: Batch, optimizer: torch.optim.Optimizer, fit: Fit) -> float:
    """Learn from one batch; return its loss."""
    optimizer.zero_grad(set_to_none=True)
    inputs = (batch.input_ids, batch.attention_mask, batch.token_type_ids)
    readings = [read(network, inputs, batch) for _ in range(2 if fit.consistency else 1)]
    losses = [
        loss_of(logits[head], target, fit.label_smoothing) * target.weight / len(readings)
        for logits in readings
        for head, target in batch.targets.items()
    ]
    if fit.consistency:
        first, again = readings
        losses += [
            divergence(first[head], again[head], target) * target.weight * fit.consistency
            for head, target in batch.targets.items()
        ]
    loss = torch.stack(losses).sum()
    torch.autograd.backward(loss)
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
