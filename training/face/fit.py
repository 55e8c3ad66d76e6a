"""Fit the face network by its recipe: resumable, logged, the same again from the same seed."""

from __future__ import annotations

import copy
import logging
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor
from torch.nn import functional

from training.face.augment import augmented, mixed
from training.face.data import Faces
from training.face.network import ORIGINAL, VOTES, FaceNetwork, brought_to
from training.face.recipe import Fit, Recipe

log = logging.getLogger("training")


@dataclass(frozen=True, slots=True)
class Targets:
    """What the network should say of each picture."""

    votes: Tensor
    """n x 10 shares."""
    original: Tensor
    """n x 7 shares; a row of zeros is not taught."""

    @classmethod
    def of(cls, faces: Faces, smoothing: float) -> Targets:
        """Return the targets that the people's answers make."""
        known = torch.from_numpy(faces.original)
        one = functional.one_hot(known.clamp(0), len(ORIGINAL)).float()
        one = one * (1 - smoothing) + smoothing / len(ORIGINAL)
        return cls(torch.from_numpy(faces.votes), one * (known >= 0)[:, None])

    def blend(self, votes: Tensor, original: Tensor, share: float) -> Targets:
        """Return these targets with a share of a teacher's answers."""
        taught = (self.original.sum(1, keepdim=True) > 0).float()
        return Targets(self.votes.lerp(votes, share), self.original.lerp(original * taught, share))


def loss_of(network: FaceNetwork, pictures: Tensor, votes: Tensor, original: Tensor, fit: Fit) -> Tensor:
    """Return the mean cross-entropy of the votes and, by its weight, of the original label."""
    said_votes, said_original = network(pictures)
    loss = -(votes * said_votes.log_softmax(1)).sum(1).mean()
    whole: Tensor = loss - fit.original_weight * (original * said_original.log_softmax(1)).sum(1).mean()
    return whole


def epoch_of(faces: Faces, fit: Fit, seed: int) -> list[NDArray[np.intp]]:
    """Return the rows of each batch of an epoch: every picture once, the rare ones more often, in random order."""
    plurality = faces.plurality
    rows = [np.arange(len(faces))]
    for label, times in fit.rare_times.items():
        rows += [np.flatnonzero(plurality == VOTES.index(label))] * (times - 1)
    order = np.random.default_rng(seed).permutation(np.concatenate(rows))
    whole = len(order) - len(order) % fit.batch_size
    return np.split(order[:whole], whole // fit.batch_size)


def size_at(recipe: Recipe, share: float) -> int:
    """Return the size of the pictures after this share of the steps."""
    return next(stretch.size for stretch in recipe.sizes if share < stretch.until or stretch is recipe.sizes[-1])


def parameter_groups(network: FaceNetwork, fit: Fit) -> list[dict[str, object]]:
    """Group the weights into those that decay and those that do not."""
    weights = list(network.parameters())
    return [
        {"params": [weight for weight in weights if weight.ndim > 1], "weight_decay": fit.weight_decay},
        {"params": [weight for weight in weights if weight.ndim <= 1], "weight_decay": 0.0},
    ]


def fit_network(
    network: FaceNetwork, train: Faces, targets: Targets, dev: Faces, recipe: Recipe, folder: Path
) -> FaceNetwork:
    """Train, resuming from `folder/checkpoint.pt` if there is one; return the running mean of the weights."""
    fit = recipe.fit
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.SGD(
        parameter_groups(network, fit), lr=fit.learning_rate, momentum=fit.momentum, nesterov=True
    )
    plan = [rows for epoch in range(fit.epochs) for rows in epoch_of(train, fit, recipe.seed + epoch)]
    total, warm = len(plan), max(1, int(len(plan) * fit.warmup))
    mean, checkpoint, done = copy.deepcopy(network).eval(), folder / "checkpoint.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        mean.load_state_dict(state["mean"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["step"]
        log.info("resumed at step %d of %d", done, total)
    pictures = torch.from_numpy(train.pictures)[:, None]
    network.train()
    losses: list[float] = []
    started, first, spent = time.monotonic(), done, time.process_time()
    for rows in plan[done:]:
        rise_and_fall(optimizer, fit.learning_rate, done, warm, total)
        random = Generator().manual_seed(recipe.seed * 1_000_003 + done)
        torch.manual_seed(recipe.seed * 1_000_003 + done)  # what dropout draws
        index = torch.from_numpy(rows)
        changed = augmented(pictures[index].float(), size_at(recipe, done / total), recipe.augment, random)
        changed, goals = mixed(changed, (targets.votes[index], targets.original[index]), recipe.augment, random)
        loss = loss_of(network, changed.contiguous(memory_format=torch.channels_last), goals[0], goals[1], fit)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(loss.item())
        done += 1
        update_mean(mean, network, min(fit.ema_decay, (1 + done) / (10 + done)))
        if done % 100 == 0:
            pace = (time.monotonic() - started) / (done - first)
            busy = (time.process_time() - spent) / (done - first)
            log.info(
                "step %d/%d loss %.4f, %.0f ms/step (%.0f busy), %.0f s left",
                done,
                total,
                np.mean(losses[-100:]),
                pace * 1000,
                busy * 1000,
                pace * (total - done),
            )
        if done % fit.checkpoint_steps == 0 or done == total:
            save_checkpoint(checkpoint, network, mean, optimizer, done)
            log.info("dev after step %d: %s", done, dev_scores(mean, dev, size_at(recipe, done / total)))
    return mean


def rise_and_fall(optimizer: torch.optim.Optimizer, peak: float, step: int, warm: int, total: int) -> None:
    """Set the learning rate of a step: a linear rise, then a cosine fall to nothing."""
    share = (step + 1) / warm if step < warm else 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))
    for group in optimizer.param_groups:
        group["lr"] = peak * share


@torch.no_grad()
def update_mean(mean: FaceNetwork, network: FaceNetwork, decay: float) -> None:
    """Move the running mean of the weights, and of what the normalisations have seen, a little towards the network."""
    ours = [tensor for tensor in mean.state_dict().values() if tensor.is_floating_point()]
    theirs = [tensor for tensor in network.state_dict().values() if tensor.is_floating_point()]
    torch._foreach_lerp_(ours, theirs, 1.0 - decay)


@torch.no_grad()
def answers(network: FaceNetwork, pictures: NDArray[np.number], mirrored: bool = True) -> tuple[Tensor, Tensor]:
    """Return the probabilities of the votes and of the original label, mean of each picture and its mirror image."""
    network.eval()
    votes, original = [], []
    for start in range(0, len(pictures), 256):
        batch = torch.from_numpy(pictures[start : start + 256])[:, None].float()
        sides = [network(batch), *([network(batch.flip(3))] if mirrored else [])]
        votes.append(torch.stack([side[0].softmax(1) for side in sides]).mean(0))
        original.append(torch.stack([side[1].softmax(1) for side in sides]).mean(0))
    return torch.cat(votes), torch.cat(original)


def dev_scores(network: FaceNetwork, dev: Faces, size: int) -> str:
    """Return, in words for the log, how well the network does on dev at the size it learns at."""
    pictures = brought_to(torch.from_numpy(dev.pictures)[:, None].float(), size).numpy()
    votes, original = (said.numpy() for said in answers(network, pictures[:, 0], mirrored=False))
    plurality, chosen = dev.plurality, votes[:, :8].argmax(1)
    kept = plurality >= 0
    recalls = [float((chosen[plurality == label] == label).mean()) for label in range(8) if (plurality == label).any()]
    right = original.argmax(1)[dev.original >= 0] == dev.original[dev.original >= 0]
    return (
        f"accuracy {(chosen == plurality)[kept].mean():.4f}, macro-recall {np.mean(recalls):.4f}, "
        f"original labels {right.mean():.4f}"
    )


def save_checkpoint(
    path: Path, network: FaceNetwork, mean: FaceNetwork, optimizer: torch.optim.Optimizer, step: int
) -> None:
    """Write everything that a resumed run needs; the old file stays until the new one is whole."""
    state = {
        "network": network.state_dict(),
        "mean": mean.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
    }
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)
